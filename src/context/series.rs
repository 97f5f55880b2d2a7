//! Points in time of a conversation → whether they keep to intervals, as what calls home by itself does.

use super::{Burst, Clock, Traces, Who, burst::CANDIDATES, trace::LEAST};

/// An interval is even if it differs from the median by no larger share of it. (What calls home is mostly told to vary by up to a third.)
const EVEN: f64 = 0.3;
/// Of intervals that chance alone decides (exponential ones), so many are even: `2^(EVEN − 1) − 2^(−EVEN − 1)`.
const BY_CHANCE: f64 = 0.2095;
/// Of a series, so many are.
const MOST: f64 = 0.8;
/// Intervals are no shorter than so many times what times are whole multiples of, or they would be even for lack of others; nor than so
/// many seconds.
const FINE: i64 = 8;
/// Where so many hosts talk to one service at even intervals, or one host to so many hosts' port, it is how these work.
const COMMON: usize = 3;

/// The series among conversations of no more rows than `most`, the most severe first.
pub(super) fn all(traces: &Traces, clock: &Clock, most: u64) -> Vec<Burst> {
    let conversations = traces.conversations.iter().filter(|(_, times)| times.0.len() as u64 <= most);
    let mut known: Vec<Burst> = conversations
        .filter_map(|(&who, times)| {
            let mut times = times.0.clone();
            times.sort_unstable();
            series(who, &times, clock)
        })
        .collect();
    // How many do the same, as a client of others and to a service of others.
    let sides = |who| match who {
        Who::Conversation(from, to, port) => [Who::Client(from, port), Who::Service(to, port)],
        other => [other; 2],
    };
    let mut alike: Vec<Who> = known.iter().flat_map(|series| sides(series.who)).collect();
    alike.sort_unstable();
    let several = |side| alike.partition_point(|other| *other <= side) - alike.partition_point(|other| *other < side);
    known.retain(|series| series.severity >= 1.0 && sides(series.who).into_iter().all(|side| several(side) < COMMON));
    known.sort_by(|a, b| b.severity.total_cmp(&a.severity).then_with(|| a.who.cmp(&b.who)));
    known.truncate(CANDIDATES);
    known
}

/// A conversation at these points in time, ascending, if it keeps to intervals. Its severity is the root of the logarithm of the likelihood
/// ratio against intervals of chance (`√(n · D(share of even ones ‖ by chance))` of n intervals, D the Kullback–Leibler divergence), as a
/// multiple of what the fewest contacts have whose intervals are all even.
fn series(who: Who, times: &[i64], clock: &Clock) -> Option<Burst> {
    const SECOND: i64 = 1_000_000_000;
    // Several flows at once are one contact.
    let at_once = clock.unit().max(SECOND);
    let mut contacts: Vec<i64> = Vec::with_capacity(times.len());
    for &time in times {
        if contacts.last().is_none_or(|last| time.saturating_sub(*last) > at_once) {
            contacts.push(time);
        }
    }
    let waits: Vec<i64> = contacts.windows(2).map(|two| two[1].saturating_sub(two[0])).collect();
    let mut sorted = waits.clone();
    sorted.sort_unstable();
    let period = *sorted.get(sorted.len() / 2)?;
    let is_even = |wait: &i64| wait.abs_diff(period) as f64 <= EVEN * period as f64;
    // What was long before or after is something else.
    let (from, to) = (waits.iter().position(is_even)?, waits.iter().rposition(is_even)?);
    let waits = &waits[from..=to];
    let share = waits.iter().filter(|wait| is_even(wait)).count() as f64 / waits.len() as f64;
    if waits.len() + 1 < usize::from(LEAST) || period < FINE * at_once || share < MOST {
        return None;
    }
    let least = f64::from(LEAST - 1) * divergence(1.0);
    let severity = (waits.len() as f64 * divergence(share) / least).sqrt();
    let range = contacts[from]..=contacts[to + 1];
    let [first, last] = [*range.start(), *range.end()].map(|time| clock.part(time));
    let rows = times.iter().filter(|&&time| (first..=last).contains(&clock.part(time))).count() as u64;
    let share = clock.share(first, last, 0.0);
    Some(Burst { who, rows, share, severity, period: Some(period), distinct: Vec::new(), first, last })
}

/// How far this share of even intervals is from that of chance.
fn divergence(share: f64) -> f64 {
    let part = |of: f64, by: f64| if of > 0.0 { of * libm::log(of / by) } else { 0.0 };
    part(share, BY_CHANCE) + part(1.0 - share, 1.0 - BY_CHANCE)
}
