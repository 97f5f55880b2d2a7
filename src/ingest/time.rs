//! Points in time, as the tools write them.

mod calendar;
mod date_time;

pub use calendar::civil;

use super::{Number, parse_number};
use crate::table::TimeStyle;
use date_time::{DateTime, time_of_day};

/// Cells in a hundred that must be points in time for a column to hold some.
const MOST: usize = 90;
/// Different hours, none of them 0 or over 12, after which a clock without AM and PM is taken for a 12-hour one.
const TELLING_HOURS: u32 = 8;
const NANOSECONDS: i64 = 1_000_000_000;

/// How a column's points in time are written, and what is doubtful about that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub style: TimeStyle,
    /// Days and months could be the other way round.
    pub either_order: bool,
    /// All hours are 1 to 12, without AM or PM.
    pub twelve_hours: bool,
    /// So many different hours occur that it must be a 12-hour clock if `twelve_hours`.
    pub telling: bool,
}

/// A point in time: whole seconds, and the nanoseconds behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instant {
    seconds: i64,
    nanoseconds: i64,
}

/// Seconds since 1970 (since the capture began, where the tool counts from there; since midnight, for a time of day), in
/// UTC where no offset is given; `None` if the text is no point in time in that style.
pub fn parse_time(text: &[u8], style: TimeStyle) -> Option<f64> {
    let Some(places) = decimal_places(style) else {
        let Instant { seconds, nanoseconds } = instant(text, style)?;
        return Some(seconds as f64 + nanoseconds as f64 / NANOSECONDS as f64);
    };
    match parse_number(text) {
        Number::Value(value) if value.is_finite() => Some(value / libm::exp10(f64::from(places))),
        _ => None,
    }
}

/// The same in nanoseconds, exactly (what is finer is cut off); `None` also for what is centuries from 1970.
pub fn parse_nanoseconds(text: &[u8], style: TimeStyle) -> Option<i64> {
    match decimal_places(style) {
        Some(places) => shifted(text.trim_ascii(), 9 - places),
        None => {
            let Instant { seconds, nanoseconds } = instant(text, style)?;
            seconds.checked_mul(NANOSECONDS)?.checked_add(nanoseconds)
        }
    }
}

fn instant(text: &[u8], style: TimeStyle) -> Option<Instant> {
    match style {
        TimeStyle::TimeOfDay => time_of_day(text),
        dated => DateTime::read(text)?.instant(dated),
    }
}

/// Of numbers, how many decimal places of a second they count in.
fn decimal_places(style: TimeStyle) -> Option<u32> {
    match style {
        TimeStyle::Seconds => Some(0),
        TimeStyle::Milliseconds => Some(3),
        TimeStyle::Microseconds => Some(6),
        TimeStyle::Nanoseconds => Some(9),
        TimeStyle::YearFirst | TimeStyle::DayFirst | TimeStyle::MonthFirst | TimeStyle::TimeOfDay => None,
    }
}

/// A number times a power of ten. Digits and a point are taken as they are; any other number is read first.
fn shifted(text: &[u8], places: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let point = digits.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = point.map_or((digits, &b""[..]), |at| (&digits[..at], &digits[at + 1..]));
    let plain = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if whole.is_empty() || !plain(whole) || !plain(fraction) {
        let Number::Value(value) = parse_number(text) else { return None };
        let value = (value * libm::exp10(f64::from(places))).round();
        // 2⁶³ is the first that is too large.
        return (value.abs() < 9.223_372_036_854_775e18).then_some(value as i64);
    }
    let fraction = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(places as usize);
    let mut value = 0i64;
    for digit in whole.iter().copied().chain(fraction) {
        value = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    Some(if negative { -value } else { value })
}

/// The style of numbers: by their size, which tells seconds from milliseconds from 1973 to 5138. Fourteen digits that are
/// a date and a time of day in all of them are that: as milliseconds they would be centuries ahead.
pub(super) fn style_of_numbers(cells: impl Iterator<Item = f64> + Clone) -> TimeStyle {
    if cells.clone().next().is_some() && cells.clone().all(is_date_in_digits) {
        return TimeStyle::YearFirst;
    }
    match cells.map(f64::abs).fold(0.0, f64::max) {
        largest if largest < 1e11 => TimeStyle::Seconds,
        largest if largest < 1e14 => TimeStyle::Milliseconds,
        largest if largest < 1e17 => TimeStyle::Microseconds,
        _ => TimeStyle::Nanoseconds,
    }
}

/// `20240305140007`, from 1970 to 2099.
fn is_date_in_digits(value: f64) -> bool {
    (1.97e13..2.1e13).contains(&value)
        && DateTime::read(format!("{value}").as_bytes())
            .is_some_and(|read| read.instant(TimeStyle::YearFirst).is_some())
}

/// The style that nearly all of these texts are points in time in.
pub(super) fn clock_of_texts<'a>(cells: impl Iterator<Item = &'a [u8]>) -> Option<Clock> {
    let (mut all, mut hours, mut twelve_hours) = (0, 0u32, true);
    let (mut year_first, mut day_first, mut month_first, mut times_of_day) = (0, 0, 0, 0);
    for cell in cells {
        all += 1;
        times_of_day += usize::from(time_of_day(cell).is_some());
        let Some(read) = DateTime::read(cell).filter(|read| read.hour < 24) else { continue };
        let fits = |style| usize::from(read.instant(style).is_some());
        year_first += fits(TimeStyle::YearFirst);
        day_first += fits(TimeStyle::DayFirst);
        month_first += fits(TimeStyle::MonthFirst);
        hours |= 1 << read.hour;
        twelve_hours &= read.afternoon.is_none() && (1..=12).contains(&read.hour);
    }
    // The last of equals wins: where nothing tells days from months, days are first, as CICFlowMeter writes them.
    let styles = [
        (TimeStyle::TimeOfDay, times_of_day),
        (TimeStyle::MonthFirst, month_first),
        (TimeStyle::DayFirst, day_first),
        (TimeStyle::YearFirst, year_first),
    ];
    let (style, fitting) = styles.into_iter().max_by_key(|style| style.1)?;
    let dated = style != TimeStyle::TimeOfDay;
    let enough = |fitting| fitting > 0 && fitting * 100 >= all * MOST;
    enough(fitting).then_some(Clock {
        style,
        either_order: dated && day_first == month_first && day_first == fitting,
        twelve_hours: dated && twelve_hours,
        telling: hours.count_ones() >= TELLING_HOURS,
    })
}

/// The one order of days and months that a date of numbers can be in; `None` where both or neither is possible.
pub(super) fn day_order(text: &[u8]) -> Option<TimeStyle> {
    let (first, rest) = small_number(text.trim_ascii_start())?;
    let (second, rest) = small_number(rest.split_first().filter(|(sign, _)| b"-/. ".contains(sign))?.1)?;
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    match (first, second) {
        (13..=31, 1..=12) => Some(TimeStyle::DayFirst),
        (1..=12, 13..=31) => Some(TimeStyle::MonthFirst),
        _ => None,
    }
}

/// A number of one or two digits, and what follows.
fn small_number(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Some(((a - b'0') * 10 + (b - b'0'), rest)),
        [a @ b'0'..=b'9', rest @ ..] => Some((a - b'0', rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
