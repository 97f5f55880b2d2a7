use proptest::prelude::*;

use super::*;
use crate::ingest::Dialect;

fn style(decimal: u8, thousands: Option<u8>) -> NumberStyle {
    NumberStyle::from(&Dialect { decimal, thousands, ..Dialect::default() })
}

fn plain(text: &str) -> Option<(f64, Option<Unit>)> {
    read(text.as_bytes(), style(b'.', None)).map(|it| (it.value, it.unit))
}

#[test]
fn prefixes_and_units_are_turned_into_one_base_unit() {
    use Unit::*;
    for (text, value, unit) in [
        ("1.7 M", 1_700_000.0, None),
        ("24.6 G", 24_600_000_000.0, None),
        ("31.7M", 31_700_000.0, None),
        ("12k", 12_000.0, None),
        ("2 Ki", 2_048.0, None),
        ("300 kB", 300_000.0, Some(Bytes)),
        ("1.5 GiB", 1_610_612_736.0, Some(Bytes)),
        ("12 bytes", 12.0, Some(Bytes)),
        ("512B", 512.0, Some(Bytes)),
        ("80 bit", 10.0, Some(Bytes)),
        ("12 Mbit/s", 12_000_000.0, Some(BitsPerSecond)),
        ("9.6kbps", 9_600.0, Some(BitsPerSecond)),
        ("2 MB/s", 2_000_000.0, Some(BytesPerSecond)),
        ("120 pkts", 120.0, Some(Packets)),
        ("1.10 GBytes", 1_100_000_000.0, Some(Bytes)),
        ("941 Mbits/sec", 941_000_000.0, Some(BitsPerSecond)),
        ("7 pps", 7.0, Some(PacketsPerSecond)),
        ("3 flows", 3.0, Some(Flows)),
        ("3.4 ms", 0.0034, Some(Seconds)),
        ("250µs", 0.00025, Some(Seconds)),
        ("250 μs", 0.00025, Some(Seconds)),
        ("7ns", 7e-9, Some(Seconds)),
        ("5 min", 300.0, Some(Seconds)),
        ("2 h", 7_200.0, Some(Seconds)),
        ("12.5 %", 12.5, Some(Percent)),
        ("3%", 3.0, Some(Percent)),
        ("-1.5 ms", -0.0015, Some(Seconds)),
    ] {
        assert_eq!(plain(text), Some((value, unit)), "{text}");
    }
}

#[test]
fn signs_and_groups_that_only_people_write() {
    for (text, value) in [
        ("'-3.25", -3.25),
        ("'12", 12.0),
        ("\u{2212}8.5", -8.5),
        ("\u{2212} 8.5", -8.5),
        ("(12.50)", -12.5),
        ("+5", 5.0),
        ("\u{2212}1.5e3", -1_500.0),
        ("12\u{a0}345.5", 12_345.5),
        ("1\u{202f}234\u{202f}567", 1_234_567.0),
        ("1\u{2009}234", 1_234.0),
        ("12\u{2019}345", 12_345.0),
        ("12'345.25", 12_345.25),
        ("\u{a0}7\u{a0}", 7.0),
    ] {
        assert_eq!(plain(text), Some((value, None)), "{text}");
    }
    let german = style(b',', Some(b'.'));
    let read = |text: &str| read(text.as_bytes(), german).map(|it| (it.value, it.unit));
    assert_eq!(read("1.234,5 kB"), Some((1_234_500.0, Some(Unit::Bytes))));
    assert_eq!(read("'-1.234"), Some((-1_234.0, None)));
    assert_eq!(read("1.5 kB"), None, "a point is no decimal sign there");
}

#[test]
fn lengths_of_time_are_seconds() {
    for (text, seconds) in [
        ("00:01:30.5", 90.5),
        ("15:00:00.000", 54_000.0),
        ("120:00:01", 432_001.0),
        ("01:30.5", 90.5),
        ("0:00:00.000001", 1e-6),
        ("1 day, 02:03:04", 93_784.0),
        ("3 days 02:03:04.5", 266_584.5),
        ("1-02:03:04", 93_784.0),
        ("1.02:03:04.5", 93_784.5),
        ("-1 day, 23:59:59", -172_799.0),
        ("PT1M30S", 90.0),
        ("PT0.25S", 0.25),
        ("P1DT2H3M4.5S", 93_784.5),
        ("P2W", 1_209_600.0),
        ("-PT5S", -5.0),
        ("1m30s", 90.0),
        ("2h 5m", 7_500.0),
        ("1h2m3.5s", 3_723.5),
        ("1 day 2 hours", 93_600.0),
        ("1s500ms", 1.5),
    ] {
        assert_eq!(plain(text), Some((seconds, Some(Unit::Seconds))), "{text}");
    }
    let form = |text: &str| read(text.as_bytes(), style(b'.', None)).map(|it| it.form);
    assert_eq!(form("11:05:40"), Some(Form::Clock));
    assert_eq!(form("30:00:00"), Some(Form::Clear));
    assert_eq!(form("5G"), Some(Form::Prefixed));
    assert_eq!(form("5 G"), Some(Form::Clear));
    assert_eq!(form("(5)"), Some(Form::Bracketed));
}

