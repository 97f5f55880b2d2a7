//! Figures in words.

use super::figures::Figures;
use crate::{
    evaluate::{Class, First, Interval},
    table::Unit,
    ui::{format, panels::review, state::Line},
};

/// Findings that one may look at.
const FINDINGS: [usize; 3] = [5, 10, 25];

/// A figure, to thousandths.
pub fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// Between what it may be.
pub fn interval(interval: Option<Interval>) -> String {
    interval.map(|Interval { low, high }| format!("{low:.3} to {high:.3}")).unwrap_or_default()
}

/// What the threshold makes of the flows, in a sentence or two.
pub fn confusion(figures: &Figures) -> String {
    let counts = figures.confusion;
    let attacks = counts.true_alarms + counts.missed;
    let mut told = format!(
        "{}: {} right, {} false. Of {}, {} missed.",
        format::counted(counts.flagged(), "alarm", "alarms"),
        format::count(counts.true_alarms),
        format::count(counts.false_alarms),
        format::counted(attacks, "attack flow", "attack flows"),
        format::count(counts.missed),
    );
    if let Some(days) = figures.days.filter(|days| *days >= 1.0 / 24.0) {
        told += &format!(" That is {} alarms a day.", format::number((counts.flagged() as f64 / days).round()));
    }
    if figures.unlabelled > 0 {
        told += &format!(" {} without a label, left out.", format::counted(figures.unlabelled, "flow is", "flows are"));
    }
    told
}

/// What the curve says where it matters.
pub fn roc(figures: &Figures) -> String {
    match figures.few {
        Some(few) => format!(
            "While at most 1 % of normal flows are flagged, {} of the attacks are, on average (by chance 0.5 %). Standardised partial area {:.3}.",
            percent(few.mean_recall()),
            few.standardised()
        ),
        None => "There are either no attacks or no normal flows to tell apart.".to_owned(),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// What the first flows hold, a row each.
pub fn first(figures: &Figures) -> Vec<Vec<String>> {
    let row = |first: &First| {
        let attacks = if first.anomalies.fract() == 0.0 {
            format::count(first.anomalies as u64)
        } else {
            format!("{:.1}", first.anomalies)
        };
        vec![format!("{} flows", format::count(first.rows)), attacks, share(first.precision()), share(first.recall())]
    };
    figures.first.iter().map(row).collect()
}

/// What the first findings hold.
pub fn findings(figures: &Figures) -> String {
    let all = figures.findings.len();
    if all == 0 {
        return "No findings are listed.".to_owned();
    }
    let mut told: Vec<String> = Vec::new();
    for most in FINDINGS.into_iter().filter(|most| *most < all).chain([all]) {
        let first = figures.findings[most - 1];
        let held = first.recall().map(percent).unwrap_or_default();
        told.push(format!("{most}: {held}"));
    }
    format!("Attack flows that are in the first findings of the list: {}.", told.join(" · "))
}

/// All of it, names and values.
pub fn told(figures: &Figures) -> Vec<[String; 2]> {
    let with = |value: Option<f64>, within: Option<Interval>| match interval(within) {
        none if none.is_empty() => share(value),
        within => format!("{} ({within})", share(value)),
    };
    let intervals = figures.intervals;
    let mut told = vec![
        (
            "Average precision",
            format!(
                "{}; by chance {}",
                with(figures.average_precision, intervals.average_precision),
                share(figures.base_rate)
            ),
        ),
        ("Area under the ROC curve", with(figures.roc_auc, intervals.roc_auc)),
        ("Few false alarms", roc(figures)),
        ("At the threshold", confusion(figures)),
        ("Findings", findings(figures)),
    ];
    told.extend(marks(figures).map(|marks| ("Marks", marks)));
    told.into_iter().map(|(name, value)| [name.to_owned(), value]).collect()
}

/// What marks are worth.
pub fn marks(figures: &Figures) -> Option<String> {
    let told = figures.marks.iter().map(|(mark, found)| {
        let flows = format::counted(found.rows, "flow", "flows");
        let attacks = format::counted(found.anomalies, "attack", "attacks");
        format!("{flows} marked {}: {attacks}", review::name(*mark).to_lowercase())
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("{}.", told.join(" · ")))
}

/// A row per label.
pub fn classes(figures: &Figures) -> Vec<Vec<String>> {
    let row = |(name, normal, class): &(String, bool, Class)| {
        let name = if *normal { format!("{name} (normal)") } else { name.clone() };
        let recall = match class.recall_interval() {
            Some(Interval { low, high }) => format!("{} ({low:.3} to {high:.3})", share(class.recall())),
            None => "–".to_owned(),
        };
        let best = class.best_rank.map_or_else(|| "–".to_owned(), |rank| format::count(rank.into()));
        let after = match (normal, class.began, class.time_to_detect()) {
            (true, ..) | (false, None, _) => "–".to_owned(),
            (false, Some(_), None) => "not found".to_owned(),
            (false, Some(_), Some(0)) => "at once".to_owned(),
            (false, Some(_), Some(time)) => format::quantity(time as f64 / 1e9, Some(Unit::Seconds)),
        };
        vec![name, format::count(class.rows), format::count(class.flagged), recall, best, after]
    };
    figures.classes.iter().map(row).collect()
}

/// A row per run.
pub fn lines(lines: &[Line]) -> Vec<Vec<String>> {
    let row = |line: &Line| {
        let name = format!("{} · {}", line.run.0, line.run.1);
        std::iter::once(name).chain(line.figures.iter().map(|figure| share(*figure))).collect()
    };
    lines.iter().map(row).collect()
}
