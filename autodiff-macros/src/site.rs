//! The source file around an item, where it can be read.
//!
//! An attribute sees the tokens that it stands before. A method's own tokens do not tell whether it belongs to an `impl` or
//! a trait, nor the generic parameters of that. Where the file is at hand (it is not for what a macro made, nor in some
//! editors), the text around the item does. It is only read, and nothing is done differently that would not be right
//! without it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::source::{self, Source};

/// A place in a file, which is read when something is asked.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) path: PathBuf,
    /// They count from one.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// One kind of text.
pub(crate) enum Piece {
    Open,
    Close,
    Semicolon,
    /// A round or square bracket: in these a semicolon ends no item.
    OpenBracket,
    CloseBracket,
    Other,
}

impl Site {
    /// The text of the `impl` or the trait in whose braces this place is directly.
    pub(crate) fn enclosing(&self) -> Option<String> {
        let text = self.text()?;
        enclosing(&text, self.line, self.column).map(str::to_owned)
    }

    /// The whole file.
    pub(crate) fn file(&self) -> Option<syn::File> {
        syn::parse_file(&self.text()?).ok()
    }

    /// Where the place is in the file's text.
    pub(crate) fn offset(&self, text: &str) -> Option<usize> {
        offset(text, self.line, self.column)
    }

    pub(crate) fn text(&self) -> Option<Arc<Source>> {
        source::read(&self.path)
    }
}

/// Where a line and a column are in a text.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum::<usize>();
    Some(start + text.get(start..)?.char_indices().nth(column.checked_sub(1)?)?.0)
}

/// The text of the `impl` or the trait in whose braces a place is directly.
fn enclosing(text: &Source, line: usize, column: usize) -> Option<&str> {
    let offset = offset(text, line, column)?;
    let start = text.open_items(offset).pop()?;
    // Modules are long, and nothing is asked of them.
    if !head_at(text, start).split(|c| !is_of_word(c)).any(|word| matches!(word, "impl" | "trait")) {
        return None;
    }
    let mut position = offset;
    let mut depth = 1;
    while depth > 0 && position < text.len() {
        let (piece, length) = piece(&text[position..]);
        position += length;
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth -= 1,
            Piece::Semicolon | Piece::OpenBracket | Piece::CloseBracket | Piece::Other => {}
        }
    }
    text.get(start..position)
}

/// The text of the item that begins at a place: up to its closing brace, or to a semicolon.
pub(crate) fn item_at(text: &str, start: usize) -> &str {
    let (mut position, mut depth, mut brackets) = (start, 0_usize, 0_usize);
    while position < text.len() {
        let (piece, length) = piece(&text[position..]);
        position += length;
        match piece {
            Piece::Open => depth += 1,
            Piece::Close if depth <= 1 => break,
            Piece::Close => depth -= 1,
            Piece::Semicolon if depth == 0 && brackets == 0 => break,
            Piece::OpenBracket => brackets += 1,
            Piece::CloseBracket => brackets = brackets.saturating_sub(1),
            Piece::Semicolon | Piece::Other => {}
        }
    }
    &text[start..position]
}

/// The text of the item that begins at a place, up to its opening brace.
pub(crate) fn head_at(text: &str, start: usize) -> &str {
    let mut position = start;
    while position < text.len() {
        let (piece, length) = piece(&text[position..]);
        if matches!(piece, Piece::Open) {
            break;
        }
        position += length;
    }
    &text[start..position]
}

/// Whether the character may stand in a name.
pub(crate) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The next piece of Rust and its length: a comment, a literal, or one character.
pub(crate) fn piece(text: &str) -> (Piece, usize) {
    let bytes = text.as_bytes();
    let other = |length: usize| (Piece::Other, length.clamp(1, text.len()));
    match bytes[0] {
        b'{' => (Piece::Open, 1),
        b'}' => (Piece::Close, 1),
        b';' => (Piece::Semicolon, 1),
        b'(' | b'[' => (Piece::OpenBracket, 1),
        b')' | b']' => (Piece::CloseBracket, 1),
        b'/' if text.starts_with("//") => other(text.find('\n').unwrap_or(text.len())),
        b'/' if text.starts_with("/*") => other(block_comment(text)),
        b'"' => other(quoted(text, '"')),
        b'\'' => other(character(text)),
        b'r' if raw_string(text).is_some() => other(raw_string(text).unwrap_or(1)),
        // The rest of a word cannot begin a literal.
        first if first.is_ascii_alphanumeric() || first == b'_' => {
            other(text.find(|c| !is_of_word(c)).unwrap_or(text.len()))
        }
        _ => other(text.chars().next().map_or(1, char::len_utf8)),
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of a literal between two of the same quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A character literal, or the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (_, Some('\'')) => quoted(text, '\''),
        _ => 1,
    }
}

/// The length of `r"..."` or `r#"..."#`.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let body = text.get(1 + hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&end).map_or(text.len(), |at| 1 + hashes + 1 + at + end.len()))
}

#[cfg(test)]
mod tests {
    /// The text that encloses the mark `@` in `source`.
    fn enclosing(source: &str) -> Option<String> {
        let before = &source[..source.find('@').expect("a mark")];
        let (line, last) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default());
        let column = last.chars().count() + 1;
        let source = super::Source::new(source.to_owned());
        super::enclosing(&source, line, column).map(|text| text.trim().to_owned())
    }

    #[test]
    fn the_innermost_braces_count() {
        assert_eq!(enclosing("fn f() {}\n@fn g() {}"), None);
        assert_eq!(
            enclosing("use a; impl<T> A<T> { fn f() {}\n @ }  fn h() {}"),
            Some("impl<T> A<T> { fn f() {}\n @ }".into())
        );
        assert_eq!(enclosing("use a; impl A<[u8; 2]> { @ }"), Some("impl A<[u8; 2]> { @ }".into()));
        assert_eq!(enclosing("mod m {\n@fn f() {} }"), None);
        assert_eq!(enclosing("impl A {\n@\n}"), Some("impl A {\n@\n}".into()));
        assert_eq!(enclosing("mod m { trait T { @ } }"), Some("trait T { @ }".into()));
        assert_eq!(enclosing("impl A { fn f() { @ } }"), None);
    }

    #[test]
    fn braces_in_literals_and_comments_do_not_count() {
        let source = r##"const Q: &str = "{\"{"; const R: &str = r#"{"{"#; const C: char = '{'; /* { /* { */ */
            // größe {
            impl<'a> B<'a> { @ }"##;
        let text = enclosing(source).expect("an impl");
        assert!(text.ends_with("impl<'a> B<'a> { @ }"), "{text}");
    }
}
