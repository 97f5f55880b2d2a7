//! An outline on two columns, such as a lasso draws over a chart: how it is typed, and which rows are inside.
//!
//! ```text
//! inside:"Flow.Duration (signed log) / Total.Fwd.Packets (linear): 10 / 1; 2000 / 1; 300 / 9.5"
//! ```
//! Corners are values of the columns. The edges between them are straight where they were drawn: on the scales of the axes.

use serde::{Deserialize, Serialize};

use super::{
    FilterError, RankedCells,
    parse::{amount, columns, moment},
};
use crate::{
    report::Scale,
    table::{Column, Field, MISSING_WHOLE, Schema, Storage},
};

const SCALES: [(Scale, &str); 3] = [(Scale::Linear, "linear"), (Scale::SignedLog, "signed log"), (Scale::Log, "log")];
/// Between what is of the horizontal and what is of the vertical axis. Dates have slashes without blanks.
const BESIDE: &str = " / ";

/// An area on two columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// The columns: of the horizontal axis, and of the vertical one.
    pub columns: [usize; 2],
    scales: [Scale; 2],
    /// Where they are drawn.
    corners: Vec<[f64; 2]>,
}

impl Outline {
    /// Corners that one can have.
    pub const MOST: usize = 64;
    /// Corners that one must have.
    pub const FEWEST: usize = 3;

    /// Reads what stands behind `inside:`.
    pub(super) fn read(text: &str, schema: &Schema) -> Result<Self, FilterError> {
        // Names may hold anything, corners no bracket.
        let end = text.rfind("):").ok_or(FilterError::NoOutline)?;
        let (columns, scales) = head(&text[..=end], schema)?;
        let corners = text[end + 2..].trim().trim_end_matches(';');
        let count = corners.split(';').count();
        if !(Self::FEWEST..=Self::MOST).contains(&count) {
            return Err(FilterError::Corners(count));
        }
        let corner = |text: &str| {
            let (x, y) = text.trim().split_once(BESIDE).ok_or(FilterError::NoOutline)?;
            let place = |side: usize, text: &str| {
                let value = value(text.trim(), columns[side], schema)?;
                place(scales[side], value).ok_or_else(|| FilterError::NoPlace(text.trim().to_owned()))
            };
            Ok([place(0, x)?, place(1, y)?])
        };
        Ok(Self { columns, scales, corners: corners.split(';').map(corner).collect::<Result<_, _>>()? })
    }

    /// Whether a row is inside, by what is kept of its numbers. One that lacks a value is not.
    pub(super) fn holds(&self, row: RankedCells<'_>) -> bool {
        let [x, y] = [0, 1].map(|side| place(self.scales[side], number(row, self.columns[side])?));
        x.zip(y).is_some_and(|(x, y)| self.contains([x, y]))
    }

    /// The even-odd rule: a ray from the place to the left crosses the edges an odd number of times.
    fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let before = self.corners.iter().cycle().skip(self.corners.len().saturating_sub(1));
        let crossed = |(a, b): &(&[f64; 2], &[f64; 2])| {
            (a[1] > y) != (b[1] > y) && a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) < x
        };
        before.zip(&self.corners).filter(crossed).count() % 2 == 1
    }
}

/// The term of an outline; corners are values as they are typed.
#[must_use]
pub fn written(fields: [&Field; 2], scales: [Scale; 2], corners: &[[String; 2]]) -> String {
    let mut text = "inside:\"".to_owned();
    for side in [0, 1] {
        // Quotes cannot stand in quotes; names are found without them.
        text.push_str(&fields[side].name.replace('"', ""));
        text.push_str(" (");
        text.push_str(SCALES.iter().find(|known| known.0 == scales[side]).map_or("", |known| known.1));
        text.push_str(if side == 0 { ") / " } else { "):" });
    }
    for (number, [x, y]) in corners.iter().enumerate() {
        for part in [if number == 0 { " " } else { "; " }, x, BESIDE, y] {
            text.push_str(part);
        }
    }
    text.push('"');
    text
}

/// `name (scale) / name (scale)`, cut where both sides are known: names may look like that as well.
fn head(text: &str, schema: &Schema) -> Result<([usize; 2], [Scale; 2]), FilterError> {
    let mut error = FilterError::NoOutline;
    for (at, _) in text.rmatch_indices(") / ") {
        match (axis(&text[..=at], schema), axis(&text[at + 1 + BESIDE.len()..], schema)) {
            (Ok(x), Ok(y)) => return Ok(([x.0, y.0], [x.1, y.1])),
            (Err(wrong), _) | (_, Err(wrong)) => error = wrong,
        }
    }
    Err(error)
}

