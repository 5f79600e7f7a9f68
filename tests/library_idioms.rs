//! Idioms of published libraries: accumulators that are merged, tables, types without bounds.

mod common;

use common::{assert_near, difference, dot};
use differentiable::{Differentiable, differentiable};

/// A mean of samples that came one by one.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Running {
    mean: f64,
    spread: f64,
    count: u32,
}

#[differentiable]
trait Absorb {
    fn absorb(&mut self, other: &Self);
}

#[differentiable]
impl Absorb for Running {
    fn absorb(&mut self, other: &Running) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other.clone();
            return;
        }
        let (a, b) = (f64::from(self.count), f64::from(other.count));
        let shift = other.mean - self.mean;
        self.count += other.count;
        self.mean += shift * b / (a + b);
        self.spread += other.spread + shift * shift * a * b / (a + b);
    }
}

#[differentiable]
fn absorbed(x: [f64; 4], counts: [u32; 2]) -> f64 {
    let mut left = Running { mean: x[0], spread: x[1], count: counts[0] };
    let right = Running { mean: x[2], spread: x[3], count: counts[1] };
    left.absorb(&right);
    left.mean * left.mean + 2.0 * left.spread
}

/// A function is given, and the call may be over before it is used.
#[differentiable]
fn applied<F: Fn(f64) -> f64>(f: F, x: &mut f64, times: usize) {
    if times == 0 {
        return;
    }
    *x = f(*x);
    if times == 1 {
        return;
    }
    *x += f(*x);
}

#[differentiable]
fn cubed(mut x: f64, k: f64, times: usize) -> f64 {
    applied(|y| k * y * y * y, &mut x, times);
    x
}

#[test]
fn methods_without_a_result_are_left_early_in_both_modes() {
    let x = [0.7, 0.4, 1.3, 0.2];
    for counts in [[3, 5], [0, 2], [4, 0], [0, 0]] {
        let gradient = absorbed::grad(x, counts);
        let mut slopes = [0.0; 4];
        for (i, slope) in slopes.iter_mut().enumerate() {
            let along = |t: f64| {
                let mut moved = x;
                moved[i] = t;
                absorbed(moved, counts)
            };
            *slope = difference(along, x[i]);
        }
        assert_near("slopes", &gradient, &slopes, 1e-7);
        let direction = [0.3, -0.8, 0.5, 1.1];
        let (_, forward) = absorbed::jvp(x, counts, direction);
        assert_near("forward", &forward, &dot(&gradient, &direction), 1e-12);
    }
    for times in 0..3 {
        let (x, k) = (0.8, 0.6);
        let gradient = cubed::grad(x, k, times);
        let slopes = (difference(|x| cubed(x, k, times), x), difference(|k| cubed(x, k, times), k));
        assert_near("slopes", &gradient, &slopes, 1e-7);
        let (_, forward) = cubed::jvp(x, k, times, 0.4, -0.7);
        assert_near("forward", &forward, &dot(&gradient, &(0.4, -0.7)), 1e-12);
    }
}

/// Functions inside the function are helpers that nobody else can annotate.
#[differentiable(hvp)]
fn with_helpers(x: [f64; 2]) -> f64 {
    const SCALE: f64 = 2.5;
    #[inline]
    fn cube(x: f64) -> f64 {
        x * x * x
    }
    fn turn(state: &mut [f64; 2], by: f64) {
        let [a, b] = *state;
        *state = [a - by * b, b + by * a];
    }
    fn twice(n: u32) -> u32 {
        2 * n
    }
    let mut state = x;
    let by = {
        fn bend(x: f64) -> f64 {
            cube(x) / SCALE
        }
        bend(x[0] - x[1])
    };
    for _ in 0..twice(2) {
        turn(&mut state, by);
    }
    cube(state[0]) + state[1]
}

#[test]
fn functions_inside_functions_have_derivatives() {
    let x = [0.9, -0.4];
    let along = |x: [f64; 2], i: usize| {
        difference(
            move |t| {
                let mut moved = x;
                moved[i] = t;
                with_helpers(moved)
            },
            x[i],
        )
    };
    let gradient = with_helpers::grad(x);
    assert_near("slopes", &gradient, &[along(x, 0), along(x, 1)], 1e-7);
    let direction = [0.3, -0.8];
    assert_near("forward", &with_helpers::jvp(x, direction).1, &dot(&gradient, &direction), 1e-12);
    let curved = with_helpers::hvp(x, direction);
    let slope = |i: usize| difference(move |t| with_helpers::grad([x[0] + t * 0.3, x[1] - t * 0.8])[i], 0.0);
    assert_near("second order", &curved, &[slope(0), slope(1)], 1e-7);
}

