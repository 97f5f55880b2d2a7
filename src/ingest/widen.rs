//! Columns that turn out to hold something else than the first rows did.

use std::sync::Arc;

use super::{FindingKind, Findings, Layout, roles};
use crate::table::{Kind, Profile};

impl Layout {
    /// The layout as all rows have it, and what is odd about that: number columns that hold something else in more than
    /// one of twenty non-missing cells are text, and dates have the order of days and months that most of those prove that
    /// can be in one order only. `None` if the first rows told the same.
    pub fn widened(&self, profile: &Profile) -> Option<(Self, Findings)> {
        let mut schema = (*self.schema).clone();
        let mut odd = Findings::default();
        let mut changed = false;
        for (column, (field, stats)) in schema.fields.iter_mut().zip(&profile.columns).enumerate() {
            let filled = profile.rows - (stats.missing - stats.unreadable);
            if field.kind == Kind::Number && stats.unreadable * 20 > filled {
                field.kind = Kind::Text;
                field.role = roles::as_text(field.role);
                field.unit = None;
                field.time = None;
                changed = true;
                odd.note(FindingKind::NumbersAsText, self.data_start, 1, Some(column as u32));
            }
            if let Some(order) = stats.day_order().filter(|order| field.time.is_some_and(|told| told != *order)) {
                field.time = Some(order);
                changed = true;
            }
        }
        changed.then(|| (Self { schema: Arc::new(schema), ..self.clone() }, odd))
    }

    /// Takes back that dates are ambiguous where all rows together prove one order of days and months.
    pub fn settle(&self, profile: &Profile, findings: &mut Findings) {
        for (column, stats) in profile.columns.iter().enumerate() {
            if (stats.day_first == 0) != (stats.month_first == 0) {
                findings.withdraw(FindingKind::AmbiguousDate, column as u32);
            }
        }
    }
}
