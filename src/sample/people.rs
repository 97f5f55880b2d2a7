//! What people do at their machines: when they are there, and what they visit.

use super::clock::{DAY, SECOND, at, weekend};
use super::draw::{Draw, scatter};
use super::flow::Flow;
use super::network::{
    Address, App, DATABASE, DNS, FILES, FLOWS, GUESTS, INTRANET, MAIL, PROXY, WORKSTATIONS, client_port, host, server,
    world,
};
use super::pattern::{CALL, DELIVERY, LOOKUP, Pattern, ROWS, SHARE, UPLOAD};
use super::shape::Shape;

/// Those of the office, one at each workstation, and the guests.
pub(super) const PEOPLE: u8 = WORKSTATIONS + 8;
/// The mean pause between two visits, in seconds, of a person of average industry.
const PAUSE: f64 = 970.0;

/// What is done on the office's own servers: the share of it, where, with which application, and how it looks. The last
/// takes what the others leave.
static WORK: [(f64, u8, &App, &Pattern); 6] = [
    (0.34, FILES, App::coded(41), &SHARE),
    (0.10, FILES, App::coded(41), &UPLOAD),
    (0.28, INTRANET, App::coded(7), &CALL),
    (0.16, DATABASE, App::coded(114), &ROWS),
    (0.08, MAIL, App::coded(3), &DELIVERY),
    (1.0, MAIL, App::coded(51), &CALL),
];

/// Everybody's habits, which the seed decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits(pub(super) u64);

impl Habits {
    /// Three in four things that a person visits are among these twelve.
    fn favourite(self, person: u8, rank: u64) -> (&'static App, Address) {
        let [place, far] = [0, 1].map(|n| scatter(self.0 ^ (1 << 60 | u64::from(person) << 16 | rank << 1 | n)));
        // The product of two even numbers is more often low.
        (App::at(place % FLOWS), world((far & 0xff) * (far >> 8 & 0xff) / 4))
    }

    /// When a person of the office, or a guest, arrives, goes to lunch, comes back and leaves, if at all.
    fn hours(self, person: u8, day: u64) -> Option<[u64; 4]> {
        let guest = person >= WORKSTATIONS;
        // Always as many are away, and as few are there at weekends.
        let turn = (u64::from(person) + 7 * day) % 20;
        let away = if weekend(day) { guest || turn != 1 } else { !guest && turn == 0 };
        if away {
            return None;
        }
        let [a, b, c, d, ..] = scatter(self.0 ^ (2 << 60 | day << 8 | u64::from(person))).to_le_bytes().map(u64::from);
        let part = |minutes: u64, of: u64| minutes * of * 60 * SECOND / 256;
        let lunch = at(11, 50) + part(50, b);
        // One in five stays at the desk, and one in twenty works late.
        let back = if b % 5 == 0 { lunch } else { lunch + part(30, c) + at(6, 25) };
        let late = if d % 20 == 0 { at(9, 0) } else { 0 };
        Some([at(8, 0) + part(90, a), lunch, back, at(17, 0) + part(90, d) + late].map(|time| day * DAY + time))
    }

    /// The first moment from `now` on when the person is at the desk.
    pub(super) fn desk(self, person: u8, now: u64) -> u64 {
        let mut day = now / DAY;
        loop {
            if let Some([arrives, lunch, back, leaves]) = self.hours(person, day) {
                let mut moment = now.max(arrives);
                if (lunch..back).contains(&moment) {
                    moment = back;
                }
                if moment < leaves {
                    return moment;
                }
            }
            day += 1;
        }
    }
}

/// A visit: several connections for one purpose, to one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    person: u8,
    connections_left: u64,
    /// The name of the next connection's far end is known.
    looked_up: bool,
    app: &'static App,
    far: Address,
    /// How the application is used this time.
    kind: f64,
    pattern: Option<&'static Pattern>,
}

impl Visit {
    pub(super) fn new(person: u8) -> Self {
        let (app, far) = (App::at(0), host(PROXY));
        Self { person, connections_left: 0, looked_up: false, app, far, kind: 0.0, pattern: None }
    }

    fn begin(&mut self, habits: Habits, draw: &mut Draw) {
        self.connections_left = draw.between(3, 10);
        self.kind = draw.uniform();
        let guest = self.person >= WORKSTATIONS;
        self.pattern = None;
        if !guest && draw.chance(0.2) {
            let mut place = draw.uniform();
            for (share, server, app, pattern) in WORK {
                (self.app, self.far, self.pattern) = (app, host(server), Some(pattern));
                place -= share;
                if place < 0.0 {
                    break;
                }
            }
            return;
        }
        (self.app, self.far) = if !guest && draw.chance(0.75) {
            habits.favourite(self.person, draw.rank(12))
        } else {
            (App::at(draw.between(0, FLOWS - 1)), server(draw))
        };
        if self.app.is_proxied() && !guest {
            self.far = host(PROXY);
        }
    }

    /// The flow that is due at `now`, and when the next one is.
    pub(super) fn step(&mut self, now: u64, habits: Habits, draw: &mut Draw) -> (Flow, u64) {
        if self.connections_left == 0 {
            self.begin(habits, draw);
        }
        let near = host(if self.person < WORKSTATIONS { self.person } else { GUESTS });
        let own = self.pattern.is_some() || self.app.is_proxied();
        if !self.looked_up && !own && draw.chance(0.35) {
            self.looked_up = true;
            let flow = LOOKUP.shape(draw, scatter(self.app.code)).between(
                (near, client_port(draw)),
                (host(DNS), 53),
                App::coded(5),
                None,
            );
            return (flow, now + 1000 + draw.exponential(40_000.0) as u64);
        }
        self.looked_up = false;
        self.connections_left -= 1;
        let mut far = self.far;
        if !own && draw.chance(0.3) {
            far = server(draw); // what the page is made of comes from elsewhere, too
        }
        let shape = match self.pattern {
            Some(pattern) => pattern.shape(draw, scatter(u64::from(self.person))),
            None => {
                let kind = if draw.chance(0.5) { self.kind } else { draw.uniform() };
                Shape::of(draw, self.app, kind)
            }
        };
        let flow = shape.between((near, self.app.client_port(draw)), (far, self.app.port), self.app, None);
        let next = if self.connections_left > 0 {
            now + draw.exponential(1.5e6) as u64
        } else {
            // Some do twice as much as others.
            let pause = PAUSE * (0.65 + 0.1 * f64::from(self.person * 3 % 8));
            let pause = if self.person < WORKSTATIONS { pause } else { 0.6 * pause };
            habits.desk(self.person, now + (draw.exponential(pause) * 1e6) as u64)
        };
        (flow, next)
    }
}
