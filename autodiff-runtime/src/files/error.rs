//! What can be wrong with a file, or with what it holds.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why tensors could not be read, written, or put into parameters.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are not a complete file of the format that was asked for.
    Damaged {
        /// What is wrong with them.
        reason: String,
    },
    /// The tensors are not those that the parameters or the optimizer need.
    Mismatch {
        /// The name of the tensor.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    pub(crate) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged { reason: reason.into() }
    }

    pub(crate) fn mismatch(name: &str, reason: impl Into<String>) -> Self {
        Self::Mismatch { name: name.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Damaged { reason } => write!(f, "the file is damaged: {reason}"),
            Self::Mismatch { name, reason } => write!(f, "tensor `{name}` {reason}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Damaged { .. } | Self::Mismatch { .. } => None,
        }
    }
}
