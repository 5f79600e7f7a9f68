//! Running a function often enough, and what is told of it.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// How often a function is run: until both numbers are reached.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Runs {
    /// The least number of runs.
    #[serde(default)]
    pub min_runs: u64,
    /// The least number of seconds that all runs together take.
    #[serde(default)]
    pub min_seconds: f64,
}

/// One run, or the preparation of all.
#[derive(Debug, Serialize)]
pub struct Timing {
    name: &'static str,
    nanoseconds: u128,
}

/// The result of a function and how long each run took.
#[derive(Debug)]
pub struct Evaluation {
    /// The result as JSON.
    pub output: Box<RawValue>,
    /// One entry for each run.
    pub timings: Vec<Timing>,
}

impl Evaluation {
    /// Runs the function, and shows its last result by `show`, which is not timed.
    ///
    /// # Errors
    ///
    /// If the result cannot be shown.
    pub fn of<T, S: Serialize>(
        runs: Runs,
        mut run: impl FnMut() -> T,
        show: impl FnOnce(T) -> S,
    ) -> Result<Self, String> {
        let mut timings = Vec::new();
        let mut elapsed = Duration::ZERO;
        loop {
            let start = Instant::now();
            let output = std::hint::black_box(run());
            let time = start.elapsed();
            elapsed += time;
            timings.push(Timing { name: "evaluate", nanoseconds: time.as_nanos() });
            if timings.len() as u64 >= runs.min_runs && elapsed.as_secs_f64() >= runs.min_seconds {
                let output = to_raw_value(&show(output)).map_err(|error| error.to_string())?;
                return Ok(Evaluation { output, timings });
            }
        }
    }

    /// Runs the function, whose result is shown as it is.
    ///
    /// # Errors
    ///
    /// If the result cannot be shown.
    pub fn plain<T: Serialize>(runs: Runs, run: impl FnMut() -> T) -> Result<Self, String> {
        Self::of(runs, run, |output| output)
    }
}
