//! Golden expansions: what is generated for small functions, formatted and committed, to be read by people.
//!
//! `golden/NAME.rs` holds annotated functions and types, `golden/NAME.expanded.rs` what the macro makes of them. Run the tests
//! with `UPDATE=1` to accept changes, then read the difference.

use std::path::{Path, PathBuf};

use quote::ToTokens;

use crate::site::Site;

fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let entries = std::fs::read_dir(folder).expect("the folder of golden files can be read");
    let files = entries.map(|entry| entry.expect("a directory entry can be read").path());
    let mut inputs: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && !path.to_string_lossy().contains(".expanded"))
        .collect();
    inputs.sort();
    inputs
}

/// Expands every annotated function of a file, and the derives on its structs and enums.
fn expand(source: &str, path: &Path) -> String {
    // Functions stand in the file itself; of what is around a method, the file would be asked for its exact place.
    let site =
        |item: &syn::Item| matches!(item, syn::Item::Fn(_)).then(|| Site { path: path.to_owned(), line: 1, column: 1 });
    let file = syn::parse_file(source).expect("a golden input is Rust");
    let mut out = proc_macro2::TokenStream::new();
    for mut item in file.items {
        if let Some(path) = take_attribute(&mut item, "derivative_of") {
            out.extend(crate::foreign::expand(path, item.into_token_stream()));
            continue;
        }
        match take_attribute(&mut item, "differentiable") {
            Some(options) => {
                let site = site(&item);
                out.extend(crate::expand::expand(options, item.into_token_stream(), site));
            }
            None if is_derived(&item) => out.extend(crate::derive::expand(item.into_token_stream(), None)),
            None => out.extend(item.into_token_stream()),
        }
    }
    let file = syn::parse2(out).expect("an expansion is Rust");
    prettyplease::unparse(&file)
}

/// Whether the item is one of those that show what the derive writes.
fn is_derived(item: &syn::Item) -> bool {
    let attrs = match item {
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        _ => return false,
    };
    attrs
        .iter()
        .any(|attr| attr.path().is_ident("derive") && attr.to_token_stream().to_string().contains("Differentiable"))
}

/// Takes the attribute off an item, with its options.
fn take_attribute(item: &mut syn::Item, name: &str) -> Option<proc_macro2::TokenStream> {
    let attrs = match item {
        syn::Item::Fn(item) => &mut item.attrs,
        syn::Item::Impl(item) => &mut item.attrs,
        syn::Item::Trait(item) => &mut item.attrs,
        syn::Item::Mod(item) => &mut item.attrs,
        _ => return None,
    };
    let at = attrs.iter().position(|attr| attr.path().is_ident(name))?;
    Some(match attrs.remove(at).meta {
        syn::Meta::List(list) => list.tokens,
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => proc_macro2::TokenStream::new(),
    })
}

#[test]
fn expansions_are_as_committed() {
    let mut changed = Vec::new();
    for input in inputs() {
        let source = std::fs::read_to_string(&input).expect("a golden input can be read");
        let expanded = expand(&source, &input);
        let path = input.with_extension("expanded.rs");
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        if committed != expanded {
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &expanded).expect("a golden file can be written");
            } else {
                changed.push(path.display().to_string());
            }
        }
    }
    assert!(changed.is_empty(), "these expansions changed; run with UPDATE=1 and read them: {changed:#?}");
}

#[test]
fn the_readme_shows_a_true_expansion() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expanded =
        std::fs::read_to_string(folder.join("golden/squared_error.expanded.rs")).expect("the golden file is there");
    let readme = std::fs::read_to_string(folder.join("../README.md")).expect("the README is there");
    let start = expanded.find("        pub fn value_and_grad_into").expect("there is a joint function");
    let end = start + expanded[start..].find("\n        }\n").expect("it ends") + "\n        }".len();
    let lines = expanded[start..end].lines().map(|line| line.get(8..).unwrap_or_default());
    let shown = lines.collect::<Vec<_>>().join("\n");
    assert!(readme.contains(&shown), "the README shall show\n{shown}");
}
