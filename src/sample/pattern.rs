//! What a program's flows look like: much alike as long as the same program on the same machine makes them.

use super::draw::Draw;
use super::flow::Flags;
use super::shape::{FIRST_WINDOWS, Shape, answer_window};
use super::spread::Spread;
use super::timing::Timing;

/// The range of each number, as wide as it is over all machines; all but `varies` of it is between machines.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    /// Packets forward.
    pub(super) packets: [f32; 2],
    /// Packets backward for each forward.
    pub(super) answers: [f32; 2],
    /// The longest payload, forward and backward.
    pub(super) longest: [[f32; 2]; 2],
    /// Where the payloads lie between 0 and the longest, forward and backward.
    pub(super) middle: [f32; 2],
    /// Microseconds: the median, and the standard deviation of the logarithm.
    pub(super) duration: [f32; 2],
    pub(super) varies: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Datagram,
    /// Neither TCP nor UDP.
    Echo,
    /// A connection.
    Talk,
    /// A connection that nobody answers, or that is refused.
    Attempt {
        refused: bool,
    },
}

impl Pattern {
    const fn new(kind: Kind, packets: [f32; 2], answers: [f32; 2], longest: [[f32; 2]; 2]) -> Self {
        Self { kind, packets, answers, longest, middle: [0.3, 0.3], duration: [3e4, 0.6], varies: 0.25 }
    }

    const fn lasting(mut self, median: f32, sigma: f32) -> Self {
        self.duration = [median, sigma];
        self
    }

    const fn filled(mut self, forward: f32, backward: f32) -> Self {
        self.middle = [forward, backward];
        self
    }

    const fn varying(mut self, share: f32) -> Self {
        self.varies = share;
        self
    }

    /// A flow of this pattern; `manner` tells one machine's, or one campaign's, from another's.
    pub(super) fn shape(&self, draw: &mut Draw, manner: u64) -> Shape {
        if let Kind::Attempt { refused } = self.kind {
            return attempt(draw, manner, refused);
        }
        let mut within = |range: [f32; 2], turn: u32| {
            let [low, high] = range.map(f64::from);
            if low == high {
                return low;
            }
            let own = (manner.rotate_left(turn) >> 11) as f64 / (1u64 << 53) as f64;
            let place = own + f64::from(self.varies) * (draw.uniform() - own);
            low * libm::exp(place * libm::log(high / low))
        };
        let fwd = within(self.packets, 7) as u64;
        let mut bwd = (fwd as f64 * within(self.answers, 17)).round() as u64;
        let [ahead, back] = [within(self.longest[0], 27) as u64, within(self.longest[1], 37) as u64];
        let talk = self.kind == Kind::Talk;
        if !talk && draw.chance(0.02) {
            bwd = 0; // what has no connection gets lost now and then
        }
        let duration = draw.log_normal(libm::log(self.duration[0].into()), self.duration[1].into());
        let (middle, fill) = (0.9 + 0.2 * draw.uniform(), 0.1 + 0.3 * draw.uniform());
        let side = |count, max, place: f32| match talk {
            true => Spread::within(count, 0, max, (f64::from(place) * middle).min(1.0), fill),
            false => Spread::constant(count, max),
        };
        Shape {
            reply: false,
            timing: Timing::bursty(draw, fwd, bwd, duration),
            fwd: side(fwd, ahead, self.middle[0]),
            bwd: side(bwd, back, self.middle[1]),
            header: match self.kind {
                Kind::Datagram => 8,
                Kind::Echo => 0,
                _ => [20, 32, 32][(manner >> 3 & 0xff) as usize % 3],
            },
            // As often as in conversations of other sorts.
            flags: Flags {
                psh: talk && draw.chance(0.85),
                fin: talk && draw.chance(0.01),
                rst: talk && draw.chance(0.003),
                syn: talk && draw.chance(0.03),
                ack: talk && draw.chance(0.25),
                urg: talk && draw.chance(0.1),
            },
            windows: if talk { [Some(first_window(manner)), answer_window(draw, bwd)] } else { [None, None] },
            data_share: (f64::from(self.middle[0]) * middle).clamp(0.2, 1.0),
        }
    }
}

/// The first window of a machine, or of a program with its own idea of one. Bits are masked before they index, as a
/// remainder of what a 32-bit `usize` cuts off would be another one.
fn first_window(manner: u64) -> u64 {
    FIRST_WINDOWS[(manner >> 8 & 0xffff) as usize % FIRST_WINDOWS.len()]
}

