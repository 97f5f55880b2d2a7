//! Flows that mean harm, in campaigns: one attacker, one aim, a few rows among ordinary ones.
//!
//! Each kind has one or two marks that stand out and is ordinary in everything else; some of its rows are ordinary in
//! those, too.

use super::draw::Draw;
use super::flow::{Attack, Flags, Flow};
use super::network::{Address, App, TCP, client, client_port, server, stranger};
use super::spread::Spread;
use super::timing::{LONGEST, Timing};
use super::traffic::SEGMENT;

/// Decides which rows are attacks.
#[derive(Clone, Debug)]
pub(super) struct Campaigns {
    /// The kinds that this round still has to bring; each round brings all four.
    round: Vec<Attack>,
    current: Option<Campaign>,
    /// Ordinary rows until the next attack.
    pause: u64,
}

/// What the flows of one attacker have in common.
#[derive(Clone, Copy, Debug)]
struct Campaign {
    attack: Attack,
    rows_left: u64,
    attacker: Address,
    target: Address,
    port: u16,
    /// The microseconds between two beats.
    period: u64,
    /// A scan varies the host instead of the port.
    sweep: bool,
}

impl Campaigns {
    pub(super) fn new(draw: &mut Draw) -> Self {
        Self { round: Vec::new(), current: None, pause: draw.between(40, 400) }
    }

    /// The next row, if it is an attack. A round of all four kinds is about 36 attacks in about 3,700 rows; all four begin
    /// within the first 5,000 rows whatever is drawn.
    pub(super) fn next(&mut self, draw: &mut Draw) -> Option<Flow> {
        if self.pause > 0 {
            self.pause -= 1;
            return None;
        }
        let mut campaign = match self.current.take() {
            Some(campaign) => campaign,
            None => self.begin(draw),
        };
        campaign.rows_left -= 1;
        if campaign.rows_left == 0 {
            self.pause = draw.between(700, 1100);
        } else {
            self.pause = match campaign.attack {
                Attack::Scan => draw.between(0, 1),
                Attack::Flood => draw.between(0, 2),
                _ => draw.between(1, 5),
            };
            self.current = Some(campaign);
        }
        Some(campaign.flow(draw))
    }

    fn begin(&mut self, draw: &mut Draw) -> Campaign {
        if self.round.is_empty() {
            self.round = vec![Attack::Scan, Attack::Flood, Attack::Exfiltration, Attack::Beaconing];
        }
        let next = draw.between(0, self.round.len() as u64 - 1) as usize;
        let attack = self.round.swap_remove(next);
        let (rows_left, target, port) = match attack {
            Attack::Scan => (draw.between(6, 14), client(draw), draw.pick([22, 80, 443, 1433, 2049])),
            Attack::Flood => (draw.between(4, 12), server(draw), draw.pick([80, 80, 443, 3128])),
            Attack::Beaconing => (draw.between(6, 18), stranger(draw), draw.pick([443, 443, 80, 1883])),
            _ => (draw.between(3, 9), stranger(draw), draw.pick([443, 443, 22, 80])),
        };
        let mut attacker = client(draw);
        if attacker == target {
            attacker[3] ^= 1; // a scan of oneself is none
        }
        Campaign {
            attack,
            rows_left,
            attacker,
            target,
            port,
            period: draw.log_uniform(6e6, 25e6) as u64,
            sweep: draw.chance(0.3),
        }
    }
}

impl Campaign {
    fn flow(self, draw: &mut Draw) -> Flow {
        match self.attack {
            Attack::Scan => self.scan(draw),
            Attack::Flood => self.flood(draw),
            Attack::Beaconing => self.beat(draw),
            _ => self.exfiltration(draw),
        }
    }

    /// A probe: one empty packet to the next port or host, refused or ignored.
    fn scan(self, draw: &mut Draw) -> Flow {
        let (port, mut target) = (if self.sweep { self.port } else { draw.between(1, 10_000) as u16 }, self.target);
        if self.sweep {
            target[3] = draw.between(1, 254) as u8;
        }
        // One in five gets an answer and looks like a short exchange.
        let open = draw.chance(0.2);
        let refused = !open && draw.chance(0.7);
        let (fwd, bwd) = if open { (2, 1) } else { (1, u64::from(refused)) };
        let duration = draw.log_uniform(20.0, 900.0);
        self.with(draw, target, port, |draw| Details {
            timing: Timing::bursty(draw, fwd, bwd, if bwd == 0 { 1.0 } else { duration }),
            fwd: Spread::constant(fwd, 0),
            bwd: Spread::constant(bwd, 0),
            header: 24,
            flags: Flags { syn: true, rst: refused || open, ack: bwd > 0, ..Flags::default() },
            windows: [Some(1024), (bwd > 0).then_some(if open { 29_200 } else { 0 })],
            data_packets: 0,
        })
    }

