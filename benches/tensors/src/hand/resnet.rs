//! ResNet-18: each convolution is one product of matrices for the whole batch, since the channels come first in memory.

use differentiable::ndarray::{Array1, Array2, Array4, ArrayView1, ArrayViewMut1, Axis, Zip, azip};

use crate::model;

const RATE: f32 = 1e-2;
const MOMENTUM: f32 = 0.9;

/// Square images, a row of `values` for each channel.
struct Maps {
    values: Array2<f32>,
    images: usize,
    size: usize,
}

/// A parameter, and what the optimizer keeps of earlier gradients.
struct Parameter {
    values: Array2<f32>,
    velocity: Array2<f32>,
}

impl Parameter {
    fn new(values: Array2<f32>) -> Self {
        Self { velocity: Array2::zeros(values.dim()), values }
    }

    fn update(&mut self, gradient: &Array2<f32>) {
        azip!((values in &mut self.values, velocity in &mut self.velocity, &gradient in gradient) {
            *velocity = MOMENTUM * *velocity + gradient;
            *values -= RATE * *velocity;
        });
    }
}

/// Weights with a row for each channel of the result, and how the windows lie.
struct Convolution {
    weight: Parameter,
    kernel: usize,
    stride: usize,
}

impl Convolution {
    fn new(of: &model::Convolution<f32>, stride: usize) -> Self {
        let (outputs, inputs, kernel, _) = of.weight.dim();
        let weight = of.weight.to_shape((outputs, inputs * kernel * kernel)).expect("there are as many numbers");
        Self { weight: Parameter::new(weight.to_owned()), kernel, stride }
    }

    /// The result, and the windows with a column for each pixel of the result.
    fn forward(&self, x: &Maps) -> (Maps, Array2<f32>) {
        let size = (x.size - 1) / self.stride + 1;
        let channels = x.values.nrows();
        let mut windows = Array2::zeros((channels * self.kernel * self.kernel, x.images * size * size));
        for (channel, place, mut row) in self.rows(windows.axis_iter_mut(Axis(0))) {
            let x_row = x.values.row(channel);
            self.each_run(place, x, size, |at, from, len| copy(row.view_mut(), at, x_row, from, len, self.stride));
        }
        let values = self.weight.values.dot(&windows);
        (Maps { values, images: x.images, size }, windows)
    }

    /// Updates the weights; the cotangent of the input, unless nobody asks for it.
    fn reverse(&mut self, y_bar: &Maps, windows: &Array2<f32>, x: Option<&Maps>) -> Option<Array2<f32>> {
        let weight_bar = y_bar.values.dot(&windows.t());
        let x_bar = x.map(|x| {
            let windows_bar = self.weight.values.t().dot(&y_bar.values);
            let mut x_bar = Array2::zeros(x.values.dim());
            for (channel, place, row) in self.rows(windows_bar.axis_iter(Axis(0))) {
                let mut x_row = x_bar.row_mut(channel);
                self.each_run(place, x, y_bar.size, |at, from, len| {
                    add(x_row.view_mut(), from, row, at, len, self.stride)
                });
            }
            x_bar
        });
        self.weight.update(&weight_bar);
        x_bar
    }

    /// Rows of windows with their channel and their place in the window.
    fn rows<R>(&self, rows: impl Iterator<Item = R>) -> impl Iterator<Item = (usize, [usize; 2], R)> {
        let kernel = self.kernel;
        let place = move |index: usize| [index / kernel % kernel, index % kernel];
        rows.enumerate().map(move |(index, row)| (index / (kernel * kernel), place(index), row))
    }

    /// The runs of pixels that lie inside of the images: where they begin in the result and in the input, and their
    /// length.
    fn each_run(&self, [down, right]: [usize; 2], x: &Maps, size: usize, mut f: impl FnMut(usize, usize, usize)) {
        let padding = self.kernel / 2;
        let inside =
            |at: usize, shift: usize| (at * self.stride + shift).checked_sub(padding).filter(|&at| at < x.size);
        let columns: Vec<usize> = (0..size).filter(|&column| inside(column, right).is_some()).collect();
        let Some(&first) = columns.first() else { return };
        for image in 0..x.images {
            for row in 0..size {
                if let (Some(y), Some(left)) = (inside(row, down), inside(first, right)) {
                    let from = (image * x.size + y) * x.size + left;
                    f((image * size + row) * size + first, from, columns.len());
                }
            }
        }
    }
}

