//! How often each value of a column occurs.

use serde::{Deserialize, Serialize};

use super::{key_number, packed};

/// Values told apart per counted column. A column with more is called crowded and its counts are dropped: whether that
/// happens depends on the union of the shards' values alone, so not on the split.
pub(super) const MOST_VALUES: usize = 65_536;

/// How often each value of a column occurs, in order of their keys. Shards send tens of thousands of these, so they are
/// kept as they travel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    #[serde(with = "packed")]
    keys: Vec<u32>,
    #[serde(with = "packed")]
    rows: Vec<u64>,
    /// One per key, or none at all where the keys are the numbers themselves.
    texts: Vec<String>,
    crowded: bool,
}

/// One value of a counted column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// The number itself, or the text's key.
    pub key: u32,
    /// Rows with it.
    pub rows: u64,
    /// Its text, cut to 64 characters; empty where the key is the number itself.
    pub text: &'a str,
}

impl Value<'_> {
    /// What stands in the file.
    #[must_use]
    pub fn name(&self) -> String {
        if self.text.is_empty() { key_number(self.key).to_string() } else { self.text.to_owned() }
    }
}

impl Counts {
    /// Of keys, in any order and none twice, with their rows and texts.
    #[must_use]
    pub fn of(mut values: Vec<(u32, u64, String)>) -> Self {
        if values.len() > MOST_VALUES {
            return Self::crowd();
        }
        values.sort_unstable_by_key(|value| value.0);
        let mut counts = Self { keys: Vec::with_capacity(values.len()), ..Self::default() };
        let named = values.iter().any(|(_, _, text)| !text.is_empty());
        for (key, rows, text) in values {
            counts.keys.push(key);
            counts.rows.push(rows);
            if named {
                counts.texts.push(text);
            }
        }
        counts
    }

    /// Of more values than are told apart.
    #[must_use]
    pub fn crowd() -> Self {
        Self { crowded: true, ..Self::default() }
    }

    /// There were more values than are told apart, and none is known.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// Different values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// No value is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The values, by key.
    pub fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        let text = |place| self.texts.get(place).map_or("", String::as_str);
        let both = self.keys.iter().zip(&self.rows).enumerate();
        both.map(move |(place, (&key, &rows))| Value { key, rows, text: text(place) })
    }

    /// The value that most rows have.
    #[must_use]
    pub fn commonest(&self) -> Option<Value<'_>> {
        self.iter().max_by_key(|value| value.rows)
    }

    /// Joins the counts of other rows.
    pub(super) fn merge(&mut self, other: Self) {
        if self.crowded || other.crowded {
            *self = Self::crowd();
            return;
        }
        let mut all = Vec::with_capacity(self.len() + other.len());
        let mut theirs = other.into_values().peekable();
        for (key, rows, text) in std::mem::take(self).into_values() {
            while let Some(value) = theirs.next_if(|value| value.0 < key) {
                all.push(value);
            }
            let more = theirs.next_if(|value| value.0 == key).map_or(0, |value| value.1);
            all.push((key, rows + more, text));
        }
        all.extend(theirs);
        *self = Self::of(all);
    }

    fn into_values(self) -> impl Iterator<Item = (u32, u64, String)> {
        let mut texts = self.texts.into_iter();
        let values = self.keys.into_iter().zip(self.rows);
        values.map(move |(key, rows)| (key, rows, texts.next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(keys: impl Iterator<Item = u32>) -> Counts {
        Counts::of(keys.map(|key| (key, u64::from(key % 3 + 1), String::new())).collect())
    }

    #[test]
    fn crowding_depends_on_the_union_of_values_only() {
        let most = MOST_VALUES as u32;
        let (mut left, right) = (counts((0..=most).step_by(2)), counts((1..=most).step_by(2)));
        assert!(!left.is_crowded() && !right.is_crowded() && counts(0..=most).is_crowded());
        left.merge(right);
        assert_eq!(left, counts(0..=most));
        assert!(!counts(0..most).is_crowded());
    }

    #[test]
    fn the_commonest_is_known_by_its_text_or_its_number() {
        let named = Counts::of(vec![(9, 2, "udp".into()), (4, 5, "tcp".into())]);
        assert_eq!(named.commonest().map(|value| value.name()).as_deref(), Some("tcp"));
        let port = Counts::of(vec![(super::super::number_key(443.0), 2, String::new())]);
        assert_eq!(port.commonest().map(|value| value.name()).as_deref(), Some("443"));
        assert_eq!(Counts::default().commonest(), None);
    }

    proptest! {
        #[test]
        fn merging_adds_rows_and_keeps_texts(keys in prop::collection::btree_set(0u32..40, 0..30), cut in 0u32..40, both: bool) {
            let value = |&key: &u32| (key, u64::from(key) + 1, format!("value {key}"));
            let of = |keys: &mut dyn Iterator<Item = &u32>| Counts::of(keys.map(value).collect());
            let mut merged = of(&mut keys.iter().filter(|&&key| key < cut || both));
            merged.merge(of(&mut keys.iter().filter(|&&key| key >= cut)));
            let twice = |key| both && key >= cut;
            for (value, key) in merged.iter().zip(&keys) {
                let rows = (u64::from(*key) + 1) * if twice(*key) { 2 } else { 1 };
                prop_assert_eq!(value, Value { key: *key, rows, text: &format!("value {key}") });
            }
            prop_assert_eq!(merged.len(), keys.len());
        }
    }
}
