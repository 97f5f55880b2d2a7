//! Parts of a column in words, and as terms of a filter.

use crate::{
    engine::Dataset,
    report::{Cut, Parts, edit::written},
    table::{Field, Kind},
    ui::{findings::name_of, words},
};

/// Characters of a counted text that are kept.
const CUT: usize = 64;

/// What is in a part; of the one behind all others, values that are missing.
pub fn part(cut: &Cut, part: usize, dataset: &Dataset) -> String {
    match &cut.parts {
        _ if part >= cut.parts() => "missing or infinite".to_owned(),
        Parts::Stretches(ends) => {
            let (field, profile) = (field(cut, dataset), &dataset.profile.columns[cut.column]);
            let low = part.checked_sub(1).map_or(profile.min, |before| f64::from(ends[before]));
            let high = ends.get(part).map_or(profile.max, |&end| f64::from(end));
            format!("{} to {}", words::amount(low, field), words::amount(high, field))
        }
        Parts::Values(values) => match values.iter().find(|value| usize::from(value.1) == part) {
            Some(value) => name_of(value.0, cut.column, dataset),
            None => "all others".to_owned(),
        },
    }
}

/// What leaves the flows of a part, if the filter can say that.
pub fn terms(cut: &Cut, part: usize, dataset: &Dataset) -> Option<Vec<String>> {
    let name = &field(cut, dataset).name;
    match &cut.parts {
        _ if part >= cut.parts() => None,
        Parts::Stretches(ends) => {
            let low = part.checked_sub(1).map(|before| (">=", ends[before]));
            let ends = [low, ends.get(part).map(|&end| ("<", end))].into_iter().flatten();
            ends.map(|(sign, end)| written(name, sign, &end.to_string())).collect()
        }
        Parts::Values(values) => {
            let value = values.iter().find(|value| usize::from(value.1) == part)?;
            let text = name_of(value.0, cut.column, dataset);
            // Of longer texts, only the beginning is known.
            let whole = field(cut, dataset).kind == Kind::Text && text.chars().count() < CUT;
            Some(vec![written(name, if whole { "=" } else { ":" }, &text)?])
        }
    }
}

/// The column's field.
pub fn field<'a>(cut: &Cut, dataset: &'a Dataset) -> &'a Field {
    &dataset.layout.schema.fields[cut.column]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ui::words::tests::dataset_of;

    #[test]
    fn a_part_is_told_and_looked_for() {
        let mut text = "proto,bytes\n".to_owned();
        for row in 0..100 {
            text += &format!("{},{}\n", if row < 90 { "tcp" } else { "udp" }, row * 10);
        }
        let dataset = Arc::new(dataset_of(&text).1);
        let cut = |column: usize| {
            let field = &dataset.layout.schema.fields[column];
            Cut::new(column, field, &dataset.profile.columns[column], &dataset.typical[column]).expect("it has parts")
        };
        let (proto, bytes) = (cut(0), cut(1));
        assert_eq!(
            [0, 1, 2, 3].map(|place| part(&proto, place, &dataset)),
            ["tcp", "udp", "all others", "missing or infinite"]
        );
        assert_eq!(terms(&proto, 1, &dataset), Some(vec!["proto=udp".to_owned()]));
        assert_eq!((terms(&proto, 2, &dataset), terms(&proto, 3, &dataset)), (None, None));
        assert_eq!(part(&bytes, 0, &dataset), "0 B to 41.3 B");
        assert_eq!(terms(&bytes, 0, &dataset), Some(vec!["bytes<41.3".to_owned()]));
        assert_eq!(terms(&bytes, 1, &dataset), Some(vec!["bytes>=41.3".to_owned(), "bytes<82.5".to_owned()]));
        assert_eq!(terms(&bytes, bytes.parts() - 1, &dataset).map(|terms| terms.len()), Some(1));
    }
}
