//! A tool for GradBench: answers the messages on the standard input, each with a line on the standard output.

use std::io::{BufRead, Result, Write, stdin, stdout};

use differentiable_gradbench::protocol::respond;

fn main() -> Result<()> {
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            let response = respond(&String::from_utf8_lossy(&line));
            output.write_all(response.as_bytes())?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}
