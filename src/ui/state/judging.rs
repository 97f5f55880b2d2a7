//! By which labels the last run is judged.

use leptos::prelude::*;

use crate::{
    engine::{Dataset, EvaluateQuery},
    evaluate::Judgement,
    lint::is_normal,
    numeric::order::ordered,
    table::Role,
    ui::live::Live,
};

/// Values of a column that can be labels: of more, nobody chooses which are normal.
const MOST_VALUES: usize = 256;

/// What the runs of a file came to, by the same labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which run, and by which detector.
    pub run: (u64, String),
    /// Average precision, area under the ROC curve, precision and recall at the threshold.
    pub figures: [Option<f64>; 4],
}

/// By which labels the last run is judged.
#[derive(Clone, Copy)]
pub struct Judging {
    /// The label column, where the visitor chose one.
    pub column: RwSignal<Option<usize>>,
    /// Keys of its values that the visitor says are normal, ascending.
    pub normal: RwSignal<Option<Vec<u32>>>,
    /// What came of it.
    pub judged: Live<EvaluateQuery, Judgement>,
    /// And of the runs before, by the same labels.
    pub lines: RwSignal<Vec<Line>>,
}

impl Judging {
    /// Not yet.
    pub fn new() -> Self {
        Self {
            column: RwSignal::new(None),
            normal: RwSignal::new(None),
            judged: Live::new(),
            lines: RwSignal::new(Vec::new()),
        }
    }

    /// Another file, or other columns.
    pub fn forget(self) {
        self.column.set(None);
        self.normal.set(None);
        self.judged.forget();
        self.lines.set(Vec::new());
    }

    /// Judges by another column.
    pub fn choose(self, column: usize) {
        self.column.set(Some(column));
        self.normal.set(None);
        self.lines.set(Vec::new());
    }

    /// Takes a value for normal, or no more.
    pub fn set_normal(self, mut keys: Vec<u32>, key: u32, normal: bool) {
        keys.retain(|known| *known != key);
        if normal {
            keys.push(key);
        }
        keys.sort_unstable();
        self.normal.set(Some(keys));
        self.lines.set(Vec::new());
    }
}

/// Columns that can be labels, those that are known to be first.
pub fn label_columns(dataset: &Dataset) -> Vec<usize> {
    let can = |&column: &usize| {
        let counts = dataset.profile.columns[column].counts.as_ref();
        counts.is_some_and(|counts| !counts.is_crowded() && (2..=MOST_VALUES).contains(&counts.len()))
    };
    let role = |column: usize| dataset.layout.schema.fields[column].role;
    let mut columns: Vec<usize> = (0..dataset.layout.schema.width()).filter(can).collect();
    columns.retain(|&column| matches!(role(column), Role::Label | Role::Category));
    ordered(columns, |&a, &b| (role(a) != Role::Label).cmp(&(role(b) != Role::Label)))
}

/// Whether one of them says that it is a label.
pub fn has_labels(dataset: &Dataset) -> bool {
    let first = label_columns(dataset).first().copied();
    first.is_some_and(|column| dataset.layout.schema.fields[column].role == Role::Label)
}

/// Keys of a column's values that stand for normal traffic by their names; where none does, of the commonest. They ascend.
pub fn usual_normal(dataset: &Dataset, column: usize) -> Vec<u32> {
    let Some(counts) = dataset.profile.columns.get(column).and_then(|stats| stats.counts.as_ref()) else {
        return Vec::new();
    };
    let mut keys: Vec<u32> = counts.iter().filter(|value| is_normal(&value.name())).map(|value| value.key).collect();
    if keys.is_empty() || keys.len() == counts.len() {
        keys = counts.commonest().map(|value| value.key).into_iter().collect();
    }
    keys.sort_unstable();
    keys
}
