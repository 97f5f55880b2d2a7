//! 32-bit keys under which values are counted and compared.

/// The key of an empty category cell.
pub const MISSING_KEY: u32 = u32::MAX;

/// The 32-bit key under which a category's text is stored: its hash, so that every shard gives a value the same key
/// without talking to the others. Two of 4,096 values share a key with a chance of 0.2 %; they then count as one.
///
/// Eight bytes at a time are mixed in by multiplying and folding, with the constants of MurmurHash64A (Appleby 2010).
pub fn text_key(text: &[u8]) -> u32 {
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
    let mix = |hash: u64, word: u64| {
        let word = word.wrapping_mul(FACTOR);
        (hash ^ word ^ word >> 47).wrapping_mul(FACTOR)
    };
    let (words, rest) = text.as_chunks::<8>();
    let hash = words.iter().fold(text.len() as u64, |hash, &word| mix(hash, u64::from_le_bytes(word)));
    let rest = rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let hash = mix(hash, rest);
    ((hash ^ hash >> 32) as u32).min(MISSING_KEY - 1)
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

    #[test]
    fn text_keys_of_alike_values_are_as_different_as_any() {
        for name in [|n: u32| n.to_string(), |n| format!("10.0.{}.{}", n / 256, n % 256), |n| format!("{n:016b}")] {
            let keys: std::collections::BTreeSet<u32> = (0..4_096).map(|n| text_key(name(n).as_bytes())).collect();
            assert_eq!(keys.len(), 4_096);
            let low: std::collections::BTreeSet<u32> = keys.iter().map(|key| key % 4_096).collect();
            // Of 4,096 draws of 4,096, 63 % differ.
            assert!(low.len() > 2_400, "{}", low.len());
        }
    }
}
