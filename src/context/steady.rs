//! What goes on all through a file.

/// Stretches of about equal shares of a file's flows, by which it is told whether something goes on all through it.
pub const STRETCHES: usize = 24;

/// In so large a share of the stretches in which chance would bring flows, they are routine.
const ROUTINE: f64 = 0.7;

/// Flows go on all through the file, as routine does: by how many of them lie in each stretch of it. Not where nothing is known of
/// that.
#[must_use]
pub fn is_steady(stretches: &[u32]) -> bool {
    steadiness(stretches) >= ROUTINE
}

/// The stretches in which there are flows, as a share of those in which there would be some if so many came by chance.
fn steadiness(stretches: &[u32]) -> f64 {
    let flows: u32 = stretches.iter().sum();
    let of = stretches.len() as f64;
    let filled = stretches.iter().filter(|&&flows| flows > 0).count() as f64;
    // As many as are hit by so many throws at stretches of one size.
    let by_chance = of * (1.0 - (1.0 - 1.0 / of).powf(f64::from(flows)));
    if flows == 0 { 0.0 } else { filled / by_chance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routine_is_steady_and_a_burst_is_not() {
        assert!(is_steady(&[3; STRETCHES]) && (steadiness(&[3; STRETCHES]) - 1.0).abs() < 0.05);
        let mut burst = [0; STRETCHES];
        burst[7] = 500;
        assert!(!is_steady(&burst) && (steadiness(&burst) - 1.0 / 24.0).abs() < 1e-9);
        // Half of the stretches, by flows enough for all.
        burst[8..19].fill(50);
        assert!(!is_steady(&burst) && (steadiness(&burst) - 0.5).abs() < 0.01, "{}", steadiness(&burst));
        // Eight flows by chance fill about seven of 24.
        let mut few = [0; STRETCHES];
        few[..7].fill(1);
        few[0] = 2;
        assert!((steadiness(&few) - 1.0).abs() < 0.02, "{}", steadiness(&few));
        assert!(!is_steady(&[0; STRETCHES]) && !is_steady(&[]));
    }
}
