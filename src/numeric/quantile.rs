//! Quantiles: the value below which a share of the values lies. There are several usual definitions for a share that falls
//! between two values; each function says which it takes.

/// Between the two neighbours, linearly, as numpy does by default; `None` if there are no values. `sorted` ascends.
pub fn interpolated(sorted: &[f32], share: f64) -> Option<f32> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    Some(between(sorted[place as usize], sorted[(place as usize + 1).min(last)], place.fract()))
}

/// The same of values in any order, which are left in another one.
pub fn interpolated_unsorted(values: &mut [f32], share: f64) -> Option<f32> {
    let last = values.len().checked_sub(1)?;
    let place = share * last as f64;
    let (_, &mut low, above) = values.select_nth_unstable_by(place as usize, f32::total_cmp);
    let high = above.iter().copied().min_by(f32::total_cmp).unwrap_or(low);
    Some(between(low, high, place.fract()))
}

fn between(low: f32, high: f32, part: f64) -> f32 {
    let (low, high) = (f64::from(low), f64::from(high));
    (low + (high - low) * part) as f32
}

/// The nearer of the two neighbours; `None` if there are no values. `sorted` ascends.
pub fn nearest(sorted: &[f32], share: f64) -> Option<f32> {
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[(last as f64 * share).round() as usize])
}

/// The least value that at least `percent` (below 100) of the values are not above, of values in any order, which are left
/// in another one; `None` if there are none.
pub fn above_percent(values: &mut [f32], percent: usize) -> Option<f32> {
    let place = values.len() * percent / 100;
    (place < values.len()).then(|| *values.select_nth_unstable_by(place, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn definitions_differ_between_two_values() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        // np.quantile([1, 2, 4, 8], [0, 0.5, 0.9, 1]) is [1, 3, 6.8, 8].
        assert_eq!([0.0, 0.5, 0.9, 1.0].map(|share| interpolated(&sorted, share)), [1.0, 3.0, 6.8, 8.0].map(Some));
        assert_eq!([0.0, 0.4, 0.5, 1.0].map(|share| nearest(&sorted, share)), [1.0, 2.0, 4.0, 8.0].map(Some));
        assert_eq!(
            [0, 49, 50, 75].map(|percent| above_percent(&mut [8.0, 1.0, 4.0, 2.0], percent)),
            [1.0, 2.0, 4.0, 8.0].map(Some)
        );
        assert_eq!((interpolated(&[], 0.5), nearest(&[], 0.5), above_percent(&mut [], 50)), (None, None, None));
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(values in prop::collection::vec(-1e9f32..1e9, 0..50), share in 0.0..=1.0f64) {
            let mut sorted = values.clone();
            sorted.sort_unstable_by(f32::total_cmp);
            let mut values = values;
            prop_assert_eq!(interpolated_unsorted(&mut values, share), interpolated(&sorted, share));
        }
    }
}
