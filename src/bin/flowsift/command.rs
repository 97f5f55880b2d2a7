//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Finds the network flows that do not belong, as the page does.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Command {
    #[command(subcommand)]
    pub verb: Verb,
    /// Threads; as many as there are processors, if not given. The answer does not depend on it.
    #[arg(long, global = true)]
    pub threads: Option<usize>,
    /// Do not tell how far it is.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Fit a detector on files and keep it as a model.
    Fit {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        how: How,
        /// The model's file; usually NAME.flowsift.onnx.
        #[arg(long, short)]
        out: PathBuf,
        /// What the model is called, if not as the first file.
        #[arg(long)]
        name: Option<String>,
    },
    /// Score all flows of files, and write them as CSV with score, rank, group and reasons.
    Score {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        by: By,
        /// Where to; to the standard output, if not given.
        #[arg(long, short)]
        out: Option<PathBuf>,
        /// Only anomalies, and flows of groups that stand out.
        #[arg(long)]
        anomalies: bool,
    },
    /// List what stands out, groups of alike flows and single flows, the most severe first, as CSV: the page's list of findings.
    Findings {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        by: By,
        /// Where to; to the standard output, if not given.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Tell what a model is, or what a file of flows holds.
    Info {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Files {
    /// Files of flows, of any format that the page reads; several of one layout are one table.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct How {
    /// Which detector.
    #[arg(long, value_enum, default_value_t = Which::Forest)]
    pub detector: Which,
    /// As the original application: every number column, min–max scaled, 5 % anomalies.
    #[arg(long)]
    pub classic: bool,
    /// Seed of all random draws.
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
}

#[derive(Debug, Args)]
pub struct By {
    #[command(flatten)]
    pub how: How,
    /// Use a model that was kept, as it is.
    #[arg(long, short, conflicts_with_all = ["baseline", "detector", "classic", "seed"])]
    pub model: Option<PathBuf>,
    /// Learn what is usual from this file of flows that are known to be normal.
    #[arg(long, short)]
    pub baseline: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Isolation forest.
    Forest,
    /// Autoencoder.
    Autoencoder,
    /// Nearest neighbours.
    Nearest,
}
