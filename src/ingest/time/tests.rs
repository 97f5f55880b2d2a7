use proptest::prelude::*;

use super::*;
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
    ] {
        for style in [YearFirst, DayFirst, MonthFirst] {
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
fn the_size_of_numbers_tells_their_scale() {
    let style = |number| style_of_numbers([number].into_iter());
    assert_eq!(
        [22.3, 1.6e9, 1.643e12, 1.643e15, 1.643e18].map(style),
        [Seconds, Seconds, Milliseconds, Microseconds, Nanoseconds]
    );
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
    fn any_bytes_are_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..40), digits in "[0-9/:. +APMTZ-]{0,30}") {
        for style in [Seconds, YearFirst, DayFirst, MonthFirst] {
            parse_time(&text, style);
            prop_assert!(parse_time(digits.as_bytes(), style).is_none_or(f64::is_finite));
        }
    }
}
