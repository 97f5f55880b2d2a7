//! A system of equations.

/// The solution of `matrix` · x = `right` by Cholesky's decomposition (Golub & Van Loan, *Matrix Computations*, algorithm 4.2.1);
/// `matrix` is symmetric and positive definite, row by row, of which only the part up to the diagonal is read. O(n³).
pub(super) fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    decompose(&mut matrix, n);
    forward(&matrix, &mut right);
    for row in (0..n).rev() {
        for below in row + 1..n {
            right[row] -= matrix[below * n + row] * right[below];
        }
        right[row] /= matrix[row * n + row];
    }
    right
}

/// The lower triangle L with L · Lᵀ = `matrix`, in its place.
pub(super) fn decompose(matrix: &mut [f64], n: usize) {
    for row in 0..n {
        for column in 0..=row {
            let mut sum = matrix[row * n + column];
            for before in 0..column {
                sum -= matrix[row * n + before] * matrix[column * n + before];
            }
            // Noise on the diagonal keeps it positive but for rounding.
            matrix[row * n + column] =
                if row == column { sum.max(f64::MIN_POSITIVE).sqrt() } else { sum / matrix[column * n + column] };
        }
    }
}

/// L⁻¹ · `right`, in its place.
pub(super) fn forward(lower: &[f64], right: &mut [f64]) {
    let n = right.len();
    for row in 0..n {
        for before in 0..row {
            right[row] -= lower[row * n + before] * right[before];
        }
        right[row] /= lower[row * n + row];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_solved_fits() {
        let matrix = [4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0];
        let solution = solve(matrix.to_vec(), vec![1.0, -2.0, 3.0]);
        for (row, right) in matrix.chunks(3).zip([1.0, -2.0, 3.0]) {
            let left: f64 = row.iter().zip(&solution).map(|(a, b)| a * b).sum();
            assert!((left - right).abs() < 1e-12);
        }
    }
}
