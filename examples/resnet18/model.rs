//! ResNet-18 (He, Zhang, Ren and Sun, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385)) as torchvision builds it.
//!
//! The fields have torchvision's names, so that the path of every parameter is its name there: `layer1.0.conv1.weight`.

use differentiable::ndarray::{Array1, Array2, Array4};
use differentiable::nn::{self, Conv, Pool, RunningStatistics};
use differentiable::{Differentiable, Float, differentiable};

/// A convolution without a bias.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Convolution<A: Float> {
    pub(crate) weight: Array4<A>,
    #[nograd]
    pub(crate) options: Conv,
}

#[differentiable]
impl<A: Float> Convolution<A> {
    pub(crate) fn forward(&self, x: &Array4<A>) -> Array4<A> {
        nn::conv2d(x, &self.weight, self.options)
    }
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct BatchNorm<A: Float> {
    pub(crate) weight: Array1<A>,
    pub(crate) bias: Array1<A>,
    #[buffer]
    pub(crate) running: RunningStatistics<A>,
}

#[differentiable]
impl<A: Float> BatchNorm<A> {
    pub(crate) fn forward(&self, x: &Array4<A>, training: bool) -> Array4<A> {
        nn::batch_norm(x, &self.weight, &self.bias, &self.running, training)
    }
}

/// The shortcut of a block that changes the shape of its input.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Downsample<A: Float>(pub(crate) Convolution<A>, pub(crate) BatchNorm<A>);

#[differentiable]
impl<A: Float> Downsample<A> {
    pub(crate) fn forward(&self, x: &Array4<A>, training: bool) -> Array4<A> {
        let y = self.0.forward(x);
        self.1.forward(&y, training)
    }
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct BasicBlock<A: Float> {
    pub(crate) conv1: Convolution<A>,
    pub(crate) bn1: BatchNorm<A>,
    pub(crate) conv2: Convolution<A>,
    pub(crate) bn2: BatchNorm<A>,
    pub(crate) downsample: Option<Downsample<A>>,
}

#[differentiable]
impl<A: Float> BasicBlock<A> {
    pub(crate) fn forward(&self, x: &Array4<A>, training: bool) -> Array4<A> {
        let y = self.conv1.forward(x);
        let y = self.bn1.forward(&y, training);
        let y = nn::relu(&y);
        let y = self.conv2.forward(&y);
        let y = self.bn2.forward(&y, training);
        match &self.downsample {
            Some(downsample) => {
                let shortcut = downsample.forward(x, training);
                nn::relu(&(y + &shortcut))
            }
            None => nn::relu(&(y + x)),
        }
    }
}

/// The last layer.
#[derive(Clone, Debug, Differentiable)]
pub(crate) struct Linear<A: Float> {
    pub(crate) weight: Array2<A>,
    pub(crate) bias: Array1<A>,
}

#[derive(Clone, Debug, Differentiable)]
pub(crate) struct ResNet<A: Float> {
    pub(crate) conv1: Convolution<A>,
    pub(crate) bn1: BatchNorm<A>,
    pub(crate) layer1: [BasicBlock<A>; 2],
    pub(crate) layer2: [BasicBlock<A>; 2],
    pub(crate) layer3: [BasicBlock<A>; 2],
    pub(crate) layer4: [BasicBlock<A>; 2],
    pub(crate) fc: Linear<A>,
}

#[differentiable]
impl<A: Float> ResNet<A> {
    /// What the last layer sees of images of shape `[images, 3, rows, columns]`.
    pub(crate) fn features(&self, images: &Array4<A>, training: bool) -> Array2<A> {
        let x = self.conv1.forward(images);
        let x = self.bn1.forward(&x, training);
        let x = nn::relu(&x);
        let x = nn::max_pool2d(&x, Pool::new(3).stride(2).padding(1));
        let x = self.layer1[0].forward(&x, training);
        let x = self.layer1[1].forward(&x, training);
        let x = self.layer2[0].forward(&x, training);
        let x = self.layer2[1].forward(&x, training);
        let x = self.layer3[0].forward(&x, training);
        let x = self.layer3[1].forward(&x, training);
        let x = self.layer4[0].forward(&x, training);
        let x = self.layer4[1].forward(&x, training);
        let x = nn::adaptive_avg_pool2d(&x, [1, 1]);
        nn::flatten(&x)
    }

