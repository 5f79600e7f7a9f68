//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// Printed by `--help`.
pub(crate) const HELP: &str = "\
A small GPT-2: learns a text, continues it, and checks its gradients against PyTorch's.

Usage: cargo run --release --example gpt -- MODE [OPTIONS]

Modes:
      --train            learns a text, writes checkpoints, and shows how it would go on
      --sample           goes on with --prompt as the checkpoint would
      --check FILE       a training step of a tiny network, in double and single precision, against the values of PyTorch
                         in FILE; the last line gives the worst error

Options:
      --checkpoint PATH  the file for network, optimizer and tokens [default: target/gpt.safetensors of this package]
      --resume           goes on with the checkpoint, as if the training had not stopped; the sizes are the checkpoint's
      --text PATH        what is learned [default: examples/data/alice.txt of this package]
      --vocabulary N     number of tokens: characters, then pairs of tokens that are frequent [default: characters only]
      --layers N         [default: 3]
      --heads N          [default: 4]
      --width N          numbers for each token, a multiple of --heads [default: 96]
      --context N        how many tokens the network sees [default: 64]
      --batch N          sequences in a step [default: 12]
      --steps N          [default: 800]
      --stop N           stops after this step, so that --resume has something to do [default: --steps]
      --rate X           the highest learning rate [default: 0.003]
      --prompt TEXT      what a sample begins with [default: Alice]
      --length N         how many tokens are appended [default: 300]
      --temperature X    0 takes the likeliest token, 1 draws from the probabilities [default: 0.8]
      --seed N           [default: 1]
  -h, --help             print this text

Exit code: 0 if all is well, 1 if something fails or a value is out of tolerance, 2 for a wrong option.
";

/// What the program does.
#[derive(Debug)]
pub(crate) enum Mode {
    Train,
    Sample,
    Check(PathBuf),
    Help,
}

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) mode: Mode,
    pub(crate) checkpoint: PathBuf,
    pub(crate) resume: bool,
    pub(crate) text: PathBuf,
    pub(crate) vocabulary: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) width: usize,
    pub(crate) context: usize,
    pub(crate) batch: usize,
    pub(crate) steps: u64,
    pub(crate) stop: u64,
    pub(crate) rate: f64,
    pub(crate) prompt: String,
    pub(crate) length: usize,
    pub(crate) temperature: f64,
    pub(crate) seed: u64,
}

impl Args {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    ///
    /// A message about the option that is unknown, incomplete or wrong.
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut args = args.into_iter();
        let mut parsed = Self::defaults();
        let mut mode = None;
        while let Some(option) = args.next() {
            let option = option.to_str().ok_or_else(|| format!("unknown option {}", option.display()))?;
            match option {
                "--train" => mode = Some(Mode::Train),
                "--sample" => mode = Some(Mode::Sample),
                "--resume" => parsed.resume = true,
                "-h" | "--help" => mode = Some(Mode::Help),
                _ => {
                    let value = args.next().ok_or_else(|| format!("{option} is unknown or needs a value"))?;
                    match option {
                        "--check" => mode = Some(Mode::Check(value.into())),
                        _ => parsed.set(option, value)?,
                    }
                }
            }
        }
        parsed.mode = mode.ok_or("one of --train, --sample and --check is needed")?;
        if !parsed.width.is_multiple_of(parsed.heads) {
            return Err(format!("--width {} is not a multiple of --heads {}", parsed.width, parsed.heads));
        }
        Ok(parsed)
    }

    fn defaults() -> Self {
        let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Self {
            mode: Mode::Help,
            checkpoint: package.join("target/gpt.safetensors"),
            resume: false,
            text: package.join("examples/data/alice.txt"),
            vocabulary: 0,
            layers: 3,
            heads: 4,
            width: 96,
            context: 64,
            batch: 12,
            steps: 800,
            stop: u64::MAX,
            rate: 3e-3,
            prompt: "Alice".to_string(),
            length: 300,
            temperature: 0.8,
            seed: 1,
        }
    }

    fn set(&mut self, option: &str, value: OsString) -> Result<(), String> {
        let text = value.to_str().ok_or_else(|| format!("{option} needs text, not {}", value.display()))?;
        match option {
            "--checkpoint" => self.checkpoint = value.into(),
            "--text" => self.text = value.into(),
            "--prompt" => self.prompt = text.to_string(),
            "--vocabulary" => self.vocabulary = positive(option, text)?,
            "--layers" => self.layers = positive(option, text)?,
            "--heads" => self.heads = positive(option, text)?,
            "--width" => self.width = positive(option, text)?,
            "--context" => self.context = positive(option, text)?,
            "--batch" => self.batch = positive(option, text)?,
            "--length" => self.length = positive(option, text)?,
            "--steps" => self.steps = positive(option, text)? as u64,
            "--stop" => self.stop = positive(option, text)? as u64,
            "--seed" => self.seed = positive(option, text)? as u64,
            "--rate" => self.rate = not_negative(option, text)?,
            "--temperature" => self.temperature = not_negative(option, text)?,
            _ => return Err(format!("unknown option {option}")),
        }
        Ok(())
    }
}

fn positive(option: &str, text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        Ok(_) | Err(_) => Err(format!("{option} needs a whole number from 1 on, not `{text}`")),
    }
}

fn not_negative(option: &str, text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if (0.0..f64::INFINITY).contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(format!("{option} needs a number from 0 on, not `{text}`")),
    }
}
