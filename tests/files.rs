//! Parameters and the state of optimizers in files: what is written is read again, and what is damaged is refused whole.

use std::fs;
use std::path::PathBuf;

use differentiable::Differentiable;
use differentiable::files::{Error, Tensor, Tensors, Values};
use differentiable::ndarray::{Array, Array1, Array2, ShapeBuilder, array};
use differentiable::optim::Adam;

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Norm {
    weight: Array1<f32>,
    #[buffer]
    running_mean: Array1<f32>,
    #[nograd]
    momentum: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Block {
    weight: Array2<f32>,
    norm: Norm,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    layers: Vec<Block>,
    scale: f64,
    steps: usize,
    extra: Option<Vec<f64>>,
    #[buffer]
    frozen: Norm,
}

fn norm(start: f32) -> Norm {
    Norm { weight: array![start, 2.5], running_mean: array![-start, 0.1], momentum: 0.9 }
}

fn block(start: f32) -> Block {
    Block { weight: Array::from_shape_fn((2, 3).f(), |(i, j)| start + i as f32 - 0.3 * j as f32), norm: norm(start) }
}

fn model() -> Model {
    let layers = vec![block(0.1), block(-3.0)];
    Model { layers, scale: 1.0 / 3.0, steps: 5, extra: Some(vec![1e-300, f64::MAX]), frozen: norm(7.0) }
}

/// The same structure with other numbers.
fn other() -> Model {
    let mut other = model();
    Tensors::of(model()).load(&mut other).unwrap();
    other.layers[0] = block(9.0);
    other.scale = 0.0;
    other.frozen = norm(8.0);
    other
}

fn directory() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("files");
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn names_are_those_of_fields_and_positions() {
    let tensors = Tensors::of(model());
    let names: Vec<&str> = tensors.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "extra",
            "frozen.running_mean",
            "frozen.weight",
            "layers.0.norm.running_mean",
            "layers.0.norm.weight",
            "layers.0.weight",
            "layers.1.norm.running_mean",
            "layers.1.norm.weight",
            "layers.1.weight",
            "scale"
        ]
    );
    let column_major = tensors.get("layers.0.weight").unwrap();
    assert_eq!(column_major.shape(), [2, 3]);
    assert_eq!(column_major.values(), &Values::F32(model().layers[0].weight.iter().copied().collect()));
}

/// Buffers are no parameters: optimizers do not see them.
#[test]
fn buffers_have_no_gradient() {
    let mut model = model();
    let gradient = model.zero_tangent();
    Adam::new(0.1).step(&mut model, &gradient);
    let mut names = Tensors::new();
    names.add("gradient", &gradient);
    assert!(names.iter().all(|(name, _)| !name.contains("running")), "{names:?}");
}

#[test]
fn every_format_gives_back_what_it_took() {
    let saved = Tensors::of(model());
    let directory = directory();
    let (one, two, three) = (directory.join("m.safetensors"), directory.join("m.npz"), directory.join("m.npy"));
    saved.write_safetensors(&one).unwrap();
    saved.write_npz(&two).unwrap();
    assert_eq!(Tensors::read_safetensors(&one).unwrap(), saved);
    assert_eq!(Tensors::read_npz(&two).unwrap(), saved);
    for (name, tensor) in saved.iter() {
        tensor.write_npy(&three).unwrap();
        assert_eq!(Tensor::read_npy(&three).unwrap(), *tensor, "{name}");
    }
    let mut loaded = other();
    Tensors::read_safetensors(&one).unwrap().load(&mut loaded).unwrap();
    assert_eq!(loaded, model());
    // Nothing else is left in the directory.
    let mut files: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["m.npy", "m.npz", "m.safetensors"]);
    let missing = Tensors::read_npz(directory.join("absent.npz")).unwrap_err();
    assert!(matches!(&missing, Error::Io { path, .. } if path.ends_with("absent.npz")), "{missing}");
    assert!(saved.write_npz(directory.join("absent").join("m.npz")).is_err());
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn strange_numbers_keep_their_bits() {
    let values = vec![f64::NAN, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 8.0];
    let saved = Tensors::of(&values);
    for read in [
        Tensors::from_safetensors(&saved.to_safetensors().unwrap()).unwrap(),
        Tensors::from_npz(&saved.to_npz().unwrap()).unwrap(),
    ] {
        let mut loaded = vec![0.0; 4];
        read.load(&mut loaded).unwrap();
        assert_eq!(loaded.map_bits(), values.map_bits());
    }
}

