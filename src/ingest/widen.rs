//! Columns that turn out to hold something else than the first rows did.

use std::sync::Arc;

use super::{Layout, roles};
use crate::table::{Kind, Profile};

impl Layout {
    /// The layout with those number columns as text that hold something else in more than one of twenty non-missing
    /// cells; `None` if there are none.
    pub fn widened(&self, profile: &Profile) -> Option<Self> {
        let mut schema = (*self.schema).clone();
        let mut changed = false;
        for (field, stats) in schema.fields.iter_mut().zip(&profile.columns) {
            let filled = profile.rows - (stats.missing - stats.unreadable);
            if field.kind == Kind::Number && stats.unreadable * 20 > filled {
                field.kind = Kind::Text;
                field.role = roles::as_text(field.role);
                field.unit = None;
                field.time = None;
                changed = true;
            }
        }
        changed.then(|| Self { schema: Arc::new(schema), ..self.clone() })
    }
}
