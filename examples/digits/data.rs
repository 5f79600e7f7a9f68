//! Reads the handwritten digits and splits them into training and test rows.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use differentiable::ndarray::{Array2, Axis};
use flate2::bufread::MultiGzDecoder;

/// Pixels of one image.
pub(crate) const PIXELS: usize = 64;
/// The digits 0 to 9.
pub(crate) const CLASSES: usize = 10;
/// Rows of the complete data set.
pub(crate) const ROWS: usize = 1_797;
/// The brightest pixel.
const MAX_INTENSITY: usize = 16;

/// Images and what they show.
#[derive(Debug)]
pub(crate) struct Digits {
    /// One row per image, intensities scaled to `0.0..=1.0`.
    pub(crate) images: Array2<f32>,
    /// The digit on each image.
    pub(crate) labels: Vec<usize>,
}

impl Digits {
    /// The given rows, in that order.
    pub(crate) fn select(&self, rows: &[usize]) -> Digits {
        Digits { images: self.images.select(Axis(0), rows), labels: rows.iter().map(|&row| self.labels[row]).collect() }
    }

    /// How many images there are.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }
}

/// Why the data could not be loaded.
#[derive(Debug)]
pub(crate) struct DataError {
    path: PathBuf,
    damage: Damage,
}

/// What is wrong with a file. Rows and columns count from one.
#[derive(Debug)]
pub(crate) enum Damage {
    /// The file cannot be opened.
    Open(io::Error),
    /// Reading or decompressing stopped here.
    Read { row: usize, column: usize, source: io::Error },
    /// A row has too few or too many columns.
    Width { row: usize, columns: usize },
    /// A value is not what its column holds.
    Value { row: usize, column: usize, found: String, max: usize },
    /// The file ends early or goes on too long.
    Length { rows: usize },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.damage)
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Open(source) => write!(f, "cannot be opened: {source}"),
            Damage::Read { row, column, source } => {
                write!(
                    f,
                    "row {row}, column {column}: cannot be read, is the gzip file truncated or damaged? ({source})"
                )
            }
            Damage::Width { row, columns } => write!(f, "row {row}: {columns} columns, {} expected", PIXELS + 1),
            Damage::Value { row, column, found, max } => {
                let what = if *column > PIXELS { "digit" } else { "pixel intensity" };
                write!(f, "row {row}, column {column}: `{found}` is not a {what} (a whole number from 0 to {max})")
            }
            Damage::Length { rows } => write!(f, "{rows} rows, {ROWS} expected"),
        }
    }
}

impl std::error::Error for DataError {}

/// Loads a gzip-compressed file.
///
/// # Errors
///
/// The file is missing or unreadable, or its content is not the data set.
pub(crate) fn load(path: &Path) -> Result<Digits, DataError> {
    let open = || {
        let file = File::open(path).map_err(Damage::Open)?;
        parse(BufReader::new(MultiGzDecoder::new(BufReader::new(file))))
    };
    open().map_err(|damage| DataError { path: path.to_owned(), damage })
}

/// Reads the comma-separated rows.
///
/// # Errors
///
/// The content is not the data set; the first damage is reported.
pub(crate) fn parse(mut reader: impl BufRead) -> Result<Digits, Damage> {
    let mut pixels = Vec::with_capacity(ROWS * PIXELS);
    let mut labels = Vec::with_capacity(ROWS);
    let mut line = Vec::new();
    loop {
        let row = labels.len() + 1;
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        let column = 1 + line.iter().filter(|&&byte| byte == b',').count();
        if read.map_err(|source| Damage::Read { row, column, source })? == 0 {
            break;
        }
        labels.push(parse_row(&String::from_utf8_lossy(&line), row, &mut pixels)?);
    }
    if labels.len() != ROWS {
        return Err(Damage::Length { rows: labels.len() });
    }
    let images = Array2::from_shape_vec((ROWS, PIXELS), pixels).expect("every row adds as many pixels as an image has");
    Ok(Digits { images, labels })
}

/// Appends the pixels of one row and returns its label.
fn parse_row(line: &str, row: usize, pixels: &mut Vec<f32>) -> Result<usize, Damage> {
    let fields: Vec<&str> = line.trim_end_matches(['\r', '\n']).split(',').collect();
    if fields.len() != PIXELS + 1 {
        return Err(Damage::Width { row, columns: fields.len() });
    }
    let value = |index: usize, max: usize| match fields[index].parse() {
        Ok(value) if value <= max => Ok(value),
        Ok(_) | Err(_) => Err(Damage::Value { row, column: index + 1, found: fields[index].to_owned(), max }),
    };
    for index in 0..PIXELS {
        pixels.push(value(index, MAX_INTENSITY)? as f32 / MAX_INTENSITY as f32);
    }
    value(PIXELS, CLASSES - 1)
}
