//! ResNet-18: `cargo run --release --example resnet18 -- --help`.
//!
//! The network is annotated Rust in [`model`]; everything else here is ordinary.

mod args;
mod bench;
mod check;
mod compare;
#[path = "../digits/data.rs"]
mod data;
mod formula;
mod model;
mod plot;
#[path = "../digits/random.rs"]
mod random;
mod train;

use std::error::Error;
use std::process::ExitCode;

use args::{Args, Mode};

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(message) => {
            eprintln!("error: {message}\nThe options are listed by --help.");
            return ExitCode::from(2);
        }
    };
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    match &args.mode {
        Mode::Check(reference) => {
            let worst = check::run(reference)?;
            let within = worst.iter().zip(check::TOLERANCES).all(|(worst, tolerance)| *worst <= tolerance);
            println!("worst relative error: f64 {:.2e}, f32 {:.2e}", worst[0], worst[1]);
            if within { Ok(()) } else { Err("a value is out of tolerance".into()) }
        }
        Mode::Train => train::all_layers(args),
        Mode::FineTune => train::last_layer(args),
        Mode::Bench => {
            bench::steps();
            Ok(())
        }
        Mode::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
    }
}
