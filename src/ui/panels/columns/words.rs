//! One column of the table, in words.

use crate::{
    engine::Dataset,
    features::FeaturePlan,
    report::Scale,
    table::{Field, Kind, Role, Storage},
    ui::{
        format,
        words::{self, encoding, gaps, omission},
    },
};

/// What a column can mean, as it is chosen from.
pub const ROLES: [Role; 10] = [
    Role::Measure,
    Role::Duration,
    Role::Category,
    Role::Port,
    Role::Protocol,
    Role::Ip,
    Role::Time,
    Role::Identifier,
    Role::Label,
    Role::Ignored,
];

/// What is known of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFacts {
    /// How its cells are written, and what they are counted in.
    pub kind: String,
    /// Cells without a finite value.
    pub gaps: String,
    /// Different values.
    pub distinct: String,
    /// The least value.
    pub least: String,
    /// The commonest value where values are counted, else the median.
    pub middle: String,
    /// The greatest value.
    pub greatest: String,
    /// Its small chart: an SVG path in a box of [`SHAPE`].
    pub shape: String,
    /// What the small chart shows.
    pub shape_words: String,
    /// How it was compared, or why not, once the detector was run.
    pub compared: String,
}

/// What a column is taken for, and why.
pub fn because(field: &Field) -> String {
    format!("{}: {}", field.role.word(), field.because)
}

/// What is known of a column; of a plan, what the last run made of it.
pub fn column(dataset: &Dataset, plan: Option<&FeaturePlan>, column: usize) -> Option<ColumnFacts> {
    let schema = &dataset.layout.schema;
    let (field, stats, typical) =
        (schema.fields.get(column)?, dataset.profile.columns.get(column)?, dataset.typical.get(column)?);
    let number = |value: Option<f64>| value.map_or_else(none, |value| words::amount(value, field));
    let [least, greatest] = match field.storage() {
        _ if !stats.has_numbers() => [none(), none()],
        Storage::Time { .. } => stats.exact.map(|nanoseconds| words::moment(nanoseconds, field)),
        _ => [stats.min, stats.max].map(|value| words::amount(value, field)),
    };
    let exact = stats.counts.is_some() || dataset.described_rows as u64 == dataset.profile.rows;
    let at_least = if exact { "" } else { "≥ " };
    let compared = plan.map_or_else(none, |plan| {
        let feature = plan.compared().find(|feature| feature.column == column);
        let left_out = || plan.left_out.iter().find(|left| left.0 == column);
        match (feature, left_out()) {
            (Some(feature), _) => encoding(&feature.encoding).to_owned(),
            (None, Some(&(_, why))) => format!("no: {}", omission(why, schema)),
            (None, None) => none(),
        }
    });
    let shape_words = match (&typical.commonest, typical.scale(stats)) {
        (Some(_), _) => "Number of flows by value, the most common first".to_owned(),
        (None, Scale::Linear) => format!("Number of flows from {least} to {greatest}"),
        (None, Scale::SignedLog | Scale::Log) => {
            format!("Number of flows from {least} to {greatest}, on a logarithmic scale")
        }
    };
    Some(ColumnFacts {
        kind: match (field.kind, field.unit) {
            (Kind::Number, Some(unit)) => format!("number, {}", unit.symbol()),
            (Kind::Number, None) => "number".to_owned(),
            (Kind::Text, _) => "text".to_owned(),
        },
        gaps: gaps(dataset, column).map_or_else(none, |gaps| gaps.1),
        distinct: typical.distinct.map_or_else(none, |distinct| format!("{at_least}{}", format::count(distinct))),
        least,
        middle: typical.commonest.clone().unwrap_or_else(|| number(typical.median)),
        greatest,
        shape: path(&typical.shape),
        shape_words,
        compared,
    })
}

fn none() -> String {
    "–".to_owned()
}

/// Width and height of the box that small charts are drawn in.
pub const SHAPE: [u32; 2] = [72, 20];

/// Bars side by side as one path. A bar that is not empty can be seen.
fn path(bars: &[u32]) -> String {
    let [width, height] = SHAPE.map(f64::from);
    let most = f64::from(bars.iter().copied().max().unwrap_or(0));
    let step = width / bars.len().max(12) as f64;
    let bar = |(place, &rows): (usize, &u32)| {
        let tall = (f64::from(rows) / most * height).max(1.0);
        format!("M{:.1} {height}v-{tall:.1}h{:.1}v{tall:.1}z", place as f64 * step, step * 0.85)
    };
    bars.iter().enumerate().filter(|(_, rows)| **rows > 0).map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{self, Options},
        ui::words::tests::dataset_of,
    };

    fn text() -> String {
        let row = |n: usize| {
            format!(
                "{},{},{},{}\n",
                n % 7,
                if n == 9 { String::new() } else { n.to_string() },
                5,
                ["tcp", "tcp", "udp"][n % 3]
            )
        };
        format!("sevens,bytes,same,proto\n{}", (0..60).map(row).collect::<String>())
    }

    #[test]
    fn a_column_is_told_by_its_figures() {
        let (_, dataset) = dataset_of(&text());
        let facts = column(&dataset, None, 1).expect("a column");
        assert_eq!((facts.kind.as_str(), facts.compared.as_str()), ("number, B", "–"));
        assert_eq!((facts.least.as_str(), facts.middle.as_str(), facts.greatest.as_str()), ("0 B", "30 B", "59 B"));
        assert_eq!((facts.gaps.as_str(), facts.distinct.as_str()), ("1 missing", "59"));
        let facts = column(&dataset, None, 3).expect("a column");
        assert_eq!((facts.kind.as_str(), facts.middle.as_str()), ("text", "tcp"));
        assert_eq!((facts.least.as_str(), facts.distinct.as_str(), facts.gaps.as_str()), ("–", "2", "–"));
        assert_eq!(column(&dataset, None, 4), None);
        let told = |column: usize| because(&dataset.layout.schema.fields[column]);
        assert_eq!((told(1).as_str(), told(3).as_str()), ("measure: named so", "protocol: named so"));
    }

    #[test]
    fn a_run_says_how_a_column_was_compared() {
        let (host, dataset) = dataset_of(&text());
        let outcome = futures_executor::block_on(engine::run(&host, &dataset, Options::default())).expect("runs");
        let compared = |place| column(&dataset, Some(&outcome.plan), place).map(|facts| facts.compared);
        assert_eq!(compared(1).as_deref(), Some("log scale"));
        assert_eq!(compared(2).as_deref(), Some("no: constant"));
        assert_eq!(compared(3).as_deref(), Some("rarity of the value"));
    }

    #[test]
    fn every_bar_that_is_not_empty_is_drawn() {
        assert_eq!(path(&[]), "");
        assert_eq!(path(&[0, 0]), "");
        let bars = path(&[1_000_000, 0, 1]);
        assert_eq!(bars.matches('z').count(), 2);
        assert!(bars.starts_with("M0.0 20v-20.0") && bars.contains("v-1.0"));
    }
}
