//! Times the compilation of a crate of 300 functions: `cargo bench --bench compile_time`, with `-- --quick` of 60.
//!
//! The same crate without the attribute is compiled as well; what is printed for each mode is the difference for one
//! function. The macro is compiled as cargo does by default, without optimisation, and once more with it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use differentiable_compile_time::{LINES, source};

/// What is asked for in the attribute, and what the table calls it.
const MODES: [(&str, &str); 5] = [
    ("default", "differentiable"),
    ("order = 2", "differentiable(order = 2)"),
    ("hvp", "differentiable(hvp)"),
    ("hessian", "differentiable(hessian, wrt(x))"),
    ("jacobian", "differentiable(jacobian, wrt(x))"),
];

/// A folder with a crate in it.
struct Crate {
    folder: PathBuf,
    functions: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let functions = if quick { 60 } else { 300 };
    let krate = Crate { folder: target().join("compile_time"), functions };
    println!("{functions} functions of {LINES} lines; milliseconds for each beyond the function itself");
    println!("{:<12} {:>10} {:>16} {:>10} {:>14}", "mode", "check", "optimised macro", "release", "expansion");
    let plain = krate.measure(None);
    for (name, attribute) in MODES {
        if wanted.is_some_and(|wanted| !name.contains(wanted.as_str())) {
            continue;
        }
        let with = krate.measure(Some(attribute));
        let beyond =
            |with: Duration, plain: Duration| (with.as_secs_f64() - plain.as_secs_f64()) * 1e3 / functions as f64;
        let expansion = with.expansion.map_or_else(
            || "unknown".to_owned(),
            |seconds| format!("{:.3}/20 lines", seconds * 1e3 * 20.0 / (functions * LINES) as f64),
        );
        println!(
            "{name:<12} {:>10.2} {:>16.2} {:>10.2} {expansion:>14}",
            beyond(with.check, plain.check),
            beyond(with.optimised, plain.optimised),
            beyond(with.release, plain.release),
        );
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / functions as f64;
    println!("the function itself: check {:.2}, release {:.2}", each(plain.check), each(plain.release));
}

/// The folder that cargo builds into, below which this program is.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("a program has a path");
    own.ancestors().nth(3).expect("cargo puts it three folders deep").to_path_buf()
}

/// What one crate takes.
struct Times {
    check: Duration,
    /// `cargo check` where the macro is compiled with optimisation.
    optimised: Duration,
    release: Duration,
    /// Seconds that the optimised macro's expansion takes, if the compiler tells.
    expansion: Option<f64>,
}

impl Crate {
    fn measure(&self, attribute: Option<&str>) -> Times {
        self.write(attribute);
        let optimised = ["--config", "profile.dev.build-override.opt-level=3"];
        Times {
            check: self.time(&["check"]),
            optimised: self.time(&[&["check"][..], &optimised].concat()),
            release: self.time(&["build", "--release"]),
            expansion: self.expansion(&optimised),
        }
    }

    fn write(&self, attribute: Option<&str>) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let manifest = format!(
            "[package]\nname = \"many-functions\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ndifferentiable = {{ path = {root:?} }}\n\n[workspace]\n"
        );
        fs::create_dir_all(self.folder.join("src")).expect("the target folder can be written");
        fs::write(self.folder.join("Cargo.toml"), manifest).expect("the manifest can be written");
        fs::write(self.folder.join("src/lib.rs"), source(self.functions, attribute)).expect("the crate can be written");
    }

    /// The shortest of some compilations, all dependencies being there.
    fn time(&self, arguments: &[&str]) -> Duration {
        self.cargo(arguments, &[]);
        let once = |_| {
            let path = self.folder.join("src/lib.rs");
            // Cargo compiles again what is newer than its result.
            let text = fs::read_to_string(&path).expect("the crate can be read");
            fs::write(&path, text).expect("the crate can be written");
            let start = Instant::now();
            self.cargo(arguments, &[]);
            start.elapsed()
        };
        (0..3).map(once).min().unwrap_or_default()
    }

    /// What the compiler says of its passes, which it does where unstable options are allowed.
    fn expansion(&self, profile: &[&str]) -> Option<f64> {
        let arguments = [&["rustc", "--lib", "--profile", "check"][..], profile].concat();
        let environment = [("RUSTC_BOOTSTRAP", "1")];
        let passes = self.output(&[&arguments[..], &["--", "-Ztime-passes"]].concat(), &environment);
        let line = passes.lines().find(|line| line.trim_end().ends_with("macro_expand_crate"))?;
        line.split_whitespace().find_map(|word| word.trim_end_matches(';').parse().ok())
    }

    fn cargo(&self, arguments: &[&str], environment: &[(&str, &str)]) {
        _ = self.output(arguments, environment);
    }

    /// Runs cargo in the folder, as users do: with no setting that this process was given.
    fn output(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PROFILE_") || text == "RUSTFLAGS" || text == "CARGO_ENCODED_RUSTFLAGS" {
                command.env_remove(&name);
            }
        }
        command.env("CARGO_TARGET_DIR", self.folder.join("target")).current_dir(&self.folder);
        let output = command.args(arguments).envs(environment.iter().copied()).output().expect("cargo runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "cargo {arguments:?}: {text}");
        text
    }
}
