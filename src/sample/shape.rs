//! What flows look like: those that people cause come in a handful of shapes, in the proportions of the original, each
//! with heavy tails.

use super::draw::Draw;
use super::flow::{Flags, Flow};
use super::network::{Address, App, TCP, UDP};
use super::scenario::Attack;
use super::spread::Spread;
use super::timing::Timing;

/// The largest payload of one TCP segment on Ethernet; captures show multiples of it.
const SEGMENT: u64 = 1460;
/// The windows that operating systems begin a connection with.
pub(super) const FIRST_WINDOWS: [u64; 10] =
    [8192, 65_535, 29_200, 29_200, 14_600, 14_600, 14_600, 5840, 28_960, 42_340];
/// The largest payload in the original.
const LARGEST: f64 = 32_832.0;

/// What a flow looks like, whoever its ends are.
pub(super) struct Shape {
    /// Whether the server's packet was the first that was seen.
    pub(super) reply: bool,
    pub(super) timing: Timing,
    pub(super) fwd: Spread,
    pub(super) bwd: Spread,
    pub(super) header: u64,
    pub(super) flags: Flags,
    pub(super) windows: [Option<u64>; 2],
    pub(super) data_share: f64,
}

impl Shape {
    /// What people's use of an application makes; `kind` (0 to 1) says which sort of flow it is.
    pub(super) fn of(draw: &mut Draw, app: &App, kind: f64) -> Self {
        match (app.protocol, kind) {
            (TCP, ..0.34) => ending(draw),
            (TCP, ..0.50) => exchange(draw),
            (TCP, ..0.86) => conversation(draw),
            (TCP, ..0.93) => transfer(draw),
            (TCP, _) => delivery(draw),
            (protocol, _) => query(draw, protocol),
        }
    }

    /// The flow of this shape between a client and a server.
    pub(super) fn between(
        self,
        client: (Address, u16),
        server: (Address, u16),
        app: &'static App,
        attack: Option<Attack>,
    ) -> Flow {
        let (from, to) = if self.reply { (server, client) } else { (client, server) };
        let data = (self.fwd.count - 1) as f64 * self.data_share;
        Flow {
            from,
            to,
            app,
            timing: self.timing,
            fwd: self.fwd,
            bwd: self.bwd,
            header: self.header,
            flags: self.flags,
            windows: self.windows,
            data_packets: data.round() as u64,
            attack,
        }
    }
}

/// The last acknowledgements of a connection that was counted already: two tiny packets in no time. The most common shape.
fn ending(draw: &mut Draw) -> Shape {
    let fwd = if draw.chance(0.9) { 2 } else { draw.between(1, 4) };
    let length = if draw.chance(0.85) { 6 } else { draw.pick([0, 31, 46, 37]) };
    let duration = match draw.uniform() {
        u if u < 0.45 => 1.0,
        u if u < 0.92 => draw.log_uniform(2.0, 300.0),
        _ => draw.log_normal(11.0, 2.5),
    };
    Shape {
        reply: draw.chance(0.9),
        timing: Timing::bursty(draw, fwd, 0, duration),
        fwd: Spread::constant(fwd, length),
        bwd: Spread::default(),
        header: 20,
        flags: Flags { ack: true, urg: draw.chance(0.9), fin: draw.chance(0.02), ..Flags::default() },
        windows: [Some(small_window(draw)), None],
        data_share: f64::from(u8::from(length > 0)),
    }
}

/// A few packets to and fro: a keep-alive, a failed handshake, the middle of something.
fn exchange(draw: &mut Draw) -> Shape {
    let (fwd, bwd) = (draw.between(1, 3), draw.pick([0, 1, 1, 2, 3, 5]));
    let duration = draw.log_normal(8.0, 3.2);
    let longest = |draw: &mut Draw| match draw.uniform() {
        u if u < 0.4 => draw.pick([0, 6]),
        u if u < 0.8 => draw.between(20, 200),
        _ => draw.between(200, SEGMENT),
    };
    let (fwd_max, bwd_max) = (longest(draw), longest(draw));
    let (fwd_min, bwd_min) = (draw.between(0, fwd_max / 4), if draw.chance(0.8) { 0 } else { bwd_max });
    let (middle, fill) = (draw.uniform(), draw.uniform());
    let opening = draw.chance(0.3);
    Shape {
        reply: draw.chance(0.4),
        timing: Timing::bursty(draw, fwd, bwd, duration),
        fwd: Spread::within(fwd, fwd_min, fwd_max, middle, fill),
        bwd: Spread::within(bwd, bwd_min, bwd_max, fill, middle),
        header: draw.pick([20, 20, 32, 32, 32, 24, 28]),
        flags: Flags {
            syn: opening,
            ack: true,
            urg: draw.chance(0.45),
            fin: draw.chance(0.06),
            rst: draw.chance(0.02),
            psh: draw.chance(0.15),
        },
        windows: [Some(if opening { first_window(draw) } else { small_window(draw) }), answer_window(draw, bwd)],
        data_share: draw.uniform(),
    }
}

