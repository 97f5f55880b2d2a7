//! Numbers as people read them, one style for the whole page: thousands set apart by commas, a unit behind a space, `−` for
//! the sign.
//!
//! | function | for | example |
//! |---|---|---|
//! | [`count`], [`counted`] | rows, columns, … | `3,577,296`, `1 flow` |
//! | [`percent`], [`share`] | parts of a whole | `0.12 %` |
//! | [`bytes()`] | sizes of files and memory | `1.77 GB` |
//! | [`duration`] | how long something took | `2 min 05 s` |
//! | [`quantity`] | a value of a column, by its unit | `1.2 kB`, `35 ms`, `12 packets` |
//! | [`moment`] | a point in time, in UTC | `2024-03-05 14:00:07.365` |
//! | [`number`] | a value without a unit | `118,000,000`, `0.25` |
//! | [`score`] | scores and thresholds | `0.600` |
//! | [`short`], [`short_quantity`] | axes, where there is little room | `1.35 M`, `1.97 min` |
//! | [`digits`] | what stands in a field, to be typed over | `12345.7` |

use crate::{
    ingest::civil,
    numeric::grouped::{self, grouped},
    table::Unit,
};

/// A count with its thousands set apart: `3,577,296`.
pub fn count(value: u64) -> String {
    grouped::count(value)
}

/// A count with its noun, in the singular where it is one.
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// A share with as many digits as tell something: `0.12 %`, `5 %`.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0 %".to_owned();
    }
    let percent = 100.0 * part as f64 / whole as f64;
    match percent {
        _ if percent < 0.01 => "less than 0.01 %".to_owned(),
        _ if percent < 10.0 => format!("{} %", trimmed(percent, 2)),
        _ => format!("{} %", trimmed(percent, 1)),
    }
}

/// A share without decimals: `12 %`.
pub fn share(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A size in bytes, in decimal units as file managers show them.
pub fn bytes(value: u64) -> String {
    scaled(value as f64, "B")
}

/// A length of time on this machine, in milliseconds.
pub fn duration(milliseconds: f64) -> String {
    let seconds = milliseconds / 1_000.0;
    match seconds {
        _ if seconds < 0.995 => format!("{milliseconds:.0} ms"),
        _ if seconds < 59.95 => format!("{seconds:.1} s"),
        _ => minutes(seconds),
    }
}

/// A value of a column, counted in its unit.
pub fn quantity(value: f64, unit: Option<Unit>) -> String {
    let Some(unit) = unit.filter(|_| value.is_finite()) else { return number(value) };
    if value < 0.0 {
        return format!("−{}", quantity(-value, Some(unit)));
    }
    let several = |one: &str, many: &str| format!("{} {}", number(value), if value == 1.0 { one } else { many });
    match unit {
        Unit::Nanoseconds => time(value / 1e9),
        Unit::Microseconds => time(value / 1e6),
        Unit::Milliseconds => time(value / 1e3),
        Unit::Seconds => time(value),
        Unit::Bytes => scaled(value, "B"),
        Unit::BytesPerSecond => scaled(value, "B/s"),
        Unit::BitsPerSecond => scaled(value, "bit/s"),
        Unit::Packets => several("packet", "packets"),
        Unit::Flows => several("flow", "flows"),
        Unit::PacketsPerSecond => several("packet/s", "packets/s"),
        Unit::Share => format!("{} %", number(100.0 * value)),
        Unit::Percent => format!("{} %", number(value)),
    }
}

/// A quantity on an axis: three digits in one unit; packets and flows without theirs.
pub fn short_quantity(value: f64, unit: Option<Unit>) -> String {
    let Some(unit) = unit.filter(|_| value.is_finite()) else { return short(value) };
    if value < 0.0 {
        return format!("−{}", short_quantity(-value, Some(unit)));
    }
    match unit {
        Unit::Nanoseconds | Unit::Microseconds | Unit::Milliseconds | Unit::Seconds => {
            let seconds = value / unit.base().1;
            let long = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")].into_iter().find(|(each, _)| seconds >= *each);
            match long {
                Some((each, name)) => format!("{} {name}", short(rounded(seconds / each, 3))),
                None => time(rounded(seconds, 3)),
            }
        }
        Unit::Bytes | Unit::BytesPerSecond | Unit::BitsPerSecond | Unit::Share | Unit::Percent => {
            quantity(rounded(value, 3), Some(unit))
        }
        Unit::Packets | Unit::Flows | Unit::PacketsPerSecond => short(value),
    }
}

/// A point in time as date and time of day, in UTC, from nanoseconds since 1970.
pub fn moment(nanoseconds: i64) -> String {
    const SECOND: i64 = 1_000_000_000;
    let (seconds, rest) = (nanoseconds.div_euclid(SECOND), nanoseconds.rem_euclid(SECOND));
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{rest:09}");
    without_zeros(&text).to_owned()
}

/// A number without a unit. Whole numbers are exact; of others, four digits.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        return "missing".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return format!("{sign}∞");
    }
    if size >= 1e15 || (size > 0.0 && size < 1e-6) {
        return format!("{sign}{size:.2e}");
    }
    format!("{sign}{}", grouped(&digits_of(size, 4)))
}

