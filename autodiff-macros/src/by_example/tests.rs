use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{Definition, Expansion, Surroundings, expand_local};

/// What a call expands to, where `taken` are names of other variables.
fn expand(rules: TokenStream, call: &str, taken: &[&str]) -> Option<String> {
    let mac = syn::parse_str::<syn::Macro>(call).expect("a macro call");
    let is_taken = |name: &str| taken.contains(&name);
    let around = Surroundings { taken: &is_taken, unclear: &is_taken, statement: false };
    match Definition::parse(rules)?.expand(&mac, &around)? {
        Expansion::Expr(expr) => Some(expr.into_token_stream().to_string()),
        Expansion::Stmts(_) => None,
    }
}

#[track_caller]
fn expands(rules: TokenStream, call: &str, expected: TokenStream) {
    assert_eq!(expand(rules, call, &[]).as_deref(), Some(expected.to_string().as_str()));
}

#[test]
fn arguments_are_operands() {
    let square = quote!(($x:expr) => { $x * $x });
    expands(square.clone(), "square!(a + 1.0)", quote!((a + 1.0) * (a + 1.0)));
    expands(square, "square!(a)", quote!(a * a));
}

#[test]
fn the_first_rule_that_matches_decides() {
    let rules = quote! {
        (zero) => { 0.0 };
        ($x:ident . $y:ident) => { $x + $y };
        ($x:literal) => { -$x };
        ($x:expr, $($rest:expr),+ $(,)?) => { ($x, max!($($rest),+)) };
    };
    expands(rules.clone(), "m!(zero)", quote!(0.0));
    expands(rules.clone(), "m!(a.b)", quote!(a + b));
    expands(rules.clone(), "m!(2.0)", quote!(-2.0));
    expands(rules.clone(), "m!(a, b, c + d,)", quote!((a, max!(b, (c + d)))));
    assert_eq!(expand(rules, "m!(a + b)", &[]), None);
}

#[test]
fn repetitions_follow_the_names_in_them() {
    let rules = quote!(($x:expr; $($name:ident = [$($c:expr),*]);* $(;)?) => { [$(($x, stringify!($name), [$($c * $x),*])),*] });
    let expected = quote!([(x, stringify!(a), [1.0 * x, 2.0 * x]), (x, stringify!(b), [])]);
    expands(rules, "m!(x; a = [1.0, 2.0]; b = [];)", expected);
    let optional = quote!((sum $($x:expr)=>* $(, scale $k:expr)?) => { (0.0 $(+ $x)*) $(* $k)? });
    expands(optional.clone(), "m!(sum a => b, scale k)", quote!((0.0 + a + b) * k));
    expands(optional, "m!(sum)", quote!((0.0)));
}

#[test]
fn variables_of_the_macro_are_its_own() {
    let rules = quote!(($x:expr) => {{ let a = $x; a * other(a) }});
    expands(
        rules.clone(),
        "m!(b)",
        quote!({
            let a = b;
            a * other(a)
        }),
    );
    expands(
        rules.clone(),
        "m!(a)",
        quote!({
            let a_2 = a;
            a_2 * other(a_2)
        }),
    );
    // What else the macro mentions may not be a variable where it is called.
    assert_eq!(expand(rules, "m!(b)", &["other"]), None);
    let text = quote!(($x:expr) => {{ let a = $x; println!("{a}"); a }});
    assert_eq!(expand(text, "m!(a)", &[]), None);
    let hidden = quote!(($x:expr) => { outer!(let a = 1.0 => $x) });
    assert_eq!(expand(hidden, "m!(a)", &[]), None);
}

#[test]
fn functions_have_macros_of_their_own() {
    let function: syn::ItemFn = syn::parse_quote! {
        fn f(x: f64, k: f64) -> f64 {
            macro_rules! scaled { ($e:expr) => { k * $e } }
            macro_rules! define { ($name:ident, $e:expr) => { let t = $e; let $name = t * t; } }
            define!(y, scaled!(x));
            let k = 1.0;
            [scaled!(vec![y; 2][0]), k]
        }
    };
    let (expanded, macros) = expand_local(&function).expect("two macros");
    assert_eq!(macros.len(), 2);
    let text = expanded.block.stmts[2..].iter().map(ToTokens::to_token_stream).collect::<TokenStream>().to_string();
    // `k` is bound twice, so that `scaled!` is left.
    let expected = quote!(let t_2 = scaled!(x); let y = t_2 * t_2; let k = 1.0; [scaled!(vec![y; 2][0]), k]);
    assert_eq!(text, expected.to_string());
}
