//! Source text to the IR's text form. The cases are data: `cases/*.txt` hold functions, each followed by what is
//! expected of it, the IR or the errors. `UPDATE_EXPECT=1 cargo test` writes what is found instead.

use crate::ir::verify;
use crate::options::Options;
use quote::ToTokens;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A function, its attribute's arguments, and what lowering it gives.
struct Case {
    name: String,
    source: String,
    expected: String,
}

#[test]
fn cases() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse/tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&directory).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut failures = String::new();
    for file in files {
        check_file(&file, &mut failures);
    }
    assert!(failures.is_empty(), "{failures}");
}

fn check_file(file: &Path, failures: &mut String) {
    let text = std::fs::read_to_string(file).expect("readable cases");
    let cases = read(&text);
    let mut updated = String::new();
    for case in &cases {
        let found = lowered(&case.source);
        if found.trim() != case.expected.trim() {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let _ = writeln!(
                failures,
                "== {name}: {}\n{}\n-- expected\n{}\n-- found\n{found}",
                case.name, case.source, case.expected
            );
        }
        if found.contains("invalid:") {
            let _ = writeln!(failures, "{}: {found}", case.name);
        }
        let _ = writeln!(updated, "=== {}\n{}\n---\n{}\n", case.name, case.source.trim(), found.trim());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(file, updated).expect("writable cases");
        failures.clear();
    }
}

/// `=== name`, the source, `---`, the expectation.
fn read(text: &str) -> Vec<Case> {
    let cases = text.split("=== ").skip(1).map(|case| {
        let (name, rest) = case.split_once('\n').expect("a name");
        let (source, expected) = rest.split_once("\n---").unwrap_or((rest, ""));
        Case { name: name.to_string(), source: source.to_string(), expected: expected.to_string() }
    });
    cases.collect()
}

/// The text form of what `source` is lowered to, or its errors with the tokens that they point at.
fn lowered(source: &str) -> String {
    let (options, item) = parsed(source);
    let (function, refusals) = super::lower_item(&item, &options, None);
    if !refusals.is_empty() {
        let rest = if refusals.left_to_rustc { "left to rustc\n" } else { "" };
        return refusals.errors.iter().map(describe).chain([rest.to_string()]).collect();
    }
    let mut text = function.to_string();
    if let Err(violations) = verify::verify(&function) {
        let _ = write!(text, "invalid: {}", violations.join("\ninvalid: "));
    }
    text
}

/// The attribute's options and the function.
fn parsed(source: &str) -> (Options, syn::ItemFn) {
    let (attribute, item) = match source.trim_start().strip_prefix("#[differentiable(") {
        Some(rest) => rest.split_once(")]\n").expect("an attribute"),
        None => ("", source),
    };
    let item = syn::parse_str(item).unwrap_or_else(|error| panic!("{item} is not a function: {error}"));
    (syn::parse_str(attribute).expect("options"), item)
}

fn describe(error: &syn::Error) -> String {
    let token = error.span().source_text().unwrap_or_default();
    let token = token.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("error at `{token}`: {}\n", error.to_string().replace('\n', ""))
}

/// Rules are lowered without errors, to valid IR.
#[test]
fn formulas() {
    use crate::rules::{Derivative, scalar};
    for name in ["sin", "atan2", "clamp", "powi", "log", "mul_add", "max", "tanh"] {
        let row = scalar::row(name).expect("a row");
        let Derivative::Partials(partials) = row.derivative else { panic!("{name} has partials") };
        for formula in partials.iter().flatten() {
            let text = formula_text(row.args, formula);
            assert!(!text.contains("invalid"), "{name}: {text}");
        }
    }
}

