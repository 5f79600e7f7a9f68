//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// Printed by `--help`.
pub(crate) const HELP: &str = "\
ResNet-18 as torchvision builds it: checks its gradients against PyTorch's, trains it, measures a step.

Usage: cargo run --release --example resnet18 -- MODE [OPTIONS]

Modes:
      --check FILE   one training step with the weights and images of the formula in FILE's documentation, in double and
                     single precision, against the values of PyTorch in FILE; the last line gives the worst error
      --train        trains on handwritten digits, enlarged to 32 by 32 pixels
      --finetune     the same for the last layer alone, after three epochs of training all layers on half of the digits
      --bench        milliseconds of a training step on images of 64 by 64 pixels, for 1, 8 and 32 images

Options:
      --data PATH    gzip-compressed digits [default: examples/data/digits.csv.gz of this package]
      --epochs N     passes over the training images [default: 3]
      --width N      channels of the first layers when training; ResNet-18 has 64 [default: 64]
      --plot PATH    where the curves go, as SVG [default: target/resnet18.svg of this package]
  -h, --help         print this text

Exit code: 0 if all is well, 1 if a value is out of tolerance or the accuracy is low, 2 for a wrong option.
";

/// What the program does.
#[derive(Debug)]
pub(crate) enum Mode {
    Check(PathBuf),
    Train,
    FineTune,
    Bench,
    Help,
}

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) mode: Mode,
    pub(crate) data: PathBuf,
    pub(crate) epochs: usize,
    pub(crate) width: usize,
    pub(crate) plot: PathBuf,
}

impl Args {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    ///
    /// A message about the option that is unknown, incomplete or wrong.
    pub(crate) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let (mut data, mut plot) = (package.join("examples/data/digits.csv.gz"), package.join("target/resnet18.svg"));
        let (mut mode, mut epochs, mut width) = (None, 3, 64);
        while let Some(option) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{} needs a value", option.display()));
            match option.to_str() {
                Some("--check") => mode = Some(Mode::Check(value()?.into())),
                Some("--train") => mode = Some(Mode::Train),
                Some("--finetune") => mode = Some(Mode::FineTune),
                Some("--bench") => mode = Some(Mode::Bench),
                Some("-h" | "--help") => mode = Some(Mode::Help),
                Some("--data") => data = value()?.into(),
                Some("--plot") => plot = value()?.into(),
                Some("--epochs") => epochs = positive("--epochs", &value()?)?,
                Some("--width") => width = positive("--width", &value()?)?,
                Some(_) | None => return Err(format!("unknown option {}", option.display())),
            }
        }
        let mode = mode.ok_or("one of --check, --train, --finetune and --bench is needed")?;
        Ok(Self { mode, data, epochs, width, plot })
    }
}

fn positive(option: &str, text: &OsString) -> Result<usize, String> {
    match text.to_str().and_then(|text| text.parse().ok()) {
        Some(number) if number > 0 => Ok(number),
        Some(_) | None => Err(format!("{option} needs a whole number from 1 on, not `{}`", text.display())),
    }
}
