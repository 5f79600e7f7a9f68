//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Printed by `--help`.
pub(crate) const HELP: &str = "\
Trains a 64-64-10 network on 1,797 handwritten digits.

Usage: cargo run --release --example digits -- [OPTIONS]

Options:
      --data PATH    gzip-compressed data [default: examples/data/digits.csv.gz of this package]
      --epochs N     passes over the training rows [default: 30]
      --plot PATH    where the loss curve goes, as SVG [default: target/digits_loss.svg of this package]
  -h, --help         print this text

Exit code: 0 if the test accuracy is at least 0.96, 1 if it is lower or the data is unusable, 2 for a wrong option.
";

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) data: PathBuf,
    pub(crate) epochs: usize,
    pub(crate) plot: PathBuf,
    pub(crate) help: bool,
}

impl Args {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    ///
    /// A message about the option that is unknown, incomplete or wrong.
    pub(crate) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut parsed = Args {
            data: package.join("examples/data/digits.csv.gz"),
            epochs: 30,
            plot: package.join("target/digits_loss.svg"),
            help: false,
        };
        while let Some(option) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{} needs a value", option.display()));
            match option.to_str() {
                Some("--data") => parsed.data = value()?.into(),
                Some("--plot") => parsed.plot = value()?.into(),
                Some("--epochs") => parsed.epochs = epochs(&value()?)?,
                Some("-h" | "--help") => parsed.help = true,
                Some(_) | None => return Err(format!("unknown option {}", option.display())),
            }
        }
        Ok(parsed)
    }
}

fn epochs(text: &OsStr) -> Result<usize, String> {
    match text.to_str().and_then(|text| text.parse().ok()) {
        Some(epochs) if epochs > 0 => Ok(epochs),
        Some(_) | None => Err(format!("--epochs needs a whole number from 1 on, not `{}`", text.display())),
    }
}
