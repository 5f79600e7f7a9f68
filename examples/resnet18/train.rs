//! Training on handwritten digits.

use std::error::Error;
use std::time::Instant;

use differentiable::ndarray::{Array4, Axis};
use differentiable::optim::schedule::{Cosine, Schedule as _};
use differentiable::optim::{Optimizer as _, Sgd};
use differentiable::{Differentiable, Float, LeafPath, LeafVisitorMut, LeavesMut};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Args;
use crate::data::{self, CLASSES, Digits};
use crate::model::{self, Linear, ResNet};
use crate::plot::{self, Point};
use crate::random::Random;

const SEED: u64 = 1;
const TRAINING: usize = 1_347;
const BATCH: usize = 32;
/// An image of the data has 8 by 8 pixels; each becomes a square of this many.
const ENLARGED: usize = 4;
/// Epochs of all layers before the last layer is trained alone. After a single one the running statistics, which the
/// frozen layers normalise with, trail so far behind the weights that the errors of twenty layers multiply, and the
/// last layer sees features twenty times too large.
const EPOCHS_BEFORE_FREEZING: usize = 3;
const REQUIRED_ACCURACY: f64 = 0.9;

/// Training and test images.
struct Split {
    training: Digits,
    test: Digits,
}

fn load(args: &Args, random: &mut Random) -> Result<Split, Box<dyn Error>> {
    let digits = data::load(&args.data)?;
    let mut rows: Vec<usize> = (0..digits.len()).collect();
    random.shuffle(&mut rows);
    let (training, test) = rows.split_at(TRAINING);
    Ok(Split { training: digits.select(training), test: digits.select(test) })
}

/// Some images, enlarged, with the same picture in all three colours.
fn enlarged(digits: &Digits, rows: &[usize]) -> (Array4<f32>, Vec<usize>) {
    let side = 8 * ENLARGED;
    let images = Array4::from_shape_fn((rows.len(), 3, side, side), |(image, _, row, column)| {
        digits.images[[rows[image], row / ENLARGED * 8 + column / ENLARGED]] - 0.3
    });
    (images, rows.iter().map(|&row| digits.labels[row]).collect())
}

/// Weights from the distribution of He and others for rectifiers; biases are zero and scales one.
fn random_network(width: usize, random: &mut Random) -> ResNet<f32> {
    struct Fill<'r>(&'r mut Random);
    impl LeafVisitorMut for Fill<'_> {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
            let fan_in: usize = shape.iter().skip(1).product();
            let limit = (6.0 / fan_in as f32).sqrt();
            if shape.len() > 1 {
                values.iter_mut().for_each(|value| *value = A::of(f64::from(self.0.symmetric(limit))));
            }
        }
    }
    let mut network = ResNet::zeros(width, CLASSES);
    network.visit_leaves_mut(&LeafPath::root(), &mut Fill(random));
    network
}

/// The share of the images that the network recognises.
fn accuracy(network: &ResNet<f32>, digits: &Digits) -> f64 {
    let rows: Vec<usize> = (0..digits.len()).collect();
    let mut right = 0;
    for rows in rows.chunks(64) {
        let (images, labels) = enlarged(digits, rows);
        let scores = network.forward(&images, false);
        let best = scores.axis_iter(Axis(0)).map(|row| {
            let columns = row.iter().enumerate();
            columns.max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(column, _)| column)
        });
        right += best.zip(labels).filter(|(best, label)| best == label).count();
    }
    right as f64 / digits.len() as f64
}

/// The number of batches of an epoch. A batch of a single image could not be normalised: an incomplete one is left out.
fn batches(digits: &Digits) -> usize {
    digits.len() / BATCH
}

