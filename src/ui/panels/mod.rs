//! What is seen, a folder per panel: its component, its chart, its words, and what it keeps known ([`ask`]).

mod beside;
pub mod columns;
pub mod comparison;
pub mod counts;
pub mod detail;
pub mod downloads;
pub mod drift;
pub mod evaluation;
pub mod figures;
pub mod filter;
pub mod finding_list;
pub mod findings;
mod flow_table;
mod learning;
pub mod models;
pub mod overall;
pub mod reading;
mod ready_made;
pub mod report;
pub mod review;
pub mod runs;
pub mod scatter;
pub mod scores;
pub mod setup;
pub mod spread;
mod suppressions;
pub mod traffic;
pub mod training;

use super::state::Page;

/// Has everything kept known that panels show of the last run, the most important first, but for what only the tabs show
/// that load with a run.
pub fn ask(page: Page) {
    setup::threshold::ask(page);
    filter::ask(page);
    finding_list::ask(page);
    findings::ask(page);
    detail::ask(page);
    learning::ask(page);
    scatter::ask(page);
    comparison::ask(page);
    scores::ask(page);
    overall::ask(page);
    beside::ask(page);
    page.questions.follow(page);
}
