//! Prints a test file with random programs: `cargo run -p random-programs -- SEED COUNT`.

mod chains;
mod choices;
mod closures;
mod control;
mod expressions;
mod memory;
mod parts;
mod program;
mod random;
mod scope;
mod statements;

use program::{Callee, Changes, Returns, Written};
use random::Random;

/// What every generated file begins with.
const SUPPORT: &str = include_str!("support.rs.txt");

/// The functions and types that the programs use.
const HELPERS: &str = include_str!("helpers.rs.txt");

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (seed, count) = (number(1), number(40) as usize);
    let mut random = Random::new(seed);
    let (mut callees, mut items): (Vec<Callee>, String) = (Vec::new(), HELPERS.to_owned());
    let mut programs: Vec<Written> = Vec::new();
    for number in 0..count {
        let (text, callee) = program::write_part(&mut random, number);
        items += &text;
        callees.push(callee);
        let recent = &callees[callees.len().saturating_sub(3)..];
        let program = program::write(&mut random, number, recent);
        items += &program.text;
        // Only programs without further parameters are called by others.
        if program.parameters.is_empty() {
            let name = format!("program_{number}");
            callees.push(Callee { name, returns: Returns::Float, changes: Changes::Nothing });
        }
        programs.push(program);
    }
    print_file(seed, &items, &programs);
}

/// Prints everything twice, with the analyses on and off, and the test that compares both.
fn print_file(seed: u64, items: &str, programs: &[Written]) {
    // Types have one name in a file, so that what is known of them is certain.
    let plain = items.replace("#[differentiable]", "#[differentiable(analyses = off)]");
    let plain = plain.replace("Shape", "PlainShape").replace("State", "PlainState");
    println!(
        "// Printed by `cargo run -p random-programs -- {seed} {} | rustfmt`; not edited by hand.\n",
        programs.len()
    );
    println!(
        "{SUPPORT}\n{items}\nmod plain {{\nuse super::{{Differentiable, Float, differentiable, stop_gradient}};\n{plain}}}\n"
    );
    println!("#[test]\nfn random_programs() {{\nlet mut report = Report::default();");
    for (number, program) in programs.iter().enumerate() {
        println!("check!(report, program_{number}({}));", program.parameters.join(", "));
    }
    println!("report.finish();\n}}");
}
