//! Headers that lack a name.

use super::{Family, recognise};

/// Where in a header a name is missing for a column that repeats another, as some versions of CICFlowMeter write the
/// forward header length twice and name it once: its place, and the name. `repeats` tells whether two columns of the rows
/// are equal.
pub(in crate::ingest) fn unnamed_repeat(
    names: &[String],
    repeats: impl Fn(usize, usize) -> bool,
) -> Option<(usize, &'static str)> {
    let family = recognise(names.iter().map(String::as_str))?;
    let place_of = |wanted: &super::Column| {
        names.iter().position(|name| family.column(name).is_some_and(|column| std::ptr::eq(column, wanted)))
    };
    repeated_columns(family).find_map(|(place, first)| {
        // It stands behind the column that the tool writes before it.
        let before = place_of(family.columns.get(place.checked_sub(1)?)?)?;
        let absent = place_of(&family.columns[place]).is_none();
        let original = place_of(&family.columns[first])?;
        (absent && repeats(original, before + 1)).then(|| (before + 1, family.columns[place].names[0]))
    })
}

/// Optional columns that mean what an earlier one means: their places and the earlier ones'.
fn repeated_columns(family: &Family) -> impl Iterator<Item = (usize, usize)> {
    family.columns.iter().enumerate().filter(|(_, column)| column.optional).filter_map(|(place, column)| {
        let first = family.columns[..place].iter().position(|earlier| earlier.meaning == column.meaning)?;
        Some((place, first))
    })
}