#[test]
fn what_is_no_quantity_stays_text() {
    for text in [
        "",
        "tcp",
        "$5",
        "5 €",
        "1.2.3 M",
        "10.0.0.1 kB",
        "€5",
        "1,5",
        "1.2.3",
        "10.0.0.1",
        "fe80::1",
        "00:1b:44:11:3a:b7",
        "0x50",
        "12a",
        "1:2",
        "11:05",
        "1:60:00",
        "00:00:5",
        "PT",
        "P",
        "P1Y",
        "P1DT",
        "PT5",
        "30s 1m",
        "1m 2m",
        "5 parsecs",
        "12 kb",
        "1'23",
        "'",
        "()",
        "(",
        "-",
        "M",
        "%",
        "3 %%",
        "5 EB",
        "1 2",
        "2024-03-05",
        "port",
        "-(5)",
        "--5",
        "5 m/s",
    ] {
        assert_eq!(plain(text), None, "{text}");
    }
}

#[test]
fn a_column_takes_its_own_unit_only() {
    let quantity = |text: &str| read(text.as_bytes(), style(b'.', None)).expect("a quantity");
    assert_eq!(quantity("3.5 ms").in_unit(Some(Unit::Microseconds)), Some(3_500.0));
    assert_eq!(quantity("3.5 ms").in_unit(Some(Unit::Bytes)), None);
    assert_eq!(quantity("3.5 ms").in_unit(None), None, "nothing says what the others are counted in");
    assert_eq!(quantity("1.7 M").in_unit(Some(Unit::Bytes)), Some(1_700_000.0));
    assert_eq!(quantity("1.7 M").in_unit(None), Some(1_700_000.0));
    assert_eq!(quantity("50 %").in_unit(Some(Unit::Share)), Some(0.5));
}

proptest! {
    #[test]
    fn quantities_read_back_in_any_notation(
        value in 0u64..1_000_000_000_000, cents in 0u32..100, negative: bool, swap: bool, mark in 0usize..5,
        unit in prop::sample::select(vec![("", 0), ("k", 3), (" M", 6), (" GB", 9), ("\u{a0}kbit/s", 3), (" ms", -3), ("%", 0)]),
    ) {
        let (decimal, thousands) = if swap { (',', ".") } else { ('.', ",") };
        let mark = [thousands, "'", "\u{a0}", "\u{202f}", "\u{2009}"][mark];
        let digits = value.to_string();
        let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        let sign = if negative { "\u{2212}" } else { "+" };
        let text = format!("{sign}{}{decimal}{cents:02}{}", groups.join(mark), unit.0);
        let wanted: f64 = format!("{}{value}.{cents:02}e{}", if negative { "-" } else { "" }, unit.1).parse().expect("a number");
        let style = style(decimal as u8, Some(thousands.as_bytes()[0]));
        prop_assert_eq!(read(text.as_bytes(), style).map(|it| it.value), Some(wanted), "{}", text);
    }

    #[test]
    fn lengths_of_time_read_back(days in 0u64..400, seconds in 0u64..86_400, millis in 0u64..1_000) {
        let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let all = days * 86_400 + seconds;
        let exact: f64 = format!("{all}.{millis:03}").parse().expect("a number");
        for text in [
            format!("{days} days, {h:02}:{m:02}:{s:02}.{millis:03}"),
            format!("{}:{m:02}:{s:02}.{millis:03}", days * 24 + h),
            format!("P{days}DT{h}H{m}M{s}.{millis:03}S"),
            format!("{days}d {h}h {m}m {s}.{millis:03}s"),
        ] {
            let value = plain(&text).map(|it| it.0);
            prop_assert!(value.is_some_and(|value| (value - exact).abs() < 1e-6), "{text} {value:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40), text in "[0-9PTHMSDdhms:.,' \u{a0}\u{2212}()+kMGB/%-]{0,30}") {
        for style in [style(b'.', None), style(b',', Some(b'.')), style(b'.', Some(b' '))] {
            read(&bytes, style);
            if let Some(quantity) = read(text.as_bytes(), style) {
                prop_assert!(!quantity.value.is_nan(), "{}", text);
            }
        }
    }
}
