//! Numbers as people read them.

/// A count with its thousands set apart: `3,577,296`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// A size in bytes, in decimal units as file managers show them.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut scaled = value as f64;
    let mut unit = 0;
    while scaled >= 999.5 && unit + 1 < UNITS.len() {
        scaled /= 1_000.0;
        unit += 1;
    }
    let decimals = if unit == 0 || scaled >= 99.5 { 0 } else { usize::from(scaled < 9.95) + 1 };
    format!("{scaled:.decimals$} {}", UNITS[unit])
}

/// A length of time.
pub fn duration(milliseconds: f64) -> String {
    let seconds = milliseconds / 1_000.0;
    match seconds {
        _ if seconds < 0.995 => format!("{milliseconds:.0} ms"),
        _ if seconds < 59.95 => format!("{seconds:.1} s"),
        _ => format!("{} min {:02} s", seconds as u64 / 60, seconds as u64 % 60),
    }
}

/// Any number in a few characters: `1.35 G`, `0.9`, `-12.3 k`.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return if value.is_nan() {
            "missing"
        } else if value > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .to_owned();
    }
    if size >= 1e15 || (size > 0.0 && size < 1e-3) {
        return format!("{value:.2e}");
    }
    let (scaled, unit) = match size {
        _ if size >= 999.5e9 => (value / 1e12, " T"),
        _ if size >= 999.5e6 => (value / 1e9, " G"),
        _ if size >= 999.5e3 => (value / 1e6, " M"),
        _ if size >= 9_999.5 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let decimals = match scaled.abs() {
        scaled if scaled >= 100.0 => 0,
        scaled if scaled >= 10.0 => 1,
        scaled if scaled >= 1.0 => 2,
        _ => 3,
    };
    trimmed(scaled, decimals) + unit
}

/// A score or an error, for reading: three decimals; where that says too little, three digits, and no exponent unless it
/// is tiny.
pub fn score(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if (0.1..1_000.0).contains(&size) => format!("{value:.3}"),
        _ if (1e-6..0.1).contains(&size) => trimmed(value, 2 + (-libm::floor(libm::log10(size))) as usize),
        _ => short(value),
    }
}

/// A number on an axis of scores: as [`score`], without the zeros at its end.
pub fn score_tick(value: f64) -> String {
    let text = score(value);
    if text.contains('.') && !text.contains(['e', ' ']) {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
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
    }

    #[test]
    fn sizes_and_times_take_the_unit_that_fits() {
        assert_eq!([12, 23_400, 1_770_000_000].map(bytes), ["12 bytes", "23.4 kB", "1.77 GB"]);
        assert_eq!([0.4, 994.0, 9_400.0, 125_000.0].map(duration), ["0 ms", "994 ms", "9.4 s", "2 min 05 s"]);
    }

    #[test]
    fn scores_have_three_digits_and_no_exponent() {
        assert_eq!([0.6, 0.4321, 12.0, 999.0].map(score), ["0.600", "0.432", "12.000", "999.000"]);
        assert_eq!([0.0, 1e-7, 0.000_123_4, 0.05, 12_345.0].map(score), ["0", "1.00e-7", "0.000123", "0.05", "12.3 k"]);
        assert_eq!([1e-3, 0.1, 1.0, 200.0, 1e4].map(score_tick), ["0.001", "0.1", "1", "200", "10 k"]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [0.0, 0.25, 7.0, 4_096.0, -12_345.0, 1.35e9].map(short),
            ["0", "0.25", "7", "4096", "-12.3 k", "1.35 G"]
        );
        assert_eq!([f64::NAN, f64::NEG_INFINITY, 1e-7].map(short), ["missing", "−∞", "1.00e-7"]);
    }
}
