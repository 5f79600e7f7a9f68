//! The crate's source files, read once for all the functions in them.
//!
//! Every function asks what its file says of the names in it. What takes reading the whole file, such as where its braces
//! are, is found once and kept as long as the file stays as it is: an expansion may run for hours in an editor.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use proc_macro2::{TokenStream, TokenTree};

use crate::bits;
use crate::operator_types;
use crate::site::{Piece, is_of_word, piece};

/// The text of a file, with what was found in it.
#[derive(Debug, Default)]
pub(crate) struct Source {
    text: String,
    words: OnceLock<HashMap<Box<str>, Vec<usize>>>,
    braces: OnceLock<Vec<Braces>>,
    made: OnceLock<BTreeSet<String>>,
    bits: OnceLock<bool>,
    modules: OnceLock<Vec<String>>,
    operators: OnceLock<Vec<operator_types::Implementation>>,
}

/// A pair of braces.
#[derive(Debug)]
struct Braces {
    /// Where the text begins that stands before them.
    start: usize,
    open: usize,
    /// The end of the text, if nothing closes them.
    close: usize,
    /// Those around them.
    outer: Option<usize>,
}

/// What is known of a file as long as it is this old and this long.
struct Known {
    stamp: (Option<SystemTime>, u64),
    source: Arc<Source>,
}

/// The file, where it can be read.
pub(crate) fn read(path: &Path) -> Option<Arc<Source>> {
    static KNOWN: Mutex<BTreeMap<PathBuf, Known>> = Mutex::new(BTreeMap::new());
    let about = std::fs::metadata(path).ok()?;
    let stamp = (about.modified().ok(), about.len());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(path).filter(|found| found.stamp == stamp) {
        return Some(Arc::clone(&found.source));
    }
    let source = Arc::new(Source::new(std::fs::read_to_string(path).ok()?));
    known.insert(path.to_path_buf(), Known { stamp, source: Arc::clone(&source) });
    Some(source)
}

impl Source {
    pub(crate) fn new(text: String) -> Source {
        Source { text, ..Source::default() }
    }

    /// Where a word stands, in comments as well.
    pub(crate) fn word(&self, word: &str) -> &[usize] {
        let words = self.words.get_or_init(|| {
            let mut words: HashMap<Box<str>, Vec<usize>> = HashMap::new();
            for (at, word) in words_of(&self.text) {
                match words.get_mut(word) {
                    Some(places) => places.push(at),
                    None => _ = words.insert(word.into(), vec![at]),
                }
            }
            words
        });
        words.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is in the text.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        !self.word(word).is_empty()
    }

    /// Where a word stands behind another, as in `fn name`: the places of the first one.
    pub(crate) fn places<'s>(&'s self, before: &'s str, word: &str) -> impl Iterator<Item = usize> + use<'s> {
        self.word(word).iter().filter_map(move |at| {
            let start = self.text[..*at].trim_end();
            let start = start.strip_suffix(before).filter(|_| start.len() < *at)?;
            (!start.ends_with(is_of_word)).then_some(start.len())
        })
    }

    /// All that looks like a `use`, in comments and in functions as well, and where it begins.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (usize, &str)> {
        self.word("use").iter().map(|at| {
            let end = self.text[*at..].find(';').map_or(self.text.len(), |length| at + length + 1);
            (*at, &self.text[*at..end])
        })
    }

    /// Where the items begin in whose braces a place is, the outermost first.
    pub(crate) fn open_items(&self, offset: usize) -> Vec<usize> {
        let braces = self.braces.get_or_init(|| braces(&self.text));
        let mut inner = braces.partition_point(|pair| pair.open < offset).checked_sub(1);
        let mut open = Vec::new();
        while let Some(pair) = inner.map(|at| &braces[at]) {
            if offset <= pair.close {
                open.push(pair.start);
            }
            inner = pair.outer;
        }
        open.reverse();
        open
    }

    /// The names of the modules that the file declares without their content.
    pub(crate) fn modules(&self) -> &[String] {
        self.modules.get_or_init(|| {
            let names = self.text.lines().filter_map(|line| {
                let name = line.trim().strip_suffix(';')?.rsplit_once("mod ")?.1.trim();
                name.chars().all(is_of_word).then(|| name.to_owned())
            });
            names.collect()
        })
    }

    /// The implementations of operators in the file.
    pub(crate) fn operators(&self) -> &[operator_types::Implementation] {
        self.operators.get_or_init(|| operator_types::of_file(self))
    }

    /// Whether something in the file may turn numbers into bits.
    pub(crate) fn takes_bits(&self) -> bool {
        *self.bits.get_or_init(|| bits::TAKING.iter().any(|word| self.text.contains(word)))
    }

    /// Whether a function of this name stands in a macro's definition or invocation: what attributes it gets there is not
    /// seen.
    pub(crate) fn is_given_to_a_macro(&self, name: &str) -> bool {
        let made = self.made.get_or_init(|| {
            let mut made = BTreeSet::new();
            if let Ok(tokens) = self.text.parse() {
                functions_of_macros(tokens, false, &mut made);
            }
            made
        });
        made.contains(name)
    }
}

impl Deref for Source {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// The words of a text and where they stand.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_of_word)?;
        let end = text[start..].find(|letter| !is_of_word(letter)).map_or(text.len(), |length| start + length);
        rest = end;
        Some((start, &text[start..end]))
    })
}

/// All pairs of braces, by where they open.
fn braces(text: &str) -> Vec<Braces> {
    let mut all: Vec<Braces> = Vec::new();
    let (mut inner, mut start, mut position, mut brackets) = (None, 0, 0, 0_usize);
    while position < text.len() {
        let (piece, length) = piece(&text[position..]);
        let at = position;
        position += length;
        match piece {
            Piece::Open => {
                all.push(Braces { start, open: at, close: text.len(), outer: inner });
                inner = Some(all.len() - 1);
                start = position;
            }
            Piece::Close => {
                if let Some(pair) = inner {
                    all[pair].close = at;
                    inner = all[pair].outer;
                }
                start = position;
            }
            Piece::Semicolon if brackets == 0 => start = position,
            Piece::OpenBracket => brackets += 1,
            Piece::CloseBracket => brackets = brackets.saturating_sub(1),
            Piece::Semicolon | Piece::Other => {}
        }
    }
    all
}

/// The names of the functions in definitions and invocations of macros.
fn functions_of_macros(tokens: TokenStream, given: bool, found: &mut BTreeSet<String>) {
    let (mut keyword, mut bang) = (false, false);
    for tree in tokens {
        match &tree {
            // The name of `macro_rules! name` stands between.
            TokenTree::Ident(ident) => {
                if given && keyword {
                    found.insert(ident.to_string());
                }
                keyword = ident == "fn";
            }
            TokenTree::Group(group) => {
                functions_of_macros(group.stream(), given || bang, found);
                (keyword, bang) = (false, false);
            }
            TokenTree::Punct(punct) => (keyword, bang) = (false, punct.as_char() == '!'),
            TokenTree::Literal(_) => (keyword, bang) = (false, false),
        }
    }
}
