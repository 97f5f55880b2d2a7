//! How bytes stand for text.

use serde::{Deserialize, Serialize};

/// The encodings that files of flows come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// With or without a byte order mark.
    #[default]
    Utf8,
    /// Sixteen bits, least byte first.
    Utf16Le,
    /// Sixteen bits, greatest byte first.
    Utf16Be,
    /// Western European, which has Latin-1 in it but for control characters.
    Windows1252,
}
