//! Numbers as bytes.

use super::{Error, Values};

/// The types of numbers that occur in files.
///
/// Every type is read as the one among those of [`Values`] that holds it exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    F16,
    #[cfg_attr(not(any(test, feature = "safetensors")), expect(dead_code, reason = "NumPy has no such type"))]
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
}

impl Kind {
    /// The type that values are written with.
    pub(super) fn of(values: &Values) -> Self {
        match values {
            Values::F32(_) => Self::F32,
            Values::F64(_) => Self::F64,
            Values::I64(_) => Self::I64,
        }
    }

    /// How many bytes a number has.
    pub(super) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 | Self::Bool => 1,
            Self::F16 | Self::Bf16 | Self::I16 | Self::U16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// The numbers that the bytes are; what is left after the last whole number is dropped.
    pub(super) fn decode(self, bytes: &[u8], big_endian: bool) -> Result<Values, Error> {
        Ok(match self {
            Self::F16 => Values::F32(numbers(bytes, big_endian, |b| half(u16::from_le_bytes(b)))),
            Self::Bf16 => {
                Values::F32(numbers(bytes, big_endian, |b| f32::from_bits(u32::from(u16::from_le_bytes(b)) << 16)))
            }
            Self::F32 => Values::F32(numbers(bytes, big_endian, f32::from_le_bytes)),
            Self::F64 => Values::F64(numbers(bytes, big_endian, f64::from_le_bytes)),
            Self::I8 => Values::I64(numbers(bytes, big_endian, |b| i8::from_le_bytes(b).into())),
            Self::I16 => Values::I64(numbers(bytes, big_endian, |b| i16::from_le_bytes(b).into())),
            Self::I32 => Values::I64(numbers(bytes, big_endian, |b| i32::from_le_bytes(b).into())),
            Self::I64 => Values::I64(numbers(bytes, big_endian, i64::from_le_bytes)),
            Self::U8 | Self::Bool => Values::I64(numbers(bytes, big_endian, |b| u8::from_le_bytes(b).into())),
            Self::U16 => Values::I64(numbers(bytes, big_endian, |b| u16::from_le_bytes(b).into())),
            Self::U32 => Values::I64(numbers(bytes, big_endian, |b| u32::from_le_bytes(b).into())),
            Self::U64 => {
                let wide = numbers(bytes, big_endian, u64::from_le_bytes);
                let narrow: Result<_, _> = wide.into_iter().map(i64::try_from).collect();
                Values::I64(narrow.map_err(|_| Error::damaged("an integer is larger than any `i64`"))?)
            }
        })
    }
}

/// The numbers in `bytes`, of `N` bytes each.
fn numbers<const N: usize, T>(bytes: &[u8], big_endian: bool, number: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    let ordered = |mut bytes: [u8; N]| {
        if big_endian {
            bytes.reverse();
        }
        number(bytes)
    };
    chunks.iter().map(|&bytes| ordered(bytes)).collect()
}

/// A number in half precision.
fn half(bits: u16) -> f32 {
    let bits = u32::from(bits);
    let (sign, exponent, fraction) = (bits >> 15 << 31, bits >> 10 & 0x1f, bits & 0x3ff);
    let size = match exponent {
        // 2⁻²⁴ is the smallest number.
        0 => fraction as f32 * f32::from_bits(103 << 23),
        31 => f32::from_bits(0xff << 23 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    f32::from_bits(sign | size.to_bits())
}

/// The bytes of the values, little end first.
pub(super) fn encode(values: &Values) -> Vec<u8> {
    match values {
        Values::F32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Values::F64(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Values::I64(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, half};
    use crate::files::Values;

    #[test]
    fn half_precision() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x03ff, 6.097_555e-5),
            (0x0001, 5.960_464_5e-8),
            (0x7c00, f32::INFINITY),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7e00).is_nan() && half(0x8000).to_bits() == (-0.0_f32).to_bits());
    }

    #[test]
    fn all_kinds() {
        let decode = |kind: Kind, bytes: &[u8]| kind.decode(bytes, false).unwrap();
        assert_eq!(decode(Kind::Bf16, &[0x80, 0x3f]), Values::F32(vec![1.0]));
        assert_eq!(decode(Kind::I8, &[0xff, 1]), Values::I64(vec![-1, 1]));
        assert_eq!(decode(Kind::U16, &[0xff, 1]), Values::I64(vec![511]));
        assert_eq!(Kind::I32.decode(&[0xff, 0xff, 0xff, 0xfe], true).unwrap(), Values::I64(vec![-2]));
        assert_eq!(decode(Kind::Bool, &[1, 0]), Values::I64(vec![1, 0]));
        assert!(Kind::U64.decode(&[0xff; 8], false).is_err());
    }
}
