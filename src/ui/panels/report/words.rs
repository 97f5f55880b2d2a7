//! What is noteworthy about the data, in words and by kind.

use crate::{
    engine::Dataset,
    lint::{Amount, Exponent, Kind, Lint, Relation, Remedy},
    numeric::grouped::grouped,
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
        (Kind::Leak | Kind::Derived, Some(other)) => {
            let relation = related(lint.relation.as_ref()?, &other, |column| name(column).unwrap_or_default());
            if lint.kind == Kind::Leak { relation } else { relation + &held(dataset, lint) }
        }
        (Kind::Constant, _) => String::new(),
        _ => amount_in(lint.amount),
    };
    Some(LintedColumn { name: name(lint.column?)?, about })
}

/// What a column is to another one, behind its name.
fn related(relation: &Relation, other: &str, name: impl Fn(usize) -> String) -> String {
    match relation {
        Relation::Separates { class, auroc } => {
            // Cut, not rounded: only what never fails is a 1.
            let cut = libm::floor(auroc * 1_000.0) / 1_000.0;
            format!("tells “{class}” from all else in {other} (AUROC {cut:.3})")
        }
        Relation::Equal => format!("equals {other}"),
        Relation::Power { factor, exponent } => {
            let power = match exponent {
                Exponent::One => other.to_owned(),
                Exponent::Two => format!("the square of {other}"),
                Exponent::Half => format!("the square root of {other}"),
            };
            let sign = if *factor < 0.0 { "−" } else { "" };
            match (*factor == 1.0, exponent) {
                (true, Exponent::One) => format!("equals {other} to four digits"),
                (true, _) => format!("is {power}"),
                (false, _) => format!("is {sign}{} times {power}", grouped(&format::digits(factor.abs()))),
            }
        }
        Relation::Sum(second) => format!("is the sum of {other} and {}", name(*second)),
    }
}

/// In which flows a relation was seen to hold, where that is not all.
fn held(dataset: &Dataset, lint: &Lint) -> String {
    let second = if let Some(Relation::Sum(second)) = lint.relation { Some(second) } else { None };
    let gaps =
        |column: usize| dataset.profile.columns.get(column).is_some_and(|stats| stats.missing + stats.infinite > 0);
    let there =
        if lint.column.into_iter().chain(lint.other).chain(second).any(gaps) { ", where they have values" } else { "" };
    let flows = match lint.amount {
        Amount::Rows(0) => String::new(),
        Amount::Rows(rows) => format!(", but in {}", format::counted(rows, "flow", "flows")),
        Amount::Share(0.0) => format!(", in {} flows that were drawn", format::count(dataset.described_rows as u64)),
        Amount::Share(share) => format!(", but in {}", about_percent(share)),
    };
    format!("{there}{flows}")
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
        Kind::Leak => "leak",
        Kind::Renamed => "renamed",
        Kind::Duplicate => "duplicate",
        Kind::Derived => "derived",
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
        Kind::Leak => ["gives a label away", "give a label away"],
        Kind::Renamed => ["mirrors another column", "mirror other columns"],
        Kind::Duplicate => ["equals another one in every flow", "equal another one in every flow"],
        Kind::Derived => ["can be computed from others", "can be computed from others"],
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
        Kind::Leak => {
            "A detector that compares it may see the answer. Leave it out unless it is known of new flows as well."
        }
        Kind::Renamed | Kind::Derived => "Compared twice, the same thing counts twice.",
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
    fn relations_are_told_as_they_were_found() {
        let row = |n: usize| {
            let (std, fwd, back) = (n * 37 % 391, n * 7 % 197, n * 11 % 251);
            let bytes = if n.is_multiple_of(5) { 5_000 + n * 13 % 997 } else { n * 13 % 997 };
            let bwd = if n == 9 { String::new() } else { back.to_string() };
            let class = if n.is_multiple_of(5) { "DoS" } else { "BENIGN" };
            format!("{std},{},{},{fwd},{bwd},{},{bytes},{class}\n", std * std, std * 1_000, fwd + back)
        };
        let rows: String = (1..=400).map(row).collect();
        let (_, dataset) = dataset_of(&format!("Std,Variance,Std1000,Fwd,Bwd,Total,Bytes,Label\n{rows}"));
        let groups = lint_groups(&dataset);
        let about = |kind: &str| {
            let group = groups.iter().find(|group| group.kind == kind).expect("a group");
            let columns = group.columns.iter().map(|column| format!("{} {}", column.name, column.about));
            (group.said.as_str(), columns.collect::<Vec<_>>())
        };
        let derived = [
            "Variance is the square of Std",
            "Std1000 is 1,000 times Std",
            "Total is the sum of Fwd and Bwd, where they have values",
        ];
        assert_eq!(about("derived"), ("3 columns can be computed from others", derived.map(str::to_owned).to_vec()));
        let leak = "Bytes tells “BENIGN” from all else in Label (AUROC 1.000)";
        assert_eq!(about("leak"), ("1 column gives a label away", vec![leak.to_owned()]));
    }

    #[test]
    fn exceptions_and_samples_are_told() {
        let (_, dataset) = dataset_of("a,b\n1,2\n3,4\n5,6\n");
        let relation = |relation, amount| {
            let lint = Lint {
                kind: Kind::Derived,
                column: Some(1),
                other: Some(0),
                amount,
                relation: Some(relation),
                remedy: Remedy::LeaveOut,
            };
            linted(&dataset, &lint).expect("a column").about
        };
        let times = |factor, exponent| Relation::Power { factor, exponent };
        assert_eq!(relation(Relation::Equal, Amount::Rows(3)), "equals a, but in 3 flows");
        assert_eq!(relation(Relation::Equal, Amount::Share(0.0)), "equals a, in 3 flows that were drawn");
        assert_eq!(relation(Relation::Equal, Amount::Share(0.0005)), "equals a, but in about 0.05 % of the flows");
        assert_eq!(relation(times(1.0, Exponent::One), Amount::Rows(0)), "equals a to four digits");
        assert_eq!(relation(times(-0.001, Exponent::One), Amount::Rows(0)), "is −0.001 times a");
        assert_eq!(relation(times(2.0, Exponent::Half), Amount::Rows(0)), "is 2 times the square root of a");
        let auroc = Relation::Separates { class: "0".to_owned(), auroc: 0.99996 };
        assert_eq!(related(&auroc, "y", |_| String::new()), "tells “0” from all else in y (AUROC 0.999)");
    }

    #[test]
    fn a_share_of_the_sample_is_no_exact_number() {
        assert_eq!(amount_in(Amount::Share(0.031)), "in about 3.1 % of the flows");
        assert_eq!(amount_in(Amount::Rows(1_234)), "in 1,234 flows");
        assert!(repeated(Amount::Share(0.25)).starts_with("About 25 % of the flows repeat"));
    }
}
