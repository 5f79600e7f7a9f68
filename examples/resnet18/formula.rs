//! Weights and images that every language can compute: functions of integers.

use differentiable::ndarray::{Array2, Array4};
use differentiable::optim::Sgd;
use differentiable::{Float, LeafPath, LeafVisitorMut, LeavesMut};

use crate::model::ResNet;

/// The finaliser of SplitMix64.
fn mix(k: u64) -> u64 {
    let z = k.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Element `index` of tensor number `tensor`, between -1 and 1.
fn uniform(tensor: u64, index: usize) -> f64 {
    let bits = mix((tensor << 32).wrapping_add(index as u64)) >> 11;
    2.0 * bits as f64 / (1_u64 << 53) as f64 - 1.0
}

/// Gives each parameter its values by its position.
struct Fill(u64);

impl LeafVisitorMut for Fill {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        let is_bias = path.to_string().ends_with("bias");
        let fan_in: usize = shape.iter().skip(1).product();
        for (index, value) in values.iter_mut().enumerate() {
            let u = uniform(self.0, index);
            *value = A::of(match shape.len() {
                1 if is_bias => 0.1 * u,
                1 => 1.0 + 0.1 * u,
                _ => u * (3.0 / fan_in as f64).sqrt(),
            });
        }
        self.0 += 1;
    }
}

/// ResNet-18 with the weights of the formula.
pub(crate) fn model<A: Float>() -> ResNet<A> {
    let mut model = ResNet::zeros(64, 1_000);
    model.visit_leaves_mut(&LeafPath::root(), &mut Fill(0));
    model
}

/// The images of the formula.
pub(crate) fn images<A: Float>(batch: usize) -> Array4<A> {
    let mut index = 0..;
    Array4::from_shape_simple_fn((batch, 3, 64, 64), || {
        A::of((uniform(1_000, index.next().expect("the numbers do not end")) + 1.0) / 2.0)
    })
}

/// What the predictions are compared with.
pub(crate) fn labels<A: Float>(batch: usize) -> Array2<A> {
    let mut index = 0..;
    Array2::from_shape_simple_fn((batch, 1_000), || {
        A::of((uniform(1_001, index.next().expect("the numbers do not end")) + 1.0) / 2.0)
    })
}

/// The optimizer of the reference.
pub(crate) fn optimizer() -> Sgd {
    Sgd::new(1e-2).momentum(0.9)
}
