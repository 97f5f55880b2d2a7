//! The ordinary traffic of the office: whoever is due next, person or machine, causes the next flow.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::draw::{Draw, scatter};
use super::flow::Flow;
use super::jobs::JOBS;
use super::people::{Habits, PEOPLE, Visit};

#[derive(Clone, Debug)]
pub(super) struct Office {
    draw: Draw,
    habits: Habits,
    visits: Vec<Visit>,
    /// When who is due: a person, or a host for a job.
    due: BinaryHeap<Reverse<(u64, Source)>>,
}

/// A job, the number of jobs being for people's visits; and a host or a person.
type Source = (u8, u8);

const VISIT: u8 = JOBS.len() as u8;

impl Office {
    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::of(seed, 0);
        let habits = Habits(scatter(seed));
        let mut due = BinaryHeap::new();
        for (number, job) in (0..).zip(&JOBS) {
            due.extend(
                (job.hosts.0..job.hosts.1).map(|host| Reverse((job.first(host, habits, &mut draw), (number, host)))),
            );
        }
        due.extend((0..PEOPLE).map(|person| Reverse((habits.desk(person, 0), (VISIT, person)))));
        Self { draw, habits, visits: (0..PEOPLE).map(Visit::new).collect(), due }
    }

    /// When the next flow begins.
    pub(super) fn next_at(&self) -> u64 {
        self.due.peek().map_or(u64::MAX, |&Reverse((at, _))| at)
    }

    /// The next flow. There always is one: everybody comes back some day.
    pub(super) fn next(&mut self) -> Option<Flow> {
        let mut first = self.due.peek_mut()?;
        let Reverse((now, (job, who))) = *first;
        let (draw, habits) = (&mut self.draw, self.habits);
        let (flow, next) = if job == VISIT {
            self.visits[who as usize].step(now, habits, draw)
        } else {
            let job = &JOBS[job as usize];
            (job.flow(who, draw), job.next(who, now, habits, draw))
        };
        *first = Reverse((next, (job, who)));
        Some(flow)
    }
}
