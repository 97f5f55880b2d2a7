//! What goes on all through a file.

/// In so large a share of the stretches in which chance would bring flows, and over so large a share of all, they are routine.
const ROUTINE: f64 = 0.7;
/// Fewer flows say nothing of that.
const LEAST: u32 = 8;

/// Flows go on all through the file, as routine does: by how many of them lie in each [stretch](super::Clock::stretches) of it. Not where
/// nothing is known of that.
#[must_use]
pub fn is_steady(stretches: &[u32]) -> bool {
    let filled = |&place: &usize| stretches[place] > 0;
    let (first, last) = ((0..stretches.len()).find(filled), (0..stretches.len()).rfind(filled));
    let Some((first, last)) = first.zip(last) else { return false };
    let enough = stretches.iter().sum::<u32>() >= LEAST;
    enough && (last - first + 1) as f64 >= ROUTINE * stretches.len() as f64 && steadiness(stretches) >= ROUTINE
}

/// The stretches in which there are flows, as a share of those in which there would be some if so many came by chance.
fn steadiness(stretches: &[u32]) -> f64 {
    let flows: u32 = stretches.iter().sum();
    let of = stretches.len() as f64;
    let filled = stretches.iter().filter(|&&flows| flows > 0).count() as f64;
    // As many as are hit by so many throws at stretches of one size.
    filled / (of * (1.0 - libm::pow(1.0 - 1.0 / of, flows.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routine_is_steady_and_a_burst_is_not() {
        assert!(is_steady(&[3; 24]) && (steadiness(&[3; 24]) - 1.0).abs() < 0.05);
        let mut burst = [0; 24];
        burst[7] = 500;
        assert!(!is_steady(&burst) && (steadiness(&burst) - 1.0 / 24.0).abs() < 1e-9);
        // Half of the stretches, by flows enough for all.
        burst[8..19].fill(50);
        assert!(!is_steady(&burst) && (steadiness(&burst) - 0.5).abs() < 0.01, "{}", steadiness(&burst));
        // Eight flows by chance fill about seven of 24.
        let mut few = [0; 24];
        few[..7].fill(1);
        few[0] = 2;
        assert!((steadiness(&few) - 1.0).abs() < 0.02, "{}", steadiness(&few));
        // Side by side they are none; nor are two.
        assert!(!is_steady(&few));
        few.swap(6, 23);
        assert!(is_steady(&few));
        let mut two = [0; 24];
        (two[0], two[23]) = (1, 1);
        assert!(!is_steady(&two));
        assert!(!is_steady(&[0; 24]) && !is_steady(&[]));
    }
}
