//! Prints a test file with random programs: `cargo run -p random-programs -- SEED COUNT`.

mod control;
mod expressions;
mod program;
mod random;
mod scope;
mod statements;

use program::Written;
use random::Random;

/// What every generated file begins with.
const SUPPORT: &str = include_str!("support.rs.txt");

/// The functions that the programs call.
const HELPERS: &str = include_str!("helpers.rs.txt");

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (seed, count) = (number(1), number(40) as usize);
    let mut random = Random::new(seed);
    let mut programs: Vec<Written> = Vec::new();
    for number in 0..count {
        // Only programs without further parameters are called by others.
        let callees: Vec<usize> = (0..number).rev().filter(|at| programs[*at].parameters.is_empty()).take(2).collect();
        programs.push(program::write(&mut random, number, &callees));
    }
    println!("// Printed by `cargo run -p random-programs -- {seed} {count} | rustfmt`; not edited by hand.\n");
    println!("{SUPPORT}\ntwice! {{\n{HELPERS}");
    programs.iter().for_each(|program| println!("{}", program.text));
    println!("}}\n\n#[test]\nfn random_programs() {{\nlet mut report = Report::default();");
    for (number, program) in programs.iter().enumerate() {
        println!("check!(report, program_{number}({}));", program.parameters.join(", "));
    }
    println!("report.finish();\n}}");
}
