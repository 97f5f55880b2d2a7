use proptest::prelude::*;

use super::{
    calendar::{days_of, days_since_1970},
    *,
};
use TimeStyle::*;

fn clock(cells: &[&str]) -> Option<Clock> {
    clock_of_texts(cells.iter().map(|cell| cell.as_bytes()))
}

#[test]
fn times_of_the_tools() {
    // Checked with Python's datetime.
    for (text, style, seconds) in [
        ("26/04/201711:11:17", DayFirst, 1_493_205_077.0),
        ("26/04/2017 11:11:17", DayFirst, 1_493_205_077.0),
        ("04/26/2017 11:11:17", MonthFirst, 1_493_205_077.0),
        ("26/Apr/2017:11:11:17 +0000", DayFirst, 1_493_205_077.0),
        ("26-apr-2017 11:11:17", DayFirst, 1_493_205_077.0),
        ("26 April 2017", DayFirst, 1_493_164_800.0),
        ("Apr 26, 2017 11:11:17.000000000 CEST", MonthFirst, 1_493_205_077.0),
        ("7/7/2017 3:30", DayFirst, 1_499_398_200.0),
        ("03/12/2023 09:36:12 AM", DayFirst, 1_701_596_172.0),
        ("03/12/2023 12:36:12 AM", DayFirst, 1_701_563_772.0),
        ("19/01/1970 07:27:09 PM", DayFirst, 1_625_229.0),
        ("2018-01-12 15:37:30", YearFirst, 1_515_771_450.0),
        ("2019/04/04 16:23:00.325010", YearFirst, 1_554_394_980.325_01),
        ("2021-06-06T15:59:46.457984+0200", YearFirst, 1_622_987_986.457_984),
        ("2021-06-06T13:59:46Z", YearFirst, 1_622_987_986.0),
        ("2021-06-06T09:29:46-04:30", YearFirst, 1_622_987_986.0),
        ("1969-12-31", YearFirst, -86_400.0),
        ("29/02/16 00:00", DayFirst, 1_456_704_000.0),
        ("Mar 5, 2024 @ 14:00:07.365", MonthFirst, 1_709_647_207.365),
        ("4/14/2023, 3:09:09.440 PM", MonthFirst, 1_681_484_949.44),
        ("4/14/2023, 3:09:09 p.m.", MonthFirst, 1_681_484_949.0),
        ("09-11-18+09:00:03", DayFirst, 1_541_754_003.0),
        ("15/Apr/2011 07:56:25", DayFirst, 1_302_854_185.0),
        ("20240305T140007Z", YearFirst, 1_709_647_207.0),
        ("20240305140007", YearFirst, 1_709_647_207.0),
        ("20240305 140007.5", YearFirst, 1_709_647_207.5),
        ("20240305T14:00:07+01:00", YearFirst, 1_709_643_607.0),
        ("2024-03-05T14:00:07+0200", YearFirst, 1_709_640_007.0),
        ("2024-03-05 14:00:07.25 +0000 UTC", YearFirst, 1_709_647_207.25),
        ("2024-03-05_14:00:07", YearFirst, 1_709_647_207.0),
        ("Tue, 05 Mar 2024 14:00:07 +0100", DayFirst, 1_709_643_607.0),
        ("Tue, 5 Mar 2024 14:00:07 GMT", DayFirst, 1_709_647_207.0),
        ("Tue, 5 Mar 2024 14:00:07 +0000 (UTC)", DayFirst, 1_709_647_207.0),
        ("Tue Mar  5 14:00:07 2024", MonthFirst, 1_709_647_207.0),
        ("Tue Mar  5 14:00:07 UTC 2024", MonthFirst, 1_709_647_207.0),
        ("11:05:40", TimeOfDay, 39_940.0),
        ("11:05:40.25 PM", TimeOfDay, 83_140.25),
        ("3:09 pm", TimeOfDay, 54_540.0),
        ("1677024003.714845", Seconds, 1_677_024_003.714_845),
        ("1643229201782", Milliseconds, 1_643_229_201.782),
        ("1643229201782000", Microseconds, 1_643_229_201.782),
    ] {
        assert_eq!(parse_time(text.as_bytes(), style), Some(seconds), "{text}");
    }
}

