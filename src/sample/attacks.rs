//! Flows that mean harm, in campaigns: each kind once a day, one attacker, one aim, one manner.

use super::clock::{DAY, at, weekend};
use super::draw::{Draw, scatter};
use super::flow::Flow;
use super::network::{
    Address, App, BACKUP, DATABASE, DNS, DOMAIN, INTRANET, MAIL, WORKSTATIONS, client_port, host, stays_on, stranger,
};
use super::pattern::{
    CALL, CHECK, HAUL, PARCEL, Pattern, RDP_LOGIN, REFUSED, SCREEN, SHARE, SSH_LOGIN, TUNNEL, UNANSWERED,
};
use super::probes;
use super::scenario::{Attack, Scenario};
use super::shape::Shape;

/// What a campaign of one kind may be.
struct Plan {
    /// Between which times of day it begins.
    begins: (u64, u64),
    flows: (u64, u64),
    /// The seconds from its first flow to about its last.
    lasts: (f64, f64),
}

const fn plan(begins: (u64, u64), flows: (u64, u64), lasts: (f64, f64)) -> Plan {
    Plan { begins, flows, lasts }
}

/// In the order of [`Attack::ALL`]. All end before the night does.
const PLANS: [Plan; 11] = [
    plan((at(9, 0), at(23, 0)), (100, 240), (3.0, 900.0)),
    plan((at(9, 0), at(23, 0)), (100, 240), (3.0, 900.0)),
    plan((at(7, 45), at(13, 0)), (40, 90), (7200.0, 28_800.0)),
    plan((at(9, 30), at(17, 0)), (120, 240), (4.0, 120.0)),
    plan((at(18, 30), at(22, 0)), (40, 150), (240.0, 7200.0)),
    plan((at(18, 30), at(22, 0)), (40, 150), (240.0, 7200.0)),
    plan((at(7, 30), at(11, 0)), (40, 200), (5400.0, 36_000.0)),
    plan((at(9, 0), at(17, 0)), (80, 240), (600.0, 10_800.0)),
    plan((at(17, 30), at(23, 30)), (1, 1), (1.0, 1.0)),
    plan((at(12, 0), at(18, 0)), (15, 40), (1200.0, 14_400.0)),
    plan((at(10, 0), at(17, 0)), (12, 40), (600.0, 7200.0)),
];

/// One of these each day finds nobody there yet.
const EARLY: [Attack; 4] = [Attack::HorizontalScan, Attack::VerticalScan, Attack::SshBruteForce, Attack::RdpBruteForce];

/// The campaigns of a day.
#[derive(Clone, Debug)]
pub(super) struct Campaigns {
    seed: u64,
    scenario: Scenario,
    /// The day that comes next.
    day: u64,
    campaigns: Vec<Campaign>,
    /// When the next flow begins, and whose it is.
    next: (u64, usize),
}

impl Campaigns {
    pub(super) fn new(seed: u64, scenario: Scenario) -> Self {
        let mut campaigns = Self { seed, scenario, day: 0, campaigns: Vec::new(), next: (u64::MAX, 0) };
        campaigns.look_ahead();
        campaigns
    }

    /// When the next flow begins.
    pub(super) fn next_at(&self) -> u64 {
        self.next.0
    }

    /// The next flow, if attacks happen at all.
    pub(super) fn next(&mut self) -> Option<Flow> {
        let campaign = self.campaigns.get_mut(self.next.1)?;
        let flow = campaign.step();
        self.look_ahead();
        Some(flow)
    }

    fn look_ahead(&mut self) {
        self.campaigns.retain(|campaign| campaign.done < campaign.flows);
        if self.campaigns.is_empty() {
            let (seed, day) = (self.seed, self.day);
            let chosen = Attack::ALL.into_iter().filter(|&attack| self.scenario.contains(attack));
            self.campaigns.extend(chosen.map(|attack| Campaign::new(seed, day, attack)));
            self.day += 1;
        }
        self.next = (0..).zip(&self.campaigns).map(|(i, campaign)| (campaign.next, i)).min().unwrap_or((u64::MAX, 0));
    }
}

/// What the flows of one attacker have in common.
#[derive(Clone, Debug)]
struct Campaign {
    attack: Attack,
    /// Each campaign has its own stream, so that what others do does not matter to it.
    draw: Draw,
    /// Tells its tools from others'.
    manner: u64,
    flows: u64,
    done: u64,
    next: u64,
    /// The mean wait between two flows in microseconds, and the share of it that chance decides.
    period: f64,
    jitter: f64,
    attacker: Address,
    target: Address,
    port: u16,
}

