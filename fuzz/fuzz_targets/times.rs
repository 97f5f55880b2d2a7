//! Points in time: every line is one, in every style. Seconds and nanoseconds agree, and what is written reads back.
#![no_main]

use flowsift::{
    ingest::{parse_nanoseconds, parse_time},
    table::TimeStyle::{self, *},
};
use flowsift_fuzz::{lines, memory::within};

const STYLES: [TimeStyle; 8] =
    [Seconds, Milliseconds, Microseconds, Nanoseconds, YearFirst, DayFirst, MonthFirst, TimeOfDay];

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    within(1 << 20, || {
        for (text, style) in lines(input).flat_map(|text| STYLES.map(|style| (text, style))) {
            let seconds = parse_time(text, style);
            let Some(nanoseconds) = parse_nanoseconds(text, style) else { continue };
            let seconds = seconds.expect("what has nanoseconds has seconds");
            let difference = (seconds - nanoseconds as f64 / 1e9).abs();
            // What is finer than a nanosecond is cut off, and an f64 has 53 bits.
            assert!(
                difference <= 2e-9 + 4.0 * f64::EPSILON * seconds.abs(),
                "{:?}, {style:?}: {seconds} s, {nanoseconds} ns",
                String::from_utf8_lossy(text)
            );
        }
    });
    if let Some(bytes) = input.first_chunk() {
        // From 1677 to 2262.
        reads_back(i64::from_le_bytes(*bytes) / 2);
    }
});

fn reads_back(nanoseconds: i64) {
    let (seconds, fraction) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let clock = format!("{:02}:{:02}:{:02}.{fraction:09}", second / 3_600, second / 60 % 60, second % 60);
    for (style, text) in [
        (Nanoseconds, nanoseconds.to_string()),
        (YearFirst, format!("{year:04}-{month:02}-{day:02}T{clock}Z")),
        (DayFirst, format!("{day:02}/{month:02}/{year:04} {clock}")),
        (MonthFirst, format!("{month:02}-{day:02}-{year:04} {clock} +00:00")),
    ] {
        assert_eq!(parse_nanoseconds(text.as_bytes(), style), Some(nanoseconds), "{text}");
    }
    assert_eq!(parse_nanoseconds(clock.as_bytes(), TimeOfDay), Some(second * 1_000_000_000 + fraction), "{clock}");
}

/// Year, month and day of a day since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (date, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (year + era * 400 + i64::from(month <= 2), month, date)
}
