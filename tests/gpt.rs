//! The parts of the example `gpt`: a step against PyTorch's, tokens, training that is resumed, damaged checkpoints.
//!
//! `tests/data/gpt.json` is written by `tests/data/gpt.py`.

#[path = "../examples/gpt/check.rs"]
mod check;
#[path = "../examples/gpt/checkpoint.rs"]
mod checkpoint;
#[path = "../examples/resnet18/compare.rs"]
mod compare;
#[path = "../examples/gpt/formula.rs"]
mod formula;
#[path = "../examples/gpt/model.rs"]
mod model;
#[path = "../examples/digits/random.rs"]
#[allow(dead_code)]
mod random;
#[path = "../examples/gpt/sample.rs"]
mod sample;
#[path = "../examples/gpt/tokens.rs"]
mod tokens;
#[path = "../examples/gpt/train.rs"]
mod train;

use std::fs;
use std::path::{Path, PathBuf};

use differentiable::files::{Tensor, Tensors, Values};
use differentiable::optim::Optimizer;

use model::Size;
use random::Random;
use tokens::Tokens;
use train::{Plan, Training};

const TEXT: &str = "the cat sat on the mat, the rat sat on the cat\n";

fn size(tokens: &Tokens) -> Size {
    Size { layers: 2, heads: 2, width: 8, context: 5, vocabulary: tokens.len() }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Network and optimizer, bit for bit.
fn state(training: &Training) -> Tensors {
    let mut state = Tensors::new();
    state.add("model", &training.network);
    training.optimizer.save(&mut state, "optimizer");
    state
}

#[test]
fn a_step_agrees_with_pytorch() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gpt.json");
    let worst = check::run(&path).unwrap();
    assert!(worst[0] <= check::TOLERANCES[0] && worst[1] <= check::TOLERANCES[1], "{worst:?}");
}

#[test]
fn the_names_are_those_of_gpt2() {
    let tensors = Tensors::of(formula::model::<f32>());
    for name in ["wte.weight", "wpe.weight", "h.1.attn.c_attn.bias", "h.0.mlp.c_proj.weight", "ln_f.bias"] {
        assert!(tensors.get(name).is_some(), "{name}");
    }
    assert_eq!(tensors.len(), 2 + 2 * 12 + 2);
}

#[test]
fn text_is_what_its_tokens_stand_for() {
    for vocabulary in [0, 14, 17, 1_000] {
        let tokens = Tokens::learn(TEXT, vocabulary);
        let numbers = tokens.encode(TEXT).unwrap();
        assert_eq!(tokens.decode(&numbers), TEXT);
        assert!(vocabulary == 1_000 || tokens.len() == vocabulary.max(13), "{} tokens", tokens.len());
        let again = Tokens::new(tokens.bytes().to_vec(), tokens.pairs().to_vec()).unwrap();
        assert_eq!(again, tokens);
    }
    // "at" is the most frequent pair, and " the" is one token in the end.
    let tokens = Tokens::learn(TEXT, 1_000);
    assert_eq!(tokens.decode(&[13]), "at");
    assert_eq!(tokens.encode(" the").unwrap().len(), 1);
    assert!(tokens.encode("the dog").unwrap_err().contains("'d'"));
    assert!(tokens.encode("müde").unwrap_err().contains("'ü'"));
    assert!(Tokens::new(vec![97, 97], vec![]).is_err() && Tokens::new(vec![97], vec![[0, 1]]).is_err());
}

#[test]
fn training_learns_and_goes_on_where_it_was_stopped() {
    let tokens = Tokens::learn(TEXT, 16);
    let text = tokens.encode(TEXT).unwrap();
    let plan = Plan { batch: 4, rate: 1e-2, steps: 60, seed: 7 };
    let mut whole = Training::new(size(&tokens), 3);
    let losses: Vec<f32> = (0..plan.steps).map(|_| whole.step(&text, &plan)).collect();
    assert!((losses[0] - (tokens.len() as f32).ln()).abs() < 0.05, "{losses:?}");
    assert!(losses[59] < 0.6 * losses[0] && train::mean_loss(&whole.network, &text) < 0.6 * losses[0], "{losses:?}");

    let path = file("gpt_resumed.safetensors");
    let mut first = Training::new(size(&tokens), 3);
    (0..25).for_each(|step| assert_eq!(first.step(&text, &plan), losses[step]));
    checkpoint::write(&path, &first, &tokens).unwrap();
    drop(first);
    let (mut second, its_tokens) = checkpoint::read(&path).unwrap();
    assert_eq!((second.step, &its_tokens), (25, &tokens));
    (25..60).for_each(|step| assert_eq!(second.step(&text, &plan), losses[step]));
    assert_eq!(state(&second), state(&whole));
}

#[test]
fn samples_follow_the_probabilities() {
    let mut random = Random::new(5);
    let scores = [0.0, 2.0_f64.ln(), -1e9];
    let mut counts = [0.0; 3];
    (0..3_000).for_each(|_| counts[sample::choose(&scores, 1.0, &mut random)] += 1.0);
    assert!((counts[1] / counts[0] - 2.0_f64).abs() < 0.2 && counts[2] == 0.0, "{counts:?}");
    assert_eq!(sample::choose(&scores, 0.0, &mut random), 1);

    let tokens = Tokens::learn(TEXT, 16);
    let training = Training::new(size(&tokens), 3);
    let extended = |seed| {
        let mut numbers = tokens.encode("the").unwrap();
        sample::extend(&training.network, &mut numbers, 12, 0.7, &mut Random::new(seed));
        numbers
    };
    assert_eq!(extended(1), extended(1));
    assert_ne!(extended(1), extended(2));
}

#[test]
fn a_checkpoint_that_is_not_right_is_an_error() {
    let tokens = Tokens::learn(TEXT, 16);
    let path = file("gpt_damaged.safetensors");
    let mut training = Training::new(size(&tokens), 3);
    training.step(&tokens.encode(TEXT).unwrap(), &Plan { batch: 1, rate: 1e-2, steps: 10, seed: 7 });
    checkpoint::write(&path, &training, &tokens).unwrap();
    let good = Tensors::read_safetensors(&path).unwrap();
    assert!(checkpoint::read(&path).is_ok());
    let names: Vec<String> = good.iter().map(|(name, _)| name.to_owned()).collect();
    for name in &names {
        let mut without = good.clone();
        without.retain(|kept| kept != name);
        without.write_safetensors(&path).unwrap();
        assert!(checkpoint::read(&path).is_err(), "without {name}");
    }
    for (name, value) in
        [("heads", 3), ("heads", 0), ("heads", -1), ("heads", i64::MAX), ("step", -1), ("step", i64::MIN)]
    {
        let mut wrong = good.clone();
        wrong.insert(name, Tensor::integer(value));
        wrong.write_safetensors(&path).unwrap();
        assert!(checkpoint::read(&path).is_err(), "{name} = {value}");
    }
    // A width for which no memory would suffice.
    let mut large = good.clone();
    large.insert("model.wte.weight", Tensor::new([1, 1 << 20], Values::F32(vec![0.0; 1 << 20])).unwrap());
    large.write_safetensors(&path).unwrap();
    assert!(checkpoint::read(&path).is_err());
    fs::write(&path, b"no checkpoint").unwrap();
    assert!(checkpoint::read(&path).is_err());
}
