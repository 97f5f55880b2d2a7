//! Time as the office knows it: microseconds since the file begins, in days that begin at six in the morning.

/// A second.
pub(super) const SECOND: u64 = 1_000_000;
/// From six in the morning to the next.
pub(super) const DAY: u64 = 86_400 * SECOND;
/// When the file begins, in microseconds since 1970: 26 April 2017 at 06:00, a Wednesday.
pub(super) const START: u64 = 1_493_186_400 * SECOND;

/// How long after the day began its clock shows so many hours and minutes.
pub(super) const fn at(hour: u64, minute: u64) -> u64 {
    ((hour + 18) % 24 * 60 + minute) * 60 * SECOND
}

/// Whether a day, counted from the first, is a Saturday or a Sunday.
pub(super) const fn weekend(day: u64) -> bool {
    matches!(day % 7, 3 | 4)
}