/// An operating system's try to connect: it repeats itself after 1, 2 and 4 s where nothing comes back, and soon and at
/// most twice where it is refused.
fn attempt(draw: &mut Draw, manner: u64, refused: bool) -> Shape {
    let tries = if refused { 1 + 2 * (manner & 1) } else { draw.between(2, 2 + (manner & 2)) };
    let step = draw.between(480_000, 510_000) * if refused { 1 } else { 2 };
    let duration = match (refused, tries) {
        (true, 1) => draw.between(60, 900),
        (true, _) => 2 * step,
        _ => ((1 << (tries - 1)) - 1) * step,
    };
    opening(draw, manner & !RAW, [tries, if refused { tries } else { 0 }], duration, refused)
}

/// The bit of a manner that says whether connections are opened with raw packets, past the operating system.
pub(super) const RAW: u64 = 4;

/// Packets that open a connection, or want to, and their answers: no payload at all.
pub(super) fn opening(draw: &mut Draw, manner: u64, packets: [u64; 2], duration: u64, reset: bool) -> Shape {
    let [fwd, bwd] = packets;
    let raw = manner & RAW > 0;
    Shape {
        reply: false,
        timing: Timing::backing_off(draw, fwd, bwd, duration),
        fwd: Spread::constant(fwd, 0),
        bwd: Spread::constant(bwd, 0),
        header: if raw { 24 } else { [32, 40][(manner >> 3 & 1) as usize] },
        flags: Flags { syn: true, rst: reset, ack: bwd > 0, ..Flags::default() },
        windows: [
            Some(if raw { 1024 } else { first_window(manner) }),
            (bwd > 0).then(|| if reset && fwd == bwd { 0 } else { FIRST_WINDOWS[draw.between(0, 9) as usize] }),
        ],
        data_share: 0.0,
    }
}

/// A clock's question, and the answer.
pub(super) static TIME: Pattern = Pattern::new(Kind::Datagram, [1.0, 1.0], [1.0, 1.0], [[48.0, 48.0], [48.0, 48.0]]);
pub(super) static LOOKUP: Pattern = Pattern::new(Kind::Datagram, [1.0, 2.2], [1.0, 1.0], [[26.0, 62.0], [42.0, 310.0]])
    .lasting(1.1e4, 1.3)
    .varying(0.9);
pub(super) static PING: Pattern = Pattern::new(Kind::Echo, [1.0, 4.9], [1.0, 1.0], [[32.0, 56.0], [32.0, 56.0]]);
pub(super) static SNMP: Pattern =
    Pattern::new(Kind::Datagram, [2.0, 9.0], [1.0, 1.0], [[38.0, 70.0], [46.0, 180.0]]).lasting(2e4, 0.4);
/// A monitor's question to an agent.
pub(super) static POLL: Pattern =
    Pattern::new(Kind::Talk, [4.0, 7.0], [0.8, 1.0], [[40.0, 120.0], [20.0, 400.0]]).lasting(4e3, 0.5).varying(0.1);
pub(super) static STATUS_PAGE: Pattern =
    Pattern::new(Kind::Talk, [5.0, 8.0], [0.8, 1.3], [[90.0, 220.0], [600.0, 1460.0]]).lasting(1.5e4, 0.6).varying(0.1);
/// A program that asks its maker, or its cloud, whether there is anything new.
pub(super) static CHECK: Pattern =
    Pattern::new(Kind::Talk, [7.0, 14.0], [0.7, 1.1], [[300.0, 900.0], [700.0, 1460.0]]).lasting(3e5, 0.7);
pub(super) static KEEP_ALIVE: Pattern =
    Pattern::new(Kind::Talk, [2.0, 6.0], [0.6, 1.0], [[31.0, 150.0], [31.0, 160.0]]).lasting(2e5, 0.9);
pub(super) static MAIL_POLL: Pattern =
    Pattern::new(Kind::Talk, [9.0, 22.0], [0.8, 1.2], [[180.0, 600.0], [500.0, 1460.0]]).lasting(4e5, 0.9).varying(0.5);
/// A program or a mail that is fetched or delivered whole.
pub(super) static DOWNLOAD: Pattern =
    Pattern::new(Kind::Talk, [60.0, 4e3], [1.2, 2.0], [[250.0, 700.0], [1460.0, 5840.0]])
        .filled(0.03, 0.8)
        .lasting(4e6, 1.0)
        .varying(0.8);
pub(super) static DELIVERY: Pattern =
    Pattern::new(Kind::Talk, [8.0, 120.0], [0.5, 0.9], [[900.0, 2920.0], [60.0, 200.0]])
        .filled(0.5, 0.2)
        .lasting(8e5, 0.9)
        .varying(0.9);