impl Campaign {
    fn new(seed: u64, day: u64, attack: Attack) -> Self {
        let mut draw = Draw::of(seed, 1 + day * Attack::ALL.len() as u64 + attack as u64);
        let plan = &PLANS[attack as usize];
        let early = EARLY[(scatter(seed ^ scatter(day)) % 4) as usize] == attack;
        let (from, to) = if early { (at(7, 0), at(8, 10)) } else { plan.begins };
        let next = day * DAY + draw.between(from, to);
        // As much less at weekends as there is of other traffic.
        let size = if weekend(day) { 3 } else { 1 };
        let flows = draw.between(plan.flows.0, plan.flows.1).div_ceil(size);
        let period = draw.log_uniform(plan.lasts.0, plan.lasts.1) * 1e6 / flows as f64;
        let jitter = if attack == Attack::Beacon { 0.3 * draw.uniform() } else { 0.2 + 0.8 * draw.uniform() };
        let inside = loop {
            let workstation = draw.between(0, u64::from(WORKSTATIONS) - 1) as u8;
            // It must be on at any hour.
            if stays_on(workstation) {
                break host(workstation);
            }
        };
        let outside = stranger(&mut draw);
        let (attacker, target, port) = match attack {
            Attack::HorizontalScan | Attack::SlowScan => {
                (inside, host(0), draw.pick([22, 80, 445, 445, 1433, 3389, 8080]))
            }
            Attack::VerticalScan => (inside, host(draw.between(60, 74) as u8), 0),
            Attack::SynFlood => (outside, host(draw.pick([MAIL, INTRANET])), draw.pick([25, 80, 443, 443])),
            Attack::SshBruteForce => {
                (if draw.chance(0.6) { outside } else { inside }, host(draw.pick([BACKUP, INTRANET, DATABASE])), 22)
            }
            Attack::RdpBruteForce => {
                (if draw.chance(0.6) { outside } else { inside }, host(draw.pick([DOMAIN, INTRANET, 4, 17])), 3389)
            }
            Attack::DnsTunnel => (inside, if draw.chance(0.75) { host(DNS) } else { outside }, 53),
            Attack::LateralMovement => (inside, inside, 445),
            _ => (inside, outside, draw.pick([443, 443, 443, 80, 22])),
        };
        let manner = draw.between(0, u64::MAX - 1);
        Self { attack, draw, manner, flows, done: 0, next, period, jitter, attacker, target, port }
    }

    /// The flow that is due, and when the next one is.
    fn step(&mut self) -> Flow {
        let flow = self.flow();
        self.done += 1;
        let chance = match self.attack {
            Attack::Beacon => 2.0 * self.draw.uniform(),
            _ => self.draw.exponential(1.0),
        };
        self.next += (self.period * (1.0 + self.jitter * (chance - 1.0))) as u64;
        flow
    }

    // Too seldom to be worth a place in the loop over rows.
    #[inline(never)]
    fn flow(&mut self) -> Flow {
        let (draw, manner) = (&mut self.draw, self.manner);
        let mut from = (self.attacker, client_port(draw));
        let mut app = None;
        let shape = match self.attack {
            Attack::HorizontalScan => probes::sweep(draw, manner, self.done, &mut self.target, self.port),
            Attack::VerticalScan => probes::ports(draw, manner, self.done, &mut self.port),
            Attack::SlowScan if manner & 1 > 0 => probes::sweep(draw, manner, self.done, &mut self.target, self.port),
            Attack::SlowScan => probes::ports(draw, manner, self.done, &mut self.port),
            Attack::SynFlood => {
                // From addresses that are made up, or from one machine's ports.
                if manner & 1 > 0 {
                    from.0 = stranger(draw);
                }
                from.1 = draw.between(1024, 65_535) as u16;
                probes::flood(draw, manner)
            }
            Attack::SshBruteForce => login(draw, manner, &SSH_LOGIN),
            Attack::RdpBruteForce => login(draw, manner, &RDP_LOGIN),
            Attack::Beacon => {
                // Now and then there is something to do.
                let pattern = if draw.chance(0.04) { &CALL } else { &CHECK };
                pattern.shape(draw, manner)
            }
            Attack::DnsTunnel => {
                app = Some(App::coded(5));
                TUNNEL.shape(draw, manner)
            }
            Attack::Exfiltration => HAUL.shape(draw, manner),
            Attack::SplitExfiltration => PARCEL.shape(draw, manner),
            Attack::LateralMovement => {
                if self.done == 0 || draw.chance(0.3) {
                    let number = draw.between(0, u64::from(MAIL) + 8) as u8;
                    self.target = host(number);
                    if self.target == self.attacker {
                        self.target = host(number ^ 1);
                    }
                    self.port = draw.pick([445, 445, 3389, 5985]);
                }
                let pattern = match self.port {
                    _ if draw.chance(0.12) => &REFUSED,
                    _ if draw.chance(0.08) => &UNANSWERED,
                    445 => &SHARE,
                    3389 => &SCREEN,
                    _ => &CALL,
                };
                if self.port == 5985 {
                    app = Some(App::coded(7)); // WinRM is HTTP
                }
                pattern.shape(draw, manner)
            }
        };
        let app = app.unwrap_or_else(|| App::behind(self.port));
        shape.between(from, (self.target, self.port), app, Some(self.attack))
    }
}

