//! Which flows are looked at. Every panel follows it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    engine::{Sort, SortBy},
    report::{Filter, Marks},
    table::Schema,
};

/// Rows of a page of the table, as they are chosen from.
pub const PAGE_SIZES: [u64; 2] = [25, 100];
/// Columns that can be shown besides.
pub const MOST_COLUMNS: usize = 8;

/// What the visitor looks at.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The filter, as it was typed.
    pub text: RwSignal<String>,
    /// The rows that are looked at: the last filter that could be understood.
    pub filter: RwSignal<Filter>,
    /// What cannot be understood of what was typed.
    pub problem: RwSignal<Option<String>>,
    /// The table lists all flows, not only those that stand out.
    pub all: RwSignal<bool>,
    /// The order of the table.
    pub sort: RwSignal<Sort>,
    /// Columns of the file that the table shows besides.
    pub columns: RwSignal<Vec<usize>>,
    /// The page of the table, counted from 0.
    pub table_page: RwSignal<u64>,
    /// Rows of such a page.
    pub page_rows: RwSignal<u64>,
    /// Rank of the row that the visitor selected.
    pub rank: RwSignal<Option<u32>>,
    /// The place of the selected finding in their list, from 0.
    pub finding: RwSignal<usize>,
    /// Columns of the scatter chart.
    pub axes: RwSignal<Option<[usize; 2]>>,
    /// The column that is drawn large against all flows; none for the one that is most unlike.
    pub spread: RwSignal<Option<usize>>,
    /// The number of the group that the charts colour, in place of the anomalies.
    pub coloured: RwSignal<Option<u8>>,
    /// The byte at which the record begins of the flow of which those are wanted that are most like it.
    pub similar_to: RwSignal<Option<u64>>,
    /// Files whose rows are not in memory are read again for what is told of all of their rows.
    pub read_again: RwSignal<bool>,
}

impl Selection {
    /// Nothing in particular.
    pub fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            filter: RwSignal::new(Filter::default()),
            problem: RwSignal::new(None),
            all: RwSignal::new(false),
            sort: RwSignal::new(Sort::default()),
            columns: RwSignal::new(Vec::new()),
            table_page: RwSignal::new(0),
            page_rows: RwSignal::new(PAGE_SIZES[0]),
            rank: RwSignal::new(None),
            finding: RwSignal::new(0),
            axes: RwSignal::new(None),
            spread: RwSignal::new(None),
            coloured: RwSignal::new(None),
            similar_to: RwSignal::new(None),
            read_again: RwSignal::new(false),
        }
    }

    /// Nothing in particular again, for another file.
    pub fn clear(self) {
        self.text.set(String::new());
        self.filter.set(Filter::default());
        self.problem.set(None);
        self.all.set(false);
        self.sort.set(Sort::default());
        self.columns.set(Vec::new());
        self.spread.set(None);
        self.similar_to.set(None);
        self.read_again.set(false);
        self.reset();
    }

    /// Back to the first rows, for other results.
    pub fn reset(self) {
        self.turn_to(0);
    }

    /// Looks at the rows that pass what was typed. Where that cannot be understood, at the same as before.
    pub fn apply(self, schema: &Schema, marks: &Arc<Marks>) {
        match Filter::parse(&self.text.get_untracked(), schema).map(|filter| filter.with_marks(marks)) {
            Ok(filter) => {
                self.problem.set(None);
                let (same, marks_only) =
                    self.filter.with_untracked(|known| (*known == filter, known.terms == filter.terms));
                if !same {
                    self.filter.set(filter);
                }
                // Who marks what is listed stays where it is.
                if !marks_only {
                    self.reset();
                }
            }
            Err(error) => self.problem.set(Some(error.to_string())),
        }
    }

    /// Lists all flows, or those that stand out.
    pub fn list(self, all: bool) {
        self.all.set(all);
        self.reset();
    }

    /// Orders the table by this; once more, the other way round.
    pub fn sort_by(self, by: SortBy) {
        self.sort.update(|sort| {
            // Of numbers, large ones are what is looked for; of ranks, small ones.
            let first = by != SortBy::Rank;
            let descending = if sort.by == by { !sort.descending } else { first };
            *sort = Sort { by, descending };
        });
        self.reset();
    }

    /// Orders the table by what marks taught.
    pub fn sort_by_marks(self, by: SortBy) {
        self.sort.set(Sort { by, descending: true });
        self.reset();
    }

    /// Orders the table by rank again if it is ordered by what marks taught.
    pub fn forget_marks(self) {
        if self.sort.get_untracked().by.is_learned() {
            self.sort.set(Sort::default());
            self.reset();
        }
    }

    /// Shows a column, or no more.
    pub fn show_column(self, column: usize, shown: bool) {
        self.columns.update(|columns| {
            columns.retain(|other| *other != column);
            if shown && columns.len() < MOST_COLUMNS {
                columns.push(column);
            }
        });
    }

    /// Lists another page.
    pub fn turn_to(self, page: u64) {
        self.rank.set(None);
        self.table_page.set(page);
    }

    /// Lists so many rows at once.
    pub fn set_page_rows(self, rows: u64) {
        self.page_rows.set(rows);
        self.reset();
    }

    /// Selects a row by its rank, and turns to its page where rows are listed by rank.
    pub fn find(self, rank: u32) {
        self.rank.set(Some(rank));
        if self.filter.with_untracked(Filter::is_empty) && self.sort.get_untracked() == Sort::default() {
            self.table_page.set(u64::from(rank.saturating_sub(1)) / self.page_rows.get_untracked());
        }
    }

    /// Selects a row that is listed; nobody hears of it unless it is another one.
    pub fn select(self, rank: u32) {
        if self.rank.get_untracked() != Some(rank) {
            self.rank.set(Some(rank));
        }
    }

    /// Draws another column along an axis: 0 is the horizontal one, 1 the vertical one.
    pub fn set_axis(self, axis: usize, column: usize) {
        self.axes.update(|axes| {
            if let Some(axes) = axes {
                axes[axis] = column;
            }
        });
    }
}
