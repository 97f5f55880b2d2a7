use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::ui::state::PAGE_ROWS;

/// Lists another page of anomalies, counted from 0.
pub fn turn_page(page: Page, number: u64) {
    page.table_page.set(number);
    page.selected.set(None);
    spawn_local(refresh(page, None));
}

/// Selects a row, wherever it is listed.
pub fn select_rank(page: Page, rank: u32) {
    page.selected.set(Some(rank));
    page.table_page.set(u64::from(rank.saturating_sub(1)) / PAGE_ROWS);
    spawn_local(refresh(page, None));
}
