//! Messages and responses: JSON, each in a line.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Evaluation;
use crate::evals::eval;
use crate::evaluation::Timing;

/// What all kinds of messages have, and what some have.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    module: String,
    #[serde(default)]
    function: String,
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
}

/// What is left of a message whose other parts are wrong.
#[derive(Default, Deserialize)]
struct Id<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

#[derive(Default, Serialize)]
struct Response<'a> {
    id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Vec<Timing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The response to one message.
pub fn respond(line: &str) -> String {
    let response = match serde_json::from_str::<Message<'_>>(line) {
        Ok(message) => response(&message),
        Err(error) => {
            let Id { id } = serde_json::from_str(line).unwrap_or_default();
            failure(id, format!("this is no message: {error}"))
        }
    };
    serde_json::to_string(&response).unwrap_or_else(|error| format!("{{\"success\":false,\"error\":\"{error}\"}}"))
}

fn response<'a>(message: &Message<'a>) -> Response<'a> {
    let id = message.id;
    match message.kind.as_str() {
        "start" => Response { id, tool: Some("differentiable"), ..Response::default() },
        "define" => match eval(&message.module) {
            Some(_) => Response { id, success: Some(true), ..Response::default() },
            None => failure(id, format!("there is no module `{}`", message.module)),
        },
        "evaluate" => match evaluate(message) {
            Ok(Evaluation { output, timings }) => Response {
                id,
                success: Some(true),
                output: Some(output),
                timings: Some(timings),
                ..Response::default()
            },
            Err(error) => failure(id, error),
        },
        _ => Response { id, ..Response::default() },
    }
}

fn failure(id: Option<&RawValue>, error: String) -> Response<'_> {
    Response { id, success: Some(false), error: Some(error), ..Response::default() }
}

fn evaluate(message: &Message<'_>) -> Result<Evaluation, String> {
    let eval = eval(&message.module).ok_or_else(|| format!("there is no module `{}`", message.module))?;
    let input = message.input.ok_or("the message has no input")?;
    // Inputs are checked; what is found wrong only while a function runs must not end the tool.
    catch_unwind(AssertUnwindSafe(|| eval(&message.function, input.get())))
        .unwrap_or_else(|panic| Err(format!("`{}` panicked: {}", message.function, reason(&*panic))))
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("for an unknown reason")
}
