//! NumPy's format for several arrays, `.npz`: an archive of `.npy` files.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Error, Tensor, Tensors, write};

/// How many bytes of an entry are made room for in advance, whatever the archive says its size is.
const RESERVED: u64 = 1 << 20;

/// How many times smaller than its content an entry can be; deflate reaches 1032.
const MAX_RATIO: u64 = 1100;

impl Tensors {
    /// Reads a file that `numpy.savez` or `numpy.savez_compressed` has written.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or holds other things than numbers.
    pub fn read_npz(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_npz(&write::read(path.as_ref())?)
    }

    /// Writes a file that `numpy.load` reads, or replaces it as a whole.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. A file that was there is then as it was.
    pub fn write_npz(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write::write(path.as_ref(), &self.to_npz()?)
    }

    /// The tensors in the bytes of a file.
    ///
    /// # Errors
    ///
    /// If the bytes are not a whole file, or hold other things than numbers.
    pub fn from_npz(bytes: &[u8]) -> Result<Self, Error> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut tensors = Self::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(damaged)?;
            let name = entry.name().map_err(damaged)?.into_owned();
            let name = name.strip_suffix(".npy").ok_or_else(|| Error::damaged(format!("`{name}` is not an array")))?;
            let (size, packed) = (entry.size(), entry.compressed_size());
            if packed > bytes.len() as u64 || size / MAX_RATIO > packed {
                return Err(Error::damaged(format!("the size of `{name}` cannot be right")));
            }
            let mut content = Vec::with_capacity(size.min(RESERVED) as usize);
            entry.by_ref().take(size).read_to_end(&mut content).map_err(|error| damaged(error.into()))?;
            // The checksum is compared at the end of the entry, and nothing may follow what it says its size is.
            let more = entry.read(&mut [0]).map_err(|error| damaged(error.into()))?;
            if content.len() as u64 != size || more != 0 {
                return Err(Error::damaged(format!("`{name}` has another size than the archive says")));
            }
            if tensors.insert(name, Tensor::from_npy(&content)?).is_some() {
                return Err(Error::damaged(format!("there are two tensors `{name}`")));
            }
        }
        Ok(tensors)
    }

    /// The bytes of a file with these tensors, without compression.
    ///
    /// # Errors
    ///
    /// If a name is longer than the format allows.
    pub fn to_npz(&self) -> Result<Vec<u8>, Error> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
        for (name, tensor) in self.iter() {
            writer.start_file(format!("{name}.npy"), options).map_err(damaged)?;
            writer.write_all(&tensor.to_npy()).map_err(|error| damaged(error.into()))?;
        }
        Ok(writer.finish().map_err(damaged)?.into_inner())
    }
}

fn damaged(error: ZipError) -> Error {
    Error::damaged(error.to_string())
}
