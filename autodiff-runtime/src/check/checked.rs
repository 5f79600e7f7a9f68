//! What is known of the function that is checked, beside its derivatives.

use super::Place;

/// The function that is checked.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its path.
    pub function: String,
    /// The rules that give its derivatives.
    pub rules: Option<&'static str>,
    /// The parts of its parameters that it is differentiated with respect to, where `wrt(..)` names parts.
    pub parts: &'static [(usize, &'static str)],
}

/// The companion of a function whose derivatives are given by rules.
#[doc(hidden)]
pub trait GivenByRules {
    /// The rules, as messages name them.
    const RULES: &'static str;
}

/// The rules of a companion, of which there may be none.
#[doc(hidden)]
pub struct RulesOf<Companion>(std::marker::PhantomData<Companion>);

impl<Companion: GivenByRules> RulesOf<Companion> {
    /// The rules.
    pub const NAMES: Option<&'static str> = Some(Companion::RULES);
}

/// What holds where the inherent constant does not: there are no rules.
#[doc(hidden)]
pub trait NoRules {
    /// None.
    const NAMES: Option<&'static str> = None;
}

impl<Companion> NoRules for RulesOf<Companion> {}

/// The companion of a function that is differentiated with respect to parts of its parameters.
#[doc(hidden)]
pub trait InParts {
    /// The positions of the parameters, and the paths in them.
    const PARTS: &'static [(usize, &'static str)];
}

/// The parts for a companion, which may name none.
#[doc(hidden)]
pub struct PartsOf<Companion>(std::marker::PhantomData<Companion>);

impl<Companion: InParts> PartsOf<Companion> {
    /// The parts.
    pub const PARTS: &'static [(usize, &'static str)] = Companion::PARTS;
}

/// What holds where the inherent constant does not: parameters are differentiated as a whole.
#[doc(hidden)]
pub trait NoParts {
    /// None.
    const PARTS: &'static [(usize, &'static str)] = &[];
}

impl<Companion> NoParts for PartsOf<Companion> {}

impl Place {
    /// The number belongs to one of these parts, or to a parameter of which no part is named.
    pub(super) fn is_in(&self, parts: &[(usize, &str)]) -> bool {
        let mut own = parts.iter().filter(|(parameter, _)| *parameter == self.parameter).peekable();
        let belongs = |part: &str| {
            let rest = self.element.strip_prefix(part);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        own.peek().is_none() || own.any(|(_, part)| belongs(part))
    }
}
