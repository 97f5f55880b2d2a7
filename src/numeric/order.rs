//! Lists in order, for the page: a sort that is compiled for each kind of list took it kilobytes every time.

use std::cmp::Ordering;

/// The places 0 to `len` in the order that `compare` says; equal ones stay in theirs.
pub fn places(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_unstable_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
    places
}

/// The list in the order that `compare` says; equal ones stay in theirs.
pub fn ordered<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let places = places(list.len(), &|a, b| compare(&list[a], &list[b]));
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| list[place].take()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_ordered_as_a_stable_sort_does(list in prop::collection::vec((0u8..9, 0u8..9), 0..60)) {
            let mut sorted = list.clone();
            sorted.sort_by_key(|item| item.0);
            prop_assert_eq!(ordered(list, |a, b| a.0.cmp(&b.0)), sorted);
        }
    }
}
