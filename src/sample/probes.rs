//! Connections that are opened to see what happens, or that something does: scans and floods.

use super::draw::{Draw, scatter};
use super::network::{Address, is_host};
use super::pattern::{RAW, opening};
use super::shape::Shape;

/// How a machine takes a knock at a port.
enum Answer {
    Open,
    Refused,
    Nothing,
}

/// A probe of the next host: the networks of the servers, of the workstations and of the guests, in no order.
pub(super) fn sweep(draw: &mut Draw, manner: u64, number: u64, target: &mut Address, port: u16) -> Shape {
    // A prime and a step below it: none comes twice.
    let host = 1 + ((manner >> 16) % 251 + number * (1 + (manner >> 24) % 250)) % 251;
    *target = [10, 200, 7 + ((manner >> 5) % 3) as u8, host as u8];
    let answer = if !is_host(*target) || draw.chance(0.03) {
        Answer::Nothing
    } else {
        match scatter(u64::from(port) << 32 | host) % 8 {
            0..3 => Answer::Open,
            3..6 => Answer::Refused,
            _ => Answer::Nothing,
        }
    };
    probe(draw, manner, answer)
}

/// A probe of the next port, of the lowest 10,007, in no order.
pub(super) fn ports(draw: &mut Draw, manner: u64, number: u64, port: &mut u16) -> Shape {
    const PORTS: u64 = 10_007;
    *port = (1 + ((manner >> 16) % PORTS + number * (1 + (manner >> 32) % (PORTS - 1))) % PORTS) as u16;
    // Behind a firewall most packets vanish; without one, most are refused.
    let firewalled = manner & 8 > 0;
    let answer = match draw.uniform() {
        ..0.04 => Answer::Open,
        ..0.9 if firewalled => Answer::Nothing,
        0.9.. if !firewalled => Answer::Nothing,
        _ => Answer::Refused,
    };
    probe(draw, manner, answer)
}

fn probe(draw: &mut Draw, manner: u64, answer: Answer) -> Shape {
    let raw = manner & RAW > 0;
    let trip = draw.log_uniform(40.0, 1500.0) as u64;
    match answer {
        // Whole connections are closed in good order, half ones are not.
        Answer::Open if raw => opening(draw, manner, [2, 1], trip, true),
        Answer::Open => {
            let packets = [draw.between(3, 4), draw.between(2, 3)];
            let duration = trip * draw.between(2, 40);
            let reset = draw.chance(0.5);
            opening(draw, manner, packets, duration, reset)
        }
        Answer::Refused => opening(draw, manner, [1, 1], trip, true),
        Answer::Nothing => {
            let tries = if raw { 1 + u64::from(draw.chance(0.5)) } else { draw.between(1, 3) };
            let duration = draw.between(960_000, 1_040_000) * ((1 << (tries - 1)) - 1);
            opening(draw, manner, [tries, 0], duration, false)
        }
    }
}

/// One connection of very many that are never finished: the server repeats its answer for as long as it has room.
pub(super) fn flood(draw: &mut Draw, manner: u64) -> Shape {
    let sent = if draw.chance(0.8) { 1 } else { draw.between(2, 5) };
    let room = [0.15, 0.5, 0.9][(manner >> 40 & 0xff) as usize % 3];
    let answers = if draw.chance(room) { draw.between(1, 5) } else { 0 };
    let duration = match answers {
        0 | 1 => draw.log_uniform(30.0, 2e6) as u64,
        _ => ((1 << (answers - 1)) - 1) * draw.between(980_000, 1_020_000),
    };
    let reset = draw.chance(0.1);
    opening(draw, manner, [sent, answers], duration, reset)
}
