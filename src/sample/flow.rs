//! One flow with all that is known of it, and its row.

use super::network::{Address, App};
use super::scenario::Attack;
use super::spread::Spread;
use super::text::Cells;
use super::timing::Timing;

/// The flags that CICFlowMeter says were seen (its counts are 0 or 1).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) fin: bool,
    pub(super) syn: bool,
    pub(super) rst: bool,
    pub(super) psh: bool,
    pub(super) ack: bool,
    pub(super) urg: bool,
}

/// A flow: forward is from its source, which is who sent the first packet that was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub(super) from: (Address, u16),
    pub(super) to: (Address, u16),
    pub(super) app: &'static App,
    pub(super) timing: Timing,
    /// The lengths of the packets' payloads forward (at least one packet) and backward, in bytes.
    pub(super) fwd: Spread,
    pub(super) bwd: Spread,
    /// The length of a packet's header in bytes.
    pub(super) header: u64,
    pub(super) flags: Flags,
    /// The first window each side announced, where there is one.
    pub(super) windows: [Option<u64>; 2],
    /// Packets forward that carry payload, but for the first.
    pub(super) data_packets: u64,
    /// What it was made as, if not as an ordinary flow.
    pub(super) attack: Option<Attack>,
}

impl Flow {
    /// Appends the flow as a row, seen at `unix_seconds`.
    // Once in the program, not once for each who calls it.
    #[inline(never)]
    pub(super) fn write(&self, unix_seconds: u64, out: &mut Vec<u8>) {
        let row = &mut Cells::new(out);
        self.write_ends(unix_seconds, row);
        self.write_sizes(row);
        self.write_times(row);
        self.write_packets(row);
        self.write_segments(row);
        write_spread(row, self.timing.active);
        write_spread(row, self.timing.idle);
        row.text("BENIGN");
        row.int(self.app.code);
        row.text(self.app.name);
        row.text(self.attack.map_or("none", Attack::name));
        row.end_row();
    }

    /// `Flow.ID` to `Timestamp`.
    fn write_ends(&self, unix_seconds: u64, row: &mut Cells<'_>) {
        // Both directions of a conversation have one name: the lesser address first, by Java's signed bytes.
        let swap = self.to.0.map(u8::cast_signed) < self.from.0.map(u8::cast_signed);
        let ends = if swap { [self.to, self.from] } else { [self.from, self.to] };
        row.flow_id(ends, self.app.protocol);
        for (address, port) in [self.from, self.to] {
            row.address(address);
            row.int(u64::from(port));
        }
        row.int(u64::from(self.app.protocol));
        row.timestamp(unix_seconds);
    }

    /// `Flow.Duration` to `Flow.Packets.s`.
    fn write_sizes(&self, row: &mut Cells<'_>) {
        row.int(self.timing.duration);
        row.int(self.fwd.count);
        row.int(self.bwd.count);
        row.int(self.fwd.sum);
        row.int(self.bwd.sum);
        for side in [self.fwd, self.bwd] {
            row.int(side.max);
            row.int(side.min);
            row.float(side.mean());
            row.float(side.std());
        }
        row.float(self.per_second(self.fwd.sum + self.bwd.sum));
        row.float(self.per_second(self.packets()));
    }

    /// `Flow.IAT.Mean` to `Bwd.IAT.Min`: the waits (inter-arrival times).
    fn write_times(&self, row: &mut Cells<'_>) {
        let Timing { waits, fwd_waits, bwd_waits, .. } = self.timing;
        write_spread(row, waits);
        for side in [fwd_waits, bwd_waits] {
            row.int(side.sum);
            write_spread(row, side);
        }
    }

    /// `Fwd.PSH.Flags` to `Average.Packet.Size`.
    fn write_packets(&self, row: &mut Cells<'_>) {
        let flags = self.flags;
        row.int(flags.syn.into()); // Fwd.PSH.Flags follows the SYN flag in the original
        for _ in ["Bwd.PSH.Flags", "Fwd.URG.Flags", "Bwd.URG.Flags"] {
            row.int(0);
        }
        row.int(self.fwd.count * self.header);
        row.int(self.bwd.count * self.header);
        row.float(self.per_second(self.fwd.count));
        row.float(self.per_second(self.bwd.count));
        // CICFlowMeter counts the length of the first packet twice.
        let all = self.fwd.merge(self.bwd).merge(Spread::constant(1, self.fwd.min));
        row.int(all.min);
        row.int(all.max);
        row.float(all.mean());
        row.float(all.std());
        row.float(all.variance());
        for flag in [flags.fin, flags.syn, flags.rst, flags.psh, flags.ack, flags.urg] {
            row.int(flag.into());
        }
        row.int(0); // CWE.Flag.Count
        row.int(flags.rst.into()); // ECE.Flag.Count follows the RST flag in the original
        row.int(self.bwd.count / self.fwd.count);
        row.float(all.sum as f64 / self.packets() as f64);
    }

    /// `Avg.Fwd.Segment.Size` to `min_seg_size_forward`: mostly copies and constants.
    fn write_segments(&self, row: &mut Cells<'_>) {
        row.float(self.fwd.mean());
        row.float(self.bwd.mean());
        row.int(self.fwd.count * self.header);
        for _ in 0..6 {
            row.int(0); // bytes, packets and rate of bulks, forward and backward
        }
        for side in [self.fwd, self.bwd] {
            row.int(side.count);
            row.int(side.sum);
        }
        for window in self.windows {
            row.int_or_minus_one(window);
        }
        row.int(self.data_packets);
        row.int(self.header);
    }

    fn packets(&self) -> u64 {
        self.fwd.count + self.bwd.count
    }

    fn per_second(&self, amount: u64) -> f64 {
        amount as f64 / self.timing.duration as f64 * 1e6
    }
}

/// Mean, standard deviation, maximum and minimum.
fn write_spread(row: &mut Cells<'_>, spread: Spread) {
    row.float(spread.mean());
    row.float(spread.std());
    row.int(spread.max);
    row.int(spread.min);
}
