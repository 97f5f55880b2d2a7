//! What machines do by themselves: at intervals, by day and by night.

use super::clock::{DAY, SECOND, at};
use super::draw::{Draw, scatter};
use super::flow::Flow;
use super::network::{
    App, BACKUP, DATABASE, DEVICES, DNS, DOMAIN, FILES, GUESTS, INTRANET, MAIL, MONITOR, PRINT, WORKSTATIONS, host,
    stays_on, world,
};
use super::pattern::{
    BACKUP_RUN, CHECK, DELIVERY, DIRECTORY, DOWNLOAD, KEEP_ALIVE, LOOKUP, MAIL_POLL, PING, POLL, PRINTING, Pattern,
    REFUSED, ROWS, SCREEN, SHELL, SNMP, STATUS_PAGE, TIME, UNANSWERED, UPLOAD,
};
use super::people::Habits;

/// The same thing, done again and again by some hosts.
pub(super) struct Job {
    app: &'static App,
    /// The first of the hosts, and the first that is none of them.
    pub(super) hosts: (u8, u8),
    peer: Peer,
    /// The seconds between two times, and the share that they vary by, evenly; 1 is for chance alone.
    every: (f64, f64),
    when: When,
    pattern: &'static Pattern,
}

enum Peer {
    /// Another host, which listens.
    Host(u8),
    /// Another host, which connects to the hosts of the job.
    From(u8),
    /// One of three machines of the world.
    World(u64),
    /// Any machine of the world, which connects.
    FromWorld,
}

enum When {
    Always,
    /// While the machine is on: some workstations are by night.
    On,
    /// While its person is there.
    Desk,
    /// From one time of day to another.
    Between(u64, u64),
}

const fn job(code: u64, hosts: (u8, u8), peer: Peer, every: (f64, f64), when: When, pattern: &'static Pattern) -> Job {
    Job { app: App::coded(code), hosts, peer, every, when, pattern }
}

const PCS: (u8, u8) = (0, WORKSTATIONS);

pub(super) static JOBS: [Job; 41] = [
    // The clocks of servers, of devices and of workstations.
    job(9, (FILES, FILES + 1), Peer::World(900), (128.0, 0.01), When::Always, &TIME),
    job(9, (DOMAIN, DOMAIN + 1), Peer::World(900), (64.0, 0.01), When::Always, &TIME),
    job(9, (BACKUP, DATABASE), Peer::World(900), (256.0, 0.01), When::Always, &TIME),
    job(9, (DATABASE, GUESTS), Peer::Host(DOMAIN), (1024.0, 0.02), When::Always, &TIME),
    job(9, (0, 12), Peer::Host(DOMAIN), (512.0, 0.02), When::On, &TIME),
    job(9, (12, 60), Peer::Host(DOMAIN), (1024.0, 0.02), When::On, &TIME),
    // The monitor: agents, pages, pings, devices, and one agent that is not there.
    job(0, (INTRANET, MONITOR), Peer::From(MONITOR), (60.0, 0.01), When::Always, &POLL),
    job(0, (MAIL, MAIL + 1), Peer::From(MONITOR), (120.0, 0.01), When::Always, &POLL),
    job(0, (DNS, DATABASE), Peer::From(MONITOR), (300.0, 0.01), When::Always, &POLL),
    job(7, (PRINT, MONITOR), Peer::From(MONITOR), (300.0, 0.01), When::Always, &STATUS_PAGE),
    job(81, (FILES, MONITOR), Peer::From(MONITOR), (300.0, 0.01), When::Always, &PING),
    job(14, (DEVICES, GUESTS), Peer::From(MONITOR), (300.0, 0.01), When::Always, &SNMP),
    job(0, (DEVICES, DEVICES + 1), Peer::From(MONITOR), (300.0, 0.01), When::Always, &REFUSED),
    job(81, PCS, Peer::From(MONITOR), (86_400.0, 0.01), When::Between(at(3, 0), at(3, 2)), &PING),
    // Updates, and programs that ask after them.
    job(147, PCS, Peer::World(40), (3600.0, 0.05), When::On, &CHECK),
    job(212, PCS, Peer::World(50), (86_400.0, 0.1), When::On, &DOWNLOAD),
    job(169, (FILES, DEVICES), Peer::World(60), (3600.0, 0.02), When::Always, &CHECK),
    job(169, (FILES, DEVICES), Peer::World(60), (86_400.0, 0.0), When::Between(at(4, 0), at(4, 30)), &DOWNLOAD),
    job(140, (40, 48), Peer::World(70), (3600.0, 0.2), When::On, &CHECK),
    // Programs that keep in touch.
    job(212, PCS, Peer::World(80), (1800.0, 0.03), When::On, &KEEP_ALIVE),
    job(222, (DEVICES, GUESTS), Peer::World(1000), (300.0, 0.02), When::Always, &KEEP_ALIVE),
    job(221, (20, 35), Peer::World(90), (600.0, 0.1), When::Desk, &KEEP_ALIVE),
    job(148, (35, 45), Peer::World(1100), (300.0, 0.01), When::Desk, &KEEP_ALIVE),
    job(142, (45, 60), Peer::World(1200), (500.0, 0.3), When::Desk, &KEEP_ALIVE),
    job(121, (10, 18), Peer::World(100), (2400.0, 1.0), When::Desk, &UPLOAD),
    // Mail and names.
    job(51, PCS, Peer::Host(MAIL), (900.0, 0.02), When::Desk, &MAIL_POLL),
    job(3, (MAIL, MAIL + 1), Peer::FromWorld, (120.0, 1.0), When::Always, &DELIVERY),
    job(3, (MAIL, MAIL + 1), Peer::World(110), (180.0, 1.0), When::Between(at(8, 0), at(19, 0)), &DELIVERY),
    job(5, (DNS, DNS + 1), Peer::World(5), (90.0, 1.0), When::Always, &LOOKUP),
    job(5, (DNS, DNS + 1), Peer::World(5), (40.0, 1.0), When::Between(at(8, 0), at(18, 0)), &LOOKUP),
    // The directory, the database, prints, and those who look after the servers.
    job(111, PCS, Peer::Host(DOMAIN), (7200.0, 0.1), When::On, &DIRECTORY),
    job(112, PCS, Peer::Host(DOMAIN), (5400.0, 0.3), When::On, &DIRECTORY),
    job(114, (INTRANET, MONITOR), Peer::Host(DATABASE), (120.0, 0.05), When::Always, &ROWS),
    job(6, PCS, Peer::Host(PRINT), (9000.0, 1.0), When::Desk, &PRINTING),
    job(92, (FILES, MONITOR), Peer::From(MONITOR), (3600.0, 0.01), When::Always, &SHELL),
    job(88, (0, 3), Peer::Host(DOMAIN), (5000.0, 1.0), When::Desk, &SCREEN),
    job(92, (0, 3), Peer::Host(INTRANET), (3000.0, 1.0), When::Desk, &SHELL),
    // A share that moved, and a program's server that is no more.
    job(41, (5, 12), Peer::Host(DEVICES + 4), (1200.0, 0.05), When::On, &UNANSWERED),
    job(7, (50, 53), Peer::World(1300), (900.0, 0.1), When::On, &REFUSED),
    // Every two minutes, as a flow may last no longer.
    job(166, (FILES, BACKUP), Peer::Host(BACKUP), (121.0, 0.01), When::Between(at(1, 0), at(2, 15)), &BACKUP_RUN),
    job(166, (PRINT, DEVICES), Peer::Host(BACKUP), (121.0, 0.01), When::Between(at(1, 0), at(2, 15)), &BACKUP_RUN),
];

