//! What stands behind the digits of a number: a unit, a prefix, or both.

use crate::table::Unit;

/// Lengths of time: words, and seconds as a power of ten and a factor.
const TIMES: [(&[&str], i32, f64); 7] = [
    (&["ns", "nsec"], -9, 1.0),
    (&["us", "\u{b5}s", "\u{3bc}s", "usec"], -6, 1.0),
    (&["ms", "msec", "msecs", "millisecond", "milliseconds"], -3, 1.0),
    (&["s", "sec", "secs", "second", "seconds"], 0, 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 0, 60.0),
    (&["h", "hr", "hrs", "hour", "hours"], 0, 3_600.0),
    (&["d", "day", "days"], 0, 86_400.0),
];

/// Units that may have a prefix, longer words before those that they end with; and how many of the unit one is.
const COUNTED: [(&[&str], Unit, f64); 7] = [
    (&["bit/s", "bits/s", "bit/sec", "bits/sec", "bps", "b/s"], Unit::BitsPerSecond, 1.0),
    (&["bytes/s", "bytes/sec", "Bytes/s", "Bytes/sec", "B/sec", "B/s", "Bps"], Unit::BytesPerSecond, 1.0),
    (&["packets/s", "packets/sec", "pkts/s", "pkt/s", "pps"], Unit::PacketsPerSecond, 1.0),
    (&["packets", "packet", "pkts", "pkt"], Unit::Packets, 1.0),
    (&["flows", "flow", "connections", "conns", "conn"], Unit::Flows, 1.0),
    (&["bits", "bit"], Unit::Bytes, 0.125),
    (&["bytes", "byte", "Bytes", "Byte", "octets", "B"], Unit::Bytes, 1.0),
];

/// The base unit, if it is one, and by which power of ten and which factor the digits are to be multiplied. Prefixes are
/// decimal, as in `kB`, unless they say that they are binary, as in `KiB`.
pub(super) fn read(suffix: &str) -> Option<(Option<Unit>, i32, f64)> {
    if suffix == "%" {
        return Some((Some(Unit::Percent), 0, 1.0));
    }
    if let Some((power, factor)) = time(suffix) {
        return Some((Some(Unit::Seconds), power, factor));
    }
    for (words, unit, each) in COUNTED {
        for prefix in words.iter().filter_map(|word| suffix.strip_suffix(word)) {
            if let Some((power, factor)) = multiple(prefix.trim_end()) {
                return Some((Some(unit), power, factor * each));
            }
        }
    }
    multiple(suffix).filter(|_| !suffix.is_empty()).map(|(power, factor)| (None, power, factor))
}

/// A word for a length of time, as a power of ten and a factor of seconds.
pub(super) fn time(word: &str) -> Option<(i32, f64)> {
    TIMES.into_iter().find(|(words, ..)| words.contains(&word)).map(|(_, power, factor)| (power, factor))
}

/// What a prefix multiplies by: a power of ten and a factor.
fn multiple(prefix: &str) -> Option<(i32, f64)> {
    const KIBI: f64 = 1_024.0;
    Some(match prefix {
        "" => (0, 1.0),
        "k" | "K" => (3, 1.0),
        "M" => (6, 1.0),
        "G" => (9, 1.0),
        "T" => (12, 1.0),
        "P" => (15, 1.0),
        "Ki" => (0, KIBI),
        "Mi" => (0, KIBI * KIBI),
        "Gi" => (0, KIBI * KIBI * KIBI),
        "Ti" => (0, KIBI * KIBI * KIBI * KIBI),
        _ => return None,
    })
}

/// The unit that a column's name ends with: `Dauer (s)`, `clock_skew_ms`, `rtt [µs]`.
pub(in crate::ingest) fn unit_in_name(name: &str) -> Option<Unit> {
    let name = name.trim();
    let bracketed = name.strip_suffix([')', ']']).and_then(|name| Some(name.rsplit_once(['(', '['])?.1.trim()));
    let word = match bracketed {
        Some(word) => word,
        None => name.rsplit_once(['_', '.', ' ', '-'])?.1,
    };
    let word = word.to_lowercase();
    Some(match &*word {
        "ns" | "nsec" | "nanoseconds" => Unit::Nanoseconds,
        "us" | "\u{b5}s" | "\u{3bc}s" | "usec" | "microseconds" => Unit::Microseconds,
        "ms" | "msec" | "millis" | "milliseconds" => Unit::Milliseconds,
        "sec" | "secs" | "seconds" => Unit::Seconds,
        // One letter may stand for anything, such as the source.
        "s" if bracketed.is_some() => Unit::Seconds,
        "b" if bracketed.is_some() => Unit::Bytes,
        "byte" | "bytes" => Unit::Bytes,
        "packets" | "pkts" => Unit::Packets,
        "flows" => Unit::Flows,
        "bit/s" | "bits/s" | "bps" => Unit::BitsPerSecond,
        "b/s" | "bytes/s" => Unit::BytesPerSecond,
        "packets/s" | "pkts/s" | "pps" => Unit::PacketsPerSecond,
        "%" | "percent" | "pct" => Unit::Percent,
        _ => return None,
    })
}