/// Copies every `stride`-th number from `from` on to `at`.
fn copy(mut to: ArrayViewMut1<'_, f32>, at: usize, x: ArrayView1<'_, f32>, from: usize, len: usize, stride: usize) {
    let to = to.as_slice_mut().expect("a row lies together");
    let x = x.to_slice().expect("a row lies together");
    match stride {
        1 => to[at..at + len].copy_from_slice(&x[from..from + len]),
        _ => to[at..at + len].iter_mut().zip(x[from..].iter().step_by(stride)).for_each(|(to, x)| *to = *x),
    }
}

/// Adds numbers from `at` on to every `stride`-th number from `from` on.
fn add(mut x_bar: ArrayViewMut1<'_, f32>, from: usize, row: ArrayView1<'_, f32>, at: usize, len: usize, stride: usize) {
    let x_bar = x_bar.as_slice_mut().expect("a row lies together");
    let row = &row.to_slice().expect("a row lies together")[at..at + len];
    match stride {
        1 => x_bar[from..from + len].iter_mut().zip(row).for_each(|(x_bar, row)| *x_bar += row),
        _ => x_bar[from..].iter_mut().step_by(stride).zip(row).for_each(|(x_bar, row)| *x_bar += row),
    }
}

/// Scales and shifts of channels, and the statistics of what has been seen.
struct BatchNorm {
    scale_and_shift: Parameter,
    running: [Array1<f32>; 2],
}

impl BatchNorm {
    fn new(of: &model::BatchNorm<f32>) -> Self {
        let channels = of.weight.len();
        let mut parameter = Array2::zeros((2, channels));
        parameter.row_mut(0).assign(&of.weight);
        parameter.row_mut(1).assign(&of.bias);
        let running = [Array1::zeros(channels), Array1::ones(channels)];
        Self { scale_and_shift: Parameter::new(parameter), running }
    }

    /// Replaces `x` by the result; gives the normalised numbers, and the reciprocal deviation of each channel.
    fn forward(&mut self, x: &mut Array2<f32>) -> (Array2<f32>, Array1<f32>) {
        let n = x.ncols() as f32;
        let mut normalised = x.clone();
        let mut scales = Array1::zeros(x.nrows());
        for (channel, (mut x, mut normalised)) in x.outer_iter_mut().zip(normalised.outer_iter_mut()).enumerate() {
            let mean = normalised.sum() / n;
            normalised -= mean;
            let variance = normalised.dot(&normalised) / n;
            scales[channel] = (variance + 1e-5).sqrt().recip();
            normalised *= scales[channel];
            let (scale, shift) = (self.scale_and_shift.values[[0, channel]], self.scale_and_shift.values[[1, channel]]);
            azip!((x in &mut x, &normalised in &normalised) *x = scale * normalised + shift);
            let seen = [mean, variance * n / (n - 1.0)];
            self.running.iter_mut().zip(seen).for_each(|(old, new)| old[channel] = 0.9 * old[channel] + 0.1 * new);
        }
        (normalised, scales)
    }

    /// Replaces the cotangent of the result by that of the input, and updates the parameters.
    fn reverse(&mut self, y_bar: &mut Array2<f32>, (normalised, scales): &(Array2<f32>, Array1<f32>)) {
        let n = y_bar.ncols() as f32;
        let mut gradient = Array2::zeros(self.scale_and_shift.values.dim());
        for (channel, (mut y_bar, normalised)) in y_bar.outer_iter_mut().zip(normalised.outer_iter()).enumerate() {
            let (scale_bar, shift_bar) = (y_bar.dot(&normalised), y_bar.sum());
            let factor = self.scale_and_shift.values[[0, channel]] * scales[channel];
            azip!((y_bar in &mut y_bar, &x in &normalised) {
                *y_bar = factor * (*y_bar - (shift_bar + x * scale_bar) / n);
            });
            (gradient[[0, channel]], gradient[[1, channel]]) = (scale_bar, shift_bar);
        }
        self.scale_and_shift.update(&gradient);
    }
}

