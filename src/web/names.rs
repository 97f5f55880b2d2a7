//! The order of files by their names.

use std::cmp::Ordering;

/// Numbers in names count as numbers, as in file managers: `flows-2.csv` before `flows-10.csv`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (pieces(a), pieces(b));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (digits(a), digits(b)) {
                // Without leading zeros, the longer number is the greater one.
                (Some(a), Some(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
                _ => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Runs of digits and what is between them.
fn pieces(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|next: char| next.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        Some(piece)
    })
}

/// A number without leading zeros, if it is one.
fn digits(piece: &str) -> Option<&str> {
    piece.starts_with(|first: char| first.is_ascii_digit()).then(|| piece.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["flows-10.csv", "flows-2.csv", "flows-1.csv", "b/1", "a/10", "a/9", "x", "flows-02.csv", ""];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["", "a/9", "a/10", "b/1", "flows-1.csv", "flows-02.csv", "flows-2.csv", "flows-10.csv", "x"]
        );
        assert_eq!(natural("2024-03-05T09.csv", "2024-03-05T10.csv"), Ordering::Less);
        assert_eq!(natural("ä2", "ä10"), Ordering::Less);
    }
}