    /// Very many small packets at one target in a short time.
    fn flood(self, draw: &mut Draw) -> Flow {
        // One in eight was cut short.
        let fwd = if draw.chance(0.125) { draw.between(20, 200) } else { draw.log_uniform(2e3, 9e4) as u64 };
        let bwd = if draw.chance(0.3) { fwd / draw.between(50, 500) } else { 0 };
        let duration = fwd as f64 * draw.log_uniform(0.5, 60.0);
        let length = draw.pick([0, 6, 6, 46]);
        self.with(draw, self.target, self.port, |draw| Details {
            timing: Timing::bursty(draw, fwd, bwd, duration),
            fwd: Spread::constant(fwd, length),
            bwd: Spread::constant(bwd, 0),
            header: 20,
            flags: Flags {
                syn: draw.chance(0.7),
                ack: draw.chance(0.5),
                urg: draw.chance(0.3),
                rst: draw.chance(0.1),
                ..Flags::default()
            },
            windows: [Some(draw.pick([0, 512, 1024, 65_535])), (bwd > 0).then_some(0)],
            data_packets: if length > 0 { fwd - 1 } else { 0 },
        })
    }

    /// Megabytes to a machine that nobody knows, for as long as it takes.
    fn exfiltration(self, draw: &mut Draw) -> Flow {
        // One in five is no larger than somebody's photographs.
        let fwd =
            if draw.chance(0.2) { draw.log_uniform(100.0, 1500.0) as u64 } else { draw.log_uniform(1e4, 4e5) as u64 };
        let bwd = (fwd as f64 * (0.1 + 0.4 * draw.uniform())) as u64;
        let duration = draw.log_uniform(2e7, LONGEST as f64);
        let max = SEGMENT * draw.between(1, 4);
        let (middle, fill) = (0.7 + 0.29 * draw.uniform(), 0.4 * draw.uniform());
        self.with(draw, self.target, self.port, |draw| Details {
            timing: Timing::bursty(draw, fwd, bwd, duration),
            fwd: Spread::within(fwd, 0, max, middle, fill),
            bwd: Spread::within(bwd, 0, draw.between(31, 400), 0.05, 0.3),
            header: 32,
            flags: Flags { psh: draw.chance(0.9), ack: draw.chance(0.3), ..Flags::default() },
            windows: [Some(29_200), Some(draw.between(100, 900))],
            data_packets: (fwd as f64 * middle) as u64,
        })
    }

    /// A few small packets, as regular as a clock.
    fn beat(self, draw: &mut Draw) -> Flow {
        let most = (LONGEST / self.period).min(12);
        let beats = draw.between(most.div_ceil(2).max(2), most.max(2));
        let answer = draw.chance(0.6).then(|| draw.between(20_000, 200_000));
        let jitter = draw.log_uniform(1e-4, 2e-2);
        let length = draw.between(48, 180);
        self.with(draw, self.target, self.port, |draw| Details {
            timing: Timing::clock(draw, beats, self.period, jitter, answer),
            fwd: Spread::constant(beats, length),
            bwd: answer.map_or_else(Spread::default, |_| Spread::constant(beats, length / 2)),
            header: 32,
            flags: Flags { psh: true, ack: draw.chance(0.5), ..Flags::default() },
            windows: [Some(14_600), answer.map(|_| draw.between(100, 900))],
            data_packets: beats - 1,
        })
    }

    fn with(self, draw: &mut Draw, target: Address, port: u16, details: impl FnOnce(&mut Draw) -> Details) -> Flow {
        let from = (self.attacker, client_port(draw));
        let details = details(draw);
        Flow {
            from,
            to: (target, port),
            app: App::behind(port),
            protocol: TCP,
            timing: details.timing,
            fwd: details.fwd,
            bwd: details.bwd,
            header: details.header,
            flags: details.flags,
            windows: details.windows,
            data_packets: details.data_packets,
            attack: self.attack,
        }
    }
}

/// What the flows of a campaign do not have in common.
struct Details {
    timing: Timing,
    fwd: Spread,
    bwd: Spread,
    header: u64,
    flags: Flags,
    windows: [Option<u64>; 2],
    data_packets: u64,
}
