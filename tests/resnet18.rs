//! One training step of the example `resnet18` against values that PyTorch computed in double precision.
//!
//! `tests/data/resnet18.json` is a part of what `torchvision.models.resnet18` gives in training mode for the weights and
//! the image of the formula in `examples/resnet18/formula.rs`, and after one step of `SGD(lr=1e-2, momentum=0.9)`.

#[path = "../examples/resnet18/check.rs"]
mod check;
#[path = "../examples/resnet18/compare.rs"]
mod compare;
#[path = "../examples/resnet18/formula.rs"]
mod formula;
#[path = "../examples/resnet18/model.rs"]
#[allow(dead_code)]
mod model;

use std::path::Path;

use differentiable::ndarray::{Array4, array};
use differentiable::{LeafPath, LeafValues, LeafVisitor, Leaves};

#[test]
fn a_step_agrees_with_pytorch() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/resnet18.json");
    let worst = check::run(&path).unwrap();
    assert!(worst[0] <= check::TOLERANCES[0] && worst[1] <= check::TOLERANCES[1], "{worst:?}");
}

/// Files hold the running statistics as well, under torchvision's names; optimizers do not see them.
#[test]
fn the_names_are_those_of_torchvision() {
    let names = |path: LeafPath<'static>| {
        let mut names = Names(Vec::new());
        model::ResNet::<f32>::zeros(2, 2).visit_leaves(&path, &mut names);
        names.0
    };
    let saved = names(LeafPath::root_with_buffers());
    assert_eq!((names(LeafPath::root()).len(), saved.len()), (62, 102));
    for name in ["bn1.running_mean", "layer2.0.downsample.1.running_var", "layer4.1.conv2.weight", "fc.bias"] {
        assert!(saved.iter().any(|saved| saved == name), "{name} in {saved:?}");
    }
}

struct Names(Vec<String>);

impl<'v> LeafVisitor<'v> for Names {
    fn leaf(&mut self, path: &LeafPath<'_>, _: &[usize], _: LeafValues<'v>) {
        self.0.push(path.to_string());
    }
}

#[test]
fn fine_tuning_changes_nothing_but_the_last_layer() {
    let network = model::ResNet::<f64>::zeros(2, 2);
    let images = Array4::from_shape_fn((2, 3, 32, 32), |(n, c, i, j)| ((n + 2 * c + 3 * i + 5 * j) % 7) as f64);
    // The gradient is that of the last layer: its type has no place for anything else.
    let gradients = model::fine_tuning_loss::grad(&network.fc, &network, &images, &[0, 1]);
    assert_eq!(gradients.weight.shape(), [2, 16]);
    assert_eq!(gradients.bias, array![0.0, 0.0]);
    assert_eq!(network.bn1.running.mean(), array![0.0, 0.0]);
}