#[test]
fn other_texts_are_no_times() {
    for text in [
        "",
        "tcp",
        "10.0.0.1",
        "1.2.3",
        "30/02/2017 10:00",
        "26-04/2017",
        "2017-13-01",
        "26/04/2017 25:00",
        "1:2",
        "26 4 2017",
        "Apr",
        "Apr 31, 2017",
        "Mayor 5, 2017",
        "5 Ma 2017",
        "26/04/2017 10:00 CEST",
        "20240305",
        "2024-03-05+01:00",
        "20241305T140007Z",
        "2024030T140007",
        "Tue",
        "Tue, ",
        "Mar 5 14:00:07",
        "11:05",
        "25:00:00",
        "11:60:00",
        "13:00 PM",
        "00:1b:44",
        "11:05:40:12",
        "fe80::1",
    ] {
        for style in [YearFirst, DayFirst, MonthFirst, TimeOfDay] {
            assert_eq!(parse_time(text.as_bytes(), style), None, "{text} {style:?}");
        }
    }
    assert_eq!(parse_time(b"-", Seconds), None);
    assert_eq!(parse_time(b"13/13/2017 13:00 PM", DayFirst), None);
}

#[test]
fn days_and_months_are_told_apart_by_what_is_over_twelve() {
    let style = |cells: &[&str]| clock(cells).map(|clock| (clock.style, clock.either_order));
    assert_eq!(style(&["01/02/2017 10:00", "26/04/2017 10:00"]), Some((DayFirst, false)));
    assert_eq!(style(&["01/02/2017 10:00", "04/26/2017 10:00"]), Some((MonthFirst, false)));
    assert_eq!(style(&["01/02/2017 10:00", "03/04/2017 10:00"]), Some((DayFirst, true)));
    assert_eq!(style(&["2017-01-02 10:00"]), Some((YearFirst, false)));
    assert_eq!(style(&["May 2, 2017 10:00", "Jun 3, 2017 10:00"]), Some((MonthFirst, false)));
    assert_eq!(style(&["tcp", "udp", "26/04/2017 10:00"]), None);
    assert_eq!(style(&[]), None);
}

#[test]
fn a_clock_without_am_and_pm_that_never_passes_twelve_is_noticed() {
    let twelve = |cells: &[&str]| clock(cells).map(|clock| (clock.twelve_hours, clock.telling));
    assert_eq!(twelve(&["26/04/201711:11:17", "26/04/201712:11:17"]), Some((true, false)));
    assert_eq!(twelve(&["26/04/2017 11:11:17 AM"]), Some((false, false)));
    assert_eq!(twelve(&["26/04/2017 11:11:17", "26/04/2017 13:11:17"]), Some((false, false)));
    let day: Vec<String> = (1..=12).map(|hour| format!("26/04/2017 {hour}:00:00")).collect();
    assert_eq!(clock_of_texts(day.iter().map(String::as_bytes)).map(|clock| clock.telling), Some(true));
}

#[test]
fn times_of_day_are_no_dates() {
    let told = |cells: &[&str]| clock(cells).map(|clock| (clock.style, clock.either_order, clock.twelve_hours));
    assert_eq!(told(&["11:05:40", "23:59:59.5"]), Some((TimeOfDay, false, false)));
    assert_eq!(told(&["11:05:40", "tcp"]), None);
}

#[test]
fn nanoseconds_are_exact() {
    for (text, style, nanoseconds) in [
        ("2024-12-23 08:00:29.426148891", YearFirst, 1_734_940_829_426_148_891),
        ("1734940829.426148891", Seconds, 1_734_940_829_426_148_891),
        ("1734940829.4261488919", Seconds, 1_734_940_829_426_148_891),
        ("1734940829.426149", Seconds, 1_734_940_829_426_149_000),
        ("1734940829426.1", Milliseconds, 1_734_940_829_426_100_000),
        ("1734940829426148", Microseconds, 1_734_940_829_426_148_000),
        ("1734940829426148891", Nanoseconds, 1_734_940_829_426_148_891),
        ("1.643E12", Milliseconds, 1_643_000_000_000_000_000),
        ("-1.5", Seconds, -1_500_000_000),
        ("1969-12-31 23:59:59.25", YearFirst, -750_000_000),
        ("11:05:40.000000001", TimeOfDay, 39_940_000_000_001),
    ] {
        assert_eq!(parse_nanoseconds(text.as_bytes(), style), Some(nanoseconds), "{text}");
    }
    for text in ["", "-", ".", "1e99", "99999999999999999999", "inf", "NaN"] {
        assert_eq!(parse_nanoseconds(text.as_bytes(), Seconds), None, "{text}");
    }
    assert_eq!(parse_nanoseconds(b"9999-12-31", YearFirst), None, "beyond 2262");
    assert!(parse_time(b"9999-12-31", YearFirst).is_some());
}

