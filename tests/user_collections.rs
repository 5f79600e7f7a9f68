//! Types of users that are made of the items of iterators and extended by them: `FromIterator` and `Extend`, also for several
//! kinds of items.

#![allow(clippy::all, missing_docs)]

use differentiable::{Differentiable, differentiable, gradcheck};

mod of_numbers {
    use super::*;

    #[derive(Clone, Differentiable)]
    struct Track {
        level: f64,
        count: u64,
    }

    #[differentiable]
    impl Track {
        fn add(&mut self, x: f64) {
            self.count += 1;
            self.level += (x - self.level) / self.count as f64;
        }
    }

    #[differentiable]
    impl FromIterator<f64> for Track {
        fn from_iter<I: IntoIterator<Item = f64>>(items: I) -> Self {
            let mut track = Track { level: 0.0, count: 0 };
            for x in items {
                track.add(x);
            }
            track
        }
    }

    #[differentiable]
    impl Extend<f64> for Track {
        fn extend<I: IntoIterator<Item = f64>>(&mut self, items: I) {
            items.into_iter().for_each(|x| self.add(x));
        }
    }

    #[differentiable]
    fn collected(xs: &[f64]) -> f64 {
        let mut track: Track = xs.iter().map(|x| x * x).collect();
        track.extend(xs.iter().map(|x| 2.0 * x));
        track.level * xs.iter().copied().skip(1).collect::<Track>().level
    }

    #[differentiable]
    fn named(xs: &[f64]) -> f64 {
        Track::from_iter(xs.iter().map(|x| x.sin())).level
    }

    #[test]
    fn check() {
        gradcheck!(collected(&[0.3, 0.5, -0.4])).unwrap();
        gradcheck!(named(&[0.3, 0.5, -0.4])).unwrap();
    }
}

mod of_pairs {
    use super::*;

    #[derive(Clone, Differentiable)]
    struct Weighted {
        mean: f64,
        weight: f64,
    }

    #[differentiable]
    impl Weighted {
        fn empty() -> Self {
            Weighted { mean: 0.0, weight: 0.0 }
        }
        fn add(&mut self, x: f64, weight: f64) {
            self.weight += weight;
            self.mean += (x - self.mean) * weight / self.weight;
        }
    }

    #[differentiable]
    impl FromIterator<(f64, f64)> for Weighted {
        fn from_iter<I>(items: I) -> Weighted
        where
            I: IntoIterator<Item = (f64, f64)>,
        {
            let mut all = Weighted::empty();
            for (x, weight) in items {
                all.add(x, weight);
            }
            all
        }
    }

    #[differentiable]
    impl<'a> FromIterator<&'a (f64, f64)> for Weighted {
        fn from_iter<I>(items: I) -> Weighted
        where
            I: IntoIterator<Item = &'a (f64, f64)>,
        {
            items.into_iter().copied().collect()
        }
    }

    #[differentiable]
    impl Extend<(f64, f64)> for Weighted {
        fn extend<I: IntoIterator<Item = (f64, f64)>>(&mut self, items: I) {
            for (x, weight) in items {
                self.add(x, weight);
            }
        }
    }

    #[differentiable]
    impl<'a> Extend<&'a (f64, f64)> for Weighted {
        fn extend<I: IntoIterator<Item = &'a (f64, f64)>>(&mut self, items: I) {
            for &(x, weight) in items {
                self.add(x, weight);
            }
        }
    }

    #[differentiable]
    fn by_values(xs: &[(f64, f64)]) -> f64 {
        let mut all: Weighted = xs.iter().map(|(x, weight)| (x * x, *weight)).collect();
        all.extend(xs.iter().map(|(x, weight)| (x * weight, 2.0)));
        all.mean
    }

    #[differentiable]
    fn by_references(xs: &[(f64, f64)]) -> f64 {
        let mut all = xs.iter().collect::<Weighted>();
        all.extend(xs.iter().skip(1));
        all.extend(xs);
        all.mean * all.weight
    }

    #[differentiable]
    fn named(xs: &[(f64, f64)]) -> f64 {
        let squares = Weighted::from_iter(xs.iter().map(|(x, weight)| (x * x, *weight)));
        squares.mean * Weighted::from_iter(xs).mean
    }

    #[differentiable]
    fn of_lists(x: f64) -> f64 {
        let mut all: Weighted = [(x, 1.0), (x * x, 2.0)].iter().collect();
        all.extend(vec![(3.0 * x, x)]);
        all.extend([(x, 0.5)]);
        all.mean
    }

    #[test]
    fn check() {
        let pairs = [(0.3, 0.4), (0.5, 1.0), (-0.2, 0.7)];
        gradcheck!(by_values(&pairs)).unwrap();
        gradcheck!(by_references(&pairs)).unwrap();
        gradcheck!(named(&pairs)).unwrap();
        gradcheck!(of_lists(0.3)).unwrap();
    }
}
