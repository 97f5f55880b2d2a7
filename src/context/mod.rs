//! Evidence from hosts and time: what no flow says by itself.
//!
//! Guessing passwords, a flood or a tunnel is made of flows that are like any other; what gives them away is that one host, or
//! one service, has so many of them within a short time. A [`Burst`] is that: flows of one [`Who`] of which most lie in a small part
//! of the file. What calls home does so from time to time, and looks like what programs do anyway, but keeps its time: flows of one
//! conversation at even intervals are a series, told of as a burst with a period. And a set of alike flows that goes on all through the
//! file ([`is_steady`]) is more often routine than one that comes and goes.
//!
//! Time is measured by the file itself: a [`Clock`] cuts it into parts with about equal shares of the flows, and how much of the file some
//! of them are is told by flows and by time, whichever is more, so that neither a quiet night nor one wrong date makes everything else
//! look short. Counting, the same for any number of shards, is a part of scoring and another pass: a [`Sieve`] says who may have enough flows to be
//! traced, [`Traces`] when these were. Which flows are of several bursts is counted while rows are assigned.

mod apart;
mod burst;
mod clock;
mod series;
mod steady;
#[cfg(test)]
mod tests;
mod trace;
mod who;

pub use apart::apart;
pub use burst::{Burst, Bursts};
pub use clock::Clock;
pub use steady::is_steady;
pub use trace::{Frequent, Sieve, Traces};
pub use who::{Ends, Who};