/// `name (scale)`
fn axis(text: &str, schema: &Schema) -> Result<(usize, Scale), FilterError> {
    let parts = text.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let (name, scale) = parts.ok_or(FilterError::NoOutline)?;
    let scale = SCALES.iter().find(|known| known.1 == scale.trim()).ok_or(FilterError::NoOutline)?.0;
    let name = name.strip_suffix(' ').unwrap_or(name);
    // Of columns whose names differ in punctuation alone, the one that is called just so.
    let found = columns(name, schema);
    if found.is_empty() {
        return Err(FilterError::NoColumn(name.trim().to_owned()));
    }
    let numbers = |column: &usize| matches!(schema.fields[*column].storage(), Storage::Number | Storage::Time { .. });
    let exact = found.iter().copied().filter(|&column| schema.fields[column].name == name).find(numbers);
    let column = exact.or_else(|| found.into_iter().find(numbers));
    Ok((column.ok_or_else(|| FilterError::NoNumbers(name.trim().to_owned()))?, scale))
}

/// A corner's value in the column's unit.
fn value(text: &str, column: usize, schema: &Schema) -> Result<f64, FilterError> {
    let field = &schema.fields[column];
    match (moment(text, column, schema), field.storage()) {
        (Some((_, nanoseconds)), Storage::Time { per }) => Ok(nanoseconds as f64 / per as f64),
        _ => amount(text, field.unit),
    }
}

/// Where a value is drawn, if it has a place.
fn place(scale: Scale, value: f64) -> Option<f64> {
    let has_place = value.is_finite() && (scale != Scale::Log || value > 0.0);
    has_place.then(|| scale.place(value)).filter(|place| place.is_finite())
}

