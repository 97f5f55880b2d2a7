//! Flowsift finds the network flows that do not belong.
//!
//! The way of the data, left to right, is the way to read the modules:
//!
//! ```text
//! bytes ─ ingest ─▶ Table ─ features ─▶ matrix ─ detect ─▶ scores ─ threshold ─▶ report ─▶ charts · table · CSV
//! ```
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`ingest`] | the bytes of a shard of the file | typed columns, with warnings that have positions |
//! | [`table`] | – | columns, schema, profiles and samples that merge |
//! | [`context`] | hosts and times | who has many flows within a short time, and what goes on all through the file |
//! | [`features`] | columns | a matrix of numbers, by a plan fitted once |
//! | [`detect`] | a matrix | one score per row, and a threshold |
//! | [`explain`] | a forest and a row | what each feature contributed to its score |
//! | [`report`] | scores and columns | what is drawn, listed and downloaded |
//! | [`engine`] | a file and options | all of the above, over many shards, with progress and cancel |
//! | [`model`] | a fitted detector | a file, which other programs run too; and back |
//! | [`evaluate`] | scores and labels | how well the one tells the other |
//! | [`learn`] | an analyst's marks | an order |
//! | [`findings`] | groups and flows that stand out | one list, in words |
//! | [`words`] | values, flows, columns | sentences in the file's own units |
//! | [`train`] | rows and parameters | an autoencoder, on the best device |
//! | [`numeric`] | numbers | quantiles and logarithms that several of them need |
//! | [`sample`] | a seed | a synthetic file of flows to try things on |
//!
//! Everything up to and including [`engine`] knows no browser and runs natively in tests; `web` and `ui` put it into
//! a page.

pub mod context;
pub mod detect;
pub mod engine;
pub mod evaluate;
pub mod explain;
pub mod features;
pub mod findings;
pub mod ingest;
pub mod learn;
pub mod lint;
pub mod model;
pub mod numeric;
pub mod report;
pub mod sample;
pub mod table;
pub mod train;
#[cfg(feature = "ui")]
pub mod ui;
#[cfg(feature = "web")]
pub mod web;
pub mod words;
