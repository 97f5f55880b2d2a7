//! A synthetic file of flows, seeded: something to try the page on, and something to measure with.
//!
//! The columns are those of the Unicauca data set, 87 attributes by CICFlowMeter and nDPI, and an 88th that says which
//! rows were made as attacks. The traffic is that of a small `office`: `people` who come, visit places and go, and `jobs`
//! that machines do by themselves; and of campaigns of `attacks`, each kind once a day. A flow is drawn as a few
//! summaries of packets (`spread`, `timing`), either as people cause it (`shape`) or as a program does (`pattern`,
//! `probes`), that a `flow` then writes out as cells (`text`); so the columns of a row agree with each other as they do in
//! a real export.
//!
//! What the original does not say is invented: no address, port or time of a real flow is in here.

mod attacks;
mod clock;
mod columns;
mod draw;
mod flow;
mod jobs;
mod network;
mod office;
mod pattern;
mod people;
mod probes;
mod scenario;
mod shape;
mod spread;
mod text;
mod timing;

#[cfg(test)]
mod tests;

pub use columns::COLUMNS;
pub use scenario::{Attack, Scenario};

use attacks::Campaigns;
use clock::START;
use office::Office;

/// FNV-1a (64 bits) of the file with 1000 rows and seed 42, header included: what any platform must arrive at.
pub const FNV1A_OF_1000_ROWS_SEED_42: u64 = 0x4b23_150c_2b49_ed06;

/// A file of flows that is written piece by piece.
///
/// The same rows and seed give the same bytes, natively and in wasm, however the pieces are cut; with the same seed, a
/// file with fewer rows is the beginning of one with more. Rows come in the order in which flows begin; 50,000 are about
/// a day, from six in the morning on.
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
    office: Office,
    campaigns: Campaigns,
}

impl Flows {
    /// A file of `rows` flows below a header, with every kind of attack.
    pub fn new(rows: u64, seed: u64) -> Self {
        Self::of(rows, seed, Scenario::all())
    }

    /// A file of `rows` flows below a header, with the attacks of a scenario. The ordinary flows are the same in all
    /// scenarios, but for how many of them there is room for.
    pub fn of(rows: u64, seed: u64, scenario: Scenario) -> Self {
        let (office, campaigns) = (Office::new(seed), Campaigns::new(seed, scenario));
        Self { rows, written: 0, header_written: false, office, campaigns }
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
        let (office, campaigns) = (self.office.next_at(), self.campaigns.next_at());
        let flow = if campaigns < office { self.campaigns.next() } else { self.office.next() };
        if let Some(flow) = flow {
            flow.write((START + office.min(campaigns)) / 1_000_000, out);
        }
    }
}