/// What a row has in a column of numbers, as charts draw it, or of times. The same number is kept exactly in one block and
/// rounded in another, by the numbers beside it, and must not be inside for that.
fn number(row: RankedCells<'_>, column: usize) -> Option<f64> {
    match row.block.columns.get(column)? {
        Column::Number(cells) => Some(f64::from(f32::from_bits(cells.at(row.place)))),
        Column::Time { cells, per } => {
            let cell = cells.at(row.place);
            (cell != MISSING_WHOLE).then(|| cell as f64 / *per as f64)
        }
        cells => {
            let cell = cells.exact()?.0.at(row.place);
            (cell != MISSING_WHOLE).then(|| f64::from(cell as f64 as f32))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Filter, Test},
        table::{Kind, Role},
    };

    fn schema(names: &[&str]) -> Schema {
        let mut fields: Vec<Field> = names.iter().map(|name| Field::new(*name, Kind::Number, Role::Measure)).collect();
        fields.push(Field::new("Note", Kind::Text, Role::Category));
        Schema { fields }
    }

    fn read(text: &str, schema: &Schema) -> Result<Outline, FilterError> {
        Filter::parse(text, schema).map(|mut filter| match filter.terms.pop().map(|term| term.test) {
            Some(Test::Inside(outline)) => outline,
            other => panic!("{text}: {other:?}"),
        })
    }

    fn corners(places: &[[f64; 2]]) -> Vec<[String; 2]> {
        places.iter().map(|corner| corner.map(|value| value.to_string())).collect()
    }

    #[test]
    fn outlines_are_read_as_they_are_written() {
        let names = [
            "Flow.Duration",
            "Flow Duration",
            "a / b",
            "a (log) / b",
            "b",
            "a",
            "Größe: (max), 5;",
            "tail\"s",
            "%",
            "$",
            "inside",
            "-1",
            "x):",
        ];
        let schema = schema(&names);
        let values = [[-1.5, 2.0], [1e9, 0.001], [7.25, 1_048_577.0]];
        for x in 0..names.len() {
            for y in 0..names.len() {
                for (scale, _) in SCALES {
                    let scales = [Scale::SignedLog, scale];
                    let text = written([x, y].map(|at| &schema.fields[at]), scales, &corners(&values));
                    let outline = read(&text, &schema).unwrap_or_else(|error| panic!("{text}: {error}"));
                    let places = values.map(|[x, y]| [Scale::SignedLog.place(x), scale.place(y)]).to_vec();
                    assert_eq!(outline, Outline { columns: [x, y], scales, corners: places }, "{text}");
                    let negated = Filter::parse(&format!("-{text}"), &schema).expect("a filter");
                    assert!(negated.terms[0].negated && negated.terms[0].test == Test::Inside(outline));
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        let schema = schema(&["a", "b"]);
        let error = |text: &str| read(&format!("inside:\"{text}\""), &schema).expect_err(text);
        let many = vec!["1 / 2"; Outline::MOST + 1].join("; ");
        assert_eq!(error(&format!("a (linear) / b (log): {many}")), FilterError::Corners(65));
        assert_eq!(error("a (linear) / b (log): 1 / 2; 3 / 4"), FilterError::Corners(2));
        assert_eq!(error("a (linear) / b (log):"), FilterError::Corners(1));
        assert_eq!(error("a (linear) / c (log): 1 / 2; 3 / 4; 5 / 6"), FilterError::NoColumn("c".into()));
        assert_eq!(error("Note (linear) / b (log): 1 / 2; 3 / 4; 5 / 6"), FilterError::NoNumbers("Note".into()));
        assert_eq!(error("a (linear) / b (log): 1 / 2; 3 / 4; NaN / 6"), FilterError::NoNumber("NaN".into()));
        assert_eq!(error("a (linear) / b (log): 1 / 2; 3 / 4; inf / 6"), FilterError::NoNumber("inf".into()));
        assert_eq!(error("a (linear) / b (log): 1 / 2; 3 / 4; 5 / x"), FilterError::NoNumber("x".into()));
        assert_eq!(error("a (linear) / b (log): 1 / 2; 3 / 4; 5 / 0"), FilterError::NoPlace("0".into()));
        for text in ["a", "a (root) / b (log): 1 / 2; 3 / 4; 5 / 6", "a (log): 1; 2; 3", "a (log) / b (log): 1; 2; 3"] {
            assert_eq!(error(text), FilterError::NoOutline, "{text}");
        }
    }

    #[test]
    fn corners_are_in_the_columns_units_and_times_as_times() {
        let text = "start,bytes\n2017-07-05 10:00:00,1\n2017-07-05 11:00:00,2\n";
        let layout =
            crate::ingest::Layout::sniff(text.as_bytes(), text.len() as u64, &crate::ingest::Choices::default());
        let schema = layout.expect("a table").0.schema;
        let typed = |time: &str| format!("inside:\"start (linear) / bytes (linear): {time} / 1.5k; 0 / 0; 9 / 0\"");
        let by_date = read(&typed("2017-07-05 10:00:00"), &schema).expect("an outline");
        assert_eq!(by_date.corners[0], [1_499_248_800.0, 1_500.0]);
        assert_eq!(read(&typed("1499248800"), &schema).expect("an outline"), by_date);
    }

    /// Whether a place is inside by another way: how often the edges turn around it, each edge once.
    fn turns(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
        let angle = |corner: [f64; 2]| (corner[1] - y).atan2(corner[0] - x);
        let mut total = 0.0;
        for (at, &corner) in corners.iter().enumerate() {
            let mut turn = angle(corners[(at + 1) % corners.len()]) - angle(corner);
            turn -= (turn / std::f64::consts::TAU).round() * std::f64::consts::TAU;
            total += turn;
        }
        (total / std::f64::consts::TAU).round() as i64 % 2 != 0
    }

    #[test]
    fn inside_is_as_drawn_on_every_pair_of_scales() {
        let schema = schema(&["a", "b"]);
        // A star that crosses itself: its middle is outside.
        let star = [[1.0, 2.0], [900.0, 40.0], [3.0, 800.0], [60.0, 0.5], [500.0, 900.0]];
        let mut told_apart = 0;
        for (x_scale, _) in SCALES {
            for (y_scale, _) in SCALES {
                let scales = [x_scale, y_scale];
                let text = written([0, 1].map(|at| &schema.fields[at]), scales, &corners(&star));
                let outline = read(&text, &schema).expect("an outline");
                let drawn = star.map(|[x, y]| [x_scale.place(x), y_scale.place(y)]);
                let mut inside = 0;
                for x in 0..40 {
                    for y in 0..40 {
                        let value = [0.7 * 1.21_f64.powi(x), 0.4 * 1.23_f64.powi(y)];
                        let at = [x_scale.place(value[0]), y_scale.place(value[1])];
                        assert_eq!(outline.contains(at), turns(&drawn, at), "{scales:?} {value:?}");
                        inside += u32::from(outline.contains(at));
                    }
                }
                told_apart += u32::from(inside > 20 && inside < 1_000);
            }
        }
        assert_eq!(told_apart, 9);
        assert_eq!(place(Scale::Log, 0.0), None);
        assert_eq!(place(Scale::Linear, f64::NAN), None);
    }
}