impl Job {
    /// When the job is due for the first time.
    pub(super) fn first(&self, number: u8, habits: Habits, draw: &mut Draw) -> u64 {
        let wait = self.every.0 * 1e6 * draw.uniform();
        self.due(number, wait as u64, habits)
    }

    /// When the job is due after `now`.
    pub(super) fn next(&self, number: u8, now: u64, habits: Habits, draw: &mut Draw) -> u64 {
        let (mean, varies) = self.every;
        let seconds =
            if varies < 1.0 { mean * (1.0 + varies * (2.0 * draw.uniform() - 1.0)) } else { draw.exponential(mean) };
        self.due(number, now + (seconds * 1e6) as u64, habits)
    }

    /// `moment`, or the first one after it when the job is done at all.
    fn due(&self, number: u8, moment: u64, habits: Habits) -> u64 {
        match self.when {
            When::Always => moment,
            When::On if stays_on(number) => moment,
            // What was due by night is done soon after the machine is switched on, not by all programs at once.
            When::On | When::Desk => {
                let there = habits.desk(number, moment);
                if there == moment { moment } else { habits.desk(number, there + moment % (600 * SECOND)) }
            }
            When::Between(from, to) => {
                let (day, time) = (moment / DAY, moment % DAY);
                let start = from + moment % (to - from).min(60 * SECOND);
                match time {
                    time if time < from => day * DAY + start,
                    time if time >= to => (day + 1) * DAY + start,
                    _ => moment,
                }
            }
        }
    }

    pub(super) fn flow(&self, number: u8, draw: &mut Draw) -> Flow {
        let port = self.app.client_port(draw);
        let own = host(number);
        let (client, server) = match self.peer {
            Peer::Host(peer) => (own, host(peer)),
            Peer::From(peer) => (host(peer), own),
            Peer::World(rank) => (own, world(rank + draw.rank(3))),
            Peer::FromWorld => (world(2000 + draw.rank(8000)), own),
        };
        let manner = scatter(u64::from(number) << 32 | self.app.code);
        self.pattern.shape(draw, manner).between((client, port), (server, self.app.port), self.app, None)
    }
}
