//! The ready-made models: detectors that come with the page, for when there are no flows that are known to be normal.

use crate::detect::Method;

/// One of them. `examples/ready_made.rs` makes its file, and `tests/ready.rs` measures its figures.
#[derive(Debug)]
pub struct Ready {
    /// What its file is called, without what all end with.
    pub name: &'static str,
    /// What it is.
    pub method: Method,
    /// Area under the ROC curve and average precision on synthetic days with attacks.
    pub days: [&'static str; 2],
    /// The same on flows of another network (CICIDS2017).
    pub elsewhere: [&'static str; 2],
}

/// All of them, the strongest first.
pub const READY: [Ready; 3] = [
    Ready { name: "ready-made-nearest", method: Method::Nearest, days: ["0.83", "0.18"], elsewhere: ["0.87", "0.13"] },
    Ready {
        name: "ready-made-forest",
        method: Method::IsolationForest,
        days: ["0.78", "0.15"],
        elsewhere: ["0.77", "0.07"],
    },
    Ready {
        name: "ready-made-autoencoder",
        method: Method::Autoencoder,
        days: ["0.82", "0.07"],
        elsewhere: ["0.74", "0.06"],
    },
];
