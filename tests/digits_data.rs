//! The loader of the `digits` example: the data set itself, and what is said about damaged files.

#[path = "../examples/digits/data.rs"]
mod data;

use std::io::Read;
use std::path::Path;

use data::{CLASSES, PIXELS, ROWS, load, parse};
use flate2::read::MultiGzDecoder;

fn path() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv.gz"))
}

/// The rows of the data set as text.
fn rows() -> Vec<String> {
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path()).unwrap()).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// What is reported about these rows.
fn damage(rows: &[String]) -> String {
    parse((rows.join("\n") + "\n").as_bytes()).unwrap_err().to_string()
}

/// What is reported when one field is replaced; row and column count from one.
fn damage_at(row: usize, column: usize, text: &str) -> String {
    let mut rows = rows();
    let mut fields: Vec<&str> = rows[row - 1].split(',').collect();
    fields[column - 1] = text;
    rows[row - 1] = fields.join(",");
    damage(&rows)
}

#[test]
fn the_data_set_is_complete() {
    let digits = load(path()).unwrap();
    assert_eq!(digits.images.dim(), (ROWS, PIXELS));
    assert_eq!(digits.len(), ROWS);
    assert!(digits.images.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    let counts: Vec<usize> = (0..CLASSES).map(|digit| digits.labels.iter().filter(|&&l| l == digit).count()).collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
}

#[test]
fn the_first_row_is_read_in_order() {
    let digits = load(path()).unwrap();
    let first: Vec<f32> = digits.images.row(0).iter().take(8).map(|pixel| pixel * 16.0).collect();
    assert_eq!(first, [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
    assert_eq!(digits.labels[..3], [0, 1, 2]);
}

#[test]
fn rows_are_selected_with_their_labels() {
    let digits = load(path()).unwrap();
    let selected = digits.select(&[2, 0]);
    assert_eq!(selected.labels, [2, 0]);
    assert_eq!(selected.images.row(0), digits.images.row(2));
}

#[test]
fn windows_line_ends_are_accepted() {
    assert_eq!(parse((rows().join("\r\n") + "\r\n").as_bytes()).unwrap().len(), ROWS);
}

#[test]
fn a_wrong_value_is_named_with_row_and_column() {
    let expected = "row 5, column 7: `x` is not a pixel intensity (a whole number from 0 to 16)";
    assert_eq!(damage_at(5, 7, "x"), expected);
    assert!(damage_at(5, 7, "17").starts_with("row 5, column 7: `17` is not a pixel intensity"));
    assert!(damage_at(1, 1, "-1").starts_with("row 1, column 1: `-1` is not a pixel intensity"));
    assert!(damage_at(1, 64, "0.5").starts_with("row 1, column 64: `0.5` is not a pixel intensity"));
    assert_eq!(damage_at(1797, 65, "10"), "row 1797, column 65: `10` is not a digit (a whole number from 0 to 9)");
    assert!(damage_at(3, 2, "").starts_with("row 3, column 2: `` is not"));
}

#[test]
fn a_row_of_another_width_is_named() {
    assert_eq!(damage_at(9, 65, "1,2"), "row 9: 66 columns, 65 expected");
    let mut rows = rows();
    rows[3].clear();
    assert_eq!(damage(&rows), "row 4: 1 columns, 65 expected");
}

#[test]
fn missing_and_surplus_rows_are_counted() {
    let mut rows = rows();
    rows.push(rows[0].clone());
    assert_eq!(damage(&rows), "1798 rows, 1797 expected");
    assert_eq!(damage(&rows[..1000]), "1000 rows, 1797 expected");
    assert_eq!(parse(&b""[..]).unwrap_err().to_string(), "0 rows, 1797 expected");
}

#[test]
fn bytes_that_are_not_text_are_reported() {
    assert!(parse(&b"\xff\xfe\n"[..]).unwrap_err().to_string().starts_with("row 1: 1 columns"));
}

#[test]
fn missing_and_damaged_files_are_named() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let missing = load(&folder.join("no_such_file.csv.gz")).unwrap_err().to_string();
    assert!(missing.contains("no_such_file.csv.gz: cannot be opened"), "{missing}");

    let whole = std::fs::read(path()).unwrap();
    let message = |name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        std::fs::write(&file, bytes).unwrap();
        load(&file).unwrap_err().to_string()
    };
    let truncated = message("truncated.csv.gz", &whole[..whole.len() / 2]);
    assert!(truncated.contains("truncated.csv.gz: row ") && truncated.contains("cannot be read"), "{truncated}");
    let tail = message("without_checksum.csv.gz", &whole[..whole.len() - 8]);
    assert!(tail.contains("row 1798, column 1: cannot be read"), "{tail}");
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let flipped = message("flipped.csv.gz", &flipped);
    assert!(flipped.contains("cannot be read"), "{flipped}");
    let plain = message("plain.csv", rows().join("\n").as_bytes());
    assert!(plain.contains("row 1, column 1: cannot be read"), "{plain}");
}