trait Bits {
    fn map_bits(&self) -> Vec<u64>;
}

impl Bits for Vec<f64> {
    fn map_bits(&self) -> Vec<u64> {
        self.iter().map(|value| value.to_bits()).collect()
    }
}

/// What does not fit is named, and the model stays.
#[test]
fn tables_that_do_not_fit() {
    let refused = |change: &dyn Fn(&mut Tensors), expected: &str| {
        let mut tensors = Tensors::of(other());
        change(&mut tensors);
        let mut loaded = model();
        assert_eq!(tensors.load(&mut loaded).unwrap_err().to_string(), expected);
        assert_eq!(loaded, model());
    };
    refused(&|t| t.retain(|name| name != "layers.1.weight"), "tensor `layers.1.weight` is missing");
    refused(&|t| t.retain(|name| name != "frozen.running_mean"), "tensor `frozen.running_mean` is missing");
    refused(&|t| drop(t.insert("fc.bias", Tensor::number(1.0))), "tensor `fc.bias` has no place in the parameters");
    let square = Tensor::new([3, 2], Values::F32(vec![0.0; 6])).unwrap();
    refused(
        &|t| drop(t.insert("layers.1.weight", square.clone())),
        "tensor `layers.1.weight` has shape [3, 2] instead of [2, 3]",
    );
    let wide = Tensor::new([2, 3], Values::F64(vec![0.0; 6])).unwrap();
    refused(
        &|t| drop(t.insert("layers.1.weight", wide.clone())),
        "tensor `layers.1.weight` has type f64, which does not fit into f32",
    );
    refused(
        &|t| drop(t.insert("scale", Tensor::integer(1))),
        "tensor `scale` has type i64, which does not fit into f64",
    );
    // Single precision fits into double precision, and the other way on request.
    let mut tensors = Tensors::of(other());
    tensors.insert("scale", Tensor::new([], Values::F32(vec![0.5])).unwrap());
    tensors.insert("layers.1.weight", wide.to_f32());
    let mut loaded = model();
    tensors.load(&mut loaded).unwrap();
    assert_eq!((loaded.scale, loaded.layers[1].weight.sum()), (0.5, 0.0));
}

#[test]
fn shapes_and_values_fit() {
    assert!(Tensor::new([2, 2], Values::F32(vec![0.0; 3])).is_err());
    assert!(Tensor::new([usize::MAX, 2], Values::F32(vec![0.0; 3])).is_err());
    assert!(Tensor::new([usize::MAX, 0], Values::F32(vec![])).is_ok_and(|tensor| tensor.values().is_empty()));
}

/// Every truncation, and a change of every byte.
#[test]
fn damaged_files_change_nothing() {
    let saved = Tensors::of(other());
    type Read = fn(&[u8]) -> Result<Tensors, Error>;
    let formats: [(&str, Vec<u8>, Read); 2] = [
        ("safetensors", saved.to_safetensors().unwrap(), Tensors::from_safetensors),
        ("npz", saved.to_npz().unwrap(), Tensors::from_npz),
    ];
    for (format, bytes, read) in formats {
        assert!(read(&bytes).unwrap() == saved);
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "{format} cut at {end}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        let appended = read(&longer);
        assert!(appended.is_err() || appended.unwrap() == saved, "{format} with a byte more");
        for at in 0..bytes.len() {
            for bit in [1, 0x20, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= bit;
                let mut loaded = model();
                match read(&damaged).and_then(|tensors| tensors.load(&mut loaded)) {
                    // Bits that carry nothing: dates, versions, blanks.
                    Ok(()) => assert_eq!(loaded, other(), "{format} changed at {at}"),
                    Err(_) => assert_eq!(loaded, model(), "{format} changed at {at}"),
                }
            }
        }
    }
}

