//! The symmetric logarithm `sign(x) · log(1 + |x|)`: it orders values as they are, has a place for zero and negative ones, and
//! tames heavy tails. By `libm`, so that it is the same on every platform.

/// By the natural logarithm.
pub fn signed_ln(x: f64) -> f64 {
    libm::log1p(x.abs()).copysign(x)
}

/// The value whose [`signed_ln`] this is.
pub fn undo_signed_ln(y: f64) -> f64 {
    libm::expm1(y.abs()).copysign(y)
}

/// By the logarithm to base ten.
pub fn signed_log10(x: f64) -> f64 {
    libm::log10(1.0 + x.abs()).copysign(x)
}

/// The value whose [`signed_log10`] this is.
pub fn undo_signed_log10(y: f64) -> f64 {
    (libm::exp10(y.abs()) - 1.0).copysign(y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_odd_grows_and_can_be_undone() {
        let values = [-1e9, -3.5, -0.1, 0.0, 0.25, 7.0, 1.2e8];
        for (log, undo) in
            [(signed_ln as fn(f64) -> f64, undo_signed_ln as fn(f64) -> f64), (signed_log10, undo_signed_log10)]
        {
            assert!(values.map(log).is_sorted_by(|a, b| a < b));
            for value in values {
                assert_eq!(log(-value), -log(value));
                assert!((undo(log(value)) - value).abs() <= 1e-9 * value.abs());
            }
        }
        assert!((signed_log10(9.0) - 1.0).abs() < 1e-12);
    }
}
