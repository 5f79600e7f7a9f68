//! Network, optimizer and tokens in one file.

use std::path::Path;

use differentiable::files::{Tensor, Tensors, Values};
use differentiable::optim::Optimizer;

use crate::model::Size;
use crate::tokens::Tokens;
use crate::train::Training;

/// Writes a checkpoint.
///
/// # Errors
///
/// The file cannot be written.
pub(crate) fn write(path: &Path, training: &Training, tokens: &Tokens) -> Result<(), String> {
    let mut file = Tensors::new();
    file.add("model", &training.network);
    training.optimizer.save(&mut file, "optimizer");
    file.insert("step", Tensor::integer(training.step as i64));
    file.insert("heads", Tensor::integer(training.network.h[0].attn.heads as i64));
    file.insert("tokens.bytes", integers(tokens.bytes().iter().map(|&byte| i64::from(byte)).collect()));
    file.insert("tokens.pairs", integers(tokens.pairs().as_flattened().iter().map(|&token| token as i64).collect()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    file.write_safetensors(path).map_err(|error| error.to_string())
}

/// Reads a checkpoint.
///
/// # Errors
///
/// The file cannot be read, is damaged, or is no checkpoint of this program.
pub(crate) fn read(path: &Path) -> Result<(Training, Tokens), String> {
    let file = Tensors::read_safetensors(path).map_err(|error| error.to_string())?;
    parse(&file).map_err(|error| format!("{}: {error}", path.display()))
}

fn parse(file: &Tensors) -> Result<(Training, Tokens), String> {
    let bytes = list(file, "tokens.bytes")?.into_iter().map(u8::try_from).collect::<Result<_, _>>();
    let pairs = list(file, "tokens.pairs")?.into_iter().map(usize::try_from).collect::<Result<Vec<_>, _>>();
    let (Ok(bytes), Ok(pairs)) = (bytes, pairs) else {
        return Err("a token is out of range".to_string());
    };
    let tokens = Tokens::new(bytes, pairs.as_chunks().0.to_vec())?;
    let model = file.part("model");
    let size = size(&model, file)?;
    if size.vocabulary != tokens.len() {
        return Err(format!("{} tokens for a network of {}", tokens.len(), size.vocabulary));
    }
    let mut training = Training::new(size, 0);
    model.load(&mut training.network).map_err(|error| error.to_string())?;
    training.optimizer.load(file, "optimizer", &training.network).map_err(|error| error.to_string())?;
    training.step = integer(file, "step")? as u64;
    Ok((training, tokens))
}

/// The sizes of the network, from the shapes of its parameters.
fn size(model: &Tensors, file: &Tensors) -> Result<Size, String> {
    let matrix = |name: &str| match model.get(name).map(Tensor::shape) {
        Some(&[rows, columns]) if rows > 0 && columns > 0 => Ok([rows, columns]),
        Some(_) | None => Err(format!("there is no matrix `model.{name}`")),
    };
    let [vocabulary, width] = matrix("wte.weight")?;
    let [context, _] = matrix("wpe.weight")?;
    let layers = (0..).take_while(|layer| model.get(&format!("h.{layer}.ln_1.weight")).is_some()).count();
    let heads = integer(file, "heads")? as usize;
    let size = Size { layers, heads, width, context, vocabulary };
    if heads == 0 || layers == 0 || !width.is_multiple_of(heads) {
        return Err(format!("{heads} heads for {layers} layers of width {width}"));
    }
    // Before memory is asked for that a file with wrong shapes does not have either.
    let numbers: usize = model.iter().map(|(_, tensor)| tensor.values().len()).sum();
    if parameters(size) != Some(numbers) {
        return Err(format!("{numbers} parameters for a network of {size:?}"));
    }
    Ok(size)
}

/// How many numbers the parameters have, if they can be counted.
fn parameters(Size { layers, width, context, vocabulary, .. }: Size) -> Option<usize> {
    let block = width.checked_mul(12)?.checked_add(13)?.checked_mul(width)?;
    let embeddings = vocabulary.checked_add(context)?.checked_add(2)?.checked_mul(width)?;
    block.checked_mul(layers)?.checked_add(embeddings)
}

fn integers(values: Vec<i64>) -> Tensor {
    Tensor::new([values.len()], Values::I64(values)).expect("the shape is the number of values")
}

fn list(file: &Tensors, name: &str) -> Result<Vec<i64>, String> {
    match file.get(name).map(Tensor::values) {
        Some(Values::I64(values)) => Ok(values.clone()),
        Some(_) | None => Err(format!("there are no integers `{name}`")),
    }
}

fn integer(file: &Tensors, name: &str) -> Result<i64, String> {
    let value = file.get(name).and_then(Tensor::as_integer).filter(|value| *value >= 0);
    value.ok_or_else(|| format!("`{name}` is no number of steps or heads"))
}
