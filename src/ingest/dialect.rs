//! How a file separates its cells.

use serde::{Deserialize, Serialize};

/// How cells are told apart, and how numbers are written in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// Between two cells.
    pub delimiter: u8,
    /// Around a cell that holds delimiters or line ends; doubled inside to mean itself.
    pub quote: u8,
    /// Makes the character after it an ordinary one, inside quotes: a backslash, in files that do not double quotes.
    pub escape: Option<u8>,
    /// A line that begins with it is no record.
    pub comment: Option<u8>,
    /// Blanks around cells are no part of them, and where the delimiter is a space, a run of blanks is one.
    pub padded: bool,
    /// Behind the last cell of every record is a delimiter more.
    pub trailing: bool,
    /// Between whole and fractional digits: a point or a comma.
    pub decimal: u8,
    /// Between groups of three whole digits, where that is unambiguous.
    pub thousands: Option<u8>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: b'"',
            escape: None,
            comment: None,
            padded: false,
            trailing: false,
            decimal: b'.',
            thousands: None,
        }
    }
}

impl Dialect {
    /// A byte that no UTF-8 text has, for files in which quotes are ordinary characters.
    pub const NO_QUOTE: u8 = 0xff;
}
