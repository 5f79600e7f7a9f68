//! Which states of a loop are kept where its reverse sweep computes the others again.

use std::ops::{Range, RangeInclusive};

/// The states of a loop that are held at one time while its trips are reversed, from the last to the first.
///
/// The reverse sweep of a checkpointed loop asks for the trips in falling order. For each, [`resume`] gives the nearest
/// state that is held, from which the loop runs again up to that trip; on the way, [`is_due`] tells which states to
/// hold with [`hold`].
///
/// ```
/// use autodiff_runtime::{binomial_snapshots, hold, is_due, resume};
///
/// let next = |state: u64| 3 * state + 1;
/// let mut snapshots = binomial_snapshots(100, 5, &1);
/// let mut states = Vec::new();
/// for trip in (0..100).rev() {
///     let (start, mut state) = resume(&mut snapshots, trip);
///     for _ in start..trip {
///         if is_due(&mut snapshots) {
///             hold(&mut snapshots, state);
///         }
///         state = next(state) % 1000;
///     }
///     states.push(state);
/// }
/// assert_eq!(states.last(), Some(&1));
/// assert_eq!(states[98], 4);
/// ```
#[derive(Clone, Debug)]
pub struct Snapshots<'a, S> {
    first: &'a S,
    /// The other states that are held, with the trips that they stand before, in rising order.
    held: Vec<(usize, S)>,
    /// How many trips there are.
    trips: usize,
    plan: Plan,
    /// The trip that the running state stands before.
    position: usize,
    /// The trip that is wanted.
    wanted: usize,
    /// The next trip whose state is to be held.
    due: usize,
    /// The loop runs for the first time: the state of its last trip is what the reverse sweep begins with.
    running: bool,
}

#[derive(Clone, Copy, Debug)]
enum Plan {
    /// As many states as this, the first among them, at the positions that take the fewest trips.
    Binomial(usize),
    /// One state every so many trips, and all states of the stretch that is being reversed.
    Stretches(usize),
}

/// No trip.
const NONE: usize = usize::MAX;

/// At most `slots` states, the first among them, placed by the binomial schedule of A. Griewank and A. Walther, Algorithm
/// 799: revolve (2000), which runs the fewest trips again. `r` repetitions of each trip suffice for `(slots + r)! / (slots! r!)`
/// trips.
#[inline]
pub fn binomial_snapshots<S>(trips: usize, slots: usize, first: &S) -> Snapshots<'_, S> {
    let slots = slots.max(1);
    Snapshots::new(trips, first, Plan::Binomial(slots), slots.min(trips))
}

/// About twice the square root of the number of trips as states: two more runs of the loop suffice.
#[inline]
pub fn sqrt_snapshots<S>(trips: usize, first: &S) -> Snapshots<'_, S> {
    let stretch = trips.isqrt().max(1);
    Snapshots::new(trips, first, Plan::Stretches(stretch), trips / stretch + stretch)
}

