//! Rows by how far they are from some landmarks: of two rows, one is at least so much farther from a landmark as they are
//! apart. That spares most comparisons: Micó, Oncina and Vidal (1994), *A new version of the nearest-neighbour approximating and
//! eliminating search algorithm (AESA) with linear preprocessing time and memory requirements*.

use wide::i16x8;

use crate::features::Points;

/// Landmarks: as many as one vector instruction compares.
const LANDMARKS: usize = 8;

/// How far each row is from each landmark.
pub(super) struct Landmarks {
    seen: Vec<Seen>,
    /// A step is this power of two, so that 16 bits hold all distances.
    shift: u32,
}

/// How far a row is from each landmark, in steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen(i16x8);

impl Landmarks {
    /// Each landmark is the row farthest from those before, the first of the rows the first of them.
    pub fn of(points: &Points) -> Self {
        let rows = points.rows();
        let mut away = vec![[0u32; LANDMARKS]; rows];
        let mut nearest = vec![u32::MAX; rows];
        let mut landmark = 0;
        for number in 0..LANDMARKS.min(rows) {
            for (row, (away, nearest)) in away.iter_mut().zip(&mut nearest).enumerate() {
                away[number] = points.point(row).distance(points.point(landmark));
                *nearest = (*nearest).min(away[number]);
            }
            landmark = (0..rows).rev().max_by_key(|&row| nearest[row]).unwrap_or(0);
        }
        let farthest = away.iter().flatten().copied().max().unwrap_or(0);
        let shift = (u32::BITS - farthest.leading_zeros()).saturating_sub(i16::BITS - 1);
        let seen = away.iter().map(|away| Seen(i16x8::new(away.map(|distance| (distance >> shift) as i16)))).collect();
        Self { seen, shift }
    }

    /// Where each row is, as seen from the landmarks.
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// How many steps two rows may be apart, as seen from any landmark, that are nearer to each other than this.
    #[inline]
    pub fn steps(&self, than: u32) -> i16 {
        // Both were rounded down.
        (than >> self.shift).saturating_add(1).min(i16::MAX as u32) as i16
    }
}

impl Seen {
    /// False if the two rows are certainly farther apart than so many steps.
    #[inline]
    pub fn may_be_within(self, other: Self, steps: i16) -> bool {
        !(self.0.max(other.0) - self.0.min(other.0)).simd_gt(i16x8::splat(steps)).any()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_near_is_spared(rows in prop::collection::vec(prop::collection::vec(0i16..30_000, 20), 2..30)) {
            let points = Points::at(&rows);
            let landmarks = Landmarks::of(&points);
            for row in 0..rows.len() {
                for other in 0..rows.len() {
                    let distance = points.point(row).distance(points.point(other));
                    let [a, b] = [row, other].map(|row| landmarks.seen()[row]);
                    prop_assert!(a.may_be_within(b, landmarks.steps(distance + 1)));
                    prop_assert!(a.may_be_within(b, landmarks.steps(u32::MAX)));
                }
            }
        }
    }

    #[test]
    fn what_is_far_is_spared() {
        let rows: Vec<Vec<i16>> = (0..100).map(|row| vec![row * 300; 8]).collect();
        let landmarks = Landmarks::of(&Points::at(&rows));
        let seen = landmarks.seen();
        let steps = landmarks.steps(10 * 8 * 300);
        let spared = seen.iter().filter(|other| !seen[0].may_be_within(**other, steps)).count();
        assert_eq!(spared, 89, "all but the ten that are nearer, and one as far as that");
    }
}
