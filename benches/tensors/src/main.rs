//! Times training steps of several libraries in turns and prints one table:
//! `cargo run --release --manifest-path benches/tensors/Cargo.toml`, with `-- --help`.
//!
//! What else the machine does troubles all libraries alike, because they take turns; the shortest times are printed.

#[path = "../../../examples/resnet18/formula.rs"]
mod formula;
#[path = "../../../examples/gpt/model.rs"]
#[allow(dead_code)]
mod gpt;
mod hand;
#[cfg(feature = "burn")]
mod in_burn;
#[cfg(feature = "candle")]
mod in_candle;
#[path = "../../../examples/resnet18/model.rs"]
#[allow(dead_code)]
mod model;
mod ours;
mod pytorch;
mod work;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use pytorch::PyTorch;
use work::{LIBRARIES, Step, WORK, Work};

const HELP: &str = "\
Times training steps of several libraries in turns; prints milliseconds and ratios to the first column.

Usage: cargo run --release --manifest-path benches/tensors/Cargo.toml -- [OPTIONS]

Options:
      --only TEXT      only the work whose name has TEXT in it
      --quick          half a second for each work instead of six
      --threads N      with this number of threads [default: with 1 and then with 2]
      --python PATH    a Python that may have PyTorch [default: python3]
  -h, --help           print this text
";

struct Args {
    only: String,
    time: Duration,
    threads: Option<usize>,
    python: String,
}

fn parse() -> Result<Option<Args>, String> {
    let time = Duration::from_secs(6);
    let mut parsed = Args { only: String::new(), time, threads: None, python: "python3".to_string() };
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{option} needs a value"));
        match option.as_str() {
            "--only" => parsed.only = value()?,
            "--python" => parsed.python = value()?,
            "--threads" => parsed.threads = Some(value()?.parse().map_err(|_| "--threads needs a number")?),
            "--quick" => parsed.time = Duration::from_millis(500),
            "-h" | "--help" => return Ok(None),
            _ => return Err(format!("unknown option {option}")),
        }
    }
    Ok(Some(parsed))
}

fn main() -> ExitCode {
    match parse() {
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Some(args)) => match args.threads {
            Some(threads) => {
                measure(&args, threads);
                ExitCode::SUCCESS
            }
            None => for_each_number_of_threads(),
        },
        Err(message) => {
            eprintln!("error: {message}\nThe options are listed by --help.");
            ExitCode::from(2)
        }
    }
}

/// Runs this program again for each number, since a pool of threads is made once.
fn for_each_number_of_threads() -> ExitCode {
    for threads in ["1", "2"] {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.args(std::env::args_os().skip(1)).args(["--threads", threads]).env("RAYON_NUM_THREADS", threads);
        match command.status() {
            Ok(status) if status.success() => {}
            Ok(_) | Err(_) => return ExitCode::FAILURE,
        }
    }
    ExitCode::SUCCESS
}

fn measure(args: &Args, threads: usize) {
    println!("{threads} thread(s), milliseconds, and how many times as long as ours\n");
    let mut header = format!("{:<22}", "");
    LIBRARIES.iter().for_each(|library| header += &format!("{library:>18}"));
    println!("{header}");
    let mut pytorch = PyTorch::start(&args.python, threads);
    for work in WORK.iter().filter(|work| work.name().contains(&args.only)) {
        let mut steps = steps(*work);
        print_row(*work, &shortest(&mut steps, pytorch.as_mut(), *work, args.time));
    }
    println!();
}

/// The step of each library that runs in this program, where it has one.
fn steps(work: Work) -> [Option<Step>; 4] {
    #[cfg(feature = "burn")]
    let burn = Some(in_burn::step(work));
    #[cfg(not(feature = "burn"))]
    let burn = None;
    #[cfg(feature = "candle")]
    let candle = Some(in_candle::step(work));
    #[cfg(not(feature = "candle"))]
    let candle = None;
    [Some(ours::step(work)), Some(hand::step(work)), burn, candle]
}

/// The shortest time of each library, PyTorch last.
fn shortest(
    steps: &mut [Option<Step>],
    mut pytorch: Option<&mut PyTorch>,
    work: Work,
    time: Duration,
) -> Vec<Option<f64>> {
    let mut best = vec![None; steps.len() + 1];
    let keep = |best: &mut Option<f64>, time: f64| *best = Some(best.map_or(time, |best: f64| best.min(time)));
    let start = Instant::now();
    // The first rounds fill caches and buffers.
    let mut round = 0;
    while round < 3 || start.elapsed() < time {
        for (step, best) in steps.iter_mut().zip(&mut best) {
            if let Some(step) = step {
                let start = Instant::now();
                step();
                keep(best, 1e3 * start.elapsed().as_secs_f64());
            }
        }
        if let Some(time) = pytorch.as_mut().and_then(|pytorch| pytorch.step(work)) {
            keep(best.last_mut().expect("the last is PyTorch's"), time);
        }
        round += 1;
    }
    best
}

fn print_row(work: Work, times: &[Option<f64>]) {
    let mut row = format!("{:<22}", work.name());
    for time in times {
        row += &match (time, times[0]) {
            (Some(time), Some(ours)) => format!("{time:>10.4} {:>6.2}×", time / ours),
            (Some(_) | None, _) => format!("{:>18}", "-"),
        };
    }
    println!("{row}");
}
