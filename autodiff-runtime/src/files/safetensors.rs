//! Files of the format `safetensors`, in which models are exchanged.
//!
//! The crate of that name reads them, and refuses every header that does not fit the bytes after it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use safetensors::{Dtype, SafeTensors, View};

use super::bytes::{Kind, encode};
use super::{Error, Tensor, Tensors, write};

/// What files hold beside their tensors under `__metadata__`: PyTorch's tools look for `format`.
const FORMAT: (&str, &str) = ("format", "pt");

/// The name of the checksum. The format has none of its own; files without it are not checked.
const CHECKSUM: &str = "crc32";

impl Tensors {
    /// Reads a file, such as one of torchvision's.
    ///
    /// Half precision is read as single precision, and every integer as `i64`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is damaged.
    pub fn read_safetensors(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_safetensors(&write::read(path.as_ref())?)
    }

    /// Writes a file, or replaces it as a whole.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. A file that was there is then as it was.
    pub fn write_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write::write(path.as_ref(), &self.to_safetensors()?)
    }

    /// The tensors in the bytes of a file.
    ///
    /// # Errors
    ///
    /// If the bytes are not a whole file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = |error: safetensors::SafeTensorError| Error::damaged(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let mut tensors = Self::new();
        for (name, view) in file.iter() {
            let kind = kind(view.dtype()).ok_or_else(|| {
                Error::mismatch(name, format!("has the type {:?}, which is not supported", view.dtype()))
            })?;
            tensors.insert(name, Tensor::new(view.shape(), kind.decode(view.data(), false)?)?);
        }
        let checksum = metadata.metadata().as_ref().and_then(|metadata| metadata.get(CHECKSUM));
        match checksum {
            Some(checksum) if *checksum != tensors.checksum() => Err(Error::damaged("its checksum is another")),
            _ => Ok(tensors),
        }
    }

    /// The bytes of a file with these tensors.
    ///
    /// # Errors
    ///
    /// If the names are longer than the format allows, which is 100 MB together.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, Error> {
        let metadata = [(FORMAT.0, FORMAT.1.to_owned()), (CHECKSUM, self.checksum())];
        let metadata: HashMap<_, _> = metadata.map(|(name, value)| (name.to_owned(), value)).into();
        safetensors::serialize(self.iter(), Some(metadata)).map_err(|error| Error::damaged(error.to_string()))
    }

    /// A number that depends on all names, shapes and values.
    fn checksum(&self) -> String {
        let mut hasher = crc32fast::Hasher::new();
        for (name, tensor) in self.iter() {
            hasher.update(name.as_bytes());
            hasher.update(format!(" {:?} {} ", tensor.shape(), tensor.values().type_name()).as_bytes());
            hasher.update(&encode(tensor.values()));
        }
        format!("{:08x}", hasher.finalize())
    }
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        match Kind::of(self.values()) {
            Kind::F32 => Dtype::F32,
            Kind::F64 => Dtype::F64,
            _ => Dtype::I64,
        }
    }

    fn shape(&self) -> &[usize] {
        Tensor::shape(self)
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Owned(encode(self.values()))
    }

    fn data_len(&self) -> usize {
        self.values().len() * Kind::of(self.values()).size()
    }
}

/// The type of the numbers of a tensor, unless it is one of those of fewer than 16 bits or of complex numbers.
fn kind(dtype: Dtype) -> Option<Kind> {
    Some(match dtype {
        Dtype::BOOL => Kind::Bool,
        Dtype::U8 => Kind::U8,
        Dtype::I8 => Kind::I8,
        Dtype::U16 => Kind::U16,
        Dtype::I16 => Kind::I16,
        Dtype::U32 => Kind::U32,
        Dtype::I32 => Kind::I32,
        Dtype::U64 => Kind::U64,
        Dtype::I64 => Kind::I64,
        Dtype::F16 => Kind::F16,
        Dtype::BF16 => Kind::Bf16,
        Dtype::F32 => Kind::F32,
        Dtype::F64 => Kind::F64,
        _ => return None,
    })
}
