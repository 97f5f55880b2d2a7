//! When the packets of a flow come: its duration, the waits between packets, and how it falls into active and idle times.

use super::draw::Draw;
use super::spread::Spread;

/// CICFlowMeter cuts a flow off after 120 s, in microseconds.
pub(super) const LONGEST: u64 = 120_000_000;
/// A longer wait than this counts as idle, in microseconds.
const IDLE: u64 = 5_000_000;

/// The times of a flow, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// At least 1, so that rates are finite.
    pub(super) duration: u64,
    pub(super) waits: Spread,
    pub(super) fwd_waits: Spread,
    pub(super) bwd_waits: Spread,
    pub(super) active: Spread,
    pub(super) idle: Spread,
}

impl Timing {
    /// `fwd` and `bwd` packets within about `duration`, in bursts.
    pub(super) fn bursty(draw: &mut Draw, fwd: u64, bwd: u64, duration: f64) -> Self {
        // A single packet takes no time.
        let duration = if fwd + bwd > 1 { (duration as u64).clamp(1, LONGEST) } else { 1 };
        let waits = Spread::bursty(draw, (fwd + bwd).saturating_sub(1), duration);
        let mut side = |packets: u64, other: u64| {
            if other == 0 {
                return waits;
            }
            let share = 1.0 - 0.4 * draw.uniform() * draw.uniform();
            match packets {
                0 | 1 => Spread::default(),
                _ => Spread::bursty(draw, packets - 1, (duration as f64 * share) as u64),
            }
        };
        let (fwd_waits, bwd_waits) = (side(fwd, bwd), side(bwd, fwd));
        let idle = idle_times(draw, waits, duration);
        let busy = (duration - idle.sum) as f64 * draw.uniform();
        Self {
            duration,
            waits,
            fwd_waits,
            bwd_waits,
            active: if idle.count > 0 { Spread::bursty(draw, idle.count, busy as u64) } else { Spread::default() },
            idle,
        }
    }

    /// `fwd` packets within `duration`, each wait twice the one before, and the answers, each soon after its question.
    pub(super) fn backing_off(draw: &mut Draw, fwd: u64, bwd: u64, duration: u64) -> Self {
        if fwd < 3 || bwd > 0 {
            return Self::bursty(draw, fwd, bwd, duration as f64);
        }
        // 1 + 2 + 4 + … steps.
        let (count, step) = (fwd - 1, duration / ((1 << (fwd - 1)) - 1));
        let waits = Spread::new(count, step, step << (count - 1), duration, 0.5);
        let none = Spread::default();
        Self { duration, waits, fwd_waits: waits, bwd_waits: none, active: none, idle: none }
    }
}

/// The waits that are long enough to count as idle: the longest of all and perhaps some others.
fn idle_times(draw: &mut Draw, waits: Spread, duration: u64) -> Spread {
    let (many, some, level, fill) = (draw.exponential(0.8), draw.chance(0.8), draw.uniform(), draw.uniform());
    if waits.max <= IDLE || !some {
        return Spread::default();
    }
    let count = (1 + many as u64).min(waits.count);
    let least = waits.min.max(IDLE) + ((waits.max - waits.min.max(IDLE)) as f64 * 0.5 * level) as u64;
    let several = Spread::within(count, least, waits.max, 0.3, 0.5 * fill);
    if several.sum <= duration { several } else { Spread::constant(1, waits.max) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_active_times_fit_into_the_duration() {
        let mut draw = Draw::new(11);
        let mut idle = 0;
        for _ in 0..20_000 {
            let (fwd, bwd) = (draw.between(1, 60), draw.between(0, 60));
            let duration = draw.log_uniform(1.0, 2e8);
            let t = Timing::bursty(&mut draw, fwd, bwd, duration);
            assert!(t.idle.sum + t.active.sum <= t.duration && t.duration <= LONGEST);
            assert!(t.idle.count == 0 || (t.idle.min > IDLE.min(t.idle.max - 1) && t.idle.max == t.waits.max));
            assert!(t.fwd_waits.sum <= t.duration && t.bwd_waits.sum <= t.duration);
            idle += u64::from(t.idle.count > 0);
        }
        assert!(idle > 1000, "{idle}");
    }

    #[test]
    fn whoever_is_not_answered_waits_twice_as_long() {
        let t = Timing::backing_off(&mut Draw::new(12), 4, 0, 7_000_000);
        assert_eq!((t.waits.min, t.waits.max, t.waits.sum, t.duration), (1_000_000, 4_000_000, 7_000_000, 7_000_000));
        assert_eq!(t.fwd_waits, t.waits);
    }
}
