//! Drift in words.

use crate::{
    model::{ColumnDrift, Drift, Shift, Verdict},
    table::Field,
    ui::{format, words},
};

/// Shares of missing values that differ by less are not told.
const TOLD: f64 = 0.01;

/// A verdict as programs read it.
pub fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Shifted => "shifted",
        Verdict::AnotherNetwork => "another-network",
    }
}

/// What it all means, and what to do.
pub fn sentence(drift: &Drift) -> String {
    let shifted = drift.shifted();
    let of = format!("{shifted} of {}", format::counted(drift.columns.len() as u64, "column", "columns"));
    match drift.verdict() {
        Verdict::Same if shifted == 0 => "These flows are like those that the detector was fitted on.".to_owned(),
        Verdict::Same => {
            format!("These flows are much like those that the detector was fitted on, but for {of}.")
        }
        Verdict::Shifted if shifted == 0 => {
            "The columns are as they were, but the scores are not: fit the detector again before you rely on its threshold."
                .to_owned()
        }
        Verdict::Shifted => format!(
            "The flows have changed since the detector was fitted ({of}): fit it again before you rely on its threshold."
        ),
        Verdict::AnotherNetwork => format!(
            "These flows look like those of another network ({of} differ much): what the detector learned says little here."
        ),
    }
}

/// How far the scores are from what they were.
pub fn scores(shift: &Shift) -> String {
    let said = if shift.is_much() { "are others than" } else { "are distributed like" };
    format!("The scores {said} those of the flows that it was fitted on (PSI {}).", index(shift.psi))
}

/// An index, to hundredths.
pub fn index(value: f64) -> String {
    if value.is_finite() { format!("{value:.2}") } else { "∞".to_owned() }
}

/// What became of a column.
pub fn change(column: &ColumnDrift, field: &Field) -> String {
    let mut parts = Vec::new();
    if let Some([then, now]) = column.medians.map(|medians| medians.map(|median| words::amount(median, field))) {
        parts.push(if then == now { format!("median {then}") } else { format!("median {then} → {now}") });
    }
    let named = |values: &[(String, f64)]| {
        values
            .iter()
            .map(|(value, share)| format!("{value} ({})", format::share(*share)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !column.new.is_empty() {
        parts.push(format!("new: {}", named(&column.new)));
    }
    if !column.gone.is_empty() {
        parts.push(format!("gone: {}", named(&column.gone)));
    }
    let [then, now] = column.missing;
    if (then - now).abs() >= TOLD {
        parts.push(format!("missing {} → {}", format::share(then), format::share(now)));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Kind, Role, Unit};

    fn drift(psis: &[f64]) -> Drift {
        let column = |(column, &psi): (usize, &f64)| ColumnDrift {
            column,
            shift: Shift { psi, ks: None, by_chance: 0.01 },
            medians: None,
            missing: [0.0; 2],
            new: Vec::new(),
            gone: Vec::new(),
        };
        Drift { columns: psis.iter().enumerate().map(column).collect(), scores: Shift::default(), rows: [9; 2] }
    }

    #[test]
    fn it_is_told_what_it_means() {
        let told = |psis: &[f64]| sentence(&drift(psis));
        assert_eq!(told(&[0.1; 4]), "These flows are like those that the detector was fitted on.");
        assert!(told(&[1.0, 0.0, 0.0, 0.0]).contains("have changed since the detector was fitted (1 of 4 columns)"));
        assert!(told(&[1.0, 1.0, 1.0, 0.0]).contains("another network (3 of 4 columns differ much)"));
        let scores = Drift { scores: Shift { psi: 0.4, ..Shift::default() }, ..drift(&[0.0]) };
        assert!(sentence(&scores).starts_with("The columns are as they were"));
    }

    #[test]
    fn a_change_is_told_in_units() {
        let field = Field { unit: Some(Unit::Bytes), ..Field::new("bytes", Kind::Number, Role::Measure) };
        let column = ColumnDrift {
            column: 0,
            shift: Shift::default(),
            medians: Some([100.0, 2_000.0]),
            missing: [0.0, 0.25],
            new: vec![("gre".into(), 0.1)],
            gone: Vec::new(),
        };
        assert_eq!(change(&column, &field), "median 100 B → 2 kB; new: gre (10 %); missing 0 % → 25 %");
    }
}
