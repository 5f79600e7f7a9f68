//! Thousands of random damages to files of parameters and of optimizers: none panics, and what is loaded is loaded whole
//! or not at all.

use differentiable::files::{Error, Tensor, Tensors, Values};
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::nn::Generator;
use differentiable::optim::schedule::Plateau;
use differentiable::optim::{Adadelta, Adagrad, Adam, AdamW, Ema, Groups, Lbfgs, Lion, NAdam, Optimizer, RmsProp, Sgd};
use differentiable::{Differentiable, Float, LeafPath, LeafVisitorMut, LeavesMut};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layer {
    weight: Array2<f32>,
    bias: Array1<f64>,
    #[buffer]
    mean: Array1<f32>,
}

type Model = (Vec<Layer>, f64);

/// Models of the same shapes whose numbers all differ.
fn model(start: f64) -> Model {
    struct Count(f64);
    impl LeafVisitorMut for Count {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            for value in values {
                self.0 += 0.5;
                *value = A::of(self.0);
            }
        }
    }
    let layer = Layer { weight: Array2::zeros((2, 3)), bias: array![0.0, 0.0], mean: array![0.0] };
    let mut model = (vec![layer.clone(), layer], 0.0);
    model.visit_leaves_mut(&LeafPath::root_with_buffers(), &mut Count(start));
    model
}

struct Dice(Generator);

impl Dice {
    /// A number below `end`, which is not 0.
    fn below(&self, end: usize) -> usize {
        ((self.0.uniform() * end as f64) as usize).min(end - 1)
    }

    fn range(&self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len + 1);
        start..(start + self.below(24)).min(len)
    }

    /// Bytes with one to three damages.
    fn damaged(&self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let range = self.range(bytes.len());
            match self.below(8) {
                0 => bytes[range].fill(0),
                1 => bytes[range].fill(0xff),
                2 => drop(bytes.drain(range)),
                3 => drop(bytes.splice(range, other[self.range(other.len())].iter().copied())),
                4 => bytes.truncate(range.start),
                5 => bytes.extend_from_within(range),
                // Numbers in headers become other numbers.
                6 => {
                    let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
                    if !digits.is_empty() {
                        bytes[digits[self.below(digits.len())]] = b'0' + self.below(10) as u8;
                    }
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(range.start) {
                        *byte = self.below(256) as u8;
                    }
                }
            }
        }
        bytes
    }

    /// A table with one to three damages that a file with a right checksum can have.
    fn changed(&self, tensors: &Tensors) -> Tensors {
        let mut tensors = tensors.clone();
        for _ in 0..=self.below(3) {
            let names: Vec<String> = tensors.iter().map(|(name, _)| name.to_owned()).collect();
            let Some(name) = names.get(self.below(names.len() + 1)) else { continue };
            let tensor = tensors.get(name).expect("the name is one of the table").clone();
            let count = tensor.values().len();
            let with = |shape: &[usize], values: Values| Tensor::new(shape, values).expect("the shape fits");
            let new = match self.below(8) {
                0 => {
                    tensors.retain(|kept| kept != name);
                    continue;
                }
                1 => with(&[count], Values::F64(vec![f64::NAN; count])),
                2 => with(tensor.shape(), Values::F32(vec![f32::INFINITY; count])),
                3 => with(tensor.shape(), Values::I64(vec![i64::MAX; count])),
                4 => Tensor::integer(i64::MIN),
                5 => with(&[usize::MAX, 0], Values::F64(vec![])),
                6 => Tensor::number(-1.0),
                _ => {
                    tensors.insert(format!("{name}.{}", self.below(3)), tensor.clone());
                    tensors.get(&names[self.below(names.len())]).expect("the name is one of the table").clone()
                }
            };
            tensors.insert(name.clone(), new);
        }
        tensors
    }
}

/// What loads is the table, and what does not load changes nothing.
fn load(read: Result<Tensors, Error>, what: &str) -> bool {
    let mut loaded = model(100.0);
    match read.and_then(|tensors| tensors.load(&mut loaded).map(|()| tensors)) {
        Ok(tensors) => {
            let (now, table) = (Tensors::of(&loaded), tensors);
            let bits = |tensors: &Tensors| tensors.to_npz().expect("the names are short");
            // Single precision may stand in a file for a leaf in double precision.
            assert!(bits(&now.to_f32()) == bits(&table.to_f32()), "{what}: {table:?} became {now:?}");
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(loaded, model(100.0), "{what}");
            false
        }
    }
}

/// A file without a checksum, as other programs write it.
fn without_checksum(tensors: &Tensors) -> Vec<u8> {
    let bytes = tensors.to_safetensors().expect("the names are short");
    let (length, rest) = bytes.split_first_chunk::<8>().expect("the file has a header");
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let header = std::str::from_utf8(header).expect("the header is text").replace("crc32", "crc33");
    [&length[..], header.as_bytes(), data].concat()
}