#[test]
fn a_date_may_prove_the_order_of_days_and_months() {
    for (text, order) in [
        ("13/04/2024 10:00", Some(DayFirst)),
        ("4/13/2024", Some(MonthFirst)),
        ("04/05/2024", None),
        ("13/13/2024", None),
        ("2024-03-13", None),
        ("32/04/2024", None),
        ("10.0.0.1", None),
        ("", None),
        ("13", None),
        ("1313/1", None),
    ] {
        assert_eq!(day_order(text.as_bytes()), order, "{text}");
    }
}

#[test]
fn the_size_of_numbers_tells_their_scale() {
    let style = |number| style_of_numbers([number].into_iter());
    assert_eq!(
        [22.3, 1.6e9, 1.643e12, 1.643e15, 1.643e18].map(style),
        [Seconds, Seconds, Milliseconds, Microseconds, Nanoseconds]
    );
    let digits = [20_240_305_140_007.0, 20_240_305_235_959.0];
    assert_eq!(style_of_numbers(digits.into_iter()), YearFirst);
    assert_eq!(style_of_numbers(digits.into_iter().chain([20_241_305_140_007.0])), Milliseconds);
    assert_eq!(style_of_numbers([].into_iter()), Seconds);
}

proptest! {
    #[test]
    fn dates_count_up_by_days(year in 1900i64..2200, month in 1i64..=12, day in 1i64..=31) {
        prop_assume!(day <= days_of(month, year));
        let next = match (day == days_of(month, year), month) {
            (false, _) => (year, month, day + 1),
            (true, 12) => (year + 1, 1, 1),
            (true, _) => (year, month + 1, 1),
        };
        prop_assert_eq!(days_since_1970(year, month, day) + 1, days_since_1970(next.0, next.1, next.2));
    }

    #[test]
    fn times_read_back_from_every_way_they_are_written(seconds in -2_000_000_000i64..7_000_000_000, nanoseconds in 0i64..1_000_000_000) {
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        let (h, m, s) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let clock = format!("{h:02}:{m:02}:{s:02}.{nanoseconds:09}");
        let (half, twelve) = (if h < 12 { "AM" } else { "PM" }, (h + 11) % 12 + 1);
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month as usize - 1];
        let wanted = seconds * NANOSECONDS + nanoseconds;
        for (text, style) in [
            (format!("{year}-{month:02}-{day:02} {clock}"), YearFirst),
            (format!("{year}-{month:02}-{day:02}T{clock}Z"), YearFirst),
            (format!("{year}/{month}/{day} {clock}+00:00"), YearFirst),
            (format!("{year}{month:02}{day:02}T{h:02}{m:02}{s:02}.{nanoseconds:09}Z"), YearFirst),
            (format!("{day:02}/{month:02}/{year} {clock}"), DayFirst),
            (format!("{day}.{month}.{year} {clock}"), DayFirst),
            (format!("{day}/{name}/{year}:{clock} +0000"), DayFirst),
            (format!("{day} {name} {year} {clock} GMT"), DayFirst),
            (format!("{month}/{day}/{year}, {twelve}:{m:02}:{s:02}.{nanoseconds:09} {half}"), MonthFirst),
            (format!("{name} {day}, {year} @ {clock}"), MonthFirst),
            (format!("{name} {day:>2} {clock} {year}"), MonthFirst),
        ] {
            prop_assert_eq!(parse_nanoseconds(text.as_bytes(), style), Some(wanted), "{}", text);
        }
        if seconds >= 0 {
            let epoch = format!("{seconds}.{nanoseconds:09}");
            prop_assert_eq!(parse_nanoseconds(epoch.as_bytes(), Seconds), Some(wanted));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..40), digits in "[0-9/:. +APMTZ@,-]{0,30}") {
        day_order(&text);
        for style in [Seconds, YearFirst, DayFirst, MonthFirst, TimeOfDay] {
            parse_time(&text, style);
            parse_nanoseconds(&text, style);
            parse_nanoseconds(digits.as_bytes(), style);
            prop_assert!(parse_time(digits.as_bytes(), style).is_none_or(f64::is_finite));
        }
    }
}