/// A convolution and the normalisation behind it.
struct Layer {
    convolution: Convolution,
    norm: BatchNorm,
}

/// What the way back needs of a layer.
struct Seen {
    windows: Array2<f32>,
    norm: (Array2<f32>, Array1<f32>),
}

impl Layer {
    fn new(convolution: &model::Convolution<f32>, norm: &model::BatchNorm<f32>, stride: usize) -> Self {
        Self { convolution: Convolution::new(convolution, stride), norm: BatchNorm::new(norm) }
    }

    fn forward(&mut self, x: &Maps) -> (Maps, Seen) {
        let (mut y, windows) = self.convolution.forward(x);
        let norm = self.norm.forward(&mut y.values);
        (y, Seen { windows, norm })
    }

    fn reverse(&mut self, mut y_bar: Maps, seen: &Seen, x: Option<&Maps>) -> Option<Array2<f32>> {
        self.norm.reverse(&mut y_bar.values, &seen.norm);
        self.convolution.reverse(&y_bar, &seen.windows, x)
    }
}

fn relu(x: &mut Maps) {
    x.values.mapv_inplace(|x| x.max(0.0));
}

/// Keeps the cotangent where the result is positive.
fn relu_reverse(y_bar: &mut Array2<f32>, y: &Maps) {
    Zip::from(y_bar).and(&y.values).for_each(|y_bar, &y| *y_bar = if y > 0.0 { *y_bar } else { 0.0 });
}

struct Block {
    first: Layer,
    second: Layer,
    shortcut: Option<Layer>,
}

/// What the way back needs of a block: its middle, its result, and its layers.
struct SeenBlock {
    middle: Maps,
    y: Maps,
    first: Seen,
    second: Seen,
    shortcut: Option<Seen>,
}

impl Block {
    fn new(of: &model::BasicBlock<f32>) -> Self {
        let stride = if of.downsample.is_some() { 2 } else { 1 };
        Self {
            first: Layer::new(&of.conv1, &of.bn1, stride),
            second: Layer::new(&of.conv2, &of.bn2, 1),
            shortcut: of.downsample.as_ref().map(|of| Layer::new(&of.0, &of.1, stride)),
        }
    }

    fn forward(&mut self, x: &Maps) -> SeenBlock {
        let (mut middle, first) = self.first.forward(x);
        relu(&mut middle);
        let (mut y, second) = self.second.forward(&middle);
        let shortcut = self.shortcut.as_mut().map(|layer| layer.forward(x));
        match &shortcut {
            Some((shortcut, _)) => y.values += &shortcut.values,
            None => y.values += &x.values,
        }
        relu(&mut y);
        SeenBlock { middle, y, first, second, shortcut: shortcut.map(|(_, seen)| seen) }
    }

    fn reverse(&mut self, mut y_bar: Array2<f32>, seen: &SeenBlock, x: &Maps) -> Array2<f32> {
        let maps = |values: Array2<f32>| Maps { values, images: seen.y.images, size: seen.y.size };
        relu_reverse(&mut y_bar, &seen.y);
        let middle_bar = self.second.reverse(maps(y_bar.clone()), &seen.second, Some(&seen.middle));
        let mut middle_bar = middle_bar.expect("it was asked for");
        relu_reverse(&mut middle_bar, &seen.middle);
        let x_bar = self.first.reverse(maps(middle_bar), &seen.first, Some(x)).expect("it was asked for");
        match (&mut self.shortcut, &seen.shortcut) {
            (Some(layer), Some(shortcut)) => {
                x_bar + layer.reverse(maps(y_bar), shortcut, Some(x)).expect("it was asked for")
            }
            _ => x_bar + y_bar,
        }
    }
}

pub(super) struct ResNet {
    stem: Layer,
    blocks: Vec<Block>,
    weight: Parameter,
    bias: Parameter,
}

