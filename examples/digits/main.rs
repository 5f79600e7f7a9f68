//! Trains a 64-64-10 network on handwritten digits: `cargo run --release --example digits`.
//!
//! The derivative is that of one annotated function, [`model::loss`]; the rest is ordinary Rust.

mod args;
mod data;
mod model;
mod plot;
mod random;

use std::error::Error;
use std::process::ExitCode;

use differentiable::optim::Sgd;
use indicatif::{ProgressBar, ProgressStyle};

use args::Args;
use data::Digits;
use model::Network;
use plot::Epoch;
use random::Random;

const SEED: u64 = 1;
const TRAINING_ROWS: usize = 1_347;
const BATCH: usize = 32;
const LEARNING_RATE: f64 = 0.1;
const MOMENTUM: f64 = 0.9;
const REQUIRED_ACCURACY: f32 = 0.96;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(message) => {
            eprintln!("error: {message}\nThe options are listed by --help.");
            return ExitCode::from(2);
        }
    };
    if args.help {
        print!("{}", args::HELP);
        return ExitCode::SUCCESS;
    }
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let digits = data::load(&args.data)?;
    let mut random = Random::new(SEED);
    let mut rows: Vec<usize> = (0..digits.len()).collect();
    random.shuffle(&mut rows);
    let (training, test) = rows.split_at(TRAINING_ROWS);
    let (training, test) = (digits.select(training), digits.select(test));
    println!("{} training rows, {} test rows, {} epochs", training.len(), test.len(), args.epochs);

    let mut network = Network::random(&mut random);
    let history = train(&mut network, &training, &test, args.epochs, &mut random);
    plot::loss_curve(&args.plot, &history).map_err(|error| format!("{}: {error}", args.plot.display()))?;

    let accuracy = network.accuracy(&test);
    println!("training accuracy {:.4}, test accuracy {accuracy:.4}", network.accuracy(&training));
    println!("loss curve: {}", args.plot.display());
    if accuracy < REQUIRED_ACCURACY {
        return Err(
            format!("the test accuracy {accuracy:.4} is below {REQUIRED_ACCURACY}, train for more epochs").into()
        );
    }
    Ok(())
}

/// Minibatch gradient descent. Returns the losses after every epoch.
fn train(network: &mut Network, training: &Digits, test: &Digits, epochs: usize, random: &mut Random) -> Vec<Epoch> {
    let bar = ProgressBar::new(epochs as u64);
    bar.set_style(
        ProgressStyle::with_template("{bar:40} epoch {pos}/{len}, {msg}").expect("the template is well-formed"),
    );
    let mut sgd = Sgd::new(LEARNING_RATE).momentum(MOMENTUM);
    let mut gradient = Network::zeros();
    let mut rows: Vec<usize> = (0..training.len()).collect();
    let mut history = Vec::with_capacity(epochs);
    for _ in 0..epochs {
        random.shuffle(&mut rows);
        for rows in rows.chunks(BATCH) {
            differentiable::zero(gradient.parts_mut());
            network.add_gradient(&training.select(rows), &mut gradient);
            sgd.step(network.parts_mut(), gradient.parts());
        }
        let epoch = Epoch { train_loss: network.loss(training), test_loss: network.loss(test) };
        let losses = format!("loss {:.4} (training), {:.4} (test)", epoch.train_loss, epoch.test_loss);
        if bar.is_hidden() {
            println!("epoch {}/{epochs}, {losses}", history.len() + 1);
        }
        bar.set_message(losses);
        bar.inc(1);
        history.push(epoch);
    }
    bar.finish();
    history
}
