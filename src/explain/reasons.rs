//! Contributions → the few features to name.

/// The at most `k` features that shortened the paths most, most first (equal ones by number), each with its share of
/// all the shortening, in (0, 1].
///
/// Features that lengthened the paths count for nothing here: a row is not less strange in one respect for being usual
/// in another.
#[must_use]
pub fn top_reasons(contributions: &[f64], k: usize) -> Vec<(usize, f64)> {
    let mut reasons: Vec<(usize, f64)> = contributions
        .iter()
        .map(|contribution| -contribution)
        .enumerate()
        .filter(|(_, shortening)| *shortening > 0.0)
        .collect();
    let total: f64 = reasons.iter().map(|(_, shortening)| shortening).sum();
    reasons.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    reasons.truncate(k);
    for (_, shortening) in &mut reasons {
        *shortening /= total;
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_shares_of_the_shortening() {
        let reasons = top_reasons(&[-1.0, 2.0, -2.0, 0.0, -1.0], 2);
        assert_eq!(reasons, [(2, 0.5), (0, 0.25)]);
        assert!(top_reasons(&[1.0, 0.0], 3).is_empty());
        assert!(top_reasons(&[-1.0], 0).is_empty());
    }
}