/// The same states, placed while the loop runs for the first time. The reverse sweep then begins with the state that its last
/// trip started from, and runs as few trips again as the algorithm allows.
#[inline]
pub fn placing<S>(mut snapshots: Snapshots<'_, S>) -> Snapshots<'_, S> {
    snapshots.running = true;
    snapshots.wanted = snapshots.trips.saturating_sub(1);
    snapshots.due = if snapshots.trips > 1 { snapshots.due_after(0) } else { NONE };
    snapshots
}

/// The number of trips of `for i in lo..hi`.
#[inline]
pub fn trips_to<T>(hi: T, lo: T) -> usize
where
    Range<T>: Iterator,
{
    (lo..hi).size_hint().0
}

/// The number of trips of `for i in lo..=hi`.
#[inline]
pub fn trips_through<T>(hi: T, lo: T) -> usize
where
    RangeInclusive<T>: Iterator,
{
    (lo..=hi).size_hint().0
}

/// The number of trips of `for i in iter.step_by(step)`, where `iter` has so many.
#[inline]
pub fn strides(trips: usize, step: usize) -> usize {
    trips.div_ceil(step.max(1))
}

/// The nearest state at or before `trip` that is held, and the trip that it stands before.
#[inline]
pub fn resume<S: Clone>(snapshots: &mut Snapshots<'_, S>, trip: usize) -> (usize, S) {
    let (start, state) = match snapshots.held.pop_if(|(at, _)| *at == trip) {
        Some(held) => held,
        None => match snapshots.held.last() {
            Some((at, state)) => (*at, state.clone()),
            None => (0, snapshots.first.clone()),
        },
    };
    snapshots.running = false;
    snapshots.position = start;
    snapshots.wanted = trip;
    snapshots.due = if start == trip { NONE } else { snapshots.due_after(start) };
    (start, state)
}

/// Whether the state that the next trip starts from is to be held. Asked once per trip.
#[inline]
pub fn is_due<S>(snapshots: &mut Snapshots<'_, S>) -> bool {
    let due = snapshots.position == snapshots.due;
    snapshots.position += 1;
    due
}

/// Holds the state that [`is_due`] asked for.
#[inline]
pub fn hold<S>(snapshots: &mut Snapshots<'_, S>, state: S) {
    let at = snapshots.due;
    snapshots.held.push((at, state));
    snapshots.due = snapshots.due_after(at);
}

impl<'a, S> Snapshots<'a, S> {
    fn new(trips: usize, first: &'a S, plan: Plan, room: usize) -> Self {
        let held = Vec::with_capacity(room);
        Snapshots { first, held, trips, plan, position: 0, wanted: 0, due: NONE, running: false }
    }

    /// The next trip whose state is to be held after the last one that is held, `from`, on the way to the wanted trip.
    fn due_after(&self, from: usize) -> usize {
        match self.plan.due_after(from, self.wanted, self.held.len()) {
            NONE if self.running && from < self.wanted => self.wanted,
            due => due,
        }
    }
}

impl Plan {
    fn due_after(self, from: usize, wanted: usize, held: usize) -> usize {
        match self {
            Plan::Stretches(stretch) => {
                let next = (from / stretch + 1) * stretch;
                if next <= wanted { next } else { from + 1 }
            }
            Plan::Binomial(slots) => {
                // The state at `from` is one of those that are left for the trips after it.
                let slots = slots - held;
                let trips = wanted + 1 - from;
                if slots > 1 && trips > 1 { from + split(trips, slots) } else { NONE }
            }
        }
    }
}

/// After how many of `trips` trips the next state is held, where `slots` states can be, the one at the start among them.
fn split(trips: usize, slots: usize) -> usize {
    let (trips, slots) = (trips as u128, slots as u128);
    // `reach` trips can be reversed with `repetitions` repetitions of each.
    let (mut before, mut reach, mut repetitions) = (1, 1, 0);
    while reach < trips {
        repetitions += 1;
        before = reach;
        reach = reach * (slots + repetitions) / repetitions;
    }
    // What one state less can reverse with one repetition less: at least that much is left for the second part.
    let rest = before * slots / (slots + repetitions - 1);
    let after = before.min(trips - rest);
    usize::try_from(after).expect("no more than the number of trips")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `trips` trips for the first time.
    fn first_run(trips: usize, snapshots: Snapshots<'_, usize>) -> Snapshots<'_, usize> {
        let mut snapshots = placing(snapshots);
        for state in 0..trips {
            if is_due(&mut snapshots) {
                hold(&mut snapshots, state);
            }
        }
        snapshots
    }

    /// Reverses `trips` trips; gives how many were run again and the most states that were held.
    fn run(trips: usize, mut snapshots: Snapshots<'_, usize>) -> (usize, usize) {
        let (mut steps, mut most) = (0, 0);
        for trip in (0..trips).rev() {
            let (start, mut state) = resume(&mut snapshots, trip);
            assert_eq!(start, state);
            for _ in start..trip {
                if is_due(&mut snapshots) {
                    hold(&mut snapshots, state);
                }
                state += 1;
                steps += 1;
            }
            assert_eq!(state, trip);
            most = most.max(1 + snapshots.held.len());
        }
        (steps, most)
    }

    /// The fewest steps, by trying all positions for the second state.
    fn fewest(trips: usize, slots: usize, table: &mut std::collections::HashMap<(usize, usize), usize>) -> usize {
        if trips <= 1 {
            return 0;
        }
        if slots == 1 {
            return trips * (trips - 1) / 2;
        }
        if let Some(known) = table.get(&(trips, slots)) {
            return *known;
        }
        let best = (1..trips)
            .map(|at| at + fewest(trips - at, slots - 1, table) + fewest(at, slots, table))
            .min()
            .expect("there is a position");
        table.insert((trips, slots), best);
        best
    }

    #[test]
    fn the_binomial_schedule_is_optimal() {
        let mut table = std::collections::HashMap::new();
        for trips in 0..60 {
            for slots in 1..12 {
                let (steps, most) = run(trips, binomial_snapshots(trips, slots, &0));
                assert!(most <= slots, "{trips} trips hold {most} of {slots} states");
                assert_eq!(steps, fewest(trips, slots, &mut table), "{trips} trips, {slots} slots");
            }
        }
    }

    #[test]
    fn states_placed_in_the_first_run_leave_the_fewest_trips() {
        let mut table = std::collections::HashMap::new();
        for trips in 0..60 {
            for slots in 1..12 {
                let snapshots = first_run(trips, binomial_snapshots(trips, slots, &0));
                // The one more is the running state, which the reverse sweep takes over.
                assert!(snapshots.held.len() <= slots, "{trips} trips, {slots} slots");
                let (steps, most) = run(trips, snapshots);
                assert!(most <= slots, "{trips} trips hold {most} of {slots} states");
                let expected = fewest(trips, slots, &mut table) - trips.saturating_sub(1);
                assert_eq!(steps, expected, "{trips} trips, {slots} slots");
            }
        }
        for trips in [0, 1, 2, 3, 10, 99, 100, 101, 5000] {
            let (steps, most) = run(trips, first_run(trips, sqrt_snapshots(trips, &0)));
            assert!(steps <= trips, "{trips} trips take {steps} steps");
            assert!(most <= 2 * trips.isqrt() + 3, "{trips} trips hold {most} states");
        }
    }

    #[test]
    fn ten_million_trips_repeat_each_seven_times() {
        let trips = 10_000_000;
        let (steps, most) = run(trips, binomial_snapshots(trips, 32, &0));
        assert!(most <= 32);
        assert!(steps <= 7 * trips, "{steps}");
    }

    #[test]
    fn stretches_run_the_loop_twice() {
        for trips in [0, 1, 2, 3, 10, 99, 100, 101, 5000] {
            let (steps, most) = run(trips, sqrt_snapshots(trips, &0));
            assert!(steps <= 2 * trips, "{trips} trips take {steps} steps");
            assert!(most <= 2 * trips.isqrt() + 3, "{trips} trips hold {most} states");
        }
    }
}
