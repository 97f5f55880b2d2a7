//! How a file separates its cells.

use serde::{Deserialize, Serialize};

/// Delimiter and quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// Between two cells.
    pub delimiter: u8,
    /// Around a cell that holds delimiters or line ends; doubled inside to mean itself.
    pub quote: u8,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', quote: b'"' }
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