fn formula_text(args: &[&str], formula: &str) -> String {
    use crate::ir::{Block, Float, Function, Operand, Origin, Storage, Type};
    use crate::transform::formula::Binding;
    let mut function = Function {
        name: "rule".to_string(),
        vars: Vec::new(),
        params: Vec::new(),
        result: Type::Unit,
        body: Block::default(),
        scopes: Vec::new(),
        parts: std::collections::BTreeMap::new(),
        closures: Vec::new(),
        loops: std::collections::BTreeMap::new(),
        checkpoints: std::collections::BTreeMap::new(),
        constant_parts: Default::default(),
    };
    let names: Vec<&str> = args.iter().copied().chain(["y"]).collect();
    let vars: Vec<_> =
        names.iter().map(|name| function.fresh(*name, Type::Float(Float::F32), Storage::Value, Origin::User)).collect();
    let bindings: Vec<(&str, Binding)> =
        names.iter().zip(&vars).map(|(name, var)| (*name, Binding::Operand(Operand::Var(*var)))).collect();
    let formula: syn::Expr = syn::parse_str(formula).expect("an expression");
    let mut block = Block::default();
    block.result = Some(super::lower_formula(&mut function, &bindings, &formula, &mut block.stmts));
    let mut text = format!("{}\n{}", formula.to_token_stream(), function.display_block(&block));
    if let Err(violations) = verify::verify_block(&function, &block, &vars) {
        let _ = write!(text, "invalid: {}", violations.join("\ninvalid: "));
    }
    text
}

/// What the transforms make of every case that can be lowered keeps the invariants too.
#[test]
fn transforms_keep_the_invariants() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse/tests/cases");
    let mut failures = String::new();
    for entry in std::fs::read_dir(&directory).expect("the cases") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("readable cases");
        for case in read(&text) {
            transformed(&case, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn transformed(case: &Case, failures: &mut String) {
    use crate::diagnostics::Diagnostics;
    let (options, item) = parsed(&case.source);
    let (primal, refusals) = super::lower_item(&item, &options, None);
    if !refusals.is_empty() {
        return;
    }
    let mut diagnostics = Diagnostics::default();
    let derivatives = crate::transform::differentiate(&primal, &options, &mut diagnostics);
    if !diagnostics.is_empty() {
        return;
    }
    let mut tail = primal.clone();
    crate::transform::exits::normalise(&mut tail, &mut diagnostics);
    let split = &derivatives.split;
    let defined = split.forward.body.stmts.iter().flat_map(|stmt| match stmt {
        crate::ir::Stmt::Let { var, .. } | crate::ir::Stmt::Declare { var, .. } => vec![*var],
        crate::ir::Stmt::If { dest: Some(dest), .. }
        | crate::ir::Stmt::Match { dest: Some(dest), .. }
        | crate::ir::Stmt::Loop { dest: Some(dest), .. }
        | crate::ir::Stmt::Map { dest, .. } => vec![*dest],
        crate::ir::Stmt::CallVjp { dest, pullback, .. } => vec![*dest, *pullback],
        _ => Vec::new(),
    });
    let mut scope: Vec<_> = defined.chain(split.forward.params.iter().map(|param| param.var)).collect();
    scope
        .extend(split.pullback.again.iter().chain([&split.pullback.seed]).chain(split.pullback.slots.iter().flatten()));
    scope.sort_unstable();
    scope.dedup();
    let checks = [
        ("tail form", verify::verify(&tail).and(verify::verify_tail_form(&tail)), tail.to_string()),
        ("jvp", verify::verify(&derivatives.jvp), derivatives.jvp.to_string()),
        ("forward", verify::verify(&split.forward), split.forward.to_string()),
        (
            "pullback",
            verify::verify_block(&split.forward, &split.pullback.body, &scope),
            split.forward.display_block(&split.pullback.body),
        ),
    ];
    let joint = derivatives.joint.map(|joint| ("joint", verify::verify(&joint), joint.to_string()));
    for (name, result, text) in checks.into_iter().chain(joint) {
        if let Err(violations) = result {
            let _ = writeln!(failures, "== {}: {name}\n{text}{}\n", case.name, violations.join("\n"));
        }
    }
}
