//! A feature's thresholds as cuts of the number line, and the rank of a value among them.
//!
//! `value <= cut[j]` iff fewer than j + 1 cuts lie below the value. So once a value's rank is known, every comparison
//! that a group of trees makes with it is one of two bytes, ties included.

use super::score::BLOCK;

/// Most cuts that a byte can count.
pub(super) const MAX_CUTS: usize = u8::MAX as usize;

/// Buckets that the span of the cuts is divided into.
const BUCKETS: usize = 512;

/// Cuts, and where to begin to look for a value among them.
///
/// Values fall into buckets by the leading bits of their [`key`], so buckets are narrow where numbers are small: that
/// suits heavy tails. What is left of the search is within the bucket.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cuts {
    /// Keys, ascending; behind them the key of NaN, which no value exceeds.
    keys: Box<[i32; 2 * (MAX_CUTS + 1)]>,
    /// Cuts below each bucket.
    below: Box<[u8; BUCKETS]>,
    /// The first bucket begins at `first << shift`.
    first: i32,
    shift: u32,
    /// Halvings that find a place in the fullest bucket.
    halvings: u32,
}

/// An integer with the order of the values: `key(a) <= key(b)` iff `a <= b`, but for −0, which comes before 0.
///
/// The keys of NaN are the least and the greatest; which of them is not known.
pub(super) fn key(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ ((bits >> 31) & i32::MAX)
}

impl Cuts {
    /// Cuts at thresholds with these keys: ascending, at most [`MAX_CUTS`], none twice, none that of −0 (a value of 0
    /// would be above it).
    pub(super) fn new(cuts: &[i32]) -> Self {
        debug_assert!(cuts.len() <= MAX_CUTS && cuts.is_sorted_by(|a, b| a < b));
        let mut keys = Box::new([i32::MAX; 2 * (MAX_CUTS + 1)]);
        keys[..cuts.len()].copy_from_slice(cuts);
        let span = |shift| (cuts.first().map_or(0, |key| key >> shift), cuts.last().map_or(0, |key| key >> shift));
        // From 1 on, the difference of two shifted keys cannot overflow.
        let mut shift = 1;
        while span(shift).1 - span(shift).0 >= BUCKETS as i32 {
            shift += 1;
        }
        let first = span(shift).0;
        let mut counts = [0_u8; BUCKETS];
        for key in cuts {
            counts[((key >> shift) - first) as usize] += 1;
        }
        let mut below = Box::new([0; BUCKETS]);
        for bucket in 1..BUCKETS {
            below[bucket] = below[bucket - 1] + counts[bucket - 1];
        }
        let fullest = counts.into_iter().max().unwrap_or(0);
        Self { keys, below, first, shift, halvings: u8::BITS - fullest.leading_zeros() }
    }

    /// Writes the rank of each value: how many cuts it exceeds, less 128 (signed bytes are the ones that every
    /// instruction set compares). False if a value is NaN; its rank means nothing.
    pub(super) fn rank(&self, values: &[f32; BLOCK], ranks: &mut [i8; BLOCK]) -> bool {
        let mut buckets = [0_u16; BLOCK];
        let mut missing = false;
        for (bucket, value) in buckets.iter_mut().zip(values) {
            missing |= value.is_nan();
            let place = (key(*value) >> self.shift) - self.first;
            // In two steps, each of which is one instruction for several values.
            let place = place.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
            *bucket = place.clamp(0, BUCKETS as i16 - 1) as u16;
        }
        match self.halvings {
            0 => ranks.fill(i8::MIN),
            1 => self.search::<1>(values, &buckets, ranks),
            2 => self.search::<2>(values, &buckets, ranks),
            3 => self.search::<3>(values, &buckets, ranks),
            4 => self.search::<4>(values, &buckets, ranks),
            _ => self.search::<8>(values, &buckets, ranks),
        }
        !missing
    }

    /// Halves what is left of each value's bucket. Searching further than its end does no harm: the cuts there exceed
    /// the value.
    #[inline(always)]
    fn search<const HALVINGS: u32>(&self, values: &[f32; BLOCK], buckets: &[u16; BLOCK], ranks: &mut [i8; BLOCK]) {
        for ((rank, value), bucket) in ranks.iter_mut().zip(values).zip(buckets) {
            let mut below = usize::from(self.below[usize::from(*bucket) % BUCKETS]);
            for step in (0..HALVINGS).rev() {
                let cut = self.keys[(below + (1 << step) - 1) % self.keys.len()];
                below += usize::from(cut < key(*value)) << step;
            }
            *rank = (below as i32 + i32::from(i8::MIN)) as i8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks(cuts: &[f32], values: &[f32]) -> (bool, Vec<i32>) {
        let keys: Vec<i32> = cuts.iter().map(|cut| key(*cut)).collect();
        let mut block = [0.0; BLOCK];
        block[..values.len()].copy_from_slice(values);
        let mut ranks = [0; BLOCK];
        let whole = Cuts::new(&keys).rank(&block, &mut ranks);
        (whole, ranks[..values.len()].iter().map(|rank| i32::from(*rank) + 128).collect())
    }

    #[test]
    fn a_rank_counts_the_cuts_below() {
        let values = [f32::NEG_INFINITY, -2.0, -1.0, -0.5, -0.0, 0.0, f32::MIN_POSITIVE, 3.0, f32::INFINITY];
        assert_eq!(ranks(&[-1.0, 0.0, 3.0], &values), (true, vec![0, 0, 0, 1, 1, 1, 2, 2, 3]));
        assert_eq!(ranks(&[], &values), (true, vec![0; 9]));
        assert_eq!(ranks(&[f32::MIN, f32::MAX], &values), (true, vec![0, 1, 1, 1, 1, 1, 1, 1, 2]));
    }

    #[test]
    fn a_missing_value_is_told() {
        assert!(!ranks(&[0.0], &[1.0, f32::NAN]).0);
        assert!(!ranks(&[], &[-f32::NAN]).0);
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_a_plain_count(
            // Few different cuts, close cuts (which share a bucket), and any.
            cuts in prop_oneof![
                prop::collection::vec((-3..3_i32).prop_map(|n| n as f32), 0..4),
                prop::collection::vec((0..600_u32).prop_map(|n| f32::from_bits(0x3f80_0000 + n * n)), 0..=MAX_CUTS),
                prop::collection::vec(prop_oneof![proptest::num::f32::NORMAL, -1.0..1.0_f32], 0..=MAX_CUTS),
            ],
            more in prop::collection::vec(proptest::num::f32::ANY.prop_filter("a number", |v| !v.is_nan()), 0..100),
        ) {
            let mut cuts: Vec<f32> = cuts.into_iter().map(|cut| cut + 0.0).collect();
            cuts.sort_by(f32::total_cmp);
            cuts.dedup();
            let near = cuts.iter().take(50).flat_map(|cut| [*cut, cut.next_up(), cut.next_down()]);
            let values: Vec<f32> = near.chain(more).collect();
            let counts: Vec<i32> =
                values.iter().map(|value| cuts.iter().filter(|cut| *value > **cut).count() as i32).collect();
            prop_assert_eq!(ranks(&cuts, &values), (true, counts));
        }
    }
}
