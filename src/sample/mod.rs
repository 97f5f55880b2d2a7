//! A synthetic file of flows, seeded: something to try the page on, and something to measure with.
//!
//! The columns are those of the Unicauca data set, 87 attributes by CICFlowMeter and nDPI, and an 88th that says which
//! rows were made as attacks. Ordinary rows (`traffic`) and attacks (`attacks`) are drawn row by row from one seeded
//! stream (`draw`), as a few summaries of packets (`spread`, `timing`) that a `flow` then writes out as cells
//! (`text`); so the columns of a row agree with each other as they do in a real export.
//!
//! What the original does not say is invented: no address, port or time of a real flow is in here.

mod attacks;
mod columns;
mod draw;
mod flow;
mod network;
mod spread;
mod text;
mod timing;
mod traffic;

#[cfg(test)]
mod tests;

pub use columns::COLUMNS;

use attacks::Campaigns;
use draw::Draw;

/// FNV-1a (64 bits) of the file with 1000 rows and seed 42, header included: what any platform must arrive at.
pub const FNV1A_OF_1000_ROWS_SEED_42: u64 = 0x2e64_4823_6634_75cb;

/// When the first flow is seen, in microseconds since 1970: 26 April 2017, 11:11:17.
const START: u64 = 1_493_205_077_000_000;
/// The mean time between two rows in microseconds.
const PACE: f64 = 117_000.0;

/// A file of flows that is written piece by piece.
///
/// The same rows and seed give the same bytes, natively and in wasm, however the pieces are cut; with the same seed, a
/// file with fewer rows is the beginning of one with more.
///
/// ```
/// let mut flows = flowsift::sample::Flows::new(1000, 42);
/// let mut file = Vec::new();
/// while flows.write(&mut file, 1 << 16) {}
/// assert_eq!(file.iter().filter(|&&byte| byte == b'\n').count(), 1001);
/// ```
#[derive(Clone, Debug)]
pub struct Flows {
    rows: u64,
    written: u64,
    header_written: bool,
    /// Microseconds since 1970.
    now: u64,
    draw: Draw,
    campaigns: Campaigns,
}

impl Flows {
    /// A file of `rows` flows below a header.
    pub fn new(rows: u64, seed: u64) -> Self {
        let mut draw = Draw::new(seed);
        let campaigns = Campaigns::new(&mut draw);
        Self { rows, written: 0, header_written: false, now: START, draw, campaigns }
    }

    /// Appends the header (the first time) and whole rows, until `at_least` bytes were added or all rows are written.
    ///
    /// Returns whether anything was added, so the piece that ends the file still comes with `true`. Each call that has
    /// something to add adds at least the header or one row, even for `at_least` = 0.
    pub fn write(&mut self, out: &mut Vec<u8>, at_least: usize) -> bool {
        let start = out.len();
        if !self.header_written {
            self.header_written = true;
            out.extend_from_slice(COLUMNS.join(",").as_bytes());
            out.push(b'\n');
        }
        while self.written < self.rows && (out.len() == start || out.len() - start < at_least) {
            self.write_row(out);
            self.written += 1;
        }
        out.len() > start
    }

    /// The rows written so far, the header not counted.
    pub fn rows_written(&self) -> u64 {
        self.written
    }

    fn write_row(&mut self, out: &mut Vec<u8>) {
        let flow = match self.campaigns.next(&mut self.draw) {
            Some(flow) => flow,
            None => traffic::ordinary(&mut self.draw),
        };
        flow.write(self.now / 1_000_000, out);
        self.now += self.draw.exponential(PACE) as u64;
    }
}
