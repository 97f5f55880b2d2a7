//! What is noteworthy about the data, in words and by kind.

use crate::{
    engine::Dataset,
    lint::{Amount, Kind, Lint, Remedy},
    ui::format,
};

/// One kind, with the columns that it was noticed in.
#[derive(Debug, Clone, PartialEq)]
pub struct LintGroup {
    /// The kind's name for scripts.
    pub kind: &'static str,
    /// What was noticed.
    pub said: String,
    /// What that means for the comparison.
    pub note: &'static str,
    /// What can be done.
    pub remedy: Remedy,
    /// Where; empty where it is about rows.
    pub columns: Vec<LintedColumn>,
}

/// A column that something was noticed in.
#[derive(Debug, Clone, PartialEq)]
pub struct LintedColumn {
    /// Its name.
    pub name: String,
    /// What was noticed in this one.
    pub about: String,
}

/// Everything that was noticed, a group per kind.
pub fn lint_groups(dataset: &Dataset) -> Vec<LintGroup> {
    let of_kind = |lints: &[Lint]| {
        let &Lint { kind, amount, remedy, .. } = lints.first()?;
        let columns: Vec<LintedColumn> = lints.iter().filter_map(|lint| linted(dataset, lint)).collect();
        let said = match kind {
            Kind::RepeatedRows => repeated(amount),
            _ => {
                format!("{} {}", format::counted(columns.len() as u64, "column", "columns"), words(kind, columns.len()))
            }
        };
        Some(LintGroup { kind: name(kind), said, note: note(kind), remedy, columns })
    };
    dataset.lints.chunk_by(|a, b| a.kind == b.kind).filter_map(of_kind).collect()
}

/// What the button says that does it.
pub fn remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::LeaveOut => "Leave out",
        Remedy::MinusOneIsMissing => "Read −1 as missing",
        Remedy::LogarithmicScale => "Use a logarithmic scale",
        Remedy::DeduplicateTrainingRows => "Train on each distinct flow once",
    }
}

fn linted(dataset: &Dataset, lint: &Lint) -> Option<LintedColumn> {
    let name = |column: usize| dataset.layout.schema.fields.get(column).map(|field| field.name.clone());
    let about = match (lint.kind, lint.other.and_then(name)) {
        (Kind::LabelInDisguise, Some(other)) => format!("matches the label {other}"),
        (Kind::Renamed, Some(other)) => format!("matches {other}"),
        (Kind::Duplicate, Some(other)) => format!("equals {other}"),
        (Kind::NearDuplicate, Some(other)) => format!("follows {other}"),
        (Kind::Constant, _) => String::new(),
        _ => amount_in(lint.amount),
    };
    Some(LintedColumn { name: name(lint.column?)?, about })
}

fn amount_in(amount: Amount) -> String {
    match amount {
        Amount::Rows(rows) => format!("in {}", format::counted(rows, "flow", "flows")),
        Amount::Share(share) => format!("in {}", about_percent(share)),
    }
}

fn about_percent(share: f64) -> String {
    // A share of a sample.
    format!("about {} of the flows", format::percent((share * 1e6) as u64, 1_000_000))
}

fn repeated(amount: Amount) -> String {
    match amount {
        Amount::Rows(1) => "1 flow repeats an earlier one in every column that could tell them apart".to_owned(),
        Amount::Rows(rows) => {
            format!("{} flows repeat an earlier one in every column that could tell them apart", format::count(rows))
        }
        Amount::Share(share) => {
            let flows = about_percent(share);
            let flows = flows.strip_prefix("about ").unwrap_or(&flows);
            format!("About {flows} repeat an earlier one in every column that could tell them apart")
        }
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::LabelInDisguise => "label-in-disguise",
        Kind::Renamed => "renamed",
        Kind::Duplicate => "duplicate",
        Kind::NearDuplicate => "near-duplicate",
        Kind::MinusOne => "minus-one",
        Kind::Infinite => "infinite",
        Kind::MixedUnits => "mixed-units",
        Kind::RepeatedRows => "repeated-rows",
        Kind::Constant => "constant",
        Kind::Skewed => "skewed",
    }
}

/// What was noticed, behind a number of columns.
fn words(kind: Kind, columns: usize) -> &'static str {
    let [one, many] = match kind {
        Kind::LabelInDisguise => ["matches a label, value for value", "match a label, value for value"],
        Kind::Renamed => ["mirrors another column", "mirror other columns"],
        Kind::Duplicate => ["equals another one in every flow", "equal another one in every flow"],
        Kind::NearDuplicate => ["nearly duplicates another one", "nearly duplicate others"],
        Kind::MinusOne => ["has −1 where no other value is negative", "have −1 where no other value is negative"],
        Kind::Infinite => ["has infinite values", "have infinite values"],
        Kind::MixedUnits => ["seems to mix two units", "seem to mix two units"],
        Kind::RepeatedRows => ["has repeated rows", "have repeated rows"],
        Kind::Constant => ["is constant", "are constant"],
        Kind::Skewed => ["has a few values far beyond all others", "have a few values far beyond all others"],
    };
    if columns == 1 { one } else { many }
}

/// What it means for the comparison.
fn note(kind: Kind) -> &'static str {
    match kind {
        Kind::LabelInDisguise => "A detector that compares it sees the answer.",
        Kind::Renamed | Kind::NearDuplicate => "Compared twice, the same thing counts twice.",
        Kind::Duplicate => "Recommended compares only the first of equals.",
        Kind::MinusOne => "It may mean “missing”.",
        Kind::Infinite => "Rates of flows with zero duration; they count as the largest finite value.",
        Kind::MixedUnits => "Its values form two groups, a factor of 1,000 or more apart.",
        Kind::RepeatedRows => {
            "Repeated flows look normal to a detector. Trained on each distinct flow once, it no longer prefers them; all flows are scored."
        }
        Kind::Constant => "Recommended skips such columns by itself.",
        Kind::Skewed => "Classic squeezes all other values together; Recommended uses a logarithmic scale.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::dataset_of;

    #[test]
    fn lints_are_grouped_by_kind_with_what_can_be_done() {
        let row = |n: usize| {
            format!("{},{},{},0,0,{}\n", n * 3, n * 3, if n.is_multiple_of(4) { -1 } else { n as i64 }, n % 5)
        };
        let text = format!("a,b,window,c,d,e\n{}", (1..80).map(row).collect::<String>());
        let (_, dataset) = dataset_of(&text);
        let groups = lint_groups(&dataset);
        let find = |kind: &str| groups.iter().find(|group| group.kind == kind).expect("a group");
        assert_eq!(find("constant").said, "2 columns are constant");
        assert_eq!(find("constant").remedy, Remedy::LeaveOut);
        assert_eq!(find("duplicate").columns, [LintedColumn { name: "b".into(), about: "equals a".into() }]);
        let minus = find("minus-one");
        assert_eq!(minus.said, "1 column has −1 where no other value is negative");
        assert_eq!(minus.columns[0].about, "in 19 flows");
        assert_eq!(remedy(minus.remedy), "Read −1 as missing");
    }

    #[test]
    fn a_share_of_the_sample_is_no_exact_number() {
        assert_eq!(amount_in(Amount::Share(0.031)), "in about 3.1 % of the flows");
        assert_eq!(amount_in(Amount::Rows(1_234)), "in 1,234 flows");
        assert!(repeated(Amount::Share(0.25)).starts_with("About 25 % of the flows repeat"));
    }
}
