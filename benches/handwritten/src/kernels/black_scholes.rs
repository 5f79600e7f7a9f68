//! The price of a call option by simulation.

use differentiable::differentiable;

use crate::random::Random;
use crate::{Kernel, Size};

#[differentiable(wrt(spot, strike, rate, volatility, time))]
fn price(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64, normals: &[f64]) -> f64 {
    let mut sum = 0.0;
    for z in normals {
        let drift = (rate - 0.5 * volatility * volatility) * time;
        let end = spot * (drift + volatility * time.sqrt() * z).exp();
        sum += (end - strike).max(0.0);
    }
    (-rate * time).exp() * sum / normals.len() as f64
}

/// Every path gives the same kind of contribution, so that three sums are enough.
fn by_hand(parameters: [f64; 5], normals: &[f64], out: &mut [f64]) -> f64 {
    let [spot, strike, rate, volatility, time] = parameters;
    let root = time.sqrt();
    let drift = (rate - 0.5 * volatility * volatility) * time;
    let spread = volatility * root;
    let (mut paid, mut ends, mut ends_z) = (0.0, 0.0, 0.0);
    let mut hits = 0.0;
    for z in normals {
        let end = spot * (drift + spread * z).exp();
        // Whether a path pays cannot be foretold: a factor is faster than a branch.
        let hit = f64::from(u8::from(end > strike));
        paid += (end - strike).max(0.0);
        ends += hit * end;
        ends_z += hit * end * z;
        hits += hit;
    }
    let scale = (-rate * time).exp() / normals.len() as f64;
    let value = scale * paid;
    out[0] = scale * ends / spot;
    out[1] = -scale * hits;
    out[2] = scale * ends * time - value * time;
    out[3] = scale * (ends_z * root - ends * volatility * time);
    out[4] = scale * (ends * (rate - 0.5 * volatility * volatility) + ends_z * 0.5 * volatility / root) - value * rate;
    value
}

pub(crate) fn kernel(size: Size) -> Kernel {
    let (n, mut random) = (size.choose(50, 10_000), Random::new());
    // The sum of twelve uniform numbers is normal enough.
    let normals: Vec<f64> = (0..n).map(|_| random.list(12, -0.5, 0.5).iter().sum()).collect();
    Kernel::gradient(
        "black_scholes_mc",
        5,
        ([100.0, 105.0, 0.03, 0.2, 1.5], normals),
        |(p, normals)| price(p[0], p[1], p[2], p[3], p[4], normals),
        |(p, normals), out| {
            let [spot, strike, rate, volatility, time] = out else { return f64::NAN };
            price::value_and_grad_into(p[0], p[1], p[2], p[3], p[4], normals, spot, strike, rate, volatility, time)
        },
        |(p, normals), out| by_hand(*p, normals, out),
    )
}