#[test]
fn damaged_arrays() {
    let tensor = Tensor::new([2, 3], Values::F32(vec![1.0; 6])).unwrap();
    let bytes = tensor.to_npy();
    for end in 0..bytes.len() {
        assert!(Tensor::from_npy(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(Tensor::from_npy(&[&bytes[..], &[0]].concat()).is_err());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            if let Ok(read) = Tensor::from_npy(&damaged) {
                assert_eq!(read.values().len(), read.shape().iter().product::<usize>());
            }
        }
    }
}

/// Bytes that claim to be much more than they are.
#[test]
fn hostile_files() {
    for length in [0_u64, 1, 7, 8, 1 << 20, 1 << 32, u64::MAX / 2, u64::MAX - 7, u64::MAX] {
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(br#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}0000"#);
        assert!(Tensors::from_safetensors(&bytes).is_err(), "{length}");
    }
    for header in [
        r#"{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
        r#"{"w":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615]}}"#,
        r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        r#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        r#"{"w":{"dtype":"C64","shape":[],"data_offsets":[0,8]}}"#,
        r#"{"w":3}"#,
        "[]",
        "",
        &"[".repeat(100_000),
    ] {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend([0; 4]);
        assert!(Tensors::from_safetensors(&bytes).is_err(), "{header}");
    }
    let array = |header: &str| {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend([0; 16]);
        Tensor::from_npy(&bytes)
    };
    assert!(array("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }").is_ok());
    for header in [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4, 2), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (9223372036854775808, 0), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': '<f8', 'fortran_order': False, }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } more",
        "__import__('os')",
    ] {
        let read = array(header);
        assert!(read.is_err(), "{header} {read:?}");
    }
    for version in [2_u8, 3, 4] {
        let mut bytes = b"\x93NUMPY".to_vec();
        bytes.extend([version, 0, 0xff, 0xff, 0xff, 0xff]);
        assert!(Tensor::from_npy(&bytes).is_err());
    }
}

/// Headers as NumPy writes them, with the orders that it has.
#[test]
fn arrays_of_numpy() {
    let read = |header: &str, data: &[u8]| {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        Tensor::from_npy(&bytes).unwrap()
    };
    let columns = read("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }          \n", &[1, 4, 2, 5, 3, 6]);
    assert_eq!(columns, Tensor::new([2, 3], Values::I64(vec![1, 2, 3, 4, 5, 6])).unwrap());
    let single = read("{'descr': '>f4', 'fortran_order': False, 'shape': (), }\n", &1.5_f32.to_be_bytes());
    assert_eq!(single, Tensor::new([], Values::F32(vec![1.5])).unwrap());
    let none = read("{\"shape\": (0,), \"descr\": \"<f8\", \"fortran_order\": False}", &[]);
    assert_eq!(none, Tensor::new([0], Values::F64(vec![])).unwrap());
}

#[test]
fn models_of_torchvision() {
    #[derive(Differentiable)]
    struct BatchNorm {
        weight: Array1<f64>,
        #[buffer]
        running_var: Array1<f64>,
    }

    let mut file = Tensors::new();
    for name in ["bn1.weight", "bn1.running_var"] {
        file.insert(name, Tensor::new([2], Values::F32(vec![0.5, 2.0])).unwrap());
    }
    file.insert("bn1.num_batches_tracked", Tensor::integer(100));
    let file = Tensors::from_safetensors(&file.to_safetensors().unwrap()).unwrap();
    let mut norm = BatchNorm { weight: Array1::ones(2), running_var: Array1::ones(2) };
    let mut part = file.part("bn1");
    assert!(part.load(&mut norm).is_err());
    part.retain(|name| !name.ends_with("num_batches_tracked"));
    part.load(&mut norm).unwrap();
    assert_eq!((norm.weight, norm.running_var), (array![0.5, 2.0], array![0.5, 2.0]));
}
