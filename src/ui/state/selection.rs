//! Which flows are looked at. Every panel follows it.

use leptos::prelude::*;

/// Rows of a page of the table.
pub const PAGE_ROWS: u64 = 25;

/// What the visitor looks at.
#[derive(Clone, Copy)]
pub struct Selection {
    /// Rank of the row that the visitor selected.
    pub rank: RwSignal<Option<u32>>,
    /// Columns of the scatter chart.
    pub axes: RwSignal<Option<[usize; 2]>>,
    /// The page of the table, counted from 0.
    pub table_page: RwSignal<u64>,
}

impl Selection {
    /// Nothing in particular.
    pub fn new() -> Self {
        Self { rank: RwSignal::new(None), axes: RwSignal::new(None), table_page: RwSignal::new(0) }
    }

    /// Back to the first rows, for other results.
    pub fn reset(self) {
        self.rank.set(None);
        self.table_page.set(0);
    }

    /// Lists another page.
    pub fn turn_to(self, page: u64) {
        self.rank.set(None);
        self.table_page.set(page);
    }

    /// Selects a row by its rank, wherever it is listed.
    pub fn find(self, rank: u32) {
        self.rank.set(Some(rank));
        self.table_page.set(u64::from(rank.saturating_sub(1)) / PAGE_ROWS);
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
