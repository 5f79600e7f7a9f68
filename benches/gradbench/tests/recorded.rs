//! The tool against recorded inputs and outputs of GradBench's reference implementation.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

const EVALS: [&str; 12] =
    ["ba", "det", "gmm", "hello", "ht", "kmeans", "llsq", "lse", "lstm", "ode", "particle", "saddle"];

/// The tool as a process.
struct Tool {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Tool {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradbench"));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (process.stdin.take(), process.stdout.take().unwrap());
        Tool { process, input, output: BufReader::new(output) }
    }

    fn line(&mut self, line: &str) -> Value {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        let mut response = String::new();
        self.output.read_line(&mut response).unwrap();
        serde_json::from_str(&response).unwrap_or_else(|error| panic!("{error}: {response:?}"))
    }

    fn send(&mut self, message: &Value) -> Value {
        let response = self.line(&message.to_string());
        assert_eq!(response["id"], message["id"], "the response is to another message");
        response
    }

    fn evaluate(&mut self, module: &str, function: &str, input: &Value) -> Value {
        self.send(&json!({
            "id": 7, "kind": "evaluate", "module": module, "function": function, "input": input, "description": "x"
        }))
    }

    /// Ends the input, at which the tool ends as well.
    fn end(mut self) {
        self.input.take();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(self.process.wait().unwrap().success());
    }
}

fn recorded(eval: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{eval}.json.gz"));
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// All numbers in the order of the names; the names and the lengths of lists must be the same.
fn numbers(output: &Value, place: &str, out: &mut Vec<(String, f64)>) {
    match output {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                numbers(item, &format!("{place}[{i}]"), out);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                numbers(value, &format!("{place}.{name}"), out);
            }
        }
        number => out.push((place.to_owned(), number.as_f64().unwrap_or_else(|| panic!("{place} is {number}")))),
    }
}

fn check(eval: &str, tolerance: f64) {
    let case = recorded(eval);
    let mut tool = Tool::start();
    assert_eq!(tool.send(&json!({"id": 1, "kind": "start", "eval": eval}))["id"], 1);
    assert_eq!(tool.send(&json!({"id": 2, "kind": "define", "module": eval}))["success"], true);
    for (function, expected) in case["outputs"].as_object().unwrap() {
        let response = tool.evaluate(eval, function, &case["input"]);
        assert_eq!(response["success"], true, "{eval}::{function}: {}", response["error"]);
        assert_eq!(response["timings"][0]["name"], "evaluate");
        let (mut given, mut wanted) = (Vec::new(), Vec::new());
        numbers(&response["output"], "output", &mut given);
        numbers(expected, "output", &mut wanted);
        assert_eq!(given.len(), wanted.len(), "{eval}::{function}");
        let (mut difference, mut norm) = (0.0, 0.0);
        for ((place, given), (wanted_place, wanted)) in given.iter().zip(&wanted) {
            assert_eq!(place, wanted_place, "{eval}::{function}");
            difference += (given - wanted).powi(2);
            norm += wanted.powi(2);
        }
        let (difference, norm) = (difference.sqrt(), norm.sqrt());
        assert!(difference <= tolerance * norm, "{eval}::{function} is {difference:e} off, of {norm:e}");
    }
    assert_eq!(tool.send(&json!({"id": 8, "kind": "analysis", "of": 7, "valid": true})), json!({"id": 8}));
    tool.end();
}

#[test]
fn ba() {
    check("ba", 1e-9);
}

#[test]
fn det() {
    check("det", 1e-9);
}

#[test]
fn gmm() {
    check("gmm", 1e-9);
}

#[test]
fn hello() {
    check("hello", 1e-9);
}

#[test]
fn ht() {
    check("ht", 1e-9);
}

#[test]
fn kmeans() {
    check("kmeans", 1e-9);
}

#[test]
fn llsq() {
    check("llsq", 1e-9);
}

#[test]
fn lse() {
    check("lse", 1e-9);
}

#[test]
fn lstm() {
    check("lstm", 1e-9);
}

#[test]
fn ode() {
    check("ode", 1e-9);
}

#[test]
fn particle() {
    check("particle", 1e-6);
}

#[test]
fn saddle() {
    check("saddle", 1e-6);
}

