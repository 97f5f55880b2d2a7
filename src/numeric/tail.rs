//! Where a tail ends, if it goes on as it begins.

/// Share of the values on either side that belong to the tail's end, which outliers may be.
pub const END: f64 = 0.025;
/// Share of the values on either side that belong to the tail.
pub const TAIL: f64 = 0.1;
/// Values of a whole file that are expected beyond the end if the tails go on as they begin.
const EXPECTED: f64 = 0.01;
/// Quantiles of few rows are off by so much more: this over the root of their number.
const CAUTION: f64 = 10.0;

/// How many lengths of its tail, from the quantile `1 − TAIL` to `1 − END`, lie between the latter and the end of what is usual, such that of
/// `values` values about [`EXPECTED`] are beyond it: the tail of an exponential distribution falls by a factor of four in
/// each length. On a logarithmic scale that is Pareto's distribution, as heavy as tails usually are.
fn lengths(rows: usize, values: f64) -> f64 {
    let exponential = libm::log((END * values / EXPECTED).max(1.0)) / libm::log(TAIL / END);
    exponential * (1.0 + CAUTION / (rows as f64).sqrt())
}

/// Where values lie that their tail does not explain, if it is exponential; infinitely far where the tail has no
/// length. `tail` and `end` are the quantiles that it is measured between.
pub fn beyond(tail: f64, end: f64, rows: usize, values: f64) -> f64 {
    if end > tail { end + lengths(rows, values) * (end - tail) } else { f64::INFINITY }
}

/// Where the tail of these values, ascending, ends in a file of `rows` rows, if it goes on as it begins; if it has no length, the
/// greatest. `None` if there are no values.
pub fn end_of_tail(values: &[f64], rows: u64) -> Option<f64> {
    let at = |share: f64| values.iter().rev().nth((share * values.len() as f64) as usize).copied();
    let end = beyond(at(TAIL)?, at(END)?, values.len(), rows as f64);
    if end.is_finite() { Some(end) } else { values.last().copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_tail_ends_where_one_value_in_a_hundred_files_is_beyond() {
        let quantile = |share: f64| -libm::log(share);
        for rows in [10_000, 1_000_000] {
            let end = beyond(quantile(TAIL), quantile(END), rows, rows as f64);
            let exact = libm::log(100.0 * rows as f64);
            assert!(end > exact && end < exact * (1.0 + 10.0 / (rows as f64).sqrt()), "{end}, {exact}");
        }
        assert_eq!(beyond(1.0, 1.0, 100, 100.0), f64::INFINITY);
    }
}
