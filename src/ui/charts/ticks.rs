//! Where an axis is labelled: at round values, in original units, also where places are logarithmic.

use crate::report::{Axis, Scale};

/// Places of round values within an axis, at most about `most` of them.
pub fn ticks(axis: &Axis, most: usize) -> Vec<f64> {
    let values = match axis.scale {
        Scale::Linear => round_steps(axis.low, axis.high, most),
        Scale::SignedLog => decades(axis.scale.value(axis.low), axis.scale.value(axis.high), most),
        Scale::Log => return log_steps(axis.low, axis.high, most),
    };
    values
        .into_iter()
        .map(|value| axis.scale.place(value))
        .filter(|place| (axis.low..=axis.high).contains(place))
        .collect()
}

/// Multiples of 1, 2 or 5 times a power of ten.
fn round_steps(low: f64, high: f64, most: usize) -> Vec<f64> {
    let raw = (high - low) / most as f64;
    let power = libm::exp10(libm::floor(libm::log10(raw)));
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&step| step >= raw);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step).ceil();
    (0..=most + 1).map(|number| (first + number as f64) * step).take_while(|&value| value <= high).collect()
}

/// Places of powers of ten, thinned out evenly; where these are few, of 2 and 5 times these as well.
pub fn log_steps(low: f64, high: f64, most: usize) -> Vec<f64> {
    let factors: &[f64] = if high - low > most as f64 / 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let powers = (low.floor() as i32)..=(high.ceil() as i32);
    let places = powers.flat_map(|power| factors.iter().map(move |factor| f64::from(power) + libm::log10(*factor)));
    let places: Vec<f64> = places.filter(|place| (low..=high).contains(place)).collect();
    let every = places.len().div_ceil(most.max(1)).max(1);
    places.into_iter().step_by(every).collect()
}

/// There and back through a logarithm is not exact; the ends of an axis keep their labels all the same.
const SLACK: f64 = 1e-9;

/// Zero and powers of ten on both sides of it, thinned out evenly.
fn decades(low: f64, high: f64, most: usize) -> Vec<f64> {
    let powers = (0..39).map(|power| libm::exp10(f64::from(power)));
    let negative = powers.clone().map(|power| -power).take_while(|&power| power >= low - low.abs() * SLACK);
    let positive = powers.take_while(|&power| power <= high + high.abs() * SLACK);
    let mut values: Vec<f64> = negative.collect();
    values.reverse();
    values.push(0.0);
    let zero = values.len() - 1;
    values.extend(positive);
    let every = values.len().div_ceil(most.max(1));
    // Counted from zero, so that zero stays.
    values
        .iter()
        .enumerate()
        .filter(|(place, _)| place.abs_diff(zero).is_multiple_of(every))
        .map(|(_, &value)| value)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(scale: Scale, low: f64, high: f64) -> Vec<f64> {
        let axis = Axis { column: 0, scale, low: scale.place(low), high: scale.place(high) };
        ticks(&axis, 6).into_iter().map(|place| (scale.value(place) * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn linear_axes_are_labelled_at_round_values() {
        assert_eq!(values(Scale::Linear, 3.0, 61.0), [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        assert_eq!(values(Scale::Linear, -0.3, 0.4), [-0.2, 0.0, 0.2, 0.4]);
    }

    #[test]
    fn logarithmic_axes_are_labelled_at_powers_of_ten_and_zero() {
        assert_eq!(values(Scale::SignedLog, 0.0, 500.0), [0.0, 1.0, 10.0, 100.0]);
        assert_eq!(values(Scale::SignedLog, -20.0, 1e9), [0.0, 100.0, 1e5, 1e8].map(|value: f64| value).to_vec());
    }

    #[test]
    fn logarithmic_axes_without_zero_have_2_and_5_where_powers_of_ten_are_few() {
        let near = |places: &[f64], values: &[f64]| {
            assert_eq!(places.len(), values.len(), "{places:?}");
            places
                .iter()
                .zip(values)
                .for_each(|(place, value)| assert!((libm::exp10(*place) / value - 1.0).abs() < 1e-9));
        };
        near(&log_steps(-3.05, 0.9, 6), &[1e-3, 1e-2, 0.1, 1.0]);
        near(&log_steps(-1.2, 0.3, 6), &[0.1, 0.2, 0.5, 1.0]);
        near(&log_steps(-9.0, 3.0, 6), &[1e-9, 1e-6, 1e-3, 1.0, 1e3]);
    }

    #[test]
    fn there_are_never_too_many() {
        for power in 0..30 {
            assert!(log_steps(-2.0, f64::from(power), 6).len() <= 7);
            assert!(values(Scale::SignedLog, -5.0, libm::exp10(f64::from(power))).len() <= 7);
            assert!(values(Scale::Linear, 0.0, libm::exp10(f64::from(power)) * 1.7).len() <= 8);
        }
    }
}