/// Calls `step` with every batch of every epoch and shows how far it is.
fn epochs(
    digits: &Digits,
    count: usize,
    random: &mut Random,
    mut step: impl FnMut(&Array4<f32>, &[usize]) -> f32,
    mut after: impl FnMut() -> f64,
) -> Vec<Point> {
    let mut rows: Vec<usize> = (0..digits.len()).collect();
    let batches = batches(digits);
    let bar = ProgressBar::new((count * batches) as u64);
    let template = "{bar:40} batch {pos}/{len}, {eta} left, {msg}";
    bar.set_style(ProgressStyle::with_template(template).expect("the template is well-formed"));
    let mut curve = Vec::new();
    for _ in 0..count {
        random.shuffle(&mut rows);
        let mut total = 0.0;
        for rows in rows.chunks_exact(BATCH) {
            let (images, labels) = enlarged(digits, rows);
            let loss = step(&images, &labels);
            total += loss;
            bar.set_message(format!("loss {loss:.4}"));
            bar.inc(1);
        }
        let point = Point { loss: total / batches as f32, accuracy: after() };
        // A line of the bar's own would be lost where there is no terminal.
        bar.suspend(|| println!("mean loss {:.4}, test accuracy {:.4}", point.loss, point.accuracy));
        curve.push(point);
    }
    bar.finish_and_clear();
    curve
}

/// Trains all layers, with a learning rate that falls to zero so that the running statistics catch up with the weights.
fn train(network: &mut ResNet<f32>, training: &Digits, test: &Digits, count: usize, random: &mut Random) -> Vec<Point> {
    let rate = 0.02;
    let schedule = Cosine::new(rate, (count * batches(training)) as u64);
    let mut rates = (0..).map(|step| schedule.rate(step));
    let mut optimizer = Sgd::new(rate).momentum(0.9).weight_decay(1e-4);
    let mut gradients = network.zero_tangent();
    let network = std::cell::RefCell::new(network);
    let step = |images: &Array4<f32>, labels: &[usize]| {
        let mut network = network.borrow_mut();
        differentiable::zero(&mut gradients);
        let loss = model::classification_loss::value_and_grad_into(&**network, images, labels, &mut gradients);
        optimizer.set_learning_rate(rates.next().unwrap_or(0.0));
        optimizer.step(&mut **network, &gradients);
        loss
    };
    epochs(training, count, random, step, || accuracy(&network.borrow(), test))
}

fn report(args: &Args, curve: &[Point], start: Instant) -> Result<(), Box<dyn Error>> {
    plot::curves(&args.plot, curve).map_err(|error| format!("{}: {error}", args.plot.display()))?;
    let accuracy = curve.last().map_or(0.0, |point| point.accuracy);
    println!("{:.1} s, test accuracy {accuracy:.4}, curves: {}", start.elapsed().as_secs_f64(), args.plot.display());
    if accuracy < REQUIRED_ACCURACY {
        return Err(format!("the test accuracy {accuracy:.4} is below {REQUIRED_ACCURACY}").into());
    }
    Ok(())
}

/// `--train`
///
/// # Errors
///
/// The data cannot be read, the picture cannot be written, or the accuracy is low.
pub(crate) fn all_layers(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(SEED);
    let split = load(args, &mut random)?;
    let mut network = random_network(args.width, &mut random);
    let start = Instant::now();
    let curve = train(&mut network, &split.training, &split.test, args.epochs, &mut random);
    report(args, &curve, start)
}

/// `--finetune`: the backbone is frozen, so that there is no derivative of it.
///
/// # Errors
///
/// As [`all_layers`].
pub(crate) fn last_layer(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(SEED);
    let split = load(args, &mut random)?;
    let mut network = random_network(args.width, &mut random);
    let half: Vec<usize> = (0..split.training.len() / 2).collect();
    println!("training all layers on {} images", half.len());
    train(&mut network, &split.training.select(&half), &split.test, EPOCHS_BEFORE_FREEZING, &mut random);

    let backbone = network.clone();
    let mut last = Linear { weight: network.fc.weight.clone() * 0.0, bias: network.fc.bias.clone() * 0.0 };
    println!("training the last layer on {} images", split.training.len());
    let start = Instant::now();
    let mut optimizer = Sgd::new(0.01).momentum(0.9);
    let network = std::cell::RefCell::new(network);
    let step = |images: &Array4<f32>, labels: &[usize]| {
        let (loss, gradients) = model::fine_tuning_loss::value_and_grad(&last, &backbone, images, labels);
        optimizer.step(&mut last, &gradients);
        network.borrow_mut().fc = last.clone();
        loss
    };
    let curve = epochs(&split.training, args.epochs, &mut random, step, || accuracy(&network.borrow(), &split.test));
    report(args, &curve, start)
}
