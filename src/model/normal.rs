//! Flows known to be normal, that a detector was fitted on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Texts;
use crate::{detect::groups::Reference, features::Space};

/// Flows known to be normal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normal {
    /// Where they lie.
    pub space: Arc<Space>,
    /// They themselves.
    pub reference: Arc<Reference>,
    /// Which baseline they are.
    pub told: Arc<Baselined>,
    /// By column, the texts that keys stand for.
    pub texts: Arc<Texts>,
}

impl Normal {
    /// The same with so many of its flows at most, one in so many, for a smaller file: of groups, those that are rare among them are then
    /// told less surely.
    #[must_use]
    pub fn with_fewer(self, flows: usize) -> Self {
        let points = self.reference.points();
        let step = points.rows().div_ceil(flows.max(1)).max(1);
        let some: Vec<usize> = (0..points.rows()).step_by(step).collect();
        let reference = Arc::new(Reference::of(points.pick(&some), self.space.features()));
        Self { reference, ..self }
    }
}

/// Which baseline a detector was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baselined {
    /// Flows of it.
    pub rows: u64,
    /// Columns of the file that are compared with it.
    pub columns: usize,
    /// Columns of the baseline, and of the file, that mean nothing in the other one.
    pub unbound: [Vec<String>; 2],
}