pub(super) static UPLOAD: Pattern =
    Pattern::new(Kind::Talk, [20.0, 3e3], [0.4, 0.7], [[1460.0, 2920.0], [90.0, 500.0]])
        .filled(0.8, 0.1)
        .lasting(3e6, 1.1)
        .varying(0.9);
/// What one flow's time takes of a backup.
pub(super) static BACKUP_RUN: Pattern =
    Pattern::new(Kind::Talk, [2e4, 3e5], [0.25, 0.5], [[1460.0, 5840.0], [60.0, 300.0]])
        .filled(0.9, 0.05)
        .lasting(1.1e8, 0.2);
pub(super) static DIRECTORY: Pattern =
    Pattern::new(Kind::Talk, [4.0, 16.0], [0.8, 1.2], [[240.0, 1460.0], [300.0, 1460.0]])
        .lasting(2e4, 1.0)
        .varying(0.5);
/// Files of a share, and what else SMB carries.
pub(super) static SHARE: Pattern =
    Pattern::new(Kind::Talk, [12.0, 400.0], [0.7, 1.5], [[250.0, 1460.0], [300.0, 1460.0]])
        .lasting(3e6, 1.5)
        .varying(0.9);
pub(super) static ROWS: Pattern = Pattern::new(Kind::Talk, [4.0, 60.0], [0.7, 1.4], [[120.0, 1000.0], [200.0, 1460.0]])
    .lasting(1e5, 1.2)
    .varying(0.7);
pub(super) static CALL: Pattern = Pattern::new(Kind::Talk, [6.0, 40.0], [0.7, 1.2], [[350.0, 1460.0], [300.0, 1460.0]])
    .lasting(4e5, 1.2)
    .varying(0.8);
/// Somebody's screen, as long as a flow may last.
pub(super) static SCREEN: Pattern =
    Pattern::new(Kind::Talk, [80.0, 4e3], [0.8, 1.8], [[300.0, 1200.0], [900.0, 1460.0]])
        .filled(0.08, 0.4)
        .lasting(6e7, 0.9)
        .varying(0.9);
pub(super) static SHELL: Pattern =
    Pattern::new(Kind::Talk, [18.0, 90.0], [0.7, 1.1], [[500.0, 1460.0], [700.0, 1460.0]])
        .filled(0.1, 0.12)
        .lasting(3e6, 0.8)
        .varying(0.5);
pub(super) static PRINTING: Pattern =
    Pattern::new(Kind::Talk, [30.0, 2500.0], [0.3, 0.6], [[1460.0, 1460.0], [60.0, 300.0]])
        .filled(0.85, 0.1)
        .lasting(2e6, 0.8)
        .varying(0.9);
pub(super) static UNANSWERED: Pattern =
    Pattern::new(Kind::Attempt { refused: false }, [1.0; 2], [0.0; 2], [[0.0; 2]; 2]);
pub(super) static REFUSED: Pattern = Pattern::new(Kind::Attempt { refused: true }, [1.0; 2], [1.0; 2], [[0.0; 2]; 2]);
/// A password or several, tried in one connection.
pub(super) static SSH_LOGIN: Pattern =
    Pattern::new(Kind::Talk, [10.0, 30.0], [0.7, 1.1], [[500.0, 1400.0], [600.0, 1100.0]])
        .filled(0.12, 0.14)
        .lasting(3.5e6, 0.6)
        .varying(0.35);
pub(super) static RDP_LOGIN: Pattern =
    Pattern::new(Kind::Talk, [7.0, 17.0], [0.7, 1.0], [[350.0, 800.0], [900.0, 1460.0]])
        .lasting(9e5, 0.6)
        .varying(0.35);
/// Names with data in them, and answers with more.
pub(super) static TUNNEL: Pattern =
    Pattern::new(Kind::Datagram, [1.0, 3.5], [1.0, 1.0], [[70.0, 210.0], [90.0, 420.0]]).lasting(4e4, 0.9).varying(0.6);
pub(super) static HAUL: Pattern = Pattern::new(Kind::Talk, [2e4, 3e5], [0.2, 0.6], [[1460.0, 5840.0], [60.0, 400.0]])
    .filled(0.85, 0.06)
    .lasting(7e7, 0.5);
pub(super) static PARCEL: Pattern =
    Pattern::new(Kind::Talk, [700.0, 6e3], [0.3, 0.6], [[1460.0, 2920.0], [60.0, 500.0]])
        .filled(0.85, 0.08)
        .lasting(1.2e7, 0.8)
        .varying(0.5);
