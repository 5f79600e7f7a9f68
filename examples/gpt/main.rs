//! A small GPT-2: `cargo run --release --example gpt -- --help`.
//!
//! The network is annotated Rust in [`model`]; everything else here is ordinary.

mod args;
mod check;
mod checkpoint;
#[path = "../resnet18/compare.rs"]
mod compare;
mod formula;
mod model;
#[path = "../digits/random.rs"]
#[allow(dead_code)]
mod random;
mod sample;
mod tokens;
mod train;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use args::{Args, Mode};
use indicatif::{ProgressBar, ProgressStyle};
use model::Size;
use random::Random;
use tokens::Tokens;
use train::{Plan, Training};

/// After how many steps the loss is printed and a checkpoint is written.
const EVERY: u64 = 100;

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
        Mode::Train => train(args),
        Mode::Sample => {
            let (training, tokens) = checkpoint::read(&args.checkpoint)?;
            sample(args, &training, &tokens)
        }
        Mode::Check(reference) => {
            let worst = check::run(reference)?;
            let within = worst.iter().zip(check::TOLERANCES).all(|(worst, tolerance)| *worst <= tolerance);
            println!("worst relative error: f64 {:.2e}, f32 {:.2e}", worst[0], worst[1]);
            if within { Ok(()) } else { Err("a value is out of tolerance".into()) }
        }
        Mode::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
    }
}

/// The training that was stopped, or a new one.
fn begin(args: &Args, text: &str) -> Result<(Training, Tokens), String> {
    if args.resume {
        return checkpoint::read(&args.checkpoint);
    }
    let tokens = Tokens::learn(text, args.vocabulary);
    let &Args { layers, heads, width, context, seed, .. } = args;
    let size = Size { layers, heads, width, context, vocabulary: tokens.len() };
    Ok((Training::new(size, seed), tokens))
}

fn train(args: &Args) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(&args.text).map_err(|error| format!("{}: {error}", args.text.display()))?;
    let (mut training, tokens) = begin(args, &text)?;
    let numbers = tokens.encode(&text)?;
    // The last tenth is held out.
    let (learned, held_out) = numbers.split_at(numbers.len() / 10 * 9);
    if held_out.len() <= training.network.context() {
        return Err(format!("a text of {} tokens is too short", numbers.len()).into());
    }
    let characters = text.len() as f32 / numbers.len() as f32;
    println!("{} tokens, {} different ones, {characters:.2} characters each", numbers.len(), tokens.len());
    let &Args { batch, rate, steps, seed, .. } = args;
    let plan = Plan { batch, rate, steps, seed };
    let bar = ProgressBar::new(steps).with_position(training.step);
    let template = "{bar:40} step {pos}/{len}, {eta} left, {msg}";
    bar.set_style(ProgressStyle::with_template(template).expect("the template is well-formed"));
    let (start, mut total) = (Instant::now(), 0.0);
    while training.step < steps.min(args.stop) {
        let loss = training.step(learned, &plan);
        total += loss;
        bar.set_message(format!("loss {loss:.4}"));
        bar.inc(1);
        if training.step.is_multiple_of(EVERY) {
            let held_out = train::mean_loss(&training.network, held_out);
            let (step, mean) = (training.step, total / EVERY as f32);
            bar.suspend(|| println!("step {step:5}: loss {mean:.4}, of the text that is held out {held_out:.4}"));
            total = 0.0;
            checkpoint::write(&args.checkpoint, &training, &tokens)?;
        }
    }
    bar.finish_and_clear();
    checkpoint::write(&args.checkpoint, &training, &tokens)?;
    println!("{:.1} s, checkpoint: {}\n", start.elapsed().as_secs_f64(), args.checkpoint.display());
    sample(args, &training, &tokens)
}

fn sample(args: &Args, training: &Training, tokens: &Tokens) -> Result<(), Box<dyn Error>> {
    let mut numbers = tokens.encode(&args.prompt)?;
    if numbers.is_empty() {
        return Err("--prompt is empty".into());
    }
    let mut random = Random::new(args.seed);
    sample::extend(&training.network, &mut numbers, args.length, args.temperature, &mut random);
    println!("{}", tokens.decode(&numbers));
    Ok(())
}