    /// A score for each class.
    pub(crate) fn forward(&self, images: &Array4<A>, training: bool) -> Array2<A> {
        let x = self.features(images, training);
        nn::linear(&x, &self.fc.weight, &self.fc.bias)
    }
}

impl<A: Float> Convolution<A> {
    fn zeros(outputs: usize, inputs: usize, kernel: usize, stride: usize) -> Self {
        let options = Conv::new().stride(stride).padding(kernel / 2);
        Self { weight: Array4::zeros((outputs, inputs, kernel, kernel)), options }
    }
}

impl<A: Float> BatchNorm<A> {
    fn identity(channels: usize) -> Self {
        Self {
            weight: Array1::ones(channels),
            bias: Array1::zeros(channels),
            running: RunningStatistics::new(channels),
        }
    }
}

impl<A: Float> BasicBlock<A> {
    fn zeros(inputs: usize, outputs: usize, stride: usize) -> Self {
        let shortcut = || Downsample(Convolution::zeros(outputs, inputs, 1, stride), BatchNorm::identity(outputs));
        Self {
            conv1: Convolution::zeros(outputs, inputs, 3, stride),
            bn1: BatchNorm::identity(outputs),
            conv2: Convolution::zeros(outputs, outputs, 3, 1),
            bn2: BatchNorm::identity(outputs),
            downsample: (stride != 1 || inputs != outputs).then(shortcut),
        }
    }
}

impl<A: Float> ResNet<A> {
    /// A network whose weights are zero and whose normalisations do nothing, for a number of classes. `width` is the
    /// number of channels of the first layers: 64 in ResNet-18.
    pub(crate) fn zeros(width: usize, classes: usize) -> Self {
        let layer = |inputs: usize, outputs: usize, stride: usize| {
            [BasicBlock::zeros(inputs, outputs, stride), BasicBlock::zeros(outputs, outputs, 1)]
        };
        Self {
            conv1: Convolution::zeros(width, 3, 7, 2),
            bn1: BatchNorm::identity(width),
            layer1: layer(width, width, 1),
            layer2: layer(width, 2 * width, 2),
            layer3: layer(2 * width, 4 * width, 2),
            layer4: layer(4 * width, 8 * width, 2),
            fc: Linear { weight: Array2::zeros((classes, 8 * width)), bias: Array1::zeros(classes) },
        }
    }

    /// The normalisations with their names, in the order of the parameters.
    pub(crate) fn normalisations(&self) -> Vec<(String, &BatchNorm<A>)> {
        let mut all = vec![("bn1".to_string(), &self.bn1)];
        let layers = [&self.layer1, &self.layer2, &self.layer3, &self.layer4];
        for (layer, blocks) in layers.into_iter().enumerate() {
            for (index, block) in blocks.iter().enumerate() {
                let name = format!("layer{}.{index}", layer + 1);
                all.push((format!("{name}.bn1"), &block.bn1));
                all.push((format!("{name}.bn2"), &block.bn2));
                all.extend(block.downsample.iter().map(|shortcut| (format!("{name}.downsample.1"), &shortcut.1)));
            }
        }
        all
    }
}

/// The loss of program P7: the sum of all differences.
#[differentiable(wrt(model))]
pub(crate) fn sum_of_differences<A: Float>(model: &ResNet<A>, images: &Array4<A>, labels: &Array2<A>) -> A {
    let prediction = model.forward(images, true);
    (&prediction - labels).sum()
}

/// The loss of a classifier.
#[differentiable(wrt(model))]
pub(crate) fn classification_loss<A: Float>(model: &ResNet<A>, images: &Array4<A>, labels: &[usize]) -> A {
    let logits = model.forward(images, true);
    nn::cross_entropy(&logits, labels)
}

/// The loss of the last layer alone, on top of features that are not differentiated.
#[differentiable(wrt(last))]
pub(crate) fn fine_tuning_loss<A: Float>(
    last: &Linear<A>,
    backbone: &ResNet<A>,
    images: &Array4<A>,
    labels: &[usize],
) -> A {
    let features = backbone.features(images, false);
    let logits = nn::linear(&features, &last.weight, &last.bias);
    nn::cross_entropy(&logits, labels)
}