/// The hand's vertices alone, without `us`, and the mirrored hand.
#[test]
fn simple_hand_has_a_column_for_each_angle() {
    let mut input = recorded("ht")["input"].clone();
    input["us"] = json!([]);
    input["data"]["model"]["is_mirrored"] = json!(true);
    let mut tool = Tool::start();
    let objective = |tool: &mut Tool, input: &Value| {
        let mut numbers_of = Vec::new();
        numbers(&tool.evaluate("ht", "objective", input)["output"], "", &mut numbers_of);
        numbers_of.into_iter().map(|(_, number)| number).collect::<Vec<f64>>()
    };
    let jacobian = tool.evaluate("ht", "jacobian", &input)["output"].clone();
    for parameter in [0, 4, 7, 25] {
        let theta = input["theta"][parameter].as_f64().unwrap();
        let mut moved = input.clone();
        moved["theta"][parameter] = json!(theta + 1e-6);
        let above = objective(&mut tool, &moved);
        moved["theta"][parameter] = json!(theta - 1e-6);
        let below = objective(&mut tool, &moved);
        for (row, (above, below)) in above.iter().zip(&below).enumerate() {
            let derivative = jacobian[row][parameter].as_f64().unwrap();
            let difference = (above - below) / 2e-6;
            assert!((derivative - difference).abs() <= 1e-6, "{row}, {parameter}: {derivative}, {difference}");
        }
    }
    assert_eq!(jacobian[0].as_array().unwrap().len(), 26);
    tool.end();
}

#[test]
fn runs_as_often_and_as_long_as_asked() {
    let mut tool = Tool::start();
    let mut input = recorded("llsq")["input"].clone();
    input["min_runs"] = json!(5);
    let timings = tool.evaluate("llsq", "gradient", &input)["timings"].clone();
    assert_eq!(timings.as_array().unwrap().len(), 5);
    input["min_seconds"] = json!(0.05);
    let timings = tool.evaluate("llsq", "gradient", &input)["timings"].clone();
    let total: u64 = timings.as_array().unwrap().iter().map(|timing| timing["nanoseconds"].as_u64().unwrap()).sum();
    assert!(total >= 50_000_000);
    tool.end();
}

fn observations(count: Value) -> Value {
    let mut input = recorded("ba")["input"].clone();
    input["p"] = count;
    input
}

/// Each gets an error with the message's `id`, and the tool goes on.
#[test]
fn nonsense_is_answered() {
    let mut tool = Tool::start();
    assert_eq!(tool.send(&json!({"id": 1, "kind": "define", "module": "nothing"}))["success"], false);
    for (module, function, input) in [
        ("nothing", "primal", json!(1.0)),
        ("hello", "cube", json!(1.0)),
        ("hello", "square", json!("one")),
        ("hello", "square", Value::Null),
        ("lse", "primal", json!({"x": []})),
        ("lse", "primal", json!({"x": [1, "two"]})),
        ("det", "gradient", json!({"A": [1.0, 2.0, 3.0], "ell": 2})),
        ("det", "gradient", json!({"A": [], "ell": u64::MAX})),
        ("ode", "gradient", json!({"x": [], "s": 3})),
        ("ba", "jacobian", observations(json!(0))),
        ("ba", "jacobian", observations(json!(u64::MAX))),
        ("kmeans", "dir", json!({"points": [[1.0, 2.0], [3.0]], "centroids": [[1.0, 2.0]]})),
        ("lstm", "jacobian", json!({"main_params": [], "extra_params": [], "state": [], "sequence": []})),
        ("gmm", "jacobian", json!({"d": 2, "k": 1})),
    ] {
        let response = tool.evaluate(module, function, &input);
        assert_eq!(response["success"], false, "{module}::{function} at {input}: {response}");
        assert!(!response["error"].as_str().unwrap().is_empty());
    }
    for eval in EVALS {
        let input = recorded(eval)["input"].clone();
        assert_eq!(tool.evaluate(eval, "no_such_function", &input)["success"], false, "{eval}");
    }
    assert_eq!(tool.line("this is not JSON")["success"], false);
    assert_eq!(tool.line("[1, 2]")["success"], false);
    assert_eq!(tool.send(&json!({"id": 4, "kind": 3}))["success"], false);
    assert_eq!(tool.send(&json!({"id": [2], "kind": "unheard of"})), json!({"id": [2]}));
    assert_eq!(
        tool.send(&json!({"id": 3, "kind": "evaluate", "module": "hello", "function": "square"}))["success"],
        false
    );
    assert_eq!(tool.evaluate("hello", "double", &json!(4))["output"], 8.0);
    tool.end();
}
