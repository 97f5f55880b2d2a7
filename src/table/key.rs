//! 32-bit keys under which values are counted and compared.

/// The key of an empty category cell.
pub const MISSING_KEY: u32 = u32::MAX;

/// The 32-bit key under which a category's text is stored: FNV-1a folded, so that every shard gives a value the same
/// key without talking to the others. Two of 4,096 values share a key with a chance of 0.2 %; they then count as one.
pub fn text_key(text: &[u8]) -> u32 {
    let hash = text
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    ((hash ^ (hash >> 32)) as u32).min(MISSING_KEY - 1)
}

/// Up to here an f32 holds every whole number.
const LARGEST_WHOLE: u32 = 1 << 24;

/// The key under which a number is counted: the number itself where it is a small whole one, as ports, protocols and
/// codes are; else its bits, which are above those (but for numbers below 10⁻³⁷) and never [`MISSING_KEY`].
pub fn number_key(value: f32) -> u32 {
    // `as` saturates, and what it changes is found by looking back.
    let whole = value as u32;
    if whole <= LARGEST_WHOLE && whole as f32 == value { whole } else { value.to_bits() }
}

/// The number that a [`number_key`] stands for.
pub fn key_number(key: u32) -> f32 {
    if key <= LARGEST_WHOLE { key as f32 } else { f32::from_bits(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_keys_lead_back() {
        let values = [0.0, 1.0, 443.0, 65_535.0, -1.0, 0.5, 1e9, f32::INFINITY, f32::NEG_INFINITY];
        for value in values {
            assert_eq!(key_number(number_key(value)), value);
        }
        let keys: std::collections::BTreeSet<u32> = values.into_iter().map(number_key).collect();
        assert_eq!(keys.len(), values.len());
        assert!(!keys.contains(&MISSING_KEY));
        assert_eq!(number_key(443.0), 443);
    }

    #[test]
    fn text_keys_tell_common_values_apart_and_never_collide_with_missing() {
        let values = ["tcp", "udp", "icmp", "TCP", "", "HTTP", "HTTP_PROXY", "BENIGN", "DDoS"];
        let mut keys: Vec<u32> = values.iter().map(|value| text_key(value.as_bytes())).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), values.len());
        assert!(keys.iter().all(|&key| key != MISSING_KEY));
    }
}