/// A number on an axis: `1.35 M`, `0.9`, `−12.3 k`.
pub fn short(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        _ if !(9_999.5..999.5e12).contains(&size) => return number(value),
        _ if size >= 999.5e9 => (value / 1e12, "T"),
        _ if size >= 999.5e6 => (value / 1e9, "G"),
        _ if size >= 999.5e3 => (value / 1e6, "M"),
        _ => (value / 1e3, "k"),
    };
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{} {unit}", digits_of(scaled.abs(), 3))
}

/// A score or an error, for reading: three decimals; where that says too little, three digits.
pub fn score(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if (0.1..1_000.0).contains(&size) => format!("{value:.3}").replace('-', "−"),
        _ if (1e-6..0.1).contains(&size) => digits_of(value, 3).replace('-', "−"),
        _ => number(value),
    }
}

/// A number on an axis of scores: as [`score`], without the zeros at its end.
pub fn score_tick(value: f64) -> String {
    if (1e-6..1_000.0).contains(&value.abs()) { digits_of(value, 3).replace('-', "−") } else { short(value) }
}

/// A number as it stands in a field: six digits, which can be typed over.
pub fn digits(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return String::new();
    }
    if size >= 1e15 || (size > 0.0 && size < 1e-6) {
        let text = format!("{value:.5e}");
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{power}", without_zeros(mantissa));
    }
    digits_of(value, 6)
}

/// So many digits of a number, or all of them before the decimal point.
fn digits_of(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let before = libm::floor(libm::log10(value.abs())) as i32 + 1;
    trimmed(value, (digits - before).max(0) as usize)
}

/// So many digits of a number, as a number.
fn rounded(value: f64, digits: i32) -> f64 {
    digits_of(value, digits).parse().unwrap_or(value)
}

