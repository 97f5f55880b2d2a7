//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flowsift::{engine::First, model};

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
        #[command(flatten)]
        usual: Usual,
        /// The model's file; usually NAME.flowsift.onnx.
        #[arg(long, short)]
        out: PathBuf,
        /// What the model is called, if not as the first file.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        onnx: Onnx,
    },
    /// Write a model again, for other ONNX runtimes.
    Export {
        /// The model.
        model: PathBuf,
        /// Where to.
        #[arg(long, short)]
        out: PathBuf,
        #[command(flatten)]
        onnx: Onnx,
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
    /// List groups of alike flows, bursts, series and single flows, those first that stand out, as CSV: the page's list of findings.
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
    #[command(flatten)]
    pub usual: Usual,
    /// Use a model that was kept, as it is.
    #[arg(long, short, conflicts_with_all = ["baseline", "first_rows", "first_until", "detector", "classic", "seed"])]
    pub model: Option<PathBuf>,
}

/// What is known to be normal; if nothing is, the detector is fitted on all flows.
#[derive(Debug, Args)]
pub struct Usual {
    /// Learn what is usual from this file of flows that are known to be normal.
    #[arg(long, short, conflicts_with_all = ["first_rows", "first_until"])]
    pub baseline: Option<PathBuf>,
    /// Learn it from so many first flows of the files themselves.
    #[arg(long, value_name = "N", conflicts_with = "first_until")]
    pub first_rows: Option<u64>,
    /// Learn it from their flows of before this point in time, as they write times, or as in "2017-07-05 10:00".
    #[arg(long, value_name = "TIME")]
    pub first_until: Option<String>,
}

impl Usual {
    /// Which first part of the files it is, if it is one.
    pub fn first(&self) -> Option<First> {
        let until = || self.first_until.clone().map(First::Until);
        self.first_rows.map(First::Rows).or_else(until)
    }

    /// The files that it is read from, if any.
    pub fn files<'a>(&'a self, files: &'a [PathBuf]) -> Option<&'a [PathBuf]> {
        let itself = self.first().map(|_| files);
        self.baseline.as_ref().map(std::slice::from_ref).or(itself)
    }
}

#[derive(Debug, Args)]
pub struct Onnx {
    /// Which ONNX runtimes the model is for; Flowsift reads both.
    #[arg(long = "onnx", value_enum, default_value_t = Runtimes::Current)]
    pub runtimes: Runtimes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Runtimes {
    /// onnxruntime 1.21 or later.
    Current,
    /// Those with the operators of ONNX 1.11 too; instead of addresses, they are given the classes of these.
    Older,
}

impl From<Runtimes> for model::Runtimes {
    fn from(runtimes: Runtimes) -> Self {
        match runtimes {
            Runtimes::Current => Self::Current,
            Runtimes::Older => Self::Older,
        }
    }
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
