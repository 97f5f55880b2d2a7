//! Columns that give a label away.
//!
//! How well a column tells a class from all others is the area under the ROC curve (AUROC), of two orders of the rows: by
//! the column's value, where it is a quantity; and by the share of the class among the *other* rows with the same value,
//! unless that is one of very many of a quantity (target encoding: Micci-Barreca, *A Preprocessing Scheme for
//! High-Cardinality Categorical Attributes*, SIGKDD Explorations 2001, with the row itself left out). That no row is judged
//! by its own label keeps a column of many rare values (ports, networks, names) from looking as if it knew the label by
//! heart. A value that no other row has says nothing.

use super::{
    Described, Kind, Lint, Relation,
    labels::Question,
    pattern::{Pattern, VALUES},
};
use crate::{
    evaluate::{Step, area},
    table::{ColumnProfile, Counts, MISSING_KEY, Role, Storage},
};

/// A column that tells a class at least that well gives it away.
const LEAK: f64 = 0.99;
/// With fewer rows of the class, or of the others, chance does as well.
const FEWEST: u64 = 10;
/// Labels are not asked for more questions once there are so many.
const QUESTIONS: usize = 16;

/// What the labels ask.
pub(super) struct Answers {
    questions: Vec<Question>,
    /// The labels, with how their values are spread over the rows.
    labels: Vec<(usize, Pattern)>,
}

impl Answers {
    pub fn new(table: Described) -> Self {
        let mut answers = Self { questions: Vec::new(), labels: Vec::new() };
        for label in 0..table.schema.width() {
            if table.role(label) != Role::Label || answers.questions.len() >= QUESTIONS {
                continue;
            }
            answers.questions.extend(Question::of(table, label));
            if let Some(pattern) = Pattern::of(&table.keys(label)).filter(|pattern| pattern.values > 1) {
                answers.labels.push((label, pattern));
            }
        }
        answers
    }

    /// What a column gives away. Times and identifiers are not asked: they say when and where labels were given, and are
    /// not compared.
    pub fn look(&self, table: Described, column: usize) -> Option<Lint> {
        let role = table.role(column);
        if matches!(role, Role::Label | Role::Time | Role::Identifier)
            || !table.varies(column)
            || self.labels.is_empty()
        {
            return None;
        }
        let cells = cells(table, column);
        let by_value = matches!(role, Role::Measure | Role::Duration);
        let mut best: Option<(f64, &Question)> = None;
        for question in &self.questions {
            let auroc = separation(&cells, by_value, question).filter(|&auroc| auroc >= LEAK);
            if let Some(auroc) = auroc.filter(|&auroc| best.is_none_or(|(best, _)| auroc > best)) {
                best = Some((auroc, question));
            }
        }
        if let Some(label) = self.in_disguise(table, column, best.is_some()) {
            return Some(Lint::of_two(Kind::LabelInDisguise, column, label, table.amount(table.sample.rows)));
        }
        let (auroc, question) = best?;
        Some(Lint {
            relation: Some(Relation::Separates { class: question.class.clone(), auroc }),
            ..Lint::of_two(Kind::Leak, column, question.label, table.amount(table.sample.rows))
        })
    }

    /// The label that a column equals, or whose values it matches one to one. Quantities are compared value for value only
    /// where they give it away: most have too many values.
    fn in_disguise(&self, table: Described, column: usize, leaks: bool) -> Option<usize> {
        let stats = &table.profile.columns[column];
        let of = |label: usize| &table.profile.columns[label];
        let label =
            |is: &dyn Fn(&(usize, Pattern)) -> bool| self.labels.iter().find(|&label| is(label)).map(|label| label.0);
        if let Some(equal) = label(&|&(label, _)| of(label).fingerprint == stats.fingerprint) {
            return Some(equal);
        }
        let values = |stats: &ColumnProfile| stats.counts.as_ref().map(Counts::len);
        let counted = stats.counts.is_some();
        let as_many = |label: usize| if counted { values(of(label)) == values(stats) } else { leaks };
        // To count is cheaper than to look at every cell.
        label(&|&(label, _)| as_many(label))?;
        let pattern = Pattern::of(&table.keys(column))?;
        label(&|&(label, other)| as_many(label) && other == pattern)
    }
}

