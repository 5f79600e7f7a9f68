//! Text that the network makes up.

use differentiable::ndarray::s;

use crate::model::Gpt;
use crate::random::Random;

/// Appends tokens to others, one after the other.
///
/// With temperature 0 each is the likeliest, otherwise it is drawn from the probabilities to the power of
/// `1 / temperature`.
pub(crate) fn extend(network: &Gpt<f32>, tokens: &mut Vec<usize>, count: usize, temperature: f64, random: &mut Random) {
    for _ in 0..count {
        let seen = &tokens[tokens.len().saturating_sub(network.context())..];
        let scores = network.forward(seen, 1);
        let last: Vec<f64> = scores.slice(s![seen.len() - 1, ..]).iter().map(|&score| f64::from(score)).collect();
        tokens.push(choose(&last, temperature, random));
    }
}

/// The number of a score, the largest or a random one.
pub(crate) fn choose(scores: &[f64], temperature: f64, random: &mut Random) -> usize {
    let (best, &largest) = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).expect("there are scores");
    if temperature == 0.0 {
        return best;
    }
    let weights: Vec<f64> = scores.iter().map(|score| ((score - largest) / temperature).exp()).collect();
    let mut at = (random.bits() >> 11) as f64 / (1_u64 << 53) as f64 * weights.iter().sum::<f64>();
    weights
        .iter()
        .position(|weight| {
            at -= weight;
            at < 0.0
        })
        .unwrap_or(best)
}
