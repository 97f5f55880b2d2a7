//! Whether what is said of columns holds in the sampled rows.

/// The greatest relative difference between a value and what is computed for it: that of numbers which were rounded to
/// six digits, each by up to 5 · 10⁻⁶. The sample's own `f32` are closer than 10⁻⁷.
const TOLERANCE: f64 = 2e-5;
/// Values less than a fiftieth apart do not tell a claim from others that come close: 1,000 times the tolerance, so that
/// what is claimed is known to a thousandth.
const AWAY: f64 = 1_000.0 * TOLERANCE;
/// One row in so many may be an exception.
const EXCEPTIONS: usize = 1_000;
/// With fewer rows that could tell, a claim may hold by chance.
const FEWEST: usize = 20;

/// What a row says about a claim.
#[derive(Debug, Clone, Copy)]
pub(super) struct Witness {
    /// The claim holds in the row.
    pub holds: bool,
    /// It would not, if something else than the claim were true: the row's values are not those of nearly all rows.
    pub tells: bool,
}

/// The exceptions to a claim that holds in 99.9 % of the rows, and in 99.9 % of at least 20 that could tell; `None` of any
/// other. Rows where there is nothing to compare have no witness.
pub(super) fn exceptions(sample_rows: usize, witness: &dyn Fn(usize) -> Option<Witness>) -> Option<usize> {
    let (mut rows, mut wrong, mut telling, mut wrong_telling) = (0, 0, 0, 0);
    for Witness { holds, tells } in (0..sample_rows).filter_map(witness) {
        rows += 1;
        telling += usize::from(tells);
        if !holds {
            wrong += 1;
            wrong_telling += usize::from(tells);
            // Most claims are wrong, and seen to be so soon.
            if wrong * EXCEPTIONS > sample_rows {
                return None;
            }
        }
    }
    let nearly_all = wrong * EXCEPTIONS <= rows && wrong_telling * EXCEPTIONS <= telling;
    (nearly_all && telling >= FEWEST).then_some(wrong)
}

/// A value is what was computed for it, but for rounding.
pub(super) fn agrees(value: f64, computed: f64) -> bool {
    (value - computed).abs() <= TOLERANCE * value.abs()
}

/// A value is far enough from a usual one to tell.
pub(super) fn is_away(value: f64, usual: f64) -> bool {
    (value - usual).abs() > AWAY * value.abs().max(usual.abs())
}

/// How far the sums of values that agree may lie apart, relative to the sum.
pub(super) const SLACK: f64 = 2.0 * TOLERANCE;
/// A summand of a smaller share than this does not matter to the sum.
pub(super) const MATTERS: f64 = AWAY;
