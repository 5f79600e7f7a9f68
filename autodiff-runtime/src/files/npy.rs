//! NumPy's format for one array, `.npy` ([specification](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)).

use std::path::Path;

use ndarray::{ArrayD, IxDyn, ShapeBuilder};

use super::bytes::{Kind, encode};
use super::{Error, Tensor, Values, write};

const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header that is read; NumPy's own limit is 10,000.
const MAX_HEADER: usize = 100_000;

impl Tensor {
    /// Reads a file that `numpy.save` has written.
    ///
    /// Half precision is read as single precision, and every integer as `i64`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or holds other things than numbers.
    pub fn read_npy(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_npy(&write::read(path.as_ref())?)
    }

    /// Writes a file that `numpy.load` reads, or replaces it as a whole.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. A file that was there is then as it was.
    pub fn write_npy(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write::write(path.as_ref(), &self.to_npy())
    }

    /// The array in the bytes of a file.
    ///
    /// # Errors
    ///
    /// If the bytes are not a whole file, or hold other things than numbers.
    pub fn from_npy(bytes: &[u8]) -> Result<Self, Error> {
        let (header, data) = split(bytes)?;
        let header = Header::parse(header)?;
        let count = header.shape.iter().try_fold(header.kind.size(), |size, &len| size.checked_mul(len));
        if count != Some(data.len()) {
            return Err(Error::damaged(format!("{} bytes for an array of shape {:?}", data.len(), header.shape)));
        }
        let values = header.kind.decode(data, header.big_endian)?;
        let values = if header.fortran_order { by_rows(&header.shape, values)? } else { values };
        Self::new(header.shape, values)
    }

    /// The bytes of a file with this array.
    pub fn to_npy(&self) -> Vec<u8> {
        let descr = match Kind::of(self.values()) {
            Kind::F32 => "<f4",
            Kind::F64 => "<f8",
            _ => "<i8",
        };
        // A tuple of one number needs its comma, and others may have it.
        let shape: String = self.shape().iter().map(|len| format!("{len}, ")).collect();
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", shape.trim_end());
        // The header ends with a line break, and the data begin at a multiple of 64. A tensor has so few axes that the
        // length fits into two bytes.
        let before = MAGIC.len() + 4;
        let length = (before + header.len() + 1).next_multiple_of(64) - before;
        let mut bytes = [MAGIC, &[1, 0], &(length as u16).to_le_bytes(), header.as_bytes()].concat();
        bytes.resize(before + length - 1, b' ');
        bytes.push(b'\n');
        bytes.extend(encode(self.values()));
        bytes
    }
}

/// The text of the header, and the data after it.
fn split(bytes: &[u8]) -> Result<(&str, &[u8]), Error> {
    let truncated = || Error::damaged("it ends in its header");
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| Error::damaged("it does not begin as a NumPy array does"))?;
    let ([major, _minor], rest) = rest.split_first_chunk().ok_or_else(truncated)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(truncated)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(truncated)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        _ => return Err(Error::damaged(format!("version {major} of the format is not known"))),
    };
    if length > MAX_HEADER {
        return Err(Error::damaged(format!("a header of {length} bytes is too long")));
    }
    let (header, data) = rest.split_at_checked(length).ok_or_else(truncated)?;
    let header = std::str::from_utf8(header).map_err(|_| Error::damaged("its header is not text"))?;
    Ok((header, data))
}

/// What the header says.
#[derive(Debug)]
struct Header {
    kind: Kind,
    big_endian: bool,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    /// Reads a Python dictionary with the three keys, in any order.
    fn parse(text: &str) -> Result<Self, Error> {
        let mut words = Words(text);
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        words.expect("{")?;
        while !words.skip("}") {
            let key = words.string()?;
            words.expect(":")?;
            match key {
                "descr" => descr = Some(words.string()?),
                "fortran_order" => fortran_order = Some(words.boolean()?),
                "shape" => shape = Some(words.tuple()?),
                _ => return Err(words.wrong()),
            }
            if !words.skip(",") {
                words.expect("}")?;
                break;
            }
        }
        if !words.0.trim().is_empty() {
            return Err(words.wrong());
        }
        let (Some(descr), Some(fortran_order), Some(shape)) = (descr, fortran_order, shape) else {
            return Err(Error::damaged("its header lacks an entry"));
        };
        let (kind, big_endian) = kind(descr)?;
        Ok(Self { kind, big_endian, fortran_order, shape })
    }
}

/// The type of numbers and whether the most significant byte comes first.
fn kind(descr: &str) -> Result<(Kind, bool), Error> {
    let unknown = || Error::damaged(format!("`{descr}` is not a supported type of numbers"));
    let (order, name) = descr.split_at_checked(1).ok_or_else(unknown)?;
    let kind = match name {
        "f2" => Kind::F16,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        "i1" => Kind::I8,
        "i2" => Kind::I16,
        "i4" => Kind::I32,
        "i8" => Kind::I64,
        "u1" => Kind::U8,
        "u2" => Kind::U16,
        "u4" => Kind::U32,
        "u8" => Kind::U64,
        "b1" => Kind::Bool,
        _ => return Err(unknown()),
    };
    match order {
        "<" => Ok((kind, false)),
        ">" => Ok((kind, true)),
        "|" if kind.size() == 1 => Ok((kind, false)),
        _ => Err(unknown()),
    }
}

/// What is left of a header.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn wrong(&self) -> Error {
        let rest: String = self.0.chars().take(20).collect();
        Error::damaged(format!("its header is not understood at `{rest}`"))
    }

    fn skip(&mut self, word: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, word: &str) -> Result<(), Error> {
        if self.skip(word) { Ok(()) } else { Err(self.wrong()) }
    }

    /// A string without escapes.
    fn string(&mut self) -> Result<&'t str, Error> {
        let quote = if self.skip("\"") { '"' } else { '\'' };
        if quote == '\'' {
            self.expect("'")?;
        }
        let (text, rest) = self.0.split_once(quote).ok_or_else(|| self.wrong())?;
        self.0 = rest;
        Ok(text)
    }

    fn boolean(&mut self) -> Result<bool, Error> {
        if self.skip("True") {
            return Ok(true);
        }
        self.expect("False")?;
        Ok(false)
    }

    fn tuple(&mut self) -> Result<Vec<usize>, Error> {
        let mut items = Vec::new();
        self.expect("(")?;
        while !self.skip(")") {
            let text = self.0.trim_start();
            let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            items.push(text[..digits].parse().map_err(|_| self.wrong())?);
            self.0 = &text[digits..];
            if !self.skip(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(items)
    }
}

/// Values that are stored column by column, row by row.
fn by_rows(shape: &[usize], values: Values) -> Result<Values, Error> {
    fn reorder<T: Clone>(shape: &[usize], values: Vec<T>) -> Result<Vec<T>, Error> {
        let array = ArrayD::from_shape_vec(IxDyn(shape).f(), values);
        Ok(array.map_err(|error| Error::damaged(error.to_string()))?.iter().cloned().collect())
    }

    Ok(match values {
        Values::F32(values) => Values::F32(reorder(shape, values)?),
        Values::F64(values) => Values::F64(reorder(shape, values)?),
        Values::I64(values) => Values::I64(reorder(shape, values)?),
    })
}
