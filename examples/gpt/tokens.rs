//! Text as numbers: characters, or pairs of bytes that stand beside each other often (Sennrich, Haddow and Birch,
//! [arXiv:1508.07909](https://arxiv.org/abs/1508.07909)).

use std::collections::HashMap;

/// The tokens of a text, by their numbers.
///
/// The first are single bytes; each of the others is two tokens before it. Without pairs, tokens are characters, as long
/// as the text is ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    bytes: Vec<u8>,
    pairs: Vec<[usize; 2]>,
    /// What each token stands for.
    texts: Vec<Vec<u8>>,
}

impl Tokens {
    /// The bytes of a text, and its most frequent pairs, until there are `vocabulary` tokens or no pair occurs twice.
    ///
    /// The text is cut before each white space, as GPT-2's is, and no pair reaches over a cut: words begin with the space
    /// before them.
    pub(crate) fn learn(text: &str, vocabulary: usize) -> Self {
        let mut bytes = text.as_bytes().to_vec();
        bytes.sort_unstable();
        bytes.dedup();
        let mut tokens = Self::new(bytes, Vec::new()).expect("different bytes are tokens");
        let mut numbers = tokens.encode(text).expect("the text consists of its bytes");
        while tokens.len() < vocabulary {
            let Some(pair) = tokens.most_frequent(&numbers) else { break };
            numbers = merged(&numbers, pair, tokens.len());
            tokens.add(pair);
        }
        tokens
    }

    /// Tokens that were learned before, from [`bytes`](Self::bytes) and [`pairs`](Self::pairs).
    ///
    /// # Errors
    ///
    /// A byte occurs twice, or a pair consists of tokens that come after it.
    pub(crate) fn new(bytes: Vec<u8>, pairs: Vec<[usize; 2]>) -> Result<Self, String> {
        if let Some(byte) = bytes.iter().enumerate().find(|(index, byte)| bytes[..*index].contains(byte)) {
            return Err(format!("the byte {} is two tokens", byte.1));
        }
        let texts = bytes.iter().map(|&byte| vec![byte]).collect();
        let mut tokens = Self { bytes, pairs: Vec::new(), texts };
        for pair in pairs {
            if pair.iter().any(|&part| part >= tokens.len()) {
                return Err(format!("token {} consists of {pair:?}", tokens.len()));
            }
            tokens.add(pair);
        }
        Ok(tokens)
    }

    fn add(&mut self, pair: [usize; 2]) {
        self.texts.push(pair.iter().flat_map(|&part| self.texts[part].iter().copied()).collect());
        self.pairs.push(pair);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn pairs(&self) -> &[[usize; 2]] {
        &self.pairs
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The tokens of a text.
    ///
    /// # Errors
    ///
    /// A character is not among the tokens.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<usize>, String> {
        let of_byte: HashMap<u8, usize> = self.bytes.iter().enumerate().map(|(token, &byte)| (byte, token)).collect();
        let mut numbers = Vec::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            for byte in &text.as_bytes()[at..at + character.len_utf8()] {
                let token = of_byte.get(byte).ok_or_else(|| format!("the text for training has no {character:?}"))?;
                numbers.push(*token);
            }
        }
        for (index, &pair) in self.pairs.iter().enumerate() {
            numbers = merged(&numbers, pair, self.bytes.len() + index);
        }
        Ok(numbers)
    }

    /// The text of tokens.
    pub(crate) fn decode(&self, numbers: &[usize]) -> String {
        let bytes: Vec<u8> = numbers.iter().flat_map(|&token| self.texts[token].iter().copied()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The pair that occurs most often, the one with the smallest numbers of equally frequent ones.
    fn most_frequent(&self, numbers: &[usize]) -> Option<[usize; 2]> {
        let mut counts: HashMap<[usize; 2], usize> = HashMap::new();
        for pair in numbers.windows(2).filter(|pair| !self.texts[pair[1]][0].is_ascii_whitespace()) {
            *counts.entry([pair[0], pair[1]]).or_default() += 1;
        }
        let most = counts.into_iter().filter(|&(_, count)| count > 1);
        most.max_by_key(|&(pair, count)| (count, std::cmp::Reverse(pair))).map(|(pair, _)| pair)
    }
}

/// The numbers with every occurrence of a pair replaced by one number.
fn merged(numbers: &[usize], pair: [usize; 2], by: usize) -> Vec<usize> {
    let mut result = Vec::with_capacity(numbers.len());
    let mut rest = numbers;
    while let Some((&first, after)) = rest.split_first() {
        if rest.starts_with(&pair) {
            result.push(by);
            rest = &rest[2..];
        } else {
            result.push(first);
            rest = after;
        }
    }
    result
}
