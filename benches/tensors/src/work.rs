//! What is measured.

/// The columns of the table.
pub(crate) const LIBRARIES: [&str; 5] = ["ours", "by hand", "burn", "candle", "PyTorch"];

/// A training step of a library.
pub(crate) type Step = Box<dyn FnMut()>;

/// A training step: value, gradient, and the optimizer's update where there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// The sum of `3a³ - b²` over this many elements.
    Chain(usize),
    /// A classifier with layers of 784, 256, 128 and 10 numbers; a batch of this size, SGD.
    Mlp(usize),
    /// ResNet-18 on images of 64 by 64 pixels; SGD with momentum.
    ResNet(usize),
    /// A GPT-2 of 3 layers, 4 heads, width 96, context 64 and 69 tokens; AdamW.
    Gpt(usize),
    /// A recurrent network of 128 numbers over 32 inputs of 64 numbers; SGD.
    Lstm(usize),
}

/// All rows of the table.
pub(crate) const WORK: [Work; 15] = [
    Work::Chain(1_000),
    Work::Chain(10_000),
    Work::Chain(100_000),
    Work::Chain(1_000_000),
    Work::Chain(10_000_000),
    Work::Mlp(1),
    Work::Mlp(64),
    Work::Mlp(1_024),
    Work::ResNet(1),
    Work::ResNet(8),
    Work::ResNet(32),
    Work::Gpt(1),
    Work::Gpt(12),
    Work::Lstm(1),
    Work::Lstm(32),
];

/// The layers of the classifier.
pub(crate) const MLP: [usize; 4] = [784, 256, 128, 10];

/// The inputs of the recurrent network, their length, and its state.
pub(crate) const LSTM: [usize; 3] = [32, 64, 128];

impl Work {
    /// Its name in the table, which PyTorch's side understands as well.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Chain(count) => format!("chain {count}"),
            Self::Mlp(batch) => format!("mlp {batch}"),
            Self::ResNet(batch) => format!("resnet {batch}"),
            Self::Gpt(batch) => format!("gpt {batch}"),
            Self::Lstm(batch) => format!("lstm {batch}"),
        }
    }
}

/// Numbers between -1 and 1 that every run has.
pub(crate) fn numbers(seed: usize, count: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 7_919 + seed * 104_729) % 2_001) as f32 / 1_000.0 - 1.0).collect()
}

/// A label for each row.
pub(crate) fn labels(rows: usize, classes: usize) -> Vec<usize> {
    (0..rows).map(|row| row * 7 % classes).collect()
}
