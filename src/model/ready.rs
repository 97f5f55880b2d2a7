//! The ready-made models: detectors that come with the page, for when there are no flows that are known to be normal.

use crate::detect::Method;

/// Which columns one compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Those that all versions of CICFlowMeter have.
    CicFlowMeter,
    /// Those of records of both directions of a flow, as Zeek, nfdump, nProbe and IPFIX write them: destination port, duration, and packets and
    /// bytes in each direction.
    FlowRecords,
}

/// One of them. `examples/ready_made.rs` makes its file, and `tests/ready.rs` measures its figures.
#[derive(Debug)]
pub struct Ready {
    /// What its file is called, without what all end with.
    pub name: &'static str,
    /// What it compares.
    pub compared: Compared,
    /// What it is.
    pub method: Method,
    /// Area under the ROC curve and average precision on synthetic days with attacks.
    pub days: [&'static str; 2],
    /// The same on flows of another network (CICIDS2017).
    pub elsewhere: [&'static str; 2],
}

impl Ready {
    /// All of them, by what they compare.
    pub const ALL: [Self; 6] = [
        Self {
            name: "ready-made-nearest",
            compared: Compared::CicFlowMeter,
            method: Method::Nearest,
            days: ["0.83", "0.18"],
            elsewhere: ["0.87", "0.13"],
        },
        Self {
            name: "ready-made-forest",
            compared: Compared::CicFlowMeter,
            method: Method::IsolationForest,
            days: ["0.78", "0.15"],
            elsewhere: ["0.77", "0.07"],
        },
        Self {
            name: "ready-made-autoencoder",
            compared: Compared::CicFlowMeter,
            method: Method::Autoencoder,
            days: ["0.82", "0.07"],
            elsewhere: ["0.74", "0.06"],
        },
        Self {
            name: "ready-made-records-nearest",
            compared: Compared::FlowRecords,
            method: Method::Nearest,
            days: ["0.85", "0.23"],
            elsewhere: ["0.80", "0.10"],
        },
        Self {
            name: "ready-made-records-forest",
            compared: Compared::FlowRecords,
            method: Method::IsolationForest,
            days: ["0.74", "0.05"],
            elsewhere: ["0.77", "0.06"],
        },
        Self {
            name: "ready-made-records-autoencoder",
            compared: Compared::FlowRecords,
            method: Method::Autoencoder,
            days: ["0.78", "0.05"],
            elsewhere: ["0.83", "0.11"],
        },
    ];

    /// Whether one of them has this name.
    #[must_use]
    pub fn is_called(name: &str) -> bool {
        Self::ALL.iter().any(|model| model.name == name)
    }
}
