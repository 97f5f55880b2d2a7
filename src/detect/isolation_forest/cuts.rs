//! A feature's thresholds as cuts of the number line, and the rank of a value among them.
//!
//! `value <= cut[j]` iff fewer than j + 1 cuts lie below the value. So a value's rank, a byte, tells how every comparison
//! with it ends that a group of trees makes, ties included.

use wide::{f32x4, i16x8, i32x4};

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
    /// Ascending; behind them infinity, which no value exceeds.
    cuts: Box<[f32; 2 * (MAX_CUTS + 1)]>,
    count: usize,
    /// Cuts below each bucket.
    below: Box<[u8; BUCKETS]>,
    /// The first bucket begins at `first << shift`.
    first: i32,
    shift: u32,
    /// Cuts in the fullest bucket.
    fullest: u8,
}

/// An integer with the order of the values: `key(a) <= key(b)` iff `a <= b`, but for −0, which comes before 0.
fn key(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ ((bits >> 31) & i32::MAX)
}

impl Cuts {
    /// Cuts at these thresholds: ascending, at most [`MAX_CUTS`], none twice, finite, none −0.
    pub(super) fn new(thresholds: &[f32]) -> Self {
        debug_assert!(thresholds.len() <= MAX_CUTS && thresholds.is_sorted_by(|a, b| a < b));
        let mut cuts = Box::new([f32::INFINITY; 2 * (MAX_CUTS + 1)]);
        cuts[..thresholds.len()].copy_from_slice(thresholds);
        let ends = [thresholds.first(), thresholds.last()].map(|end| end.map_or(0, |end| key(*end)));
        // From 1 on, the difference of two shifted keys cannot overflow.
        let mut shift = 1;
        while (ends[1] >> shift) - (ends[0] >> shift) >= BUCKETS as i32 {
            shift += 1;
        }
        let first = ends[0] >> shift;
        let mut counts = [0_u8; BUCKETS];
        for threshold in thresholds {
            counts[((key(*threshold) >> shift) - first) as usize] += 1;
        }
        let mut below = Box::new([0; BUCKETS]);
        for bucket in 1..BUCKETS {
            below[bucket] = below[bucket - 1] + counts[bucket - 1];
        }
        let fullest = counts.into_iter().max().unwrap_or(0);
        Self { cuts, count: thresholds.len(), below, first, shift, fullest }
    }

    /// How many different ranks there are.
    pub(super) fn ranks(&self) -> usize {
        self.count + 1
    }

    /// Writes the rank of each value: how many cuts it exceeds. False if a value is NaN; its rank means nothing.
    pub(super) fn rank(&self, values: &[f32; BLOCK], ranks: &mut [u8; BLOCK]) -> bool {
        match self.fullest {
            0..=4 => self.rank_by::<1, 0>(values, ranks),
            5..=8 => self.rank_by::<2, 0>(values, ranks),
            9..=16 => self.rank_by::<2, 1>(values, ranks),
            _ => self.rank_by::<2, 5>(values, ranks),
        }
    }

    #[inline(always)]
    fn rank_by<const FOURS: usize, const HALVINGS: u32>(&self, values: &[f32; BLOCK], ranks: &mut [u8; BLOCK]) -> bool {
        let mut differ = f32x4::ZERO;
        let (shift, first) = (self.shift, i32x4::splat(self.first));
        let mut place = |values: [f32; 4]| -> i32x4 {
            let values = f32x4::from(values);
            differ |= values.simd_ne(values);
            let bits: i32x4 = bytemuck::cast(values);
            ((bits ^ ((bits >> 31) & i32x4::splat(i32::MAX))) >> shift) - first
        };
        for (ranks, values) in ranks.as_chunks_mut::<8>().0.iter_mut().zip(values.as_chunks::<8>().0) {
            let fours: [[f32; 4]; 2] = bytemuck::cast(*values);
            let places = i16x8::from_i32x8_saturate(bytemuck::cast(fours.map(&mut place)));
            let buckets: [u16; 8] = bytemuck::cast(places.max(i16x8::splat(0)).min(i16x8::splat(BUCKETS as i16 - 1)));
            for ((rank, value), bucket) in ranks.iter_mut().zip(values).zip(buckets) {
                *rank = self.search::<FOURS, HALVINGS>(*value, bucket);
            }
        }
        differ.to_bitmask() == 0
    }

    /// Halves what is left of the value's bucket down to some fours of cuts, each of which is compared at once. Searching
    /// further than the bucket's end does no harm: the cuts there exceed the value.
    #[inline(always)]
    fn search<const FOURS: usize, const HALVINGS: u32>(&self, value: f32, bucket: u16) -> u8 {
        // Remainders of what is in bounds anyway, so that no check is made.
        let mut below = usize::from(self.below[usize::from(bucket) % BUCKETS]);
        for step in (0..HALVINGS).rev() {
            let half = (4 * FOURS) << step;
            below += if self.cuts[(below + half - 1) % self.cuts.len()] < value { half } else { 0 };
        }
        let mut found = below as u32;
        for four in self.cuts[below % (MAX_CUTS + 1)..][..4 * FOURS].as_chunks().0 {
            found += f32x4::from(*four).simd_lt(f32x4::splat(value)).to_bitmask().trailing_ones();
        }
        found as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks(cuts: &[f32], values: &[f32]) -> (bool, Vec<i32>) {
        let mut block = [0.0; BLOCK];
        block[..values.len()].copy_from_slice(values);
        let mut ranks = [0; BLOCK];
        let whole = Cuts::new(cuts).rank(&block, &mut ranks);
        (whole, ranks[..values.len()].iter().map(|rank| i32::from(*rank)).collect())
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
