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
            decimal: b'.',
            thousands: None,
        }
    }
}

impl Dialect {
    /// The delimiter among comma, tab, semicolon and pipe that cuts the first line into most cells; a comma if none
    /// occurs. Delimiters inside quotes do not count.
    pub fn sniff(head: &[u8]) -> Self {
        let mut counts = [(b',', 0), (b'\t', 0), (b';', 0), (b'|', 0)];
        let mut quoted = false;
        for &byte in head {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted => break,
                _ if !quoted => {
                    counts.iter_mut().filter(|(delimiter, _)| *delimiter == byte).for_each(|entry| entry.1 += 1)
                }
                _ => {}
            }
        }
        // The first of equals wins, so a comma wins where nothing occurs.
        let best = counts.iter().rev().max_by_key(|entry| entry.1).map_or(b',', |entry| entry.0);
        Self { delimiter: best, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_that_cuts_the_header_most_wins() {
        for (head, delimiter) in [
            ("a,b,c\n1;2;3;4;5\n", b','),
            ("a\tb\tc\n", b'\t'),
            ("a;b;\"c,d,e,f\"\n", b';'),
            ("a|b\n", b'|'),
            ("alone\n1\n", b','),
            ("", b','),
        ] {
            assert_eq!(Dialect::sniff(head.as_bytes()).delimiter, delimiter, "{head:?}");
        }
    }
}
