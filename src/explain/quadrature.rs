//! Gauss–Legendre quadrature on [0, 1].

/// Points and weights of the rule with `n` points: Σ weight · p(point) is the integral of p from 0 to 1, exactly, for
/// polynomials p of degree up to 2n − 1.
///
/// The points are the roots of the Legendre polynomial of degree n, found by Newton's method from Tricomi's
/// approximation (Press et al., *Numerical Recipes*, section 4.6).
pub(super) fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let root = |place: usize| {
        let mut x = libm::cos(std::f64::consts::PI * (place as f64 + 0.75) / (n as f64 + 0.5));
        // It doubles the digits each time, from at least three.
        for _ in 0..6 {
            let (value, slope) = legendre(n, x);
            x -= value / slope;
        }
        let slope = legendre(n, x).1;
        (0.5 - 0.5 * x, 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..n).map(root).collect()
}

/// The Legendre polynomial of degree n ≥ 1 and its derivative, at |x| < 1.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for degree in 2..=n {
        let degree = degree as f64;
        (before, value) = (value, ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * before) / degree);
    }
    (value, n as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_integrated_exactly() {
        for n in [1, 2, 3, 4, 8, 20, 64] {
            let rule = gauss_legendre(n);
            assert!(
                rule.is_sorted_by(|a, b| a.0 < b.0)
                    && rule.iter().all(|(x, weight)| *x > 0.0 && *x < 1.0 && *weight > 0.0)
            );
            for degree in 0..2 * n {
                let integral: f64 = rule.iter().map(|(x, weight)| weight * x.powi(degree as i32)).sum();
                let exact = 1.0 / (degree as f64 + 1.0);
                assert!((integral - exact).abs() < 1e-13 * exact, "{n} points, degree {degree}: {integral}");
            }
        }
        // Degree 2 needs two points.
        assert!((gauss_legendre(1)[0].0 - 0.5).abs() < 1e-15);
    }
}
