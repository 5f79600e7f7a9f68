//! PyTorch in a process of its own, which takes a step when it is told to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::work::Work;

/// A running Python with PyTorch.
pub(crate) struct PyTorch {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl PyTorch {
    /// Starts it, if there is a Python with PyTorch.
    pub(crate) fn start(python: &str, threads: usize) -> Option<Self> {
        let mut command = Command::new(python);
        command.args(["-c", include_str!("pytorch.py"), &threads.to_string()]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let (input, output) = (process.stdin.take()?, BufReader::new(process.stdout.take()?));
        let mut pytorch = Self { process, input, output };
        let version = pytorch.line();
        match &version {
            Some(version) => println!("PyTorch {version}"),
            None => println!("no PyTorch in {python}"),
        }
        version.is_some().then_some(pytorch)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim().to_owned())
    }

    /// Takes a step, and gives its milliseconds.
    pub(crate) fn step(&mut self, work: Work) -> Option<f64> {
        writeln!(self.input, "{}", work.name()).ok()?;
        self.input.flush().ok()?;
        self.line()?.parse().ok()
    }
}

impl Drop for PyTorch {
    fn drop(&mut self) {
        // A process that has ended already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
