//! Points in time → parts of a file that have about equal shares of its flows.

use serde::{Deserialize, Serialize};

use crate::table::MISSING_WHOLE;

/// Parts that a file's time is cut into, at most.
const PARTS: usize = 256;
/// Stretches that parts are joined to, at most.
const STRETCHES: f64 = 24.0;

/// Parts of a file's time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Where the second and each later part begins, in nanoseconds, ascending.
    begins: Vec<i64>,
    /// The share of the flows before each part, and 1 behind the last.
    before: Vec<f64>,
    /// Which stretch each part lies in.
    stretches: Vec<u8>,
    /// What points in time are whole multiples of, in nanoseconds.
    unit: i64,
}

impl Clock {
    /// By the points in time of a sample of the flows; `None` where these tell no two apart.
    #[must_use]
    pub fn of(sample: &[i64]) -> Option<Self> {
        let mut times: Vec<i64> = sample.iter().copied().filter(|&time| time != MISSING_WHOLE).collect();
        times.sort_unstable();
        let first = *times.first()?;
        let cut = |part: usize| times[part * times.len() / PARTS];
        let mut begins: Vec<i64> = (1..PARTS).map(cut).filter(|&begin| begin > first).collect();
        begins.dedup();
        if begins.is_empty() {
            return None;
        }
        let share = |begin: &i64| times.partition_point(|time| time < begin) as f64 / times.len() as f64;
        let before: Vec<f64> = std::iter::once(0.0).chain(begins.iter().map(share)).chain([1.0]).collect();
        let stretches = stretches(&before);
        Some(Self { unit: unit(&times), begins, before, stretches })
    }

    /// How many there are.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.begins.len() + 1
    }

    /// What nearly all points in time are whole multiples of, in nanoseconds: an hour, a minute, a second, or 1.
    #[must_use]
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// The part that a point in time lies in, from 0.
    #[must_use]
    #[inline]
    pub fn part(&self, time: i64) -> u16 {
        self.begins.partition_point(|&begin| begin <= time) as u16
    }

    /// How much of the file a part and the ones that follow up to another are: the share of its flows, less the share that is somebody's
    /// `own` there, or of its time, whichever is larger. Neither a quiet night nor a busy hour makes everything in it look short; nor does
    /// one wrong date, as the time before the second part and in the last one does not count. Nothing is shorter than a part.
    #[must_use]
    pub fn share(&self, first: u16, last: u16, own: f64) -> f64 {
        let (first, last) = (usize::from(first), usize::from(last));
        let end = self.begins.len() - 1;
        let begin = |part: usize| i128::from(self.begins[part.saturating_sub(1).min(end)]);
        let time = (begin(last + 1) - begin(first)) as f64 / (begin(end + 1) - begin(0)).max(1) as f64;
        (self.before[last + 1] - self.before[first] - own).max(time).max(1.0 / PARTS as f64)
    }

    /// The number of stretches: several parts each, with about equal shares of the flows; fewer where a moment has many of these.
    #[must_use]
    pub fn stretches(&self) -> usize {
        self.stretches.last().map_or(0, |&last| usize::from(last) + 1)
    }

    /// The stretch that a point in time lies in, from 0.
    #[must_use]
    pub fn stretch(&self, time: i64) -> usize {
        self.stretches[usize::from(self.part(time))].into()
    }
}

/// The largest unit that so many of the points in time are whole multiples of: a few that are finer tell nothing of the others.
fn unit(times: &[i64]) -> i64 {
    const NEARLY_ALL: f64 = 0.9;
    const SECOND: i64 = 1_000_000_000;
    let whole =
        |unit: &i64| times.iter().filter(|&time| time % unit == 0).count() as f64 >= NEARLY_ALL * times.len() as f64;
    [3_600 * SECOND, 60 * SECOND, SECOND].into_iter().find(whole).unwrap_or(1)
}

/// The stretch of each part. None is empty: a part with more flows than a stretch has leaves no gap.
fn stretches(before: &[f64]) -> Vec<u8> {
    let mut stretches = Vec::with_capacity(before.len());
    let (mut stretch, mut known) = (0, None);
    for shares in before.windows(2) {
        let wanted = ((shares[0] + shares[1]) / 2.0 * STRETCHES) as u32;
        stretch += u8::from(known.is_some_and(|known| known != wanted));
        known = Some(wanted);
        stretches.push(stretch);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_equal_shares_of_the_flows_and_not_of_the_time() {
        // A flow a second, then one an hour.
        let times: Vec<i64> = (0..512).chain((0..512).map(|hour| 512 + 3600 * hour)).collect();
        let clock = Clock::of(&times).expect("times differ");
        assert_eq!((clock.parts(), clock.part(-9), clock.part(i64::MAX)), (256, 0, 255));
        assert_eq!((clock.part(511), clock.part(512)), (127, 128));
        // The first half of the flows takes hardly any time, and an hour of the others is a part of it.
        assert!((clock.share(0, 127, 0.0) - 0.5).abs() < 1e-9 && (clock.share(0, 255, 0.0) - 1.0).abs() < 1e-9);
        assert!((clock.share(0, 0, 0.0) - 1.0 / 256.0).abs() < 1e-9);
        assert!((clock.share(0, 127, 0.4) - 0.1).abs() < 1e-9, "what is somebody's own makes it no longer");
        assert!(
            (clock.share(200, 200, 0.0) - 4.0 * 3600.0 / (508.0 * 3600.0)).abs() < 1e-3,
            "{}",
            clock.share(200, 200, 0.0)
        );
        assert_eq!((clock.stretches(), clock.stretch(0), clock.stretch(511), clock.stretch(i64::MAX)), (24, 0, 11, 23));
    }

    #[test]
    fn times_are_as_fine_as_nearly_all_of_them() {
        const SECOND: i64 = 1_000_000_000;
        let of = |times: &mut dyn Iterator<Item = i64>| Clock::of(&times.collect::<Vec<_>>()).map(|clock| clock.unit());
        assert_eq!(of(&mut (0..100).map(|n| 3_600 * SECOND * n)), Some(3_600 * SECOND));
        assert_eq!(of(&mut (0..100).map(|n| 120 * SECOND * n + SECOND * i64::from(n < 5))), Some(60 * SECOND));
        assert_eq!(of(&mut (0..100).map(|n| 7 * SECOND * n)), Some(SECOND));
        assert_eq!(of(&mut (0..100).map(|n| 7 * SECOND * n + n / 2)), Some(1));
    }

    #[test]
    fn a_moment_with_most_of_the_flows_is_one_part() {
        let times: Vec<i64> = std::iter::repeat_n(7, 900).chain(8..108).chain([MISSING_WHOLE; 50]).collect();
        let clock = Clock::of(&times).expect("times differ");
        assert_eq!(clock.part(7), 0);
        assert!((clock.share(0, 0, 0.0) - 0.9).abs() < 0.01, "{}", clock.share(0, 0, 0.0));
        // The moment is one stretch, and what is left makes two or three.
        assert!(
            (3..=4).contains(&clock.stretches()) && clock.stretch(7) == 0 && clock.stretch(20) == 1,
            "{}",
            clock.stretches()
        );
        assert_eq!(Clock::of(&[5, 5, MISSING_WHOLE]), None);
        assert_eq!(Clock::of(&[]), None);
    }
}
