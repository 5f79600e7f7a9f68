//! One module for each eval: the function, its input, and the assembly of the output.

use serde::de::DeserializeOwned;

use crate::Evaluation;

pub mod ba;
pub mod descent;
pub mod det;
pub mod gmm;
pub mod hello;
pub mod ht;
pub mod kmeans;
pub mod llsq;
pub mod lse;
pub mod lstm;
pub mod ode;
pub mod particle;
pub mod saddle;

/// Evaluates one of an eval's functions, given by its name, at an input, given as JSON.
pub type Eval = fn(&str, &str) -> Result<Evaluation, String>;

/// The eval with the given name.
pub fn eval(module: &str) -> Option<Eval> {
    let eval: Eval = match module {
        "ba" => ba::evaluate,
        "det" => det::evaluate,
        "gmm" => gmm::evaluate,
        "hello" => hello::evaluate,
        "ht" => ht::evaluate,
        "kmeans" => kmeans::evaluate,
        "llsq" => llsq::evaluate,
        "lse" => lse::evaluate,
        "lstm" => lstm::evaluate,
        "ode" => ode::evaluate,
        "particle" => particle::evaluate,
        "saddle" => saddle::evaluate,
        _ => return None,
    };
    Some(eval)
}

fn parse<T: DeserializeOwned>(input: &str) -> Result<T, String> {
    serde_json::from_str(input).map_err(|error| format!("the input is not of the form that the eval has: {error}"))
}

fn unknown(function: &str) -> Result<Evaluation, String> {
    Err(format!("the eval has no function `{function}`"))
}

fn expect(condition: bool, what: &str) -> Result<(), String> {
    if condition { Ok(()) } else { Err(format!("bad input: {what}")) }
}

/// The rows of a matrix one behind the other, if each has the given length.
fn flat(rows: &[Vec<f64>], length: usize, name: &str) -> Result<Vec<f64>, String> {
    expect(rows.iter().all(|row| row.len() == length), &format!("each row of `{name}` has {length} numbers"))?;
    Ok(rows.concat())
}

/// A matrix from its rows one behind the other; `rows` counts them, as they may be empty.
fn nested(numbers: &[f64], rows: usize) -> Vec<&[f64]> {
    let length = numbers.len() / rows.max(1);
    (0..rows).map(|row| &numbers[row * length..(row + 1) * length]).collect()
}
