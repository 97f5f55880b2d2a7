//! Scores and columns → what is drawn, listed and downloaded. Everything here merges over shards.

mod axis;
mod density;
mod filter;
mod group_facts;
mod histogram;
mod manifest;
mod marks;
mod notebook;
mod results_csv;
mod row;
mod spread;
mod suppression;
mod traffic;
mod typical;
mod view;

pub use axis::{Axis, Scale};
pub use density::Density;
pub use filter::{Comparison, Filter, FilterError, Outline, RankedCells, Term, Test, edit, point_in_time};
pub use group_facts::{Counting, GroupFacts, Tally, Told};
pub use histogram::Histogram;
pub use manifest::{Chosen, FORMAT, FileFacts, Manifest, Reading, Results};
pub use marks::{Mark, Marked, Marks, Said};
pub use notebook::{Notebook, Remark, Subject};
pub(crate) use results_csv::neutral;
pub use results_csv::{Cells, ResultsWriter, RowResult, Selection};
pub use row::{BothRanks, ConsensusRow, RankedRow, Reason};
pub use spread::{Cut, Parts, Spread, SpreadCount, unlike};
pub use suppression::{Common, LONGEST_SUPPRESSED, MOST_SUPPRESSIONS, Part, Suppression, Suppressions};
pub use traffic::{Amount, Amounts, Census, MOST_COUNTED, PARTS, Traffic, TrafficCount, has_bytes, part_span};
pub use typical::Typical;
pub use view::{Judged, Point, View, ViewQuery};