impl ResNet {
    pub(super) fn new(of: &model::ResNet<f32>) -> Self {
        let blocks = [&of.layer1, &of.layer2, &of.layer3, &of.layer4];
        Self {
            stem: Layer::new(&of.conv1, &of.bn1, 2),
            blocks: blocks.into_iter().flatten().map(Block::new).collect(),
            weight: Parameter::new(of.fc.weight.clone()),
            bias: Parameter::new(of.fc.bias.clone().insert_axis(Axis(0))),
        }
    }

    /// A step with the sum of all differences as the loss.
    pub(super) fn step(&mut self, images: &Array4<f32>, labels: &Array2<f32>) -> f32 {
        let (batch, channels, size, _) = images.dim();
        let values = images.view().permuted_axes([1, 0, 2, 3]);
        let values = values.as_standard_layout().into_owned().into_shape_with_order((channels, batch * size * size));
        let images = Maps { values: values.expect("there are as many numbers"), images: batch, size };
        let (mut stem, stem_seen) = self.stem.forward(&images);
        relu(&mut stem);
        let (pooled, largest) = max_pool(&stem);
        let mut seen: Vec<SeenBlock> = Vec::with_capacity(self.blocks.len());
        for block in &mut self.blocks {
            let block = block.forward(seen.last().map_or(&pooled, |seen| &seen.y));
            seen.push(block);
        }
        let x = &seen.last().expect("there are blocks").y;
        let (pixels, area) = (x.size * x.size, (x.size * x.size) as f32);
        let features = Array2::from_shape_fn((batch, x.values.nrows()), |(image, channel)| {
            x.values.row(channel).as_slice().map_or(0.0, |row| row[image * pixels..][..pixels].iter().sum::<f32>())
                / area
        });
        let loss = (features.dot(&self.weight.values.t()) + &self.bias.values - labels).sum();
        let scores_bar = Array2::<f32>::ones(labels.dim());
        let features_bar = scores_bar.dot(&self.weight.values);
        self.weight.update(&scores_bar.t().dot(&features));
        self.bias.update(&scores_bar.sum_axis(Axis(0)).insert_axis(Axis(0)));
        let mut x_bar =
            Array2::from_shape_fn(x.values.dim(), |(channel, at)| features_bar[[at / pixels, channel]] / area);
        for (index, block) in self.blocks.iter_mut().enumerate().rev() {
            let x = if index == 0 { &pooled } else { &seen[index - 1].y };
            x_bar = block.reverse(x_bar, &seen[index], x);
        }
        let mut stem_bar = Array2::zeros(stem.values.dim());
        for (channel, (x_bar, largest)) in x_bar.outer_iter().zip(largest.outer_iter()).enumerate() {
            x_bar.iter().zip(largest).for_each(|(x_bar, &at)| stem_bar[[channel, at as usize]] += x_bar);
        }
        relu_reverse(&mut stem_bar, &stem);
        self.stem.reverse(Maps { values: stem_bar, ..stem }, &stem_seen, None);
        loss
    }
}

/// The maxima of windows of 3 by 3 pixels, two pixels apart, and where they are.
fn max_pool(x: &Maps) -> (Maps, Array2<u32>) {
    let size = (x.size - 1) / 2 + 1;
    let mut y = Array2::zeros((x.values.nrows(), x.images * size * size));
    let mut largest = Array2::zeros(y.dim());
    for (channel, x_row) in x.values.outer_iter().enumerate() {
        for at in 0..y.ncols() {
            let (image, row, column) = (at / (size * size), at / size % size, at % size);
            let around = |middle: usize| (2 * middle).saturating_sub(1)..(2 * middle + 2).min(x.size);
            let mut best = (f32::NEG_INFINITY, 0);
            for place in around(row).flat_map(|y| around(column).map(move |x| (y, x))) {
                let from = (image * x.size + place.0) * x.size + place.1;
                if x_row[from] > best.0 {
                    best = (x_row[from], from);
                }
            }
            y[[channel, at]] = best.0;
            largest[[channel, at]] = best.1 as u32;
        }
    }
    (Maps { values: y, images: x.images, size }, largest)
}