/// Above all values.
const MISSING: u64 = u64::MAX;

/// The sampled rows by a column's value, ascending, those without one last: keys in the order of the values, and rows.
fn cells(table: Described, column: usize) -> Vec<(u64, u32)> {
    let number = |value: f32| {
        // The bits of a positive float ascend with it, those of a negative one descend. Adding zero makes −0 a 0.
        let bits = (value + 0.0).to_bits();
        if value.is_nan() { MISSING } else { u64::from(if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }) }
    };
    let mut cells: Vec<(u64, u32)> = if table.schema.fields[column].storage() == Storage::Number {
        table.sample.numbers(column).map(number).zip(0..).collect()
    } else {
        let key = |key: u32| if key == MISSING_KEY { MISSING } else { u64::from(key) };
        table.keys(column).into_iter().map(key).zip(0..).collect()
    };
    cells.sort_unstable();
    cells
}

/// How well a column tells the class that is asked for from all others, 0.5 to 1; `None` if there are too few rows of
/// either.
fn separation(cells: &[(u64, u32)], by_value: bool, question: &Question) -> Option<f64> {
    let count = |cells: &[(u64, u32)]| {
        let answers = cells.iter().filter_map(|&(_, row)| question.rows[row as usize]);
        answers.fold(Step::default(), |step, of_class| step.with(of_class))
    };
    let runs: Vec<Step> = cells.chunk_by(|a, b| a.0 == b.0).map(count).collect();
    let all = total(&runs);
    if all.anomalies.min(all.normal) < FEWEST {
        return None;
    }
    if !by_value {
        return by_share(&runs, all);
    }
    let known = runs.len() - usize::from(cells.last().is_some_and(|cell| cell.0 == MISSING));
    let present = total(&runs[..known]);
    // A quantity of few values may be a code; of any, it may tell that there is a value.
    let few = known <= VALUES;
    let by_share = if few { by_share(&runs, all) } else { by_share(&[present, total(&runs[known..])], all) };
    let enough = |present: u64, all: u64| present >= FEWEST && present * 2 >= all;
    let comparable = enough(present.anomalies, all.anomalies) && enough(present.normal, all.normal);
    let by_value = area(&runs[..known]).filter(|_| comparable).map(|area| area.max(1.0 - area));
    by_share.into_iter().chain(by_value).reduce(f64::max)
}

fn total(steps: &[Step]) -> Step {
    steps.iter().fold(Step::default(), |sum, step| Step {
        anomalies: sum.anomalies + step.anomalies,
        normal: sum.normal + step.normal,
    })
}

/// The area where each row is scored by the share of the class among the other rows with its value; where there is no
/// other, by the share among all.
fn by_share(runs: &[Step], all: Step) -> Option<f64> {
    // By descending share: the bits of positive floats ascend with them.
    let key = |part: u64, whole: u64| !(part as f64 / whole as f64).to_bits();
    let mut steps = Vec::new();
    let mut alone = Step::default();
    for run in runs {
        match run.anomalies + run.normal {
            0 => {}
            1 => alone = total(&[alone, *run]),
            rows => {
                let mut push = |share, step: Step| steps.push((share, step));
                if run.anomalies > 0 {
                    push(key(run.anomalies - 1, rows - 1), Step { normal: 0, ..*run });
                }
                if run.normal > 0 {
                    push(key(run.anomalies, rows - 1), Step { anomalies: 0, ..*run });
                }
            }
        }
    }
    steps.push((key(all.anomalies, all.anomalies + all.normal), alone));
    let mut order: Vec<(u64, u32)> = steps.iter().map(|step| step.0).zip(0..).collect();
    order.sort_unstable();
    let step = |equal: &[(u64, u32)]| {
        equal.iter().fold(Step::default(), |sum, &(_, place)| total(&[sum, steps[place as usize].1]))
    };
    let ordered: Vec<Step> = order.chunk_by(|a, b| a.0 == b.0).map(step).collect();
    area(&ordered)
}
