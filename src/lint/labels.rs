//! What a label asks of the other columns: which rows are of a class?

use super::Described;
use crate::table::{MISSING_KEY, Value};

/// Words of the values that stand for traffic without anything to find.
const NORMAL: [&str; 6] = ["benign", "normal", "background", "legitimate", "harmless", "clean"];
/// The same where they are the whole value.
const NO: [&str; 5] = ["0", "false", "no", "none", "-"];
/// Where no value stands for normal traffic, the classes that one row in so many has are asked for.
const SHARE: u64 = 20;

/// Which rows are of a class of a label?
pub(super) struct Question {
    pub label: usize,
    /// The class's name.
    pub class: String,
    /// The answer, per sampled row; `None` where the label is missing.
    pub rows: Vec<Option<bool>>,
}

impl Question {
    /// `members` ascend.
    fn new(label: usize, class: String, keys: &[u32], members: &[u32]) -> Self {
        let answer = |&key: &u32| (key != MISSING_KEY).then(|| members.binary_search(&key).is_ok());
        Self { label, class, rows: keys.iter().map(answer).collect() }
    }

    /// What is asked of a label: which rows are normal. Where nothing says which value that is, which rows have the
    /// commonest value, and each other one that is not rare.
    pub fn of(table: Described, label: usize) -> Vec<Self> {
        let Some(counts) = &table.profile.columns[label].counts else { return Vec::new() };
        let keys = table.keys(label);
        let normal: Vec<Value> = counts.iter().filter(|value| is_normal(&value.name())).collect();
        if !normal.is_empty() && normal.len() < counts.len() {
            let class = if let [value] = normal[..] { value.name() } else { "normal".to_owned() };
            // Counts are in the order of the keys.
            let members: Vec<u32> = normal.iter().map(|value| value.key).collect();
            return vec![Self::new(label, class, &keys, &members)];
        }
        let commonest = counts.commonest().map(|value| value.key);
        let asked = counts
            .iter()
            .filter(|value| Some(value.key) == commonest || value.rows.saturating_mul(SHARE) >= table.profile.rows);
        // Of two classes, either asks for the other.
        let most = if counts.len() == 2 { 1 } else { usize::MAX };
        asked.take(most).map(|value| Self::new(label, value.name(), &keys, &[value.key])).collect()
    }
}

/// Whether a label stands for traffic without anything to find, by its name.
#[must_use]
pub fn is_normal(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NO.contains(&name.as_str())
        || name.split(|sign: char| !sign.is_ascii_alphanumeric()).any(|word| NORMAL.contains(&word))
}
