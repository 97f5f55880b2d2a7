//! A judgement in figures.

use std::collections::BTreeMap;

use crate::{
    engine::{Dataset, EvaluateQuery},
    evaluate::{
        Class, Confusion, First, Found, Interval, Intervals, Judgement, PartialArea, Point, coverage, intervals,
    },
    numeric::order::ordered,
    report::Mark,
    table::{FlowColumns, Kind, number_key},
    ui::findings::{Finding, What},
};

/// Rows that one may look at.
const FIRST: [u64; 5] = [10, 25, 100, 1_000, 10_000];
/// False alarms that one may live with, as a share of normal flows.
const FEW: f64 = 0.01;
/// Points of the curve that are drawn.
const POINTS: usize = 400;
/// Of the intervals.
const SEED: u64 = 42;

/// A judgement in figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Share of attacks: average precision by chance.
    pub base_rate: Option<f64>,
    /// Area under the ROC curve.
    pub roc_auc: Option<f64>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// The area where there are few false alarms.
    pub few: Option<PartialArea>,
    /// How far chance may have moved them.
    pub intervals: Intervals,
    /// What the threshold makes of the flows.
    pub confusion: Confusion,
    /// Flows without a label.
    pub unlabelled: u64,
    /// What the first flows hold.
    pub first: Vec<First>,
    /// What the first 1, 2, … findings hold.
    pub findings: Vec<First>,
    /// What marks are worth.
    pub marks: BTreeMap<Mark, Found>,
    /// The ROC curve.
    pub roc: Vec<Point>,
    /// By label, those that are normal told apart; the most frequent first.
    pub classes: Vec<(String, bool, Class)>,
    /// Days that the flows are of, where they have times.
    pub days: Option<f64>,
}

/// A text as values are named that are counted.
fn cut(text: &str) -> String {
    /// Characters of it.
    const NAMED: usize = 64;
    text.chars().take(NAMED).collect()
}

impl Figures {
    /// Of what labels say.
    pub fn of(
        query: &EvaluateQuery,
        judgement: &Judgement,
        findings: &[Finding],
        dataset: &Dataset,
        threshold: f64,
    ) -> Self {
        let curve = &judgement.curve;
        let rows = curve.anomalies() + curve.normal();
        let counts = dataset.profile.columns[query.column].counts.as_ref();
        let names: BTreeMap<u32, String> =
            counts.into_iter().flat_map(|counts| counts.iter()).map(|value| (value.key, value.name())).collect();
        let is_normal = |key: u32| query.normal.binary_search(&key).is_ok();
        let name = |key: &u32| names.get(key).cloned().unwrap_or_else(|| "other".to_owned());
        let classes: Vec<(String, bool, Class)> =
            judgement.classes.iter().map(|(key, class)| (name(key), is_normal(*key), *class)).collect();
        let classes = ordered(classes, |a, b| (a.1, b.2.rows).cmp(&(b.1, a.2.rows)));
        let found = |finding: &Finding| match &finding.what {
            What::Group(number) => judgement.groups.get(number).copied().unwrap_or_default(),
            What::Flow(row) => {
                let cell = row.cells.get(query.column).map_or("", |cell| cell.trim());
                let key = match dataset.layout.schema.fields[query.column].kind {
                    Kind::Number => cell.parse().ok().map(number_key),
                    Kind::Text => names.iter().find(|(_, name)| **name == cut(cell)).map(|(key, _)| *key),
                };
                Found { rows: 1, anomalies: u64::from(key.is_some_and(|key| !is_normal(key))) }
            }
        };
        let found: Vec<Found> = findings.iter().map(found).collect();
        let span = FlowColumns::of(&dataset.layout.schema).time.map(|column| dataset.profile.columns[column].exact);
        let days =
            span.filter(|[first, last]| last > first).map(|[first, last]| last.abs_diff(first) as f64 / 86_400e9);
        // Of no right alarm, drawing rows again knows nothing; and where equal scores are cut through, these are the rows that count.
        let Confusion { true_alarms, missed, .. } = judgement.confusion;
        let intervals = Intervals {
            precision: Interval::wilson(true_alarms, judgement.confusion.flagged()),
            recall: Interval::wilson(true_alarms, true_alarms + missed),
            ..intervals(curve, threshold, SEED)
        };
        Self {
            base_rate: curve.base_rate(),
            roc_auc: curve.roc_auc(),
            average_precision: curve.average_precision(),
            few: curve.partial_auc(FEW),
            intervals,
            confusion: judgement.confusion,
            unlabelled: judgement.unlabelled,
            first: FIRST.into_iter().filter(|&first| first <= rows).map(|first| curve.at_first(first)).collect(),
            findings: coverage(&found, curve.anomalies()),
            marks: judgement.marks.clone(),
            roc: curve.roc_points(POINTS),
            classes,
            days,
        }
    }

    /// Average precision, area under the ROC curve, precision and recall.
    pub fn in_short(&self) -> [Option<f64>; 4] {
        [self.average_precision, self.roc_auc, self.confusion.precision(), self.confusion.recall()]
    }
}