mod scalars {
    use num_traits::{Float, FloatConst};

    /// What a library of filters asks of its numbers.
    pub(super) trait Sample: Level + FloatConst {}

    pub(super) trait Level: Float {}

    impl Level for f32 {}
    impl Level for f64 {}
    impl<S: Level + FloatConst> Sample for S {}
}

mod lines {
    use super::scalars::Sample;
    use differentiable::{Differentiable, differentiable};

    /// Nothing in some of its methods computes with numbers: the traits above `Sample` tell that `S` is one.
    #[derive(Clone, Debug, Differentiable)]
    pub(super) struct DelayLine<S: Sample> {
        pub(super) samples: Vec<S>,
        pub(super) gain: S,
        pub(super) at: usize,
    }

    #[differentiable]
    impl<S: Sample> DelayLine<S> {
        pub(super) fn set_gain(&mut self, gain: S) {
            self.gain = gain;
            self.at = 0;
        }

        pub(super) fn feed(&mut self, sample: S) -> S {
            let oldest = self.samples[self.at];
            self.samples[self.at] = sample;
            self.at = (self.at + 1) % self.samples.len();
            oldest
        }

        pub(super) fn wet(&mut self, sample: S) -> S {
            let echo = self.feed(sample) * self.gain;
            self.samples[0] = self.samples[0] + echo;
            echo
        }
    }
}

#[differentiable]
fn echoes(x: &[f64], gain: f64) -> f64 {
    let mut line = lines::DelayLine { samples: vec![0.2, 0.4], gain: 1.0, at: 1 };
    line.set_gain(gain * gain);
    x.iter().map(|&x| line.wet(x)).sum::<f64>() + line.samples[1]
}

#[test]
fn traits_of_the_crate_above_which_numbers_stand_make_numbers() {
    let (x, gain) = ([0.3, -0.8, 1.1, 0.6], 0.7);
    let gradient = echoes::grad(&x, gain);
    let slope = |i: usize| {
        difference(
            |t| {
                let mut moved = x;
                moved[i] = t;
                echoes(&moved, gain)
            },
            x[i],
        )
    };
    let slopes = ((0..4).map(slope).collect::<Vec<_>>(), difference(|gain| echoes(&x, gain), gain));
    assert_near("slopes", &gradient, &slopes, 1e-7);
    let direction = ([0.2, 0.5, -0.3, 0.9], 0.4);
    let along = (direction.0.to_vec(), direction.1);
    let (_, forward) = echoes::jvp(&x, gain, &direction.0, direction.1);
    assert_near("forward", &forward, &dot(&gradient, &along), 1e-12);
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Differentiable)]
struct Radians(f64);

#[differentiable]
impl From<f64> for Radians {
    fn from(degrees: f64) -> Self {
        Radians(degrees * std::f64::consts::PI / 180.0)
    }
}

#[allow(clippy::unnecessary_lazy_evaluations)]
#[differentiable]
fn upwards(x: f64) -> Option<Radians> {
    (x > 0.0).then(|| Radians(x * x))
}

/// Optional values in variables, the default of a type of the user's, a number that becomes something else.
#[differentiable]
fn kept(x: &[f64]) -> f64 {
    let first = x.first();
    let beyond = x.get(9);
    let second = x.get(1).copied();
    let least = x.iter().copied().reduce(f64::min);
    let found = x.iter().copied().find(|x| *x > 0.5);
    let span = x.first().zip(x.last()).map(|(a, b)| a * b);
    let angle: Radians = x[0].into();
    let turned = upwards(x[1]).unwrap_or_default().0 + upwards(x[2]).unwrap_or_default().0;
    let Some(found) = found else { return 0.0 };
    let ends = first.map_or(0.0, |x| x * x) + beyond.copied().unwrap_or(0.3) * second.unwrap_or(1.0);
    ends + least.unwrap() * found + span.unwrap_or_default() + (angle.0 * 40.0).sin() + turned
}