/// A try at logging in, or what is left of it where too many came before.
fn login(draw: &mut Draw, manner: u64, pattern: &Pattern) -> Shape {
    let pattern = match draw.uniform() {
        ..0.03 => &REFUSED,
        0.03..0.06 => &UNANSWERED,
        _ => pattern,
    };
    pattern.shape(draw, manner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the flows of a campaign begin, and what they are.
    fn flows(seed: u64, attack: Attack) -> Vec<(u64, Flow)> {
        let mut campaign = Campaign::new(seed, 0, attack);
        (0..campaign.flows).map(|_| (campaign.next, campaign.step())).collect()
    }

    #[test]
    fn a_beacon_keeps_its_time_but_for_its_jitter() {
        for seed in 0..30 {
            let Campaign { period, jitter, .. } = Campaign::new(seed, 0, Attack::Beacon);
            assert!((0.0..=0.3).contains(&jitter));
            let flows = flows(seed, Attack::Beacon);
            let waits: Vec<f64> = flows.windows(2).map(|two| (two[1].0 - two[0].0) as f64 / period - 1.0).collect();
            assert!(waits.iter().all(|wait| wait.abs() <= jitter + 1e-6), "{jitter}: {waits:?}");
            assert!(waits.iter().any(|wait| wait.abs() > 0.7 * jitter), "{jitter}: {waits:?}");
        }
    }

    #[test]
    fn scans_go_to_each_host_or_port_once() {
        for seed in 0..30 {
            for attack in [Attack::HorizontalScan, Attack::VerticalScan, Attack::SlowScan] {
                let flows = flows(seed, attack);
                let distinct = |of: fn(&Flow) -> u64| {
                    let mut all: Vec<u64> = flows.iter().map(|(_, flow)| of(flow)).collect();
                    all.sort_unstable();
                    all.dedup();
                    all.len()
                };
                let hosts = distinct(|flow| u64::from(u32::from_be_bytes(flow.to.0)));
                let ports = distinct(|flow| flow.to.1.into());
                assert_eq!((hosts.min(ports), hosts.max(ports)), (1, flows.len()), "{attack:?}");
                assert_eq!(distinct(|flow| u64::from(u32::from_be_bytes(flow.from.0))), 1);
                let empty = |flow: &Flow| flow.fwd.sum + flow.bwd.sum == 0 && flow.flags.syn;
                assert!(flows.iter().all(|(_, flow)| empty(flow)));
                let unanswered = flows.iter().filter(|(_, flow)| flow.bwd.count == 0 || flow.flags.rst).count();
                assert!(2 * unanswered > flows.len(), "{attack:?}");
            }
        }
    }

    #[test]
    fn campaigns_are_over_before_the_next_day_begins() {
        for seed in 0..200 {
            for attack in Attack::ALL {
                let flows = flows(seed, attack);
                let (first, last) = (flows[0].0, flows[flows.len() - 1].0);
                assert!(first >= at(7, 0) && last < at(2, 0), "{attack:?} {seed}: {}", last / 60_000_000);
            }
        }
    }

    #[test]
    fn logins_and_hauls_are_as_large_as_they_are() {
        let median = |attack: Attack, of: fn(&Flow) -> u64| {
            let mut all: Vec<u64> = (0..20).flat_map(|seed| flows(seed, attack)).map(|(_, flow)| of(&flow)).collect();
            all.sort_unstable();
            all[all.len() / 2]
        };
        let packets = |flow: &Flow| flow.fwd.count + flow.bwd.count;
        assert!((15..=50).contains(&median(Attack::SshBruteForce, packets)));
        assert!((10..=35).contains(&median(Attack::RdpBruteForce, packets)));
        assert!(median(Attack::Exfiltration, |flow| flow.fwd.sum) > 50_000_000);
        assert!(median(Attack::SplitExfiltration, |flow| flow.fwd.sum) > 1_000_000);
        assert!((60..=400).contains(&median(Attack::DnsTunnel, |flow| flow.fwd.max)));
    }
}