#[test]
fn files_of_parameters() {
    let dice = Dice(Generator::new(1));
    let saved = [Tensors::of(model(1.0)), Tensors::of(model(2.0))];
    type Write = fn(&Tensors) -> Vec<u8>;
    type Read = fn(&[u8]) -> Result<Tensors, Error>;
    let formats: [(&str, Write, Read); 3] = [
        ("safetensors", |tensors| tensors.to_safetensors().expect("the names are short"), Tensors::from_safetensors),
        ("plain safetensors", without_checksum, Tensors::from_safetensors),
        ("npz", |tensors| tensors.to_npz().expect("the names are short"), Tensors::from_npz),
    ];
    for (format, write, read) in formats {
        let [bytes, other] = [write(&saved[0]), write(&saved[1])];
        assert!(load(read(&bytes), format));
        let mut refused = 0;
        for trial in 0..1500 {
            let what = format!("{format} {trial}");
            refused += usize::from(!load(read(&dice.damaged(&bytes, &other)), &what));
        }
        assert!(refused > 500, "{format}: only {refused} are refused");
    }
}

#[test]
fn files_of_one_array() {
    let dice = Dice(Generator::new(2));
    let tensor = Tensor::new([2, 3], Values::F64(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0])).unwrap();
    let (bytes, other) = (tensor.to_npy(), Tensor::integer(3).to_npy());
    for trial in 0..3000 {
        if let Ok(read) = Tensor::from_npy(&dice.damaged(&bytes, &other)) {
            assert_eq!(read.values().len(), read.shape().iter().product::<usize>(), "{trial}");
        }
    }
}

/// Saves what is loaded, loads what is damaged, and goes on.
fn check(name: &str, save: impl Fn(&mut Tensors), mut load: impl FnMut(&Tensors) -> (bool, Tensors)) {
    let dice = Dice(Generator::new(name.bytes().map(u64::from).sum()));
    let mut saved = Tensors::new();
    save(&mut saved);
    let bytes = |tensors: &Tensors| tensors.to_npz().expect("the names are short");
    for trial in 0..200 {
        let tensors = dice.changed(&saved);
        let (loaded, now) = load(&tensors);
        let expected = if loaded { &tensors } else { &saved };
        // L-BFGS reads what it needs of a table.
        let mut expected = expected.clone();
        expected.retain(|name| now.get(name).is_some());
        assert!(bytes(&now) == bytes(&expected), "{name} {trial}: {tensors:?} became {now:?}");
    }
}

/// The state of an optimizer after some steps, damaged.
fn check_optimizer<O: Optimizer + Clone>(name: &str, mut optimizer: O) {
    let (mut parameters, gradients) = (model(1.0), model(2.0).zero_tangent());
    (0..3).for_each(|_| optimizer.step(&mut parameters, &gradients));
    check(
        name,
        |tensors| optimizer.save(tensors, "state"),
        |tensors| {
            let mut other = optimizer.clone();
            let loaded = other.load(tensors, "state", &parameters).is_ok();
            let mut now = Tensors::new();
            other.save(&mut now, "state");
            other.step(&mut parameters.clone(), &gradients);
            (loaded, now)
        },
    );
}

#[test]
fn states_of_optimizers() {
    check_optimizer("sgd", Sgd::new(0.1).momentum(0.9));
    check_optimizer("adam", Adam::new(0.1).amsgrad());
    check_optimizer("adamw", AdamW::new(0.1));
    check_optimizer("nadam", NAdam::new(0.1));
    check_optimizer("rmsprop", RmsProp { momentum: 0.9, centered: true, ..RmsProp::new(0.1) });
    check_optimizer("adagrad", Adagrad::new(0.1));
    check_optimizer("adadelta", Adadelta::new(0.1));
    check_optimizer("lion", Lion::new(0.1));
    let groups = Groups::new(Adam::new(0.1)).freeze("0.0.*").group("*.bias", Adam::new(0.2));
    check_optimizer("groups", groups);
}

#[test]
fn other_states() {
    let mut lbfgs = Lbfgs::default();
    let mut point = [-1.2, 1.0];
    let evaluate = |&[x, y]: &[f64; 2]| {
        let (a, b) = (1.0 - x, y - x * x);
        (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * x * b, 200.0 * b])
    };
    lbfgs.step(&mut point, evaluate);
    check(
        "lbfgs",
        |tensors| lbfgs.save(tensors, "state"),
        |tensors| {
            let mut other = lbfgs.clone();
            let loaded = other.load(tensors, "state", point).is_ok();
            let mut now = Tensors::new();
            other.save(&mut now, "state");
            other.step(&mut point.clone(), evaluate);
            (loaded, now)
        },
    );

    let mut ema = Ema::new(0.9);
    let mut parameters = model(1.0);
    ema.update(&parameters);
    check(
        "ema",
        |tensors| ema.save(tensors, "state"),
        |tensors| {
            let mut other = ema.clone();
            let loaded = other.load(tensors, "state", &parameters).is_ok();
            let mut now = Tensors::new();
            other.save(&mut now, "state");
            other.update(&parameters);
            other.swap(&mut parameters);
            other.swap(&mut parameters);
            (loaded, now)
        },
    );

    let mut plateau = Plateau::new(0.1);
    plateau.observe(3.0);
    check(
        "plateau",
        |tensors| plateau.save(tensors, "state"),
        |tensors| {
            let mut other = plateau;
            let loaded = other.load(tensors, "state").is_ok();
            let mut now = Tensors::new();
            other.save(&mut now, "state");
            other.observe(2.0);
            (loaded, now)
        },
    );
}