#[test]
fn optional_values_may_be_kept() {
    for x in [[0.7, 0.8, -0.4, 1.2], [0.2, 0.3, 0.1, 0.9], [0.1, 0.2, 0.3, 0.4]] {
        let gradient = kept::grad(&x);
        let slope = |i: usize| {
            difference(
                |t| {
                    let mut moved = x;
                    moved[i] = t;
                    kept(&moved)
                },
                x[i],
            )
        };
        assert_near("slopes", &gradient, &(0..4).map(slope).collect::<Vec<_>>(), 1e-7);
        let direction = [0.3, -0.2, 0.9, 0.5];
        let (_, forward) = kept::jvp(&x, &direction);
        assert_near("forward", &forward, &dot(&gradient, &direction.to_vec()), 1e-12);
    }
}

/// The types at a closure's parameters tell what its arguments are.
#[differentiable]
fn stepped(x: [f64; 2], k: f64) -> f64 {
    let slope = |y: [f64; 2]| [y[1], -k * y[0]];
    let first = slope(x);
    let second = slope(std::array::from_fn(|i| x[i] + 0.1 * first[i]));
    second[0] * second[1]
}

#[test]
fn arrays_from_functions_are_arguments() {
    let (x, k) = ([0.4, 1.3], 0.8);
    let gradient = stepped::grad(x, k);
    let slopes = [
        difference(|t| stepped([t, x[1]], k), x[0]),
        difference(|t| stepped([x[0], t], k), x[1]),
        difference(|k| stepped(x, k), k),
    ];
    assert_near("slopes", &[gradient.0[0], gradient.0[1], gradient.1], &slopes, 1e-7);
}

impl std::ops::Deref for Radians {
    type Target = f64;

    fn deref(&self) -> &f64 {
        &self.0
    }
}

/// A type that lends the number that it holds has the methods of numbers.
#[differentiable]
fn bearing(from: Radians, to: Radians) -> f64 {
    let half: Radians = Radians((*to - *from) / 2.0);
    half.sin().powi(2) + from.cos() * to.0.cos() * *half
}

#[test]
fn types_that_lend_a_number_are_seen_through() {
    let (from, to) = (Radians(0.4), Radians(1.1));
    let (from_bar, to_bar) = bearing::grad(from, to);
    let slopes = [difference(|t| bearing(Radians(t), to), 0.4), difference(|t| bearing(from, Radians(t)), 1.1)];
    assert_near("slopes", &[from_bar.0, to_bar.0], &slopes, 1e-7);
    let (_, forward) = bearing::jvp(from, to, RadiansTangent(0.3), RadiansTangent(-0.7));
    assert_near("forward", &forward, &(0.3 * from_bar.0 - 0.7 * to_bar.0), 1e-12);
}

/// An enum without derivatives: it holds nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Sine,
    Saw,
}

#[derive(Clone, Debug, Differentiable)]
struct Oscillator {
    pitch: f64,
    shape: Shape,
    voices: usize,
}

#[differentiable]
impl Oscillator {
    fn set_shape(&mut self, shape: Option<Shape>) {
        self.shape = shape.unwrap_or(Shape::Saw);
    }

    fn reset(&mut self, voices: Option<usize>, first: &[Shape]) {
        self.voices = voices.unwrap_or(2);
        self.shape = first[0];
        self.pitch *= 2.0;
    }

    fn at(&self, time: f64) -> f64 {
        match self.shape {
            Shape::Sine => (self.pitch * time).sin(),
            Shape::Saw => self.pitch * time * self.voices as f64 - 1.0,
        }
    }
}

#[differentiable]
fn tones(pitch: f64, time: f64) -> f64 {
    let mut tone = Oscillator { pitch, shape: Shape::Sine, voices: 1 };
    let sine = tone.at(time);
    tone.set_shape(None);
    let saw = tone.at(time);
    tone.reset(None, &[Shape::Saw]);
    sine + saw * tone.at(time)
}

#[test]
fn parts_that_hold_nothing_are_set() {
    let (pitch, time) = (1.3, 0.6);
    let gradient = tones::grad(pitch, time);
    let slopes = (difference(|pitch| tones(pitch, time), pitch), difference(|time| tones(pitch, time), time));
    assert_near("slopes", &gradient, &slopes, 1e-7);
    assert_near("forward", &tones::jvp(pitch, time, 0.3, -0.7).1, &dot(&gradient, &(0.3, -0.7)), 1e-12);
}