fn trimmed(value: f64, decimals: usize) -> String {
    without_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Three digits in thousands of a unit: `23.4 kB`.
fn scaled(value: f64, unit: &str) -> String {
    const PREFIXES: [&str; 5] = ["", "k", "M", "G", "T"];
    let (mut scaled, mut prefix) = (value, 0);
    while scaled >= 999.5 && prefix + 1 < PREFIXES.len() {
        scaled /= 1_000.0;
        prefix += 1;
    }
    format!("{} {}{unit}", grouped(&digits_of(scaled, 3)), PREFIXES[prefix])
}

/// Seconds, in the unit that fits.
fn time(seconds: f64) -> String {
    match seconds {
        0.0 => "0 s".to_owned(),
        _ if seconds < 1e-3 => format!("{} µs", number(seconds * 1e6)),
        _ if seconds < 1.0 => format!("{} ms", number(seconds * 1e3)),
        _ if seconds < 59.95 => format!("{} s", number(seconds)),
        _ => minutes(seconds),
    }
}

fn minutes(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let (minutes, hours, days) = (whole / 60, whole / 3_600, whole / 86_400);
    match days {
        0 if hours == 0 => format!("{minutes} min {:02} s", whole % 60),
        0 => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{} d {:02} h", count(days), hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_thousands_set_apart() {
        assert_eq!([0, 999, 1_000, 3_577_296].map(count), ["0", "999", "1,000", "3,577,296"]);
        assert_eq!(counted(1, "flow", "flows"), "1 flow");
    }

    #[test]
    fn shares_have_the_digits_that_tell_something() {
        assert_eq!(percent(4_182, 3_577_296), "0.12 %");
        assert_eq!(percent(5, 100), "5 %");
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(1, 1_000_000), "less than 0.01 %");
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(share(0.123), "12 %");
    }

    #[test]
    fn sizes_and_times_take_the_unit_that_fits() {
        assert_eq!([12, 23_400, 999_600, 1_770_000_000].map(bytes), ["12 B", "23.4 kB", "1 MB", "1.77 GB"]);
        assert_eq!(
            [0.4, 994.0, 9_400.0, 125_000.0, 3_725_000.0].map(duration),
            ["0 ms", "994 ms", "9.4 s", "2 min 05 s", "1 h 02 min"]
        );
    }

    #[test]
    fn values_are_told_in_their_unit() {
        let told = |unit, values: [f64; 3]| values.map(|value| quantity(value, Some(unit)));
        assert_eq!(told(Unit::Bytes, [0.0, 54.27, 1.35e9]), ["0 B", "54.3 B", "1.35 GB"]);
        assert_eq!(told(Unit::BitsPerSecond, [1.0, 9_600.0, 2.5e6]), ["1 bit/s", "9.6 kbit/s", "2.5 Mbit/s"]);
        assert_eq!(told(Unit::Microseconds, [3.0, 35_000.0, 118e6]), ["3 µs", "35 ms", "1 min 58 s"]);
        assert_eq!(told(Unit::Seconds, [0.0, 1.5, 200_000.0]), ["0 s", "1.5 s", "2 d 07 h"]);
        assert_eq!(told(Unit::Packets, [1.0, 4_096.0, -1.0]), ["1 packet", "4,096 packets", "−1 packet"]);
        assert_eq!(told(Unit::Share, [0.0, 0.123, 1.0]), ["0 %", "12.3 %", "100 %"]);
        assert_eq!(told(Unit::Bytes, [f64::NAN, f64::INFINITY, f64::NEG_INFINITY]), ["missing", "∞", "−∞"]);
        assert_eq!(told(Unit::Percent, [0.0, 12.34, 100.0]), ["0 %", "12.34 %", "100 %"]);
        assert_eq!(told(Unit::Nanoseconds, [5.0, 2e6, 1.5e9]), ["0.005 µs", "2 ms", "1.5 s"]);
        assert_eq!(quantity(4_096.7, None), "4,097");
    }

    #[test]
    fn moments_are_dates_with_the_digits_that_they_have() {
        assert_eq!(moment(1_709_647_207_365_000_000), "2024-03-05 14:00:07.365");
        assert_eq!(moment(1_709_647_200_000_000_000), "2024-03-05 14:00:00");
        assert_eq!(moment(-1), "1969-12-31 23:59:59.999999999");
        assert!(!moment(i64::MIN).is_empty() && !moment(i64::MAX).is_empty());
    }

    #[test]
    fn quantities_on_an_axis_have_three_digits() {
        let told = |unit, values: [f64; 4]| values.map(|value| short_quantity(value, Some(unit)));
        assert_eq!(told(Unit::Seconds, [0.0, 0.05, 59.0, 5_400.0]), ["0 s", "50 ms", "59 s", "1.5 h"]);
        assert_eq!(told(Unit::Milliseconds, [-1_500.0, 1.0, 1e5, 1e9]), ["−1.5 s", "1 ms", "1.67 min", "11.6 d"]);
        assert_eq!(
            told(Unit::BitsPerSecond, [9.6e3, 1e6, 1.2345e9, 0.0]),
            ["9.6 kbit/s", "1 Mbit/s", "1.23 Gbit/s", "0 bit/s"]
        );
        assert_eq!(short_quantity(12_345.0, None), "12.3 k");
    }

    #[test]
    fn numbers_have_their_thousands_set_apart_and_four_digits() {
        assert_eq!(
            [0.0, 0.25, -7.0, 4_096.0, -12_345.6, 118e6, 99.996].map(number),
            ["0", "0.25", "−7", "4,096", "−12,346", "118,000,000", "100"]
        );
        assert_eq!(
            [0.000_123_456, 1e-7, 1e15, f64::NAN, f64::NEG_INFINITY].map(number),
            ["0.0001235", "1.00e-7", "1.00e15", "missing", "−∞"]
        );
    }

    #[test]
    fn scores_have_three_digits_and_no_exponent() {
        assert_eq!([0.6, 0.4321, 12.0, 999.0].map(score), ["0.600", "0.432", "12.000", "999.000"]);
        assert_eq!([0.0, 1e-7, 0.000_123_4, 0.05, 12_345.0].map(score), ["0", "1.00e-7", "0.000123", "0.05", "12,345"]);
        assert_eq!([1e-3, 0.1, 1.0, 200.0, 1e4].map(score_tick), ["0.001", "0.1", "1", "200", "10 k"]);
    }

    #[test]
    fn axes_have_little_room() {
        assert_eq!(
            [0.0, 0.25, 7.0, 4_096.0, -12_345.0, 1.35e9].map(short),
            ["0", "0.25", "7", "4,096", "−12.3 k", "1.35 G"]
        );
        assert_eq!([f64::NAN, f64::NEG_INFINITY, 1e-7].map(short), ["missing", "−∞", "1.00e-7"]);
    }

    #[test]
    fn what_stands_in_a_field_is_a_number_that_can_be_parsed() {
        assert_eq!(
            [0.6, 1.234_567_891e-5, 12_345.678_9, -0.5, 1.5e-9, 2e20].map(digits),
            ["0.6", "0.0000123457", "12345.7", "-0.5", "1.5e-9", "2e20"]
        );
        for value in [0.612_345_678, 1e-7, 3e18, 4_096.0] {
            let shown: f64 = digits(value).parse().unwrap();
            assert!((shown - value).abs() <= 1e-5 * value, "{value} {shown}");
        }
    }
}
