//! A line search whose result satisfies the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization",
//! algorithms 3.5 and 3.6; the details are those of minFunc and PyTorch).

use std::mem;

/// The loss is to fall by this part of what its slope at the start promises.
const SUFFICIENT_DECREASE: f64 = 1e-4;
/// The slope is to become smaller than this part of that at the start.
const CURVATURE: f64 = 0.9;
/// How many points are tried after the first.
const MAX_TRIALS: usize = 25;

/// A point on the line.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// How many times the direction it is away from the start.
    pub(super) at: f64,
    /// The loss.
    pub(super) loss: f64,
    /// The derivative of the loss along the direction.
    pub(super) slope: f64,
    /// The gradient of the loss.
    pub(super) gradient: Vec<f64>,
}

/// What a search needs to know beside the points.
pub(super) struct Search<E> {
    /// Evaluates the loss at a distance along the direction.
    pub(super) evaluate: E,
    /// The largest component of the direction.
    pub(super) extent: f64,
    /// The parameters' change below which a search ends.
    pub(super) tolerance: f64,
    /// How many points have been evaluated.
    pub(super) evaluations: usize,
}

/// Where a good point is.
enum Bracket {
    At(Point),
    Between(Point, Point),
}

impl<E: FnMut(f64) -> Point> Search<E> {
    /// Searches from `start`, where the slope is negative, beginning with the distance `first`.
    pub(super) fn run(&mut self, start: &Point, first: f64) -> Point {
        let mut trials = 0;
        match self.bracket(start, first, &mut trials) {
            Bracket::At(point) => point,
            Bracket::Between(a, b) => self.zoom(start, [a, b], trials),
        }
    }

    fn point(&mut self, at: f64) -> Point {
        self.evaluations += 1;
        (self.evaluate)(at)
    }

    /// Goes further and further, until there is a good point between the last two.
    fn bracket(&mut self, start: &Point, first: f64, trials: &mut usize) -> Bracket {
        let mut previous = start.clone();
        let mut point = self.point(first);
        while *trials < MAX_TRIALS {
            let rises = too_high(start, &point) || (*trials > 1 && point.loss >= previous.loss);
            if !rises && is_flat(start, &point) {
                return Bracket::At(point);
            }
            if rises || point.slope >= 0.0 {
                return Bracket::Between(previous, point);
            }
            let bounds = [point.at + 0.01 * (point.at - previous.at), point.at * 10.0];
            let next = interpolate(&previous, &point, bounds);
            previous = point;
            point = self.point(next);
            *trials += 1;
        }
        Bracket::Between(start.clone(), point)
    }

    /// Makes the interval smaller around a good point; `low` always is its end with the lower loss.
    fn zoom(&mut self, start: &Point, [a, b]: [Point; 2], mut trials: usize) -> Point {
        let (mut low, mut high) = if a.loss <= b.loss { (a, b) } else { (b, a) };
        let mut slow = false;
        while trials < MAX_TRIALS && (high.at - low.at).abs() * self.extent >= self.tolerance {
            let (left, right) = (low.at.min(high.at), low.at.max(high.at));
            let next = away_from_ends(interpolate(&low, &high, [left, right]), [left, right], &mut slow);
            let point = self.point(next);
            trials += 1;
            if too_high(start, &point) || point.loss >= low.loss {
                high = point;
                if high.loss < low.loss {
                    mem::swap(&mut low, &mut high);
                }
                continue;
            }
            if is_flat(start, &point) {
                return point;
            }
            if point.slope * (high.at - low.at) >= 0.0 {
                high = low;
            }
            low = point;
        }
        low
    }
}

/// Whether the loss has not fallen as much as it should.
fn too_high(start: &Point, point: &Point) -> bool {
    point.loss > start.loss + SUFFICIENT_DECREASE * point.at * start.slope
}

/// Whether the slope has become small enough.
fn is_flat(start: &Point, point: &Point) -> bool {
    point.slope.abs() <= -CURVATURE * start.slope
}

/// Moves a trial off the ends of the interval, at once if it is at an end, and if it is near one for the second time.
fn away_from_ends(at: f64, [left, right]: [f64; 2], slow: &mut bool) -> f64 {
    let margin = 0.1 * (right - left);
    if (right - at).min(at - left) >= margin {
        *slow = false;
        return at;
    }
    if !*slow && left < at && at < right {
        *slow = true;
        return at;
    }
    *slow = false;
    if (at - right).abs() < (at - left).abs() { right - margin } else { left + margin }
}

/// The minimum of the cubic through two points with their slopes, inside the bounds; their middle if there is none.
fn interpolate(a: &Point, b: &Point, [least, largest]: [f64; 2]) -> f64 {
    let (a, b) = if a.at <= b.at { (a, b) } else { (b, a) };
    let d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.at - b.at);
    let square = d1 * d1 - a.slope * b.slope;
    let root = square.sqrt();
    let minimum = b.at - (b.at - a.at) * ((b.slope + root - d1) / (b.slope - a.slope + 2.0 * root));
    if minimum.is_nan() { f64::midpoint(least, largest) } else { minimum.max(least).min(largest) }
}
