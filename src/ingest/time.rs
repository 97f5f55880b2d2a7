//! Points in time, as the tools write them.

use super::{Number, parse_number};
use crate::table::TimeStyle;

/// Cells in a hundred that must be points in time for a column to hold some.
const MOST: usize = 90;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Different hours, none of them 0 or over 12, after which a clock without AM and PM is taken for a 12-hour one.
const TELLING_HOURS: u32 = 8;

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

/// Seconds since 1970 (or since the capture began, where the tool counts from there), in UTC where no offset is given;
/// `None` if the text is no point in time in that style.
pub fn parse_time(text: &[u8], style: TimeStyle) -> Option<f64> {
    let scale = match style {
        TimeStyle::Seconds => 1.0,
        TimeStyle::Milliseconds => 1e3,
        TimeStyle::Microseconds => 1e6,
        TimeStyle::Nanoseconds => 1e9,
        TimeStyle::YearFirst | TimeStyle::DayFirst | TimeStyle::MonthFirst => {
            return DateTime::read(text)?.seconds(style);
        }
    };
    match parse_number(text) {
        Number::Value(value) if value.is_finite() => Some(value / scale),
        _ => None,
    }
}

/// The style of numbers: by their size, which tells seconds from milliseconds from 1973 to 5138.
pub(super) fn style_of_numbers(cells: impl Iterator<Item = f64>) -> TimeStyle {
    match cells.map(f64::abs).fold(0.0, f64::max) {
        largest if largest < 1e11 => TimeStyle::Seconds,
        largest if largest < 1e14 => TimeStyle::Milliseconds,
        largest if largest < 1e17 => TimeStyle::Microseconds,
        _ => TimeStyle::Nanoseconds,
    }
}

/// The style that nearly all of these texts are points in time in.
pub(super) fn clock_of_texts<'a>(cells: impl Iterator<Item = &'a [u8]>) -> Option<Clock> {
    let (mut all, mut hours, mut twelve_hours) = (0, 0u32, true);
    let (mut year_first, mut day_first, mut month_first) = (0, 0, 0);
    for cell in cells {
        all += 1;
        let Some(read) = DateTime::read(cell).filter(|read| read.hour < 24) else { continue };
        let fits = |style| usize::from(read.seconds(style).is_some());
        year_first += fits(TimeStyle::YearFirst);
        day_first += fits(TimeStyle::DayFirst);
        month_first += fits(TimeStyle::MonthFirst);
        hours |= 1 << read.hour;
        twelve_hours &= read.afternoon.is_none() && (1..=12).contains(&read.hour);
    }
    // The first of equals wins: where nothing tells days from months, days are first, as CICFlowMeter writes them.
    let styles =
        [(TimeStyle::MonthFirst, month_first), (TimeStyle::DayFirst, day_first), (TimeStyle::YearFirst, year_first)];
    let (style, fitting) = styles.into_iter().max_by_key(|style| style.1)?;
    let enough = |fitting| fitting > 0 && fitting * 100 >= all * MOST;
    enough(fitting).then_some(Clock {
        style,
        either_order: day_first == month_first && day_first == fitting,
        twelve_hours,
        telling: hours.count_ones() >= TELLING_HOURS,
    })
}

/// Three numbers that make a date in one of the styles, and a time of day.
#[derive(Debug, PartialEq)]
struct DateTime {
    date: [i64; 3],
    /// Digits of the first and the last number of the date.
    digits: [usize; 2],
    /// The one style that it can be, where the month has a name.
    named: Option<TimeStyle>,
    hour: u32,
    minute: u32,
    second: f64,
    afternoon: Option<bool>,
    /// Seconds that the clock is ahead of UTC.
    ahead: i64,
}

impl DateTime {
    fn read(text: &[u8]) -> Option<Self> {
        let mut rest = Rest(text.trim_ascii());
        let (date, digits, named) = rest.date()?;
        let mut read = Self { date, digits, named, hour: 0, minute: 0, second: 0.0, afternoon: None, ahead: 0 };
        // `26/04/201711:11:17` has nothing between date and time, `26/Apr/2017:11:11:17` a colon.
        if rest.one_of(b"T:").is_none() {
            rest.skip_blanks();
        }
        if !rest.0.is_empty() {
            read.read_clock(&mut rest)?;
        }
        rest.0.is_empty().then_some(read)
    }

