//! How a detector is run, and a fitted one as a file: kept, carried to another machine, opened again, and run by others.
//!
//! The file is an ONNX graph (`name.flowsift.onnx`) that scores raw columns by itself, in any runtime that has the operators. What
//! Flowsift itself needs of it (the plan, the detector, groups' reference, settings) is in the file's metadata. Opening one never runs
//! the graph: the graph must be just what the metadata gives, byte for byte, and the rows that came with it must have their scores.
//! There is a variant of the graph for older runtimes ([`Runtimes`]), of which the same holds.
//!
//! | module | does |
//! |---|---|
//! | `options` | how a detector is run |
//! | `normal` | flows known to be normal, that one was fitted on |
//! | `population` | what flows were like, column by column |
//! | `drift` | how far those of another file are from that |
//! | `ready` | those that come with the page |
//! | `saved` | what is kept, and whether it is sound |
//! | `file` | that ⇄ the bytes of a file |
//! | `graph`, `proto` | ONNX: nodes, tensors, and how they are written |
//! | `features` | a plan as nodes |
//! | `detector` | a detector as nodes |
//! | `trees` | those of a forest |
//! | `nearest` | the same of nearest neighbours |

mod detector;
mod drift;
mod features;
mod file;
mod graph;
mod nearest;
mod normal;
mod options;
mod population;
mod proto;
mod ready;
mod saved;
mod trees;

#[cfg(test)]
mod tests;

pub use drift::{ColumnDrift, Drift, Shift, Verdict};
pub use file::{decode, read, write, write_for};
pub use graph::Runtimes;
pub use normal::{Baselined, Normal};
pub use options::{Detector, Options};
pub use population::{Population, Sampled, Shape};
pub use ready::{Compared, Ready};
pub use saved::{About, Learned, SaveError, Saved, Unsound};

use std::collections::BTreeMap;

use crate::table::{ColumnProfile, Kind, Profile, Schema};

/// By column, the texts that keys stand for.
pub type Texts = BTreeMap<usize, BTreeMap<u32, String>>;

/// The texts of all columns that are counted.
pub(crate) fn texts_of(schema: &Schema, profile: &Profile) -> Texts {
    let texts = |(column, stats): (usize, &ColumnProfile)| {
        let counts = stats.counts.as_ref().filter(|_| schema.fields[column].kind == Kind::Text)?;
        let named = counts.iter().filter(|value| !value.text.is_empty());
        Some((column, named.map(|value| (value.key, value.text.to_owned())).collect()))
    };
    profile.columns.iter().enumerate().filter_map(texts).collect()
}