/// Requests and answers: pages, mail, calls to services.
fn conversation(draw: &mut Draw) -> Shape {
    let fwd = 2 + draw.log_normal(2.1, 0.85) as u64;
    let bwd = (fwd as f64 * draw.log_normal(-0.15, 0.5)) as u64 + u64::from(draw.chance(0.9));
    let duration = draw.log_normal(14.0, 2.0);
    let fwd_max = draw.log_normal(6.2, 0.7).clamp(40.0, 2.0 * SEGMENT as f64) as u64;
    let bwd_max = answer_length(draw);
    let (fwd_min, bwd_min) = (lowest(draw), lowest(draw));
    let (fwd_middle, bwd_middle) = (draw.uniform() * 0.35, draw.uniform() * 0.6);
    let (fwd_fill, bwd_fill) = (draw.uniform(), draw.uniform());
    Shape {
        reply: draw.chance(0.12),
        timing: Timing::bursty(draw, fwd, bwd, duration),
        fwd: Spread::within(fwd, fwd_min, fwd_max, fwd_middle, fwd_fill),
        bwd: Spread::within(bwd, bwd_min, bwd_max, bwd_middle, bwd_fill),
        header: draw.pick([20, 32, 32]),
        flags: Flags {
            psh: draw.chance(0.85),
            fin: draw.chance(0.01),
            rst: draw.chance(0.003),
            syn: draw.chance(0.03),
            ack: draw.chance(0.25),
            urg: draw.chance(0.1),
        },
        windows: [Some(first_window(draw)), answer_window(draw, bwd)],
        data_share: draw.uniform() * 0.6,
    }
}

/// Downloads, streams and now and then an upload: many packets, most of them full.
fn transfer(draw: &mut Draw) -> Shape {
    let requests = (4.0 + draw.log_normal(4.6, 1.5)).min(400_000.0) as u64;
    let data = (requests as f64 * draw.log_normal(0.45, 0.35)) as u64 + 1;
    let duration = draw.log_normal(15.4, 1.6);
    let upload = draw.chance(0.18);
    let (up, down) = if upload { (data, requests) } else { (requests, data) };
    let (full, other) = (answer_length(draw).max(SEGMENT), draw.log_normal(6.3, 0.7).clamp(40.0, 4000.0) as u64);
    let (most, little) = (0.3 + 0.5 * draw.uniform(), 0.12 * draw.uniform());
    let (fill, other_fill) = (draw.uniform(), draw.uniform() * 0.7);
    let packets = [Spread::within(requests, 0, other, little, other_fill), Spread::within(data, 0, full, most, fill)];
    let [fwd, bwd] = if upload { [packets[1], packets[0]] } else { packets };
    Shape {
        reply: draw.chance(0.1),
        timing: Timing::bursty(draw, up, down, duration),
        fwd,
        bwd,
        header: draw.pick([20, 32, 32]),
        flags: Flags {
            psh: draw.chance(0.9),
            fin: draw.chance(0.01),
            rst: draw.chance(0.003),
            syn: draw.chance(0.02),
            ack: draw.chance(0.2),
            urg: draw.chance(0.05),
        },
        windows: [Some(first_window(draw)), answer_window(draw, bwd.count)],
        data_share: if upload { 0.9 } else { draw.uniform() * 0.3 },
    }
}

/// The server's half of a conversation whose other half went another way.
fn delivery(draw: &mut Draw) -> Shape {
    let fwd = (2.0 + draw.log_normal(2.6, 1.4)).min(100_000.0) as u64;
    let duration = draw.log_normal(11.5, 2.8);
    let max = answer_length(draw);
    let (min, middle, fill) = (lowest(draw), draw.uniform() * 0.8, draw.uniform());
    Shape {
        reply: true,
        timing: Timing::bursty(draw, fwd, 0, duration),
        fwd: Spread::within(fwd, min, max, middle, fill),
        bwd: Spread::default(),
        header: 20,
        flags: Flags { psh: draw.chance(0.5), fin: draw.chance(0.02), ack: true, ..Flags::default() },
        windows: [Some(if draw.chance(0.7) { small_window(draw) } else { first_window(draw) }), None],
        data_share: 0.5 + 0.5 * draw.uniform(),
    }
}

/// A question and its answer without a connection.
fn query(draw: &mut Draw, protocol: u8) -> Shape {
    let (fwd, bwd) = (draw.pick([1, 1, 2, 4]), draw.pick([0, 1, 1, 2]));
    let duration = draw.log_normal(10.5, 2.0);
    let (question, answer) = (draw.between(28, 80), draw.between(44, 512));
    Shape {
        reply: draw.chance(0.2),
        timing: Timing::bursty(draw, fwd, bwd, duration),
        fwd: Spread::constant(fwd, question),
        bwd: Spread::constant(bwd, answer),
        header: if protocol == UDP { 8 } else { 0 },
        flags: Flags::default(),
        windows: [None, None],
        data_share: 1.0,
    }
}

/// The longest packet of an answer, a multiple of a full segment as often as not.
fn answer_length(draw: &mut Draw) -> u64 {
    let length = draw.log_normal(7.2, 0.65).clamp(40.0, LARGEST) as u64;
    if draw.chance(0.5) { (length / SEGMENT).max(1) * SEGMENT } else { length }
}

/// The shortest packet of a flow.
fn lowest(draw: &mut Draw) -> u64 {
    if draw.chance(0.88) { 0 } else { draw.pick([6, 6, 20, 31]) }
}

/// The window of a connection under way.
fn small_window(draw: &mut Draw) -> u64 {
    draw.log_normal(6.0, 0.6).clamp(0.0, 65_535.0) as u64
}

/// The window of a connection that begins, as operating systems set it.
fn first_window(draw: &mut Draw) -> u64 {
    draw.pick(FIRST_WINDOWS)
}

/// The window that the other side answers with, if it does.
pub(super) fn answer_window(draw: &mut Draw, packets: u64) -> Option<u64> {
    let window = if draw.chance(0.75) { small_window(draw) } else { first_window(draw) };
    (packets > 0).then_some(window)
}