    fn read_clock(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        self.hour = rest.number(2)?.0 as u32;
        rest.one_of(b":")?;
        self.minute = rest.number(2)?.0 as u32;
        if rest.one_of(b":").is_some() {
            self.second = rest.number(2)?.0 as f64;
            if rest.one_of(b".,").is_some() {
                self.second += rest.fraction()?;
            }
        }
        rest.skip_blanks();
        self.afternoon = match rest.0.first_chunk() {
            Some(b"AM" | b"am") => Some(false),
            Some(b"PM" | b"pm") => Some(true),
            _ => None,
        };
        if self.afternoon.is_some() {
            rest.0 = &rest.0[2..];
        }
        match rest.0 {
            b"Z" | b"UTC" | b"GMT" => rest.0 = b"",
            // tshark tells the zone by such a name only, which says no offset: it is taken for UTC.
            zone if self.named.is_some()
                && (3..=5).contains(&zone.len())
                && zone.iter().all(u8::is_ascii_uppercase) =>
            {
                rest.0 = b"";
            }
            _ => {
                if let Some(sign) = rest.one_of(b"+-") {
                    let (hours, _) = rest.number(2)?;
                    rest.one_of(b":");
                    let minutes = rest.number(2).map_or(0, |minutes| minutes.0);
                    let ahead = (hours * 60 + minutes) * 60;
                    self.ahead = if sign == b'-' { -ahead } else { ahead };
                }
            }
        }
        Some(())
    }

    fn seconds(&self, style: TimeStyle) -> Option<f64> {
        if self.named.is_some_and(|named| named != style) {
            return None;
        }
        let [first, second, third] = self.date;
        let (year, digits, month, day) = match style {
            TimeStyle::YearFirst => (first, self.digits[0], second, third),
            TimeStyle::DayFirst => (third, self.digits[1], second, first),
            TimeStyle::MonthFirst => (third, self.digits[1], first, second),
            _ => return None,
        };
        let year = match digits {
            4 => year,
            2 if style != TimeStyle::YearFirst => 2000 + year,
            _ => return None,
        };
        if !(1..=12).contains(&month) || !(1..=days_of(month, year)).contains(&day) {
            return None;
        }
        let hour = match self.afternoon {
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        if hour > 23 || self.minute > 59 || self.second >= 61.0 {
            return None;
        }
        let whole = days_since_1970(year, month, day) * 86_400 + i64::from(hour * 60 + self.minute) * 60 - self.ahead;
        Some(whole as f64 + self.second)
    }
}

fn days_of(month: i64, year: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of so many days after 1970-01-01 in the proleptic Gregorian calendar (the same, `civil_from_days`).
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms",
/// `days_from_civil`).
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// A whole number of at most `most` digits, and how many it has.
    fn number(&mut self, most: usize) -> Option<(i64, usize)> {
        let digits = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        (digits > 0).then(|| (number.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')), digits))
    }

    /// The three numbers of a date, the digits of the first and the last, and the style where the month is a name:
    /// `26/04/2017`, `26-Apr-2017`, `Apr 26, 2017`.
    fn date(&mut self) -> Option<([i64; 3], [usize; 2], Option<TimeStyle>)> {
        if let Some(month) = self.month() {
            self.skip_blanks();
            let (day, _) = self.number(2)?;
            self.one_of(b",");
            self.skip_blanks();
            let (year, digits) = self.number(4)?;
            return Some(([month, day, year], [0, digits], Some(TimeStyle::MonthFirst)));
        }
        let (first, first_digits) = self.number(4)?;
        let separator = self.one_of(b"-/. ")?;
        let named = self.month();
        let second = match named {
            Some(month) => month,
            // Numbers with blanks between them are no date.
            None => self.number(2).filter(|_| separator != b' ')?.0,
        };
        self.one_of(&[separator])?;
        let (third, third_digits) = self.number(4)?;
        Some(([first, second, third], [first_digits, third_digits], named.map(|_| TimeStyle::DayFirst)))
    }

    /// A month by the first three letters of its English name, or all.
    fn month(&mut self) -> Option<i64> {
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = self.0.split_at(letters);
        let is = |month: &&str| {
            let whole = month.as_bytes();
            name.eq_ignore_ascii_case(whole) || name.eq_ignore_ascii_case(&whole[..3])
        };
        let number = MONTHS.iter().position(is)? as i64 + 1;
        self.0 = rest;
        Some(number)
    }

    /// Digits behind the decimal sign.
    fn fraction(&mut self) -> Option<f64> {
        let (value, digits) = self.number(9)?;
        while self.number(9).is_some() {}
        Some(value as f64 / 10f64.powi(digits as i32))
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first().filter(|(first, _)| bytes.contains(first))?;
        self.0 = rest;
        Some(first)
    }

    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

#[cfg(test)]
mod tests;
