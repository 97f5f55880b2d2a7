//! Dates and times of day as text.
//!
//! | | |
//! |---|---|
//! | numbers | `2018-01-12 15:37:30.5+0200`, `26/04/201711:11:17`, `4/14/2023, 3:09:09.440 PM`, `09-11-18+09:00:03` |
//! | names of months | `26/Apr/2017:11:11:17 +0000`, `Apr 26, 2017 @ 11:11:17.5`, `Wed, 26 Apr 2017 11:11:17 GMT` |
//! | the year last | `Wed Apr 26 11:11:17 2017` |
//! | no signs | `20170426T111117Z`, `20170426111117` |

use super::{
    Instant, NANOSECONDS,
    calendar::{days_of, days_since_1970},
};
use crate::table::TimeStyle;

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
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Three numbers that make a date in one of the styles, and a time of day.
#[derive(Debug, Default, PartialEq)]
pub(super) struct DateTime {
    date: [i64; 3],
    /// Digits of the first and the last number of the date.
    digits: [usize; 2],
    /// The one style that it can be, where the month has a name or nothing stands between the numbers.
    named: Option<TimeStyle>,
    pub hour: u32,
    minute: u32,
    second: u32,
    nanoseconds: i64,
    pub afternoon: Option<bool>,
    /// Seconds that the clock is ahead of UTC.
    ahead: i64,
}

/// Reads a time of day without a date: `11:05:40`, `9:05:40.25 PM`, `3:09 pm`.
pub(super) fn time_of_day(text: &[u8]) -> Option<Instant> {
    let mut rest = Rest(text.trim_ascii());
    let mut read = DateTime::default();
    read.read_clock(&mut rest)?;
    let with_seconds = text.iter().filter(|&&byte| byte == b':').count() == 2;
    let complete = rest.0.is_empty() && (with_seconds || read.afternoon.is_some());
    let seconds = read.second_of_day().filter(|_| complete)?;
    Some(Instant { seconds, nanoseconds: read.nanoseconds })
}

impl DateTime {
    pub fn read(text: &[u8]) -> Option<Self> {
        let mut rest = Rest(text.trim_ascii());
        if rest.name(&WEEKDAYS).is_some() {
            rest.one_of(b",");
            rest.skip_blanks();
        }
        let mut read = Self::default();
        if let Some(month) = rest.name(&MONTHS) {
            rest.skip_blanks();
            let (day, _) = rest.number(2)?;
            rest.one_of(b",");
            rest.skip_blanks();
            // `Apr 26 11:11:17 2017`.
            let year_last = rest.is_clock();
            if year_last {
                read.read_time(&mut rest)?;
                rest.skip_blanks();
                rest.zone_name();
                rest.skip_blanks();
            }
            let (year, digits) = rest.number(4)?;
            (read.date, read.digits, read.named) = ([month, day, year], [0, digits], Some(TimeStyle::MonthFirst));
            if year_last {
                return rest.0.is_empty().then_some(read);
            }
        } else {
            (read.date, read.digits, read.named) = rest.date()?;
        }
        rest.between();
        if !rest.0.is_empty() {
            if read.named == Some(TimeStyle::YearFirst) && !rest.is_clock() {
                read.read_digits(&mut rest)?;
            } else {
                read.read_time(&mut rest)?;
            }
            read.read_half_and_zone(&mut rest)?;
        }
        rest.0.is_empty().then_some(read)
    }

    /// A time of day with AM or PM, but without a zone.
    fn read_clock(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        self.read_time(rest)?;
        self.read_half(rest);
        Some(())
    }

    /// `11:11`, `11:11:17`, `11:11:17.5`.
    fn read_time(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        self.hour = rest.number(2)?.0 as u32;
        rest.one_of(b":")?;
        self.minute = rest.number(2)?.0 as u32;
        if rest.one_of(b":").is_some() {
            self.second = rest.number(2)?.0 as u32;
            self.read_fraction(rest)?;
        }
        Some(())
    }

    /// `111117`, `111117.5`, `1111`.
    fn read_digits(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        let mut two = || rest.number(2).filter(|(_, digits)| *digits == 2).map(|(value, _)| value as u32);
        (self.hour, self.minute) = (two()?, two()?);
        if let Some(second) = two() {
            self.second = second;
            self.read_fraction(rest)?;
        }
        Some(())
    }

    fn read_fraction(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        if rest.one_of(b".,").is_some() {
            let (value, digits) = rest.number(9)?;
            while rest.number(9).is_some() {}
            self.nanoseconds = value * 10i64.pow(9 - digits as u32);
        }
        Some(())
    }

    fn read_half(&mut self, rest: &mut Rest<'_>) {
        rest.skip_blanks();
        let half = |half: &[u8]| rest.0.get(..half.len()).is_some_and(|text| text.eq_ignore_ascii_case(half));
        let halves: [(&[u8], bool); 4] = [(b"AM", false), (b"PM", true), (b"a.m.", false), (b"p.m.", true)];
        if let Some((text, afternoon)) = halves.into_iter().find(|(text, _)| half(text)) {
            self.afternoon = Some(afternoon);
            rest.0 = &rest.0[text.len()..];
            rest.skip_blanks();
        }
    }

    fn read_half_and_zone(&mut self, rest: &mut Rest<'_>) -> Option<()> {
        self.read_half(rest);
        if matches!(rest.0, b"Z" | b"z" | b"UTC" | b"GMT") {
            rest.0 = b"";
            return Some(());
        }
        // tshark tells the zone by such a name only, which says no offset: it is taken for UTC.
        if self.named.is_some() && rest.zone_name() {
            return Some(());
        }
        if let Some(sign) = rest.one_of(b"+-") {
            let (hours, _) = rest.number(2)?;
            rest.one_of(b":");
            let minutes = rest.number(2).map_or(0, |minutes| minutes.0);
            let ahead = (hours * 60 + minutes) * 60;
            self.ahead = if sign == b'-' { -ahead } else { ahead };
            // `+0000 UTC`, as Go writes it: the offset says more than the name.
            rest.skip_blanks();
            rest.zone_name();
        }
        Some(())
    }

    /// The point in time, if the numbers make a date in that style.
    pub fn instant(&self, style: TimeStyle) -> Option<Instant> {
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
        let seconds = days_since_1970(year, month, day) * 86_400 + self.second_of_day()? - self.ahead;
        Some(Instant { seconds, nanoseconds: self.nanoseconds })
    }

    fn second_of_day(&self) -> Option<i64> {
        let hour = match self.afternoon {
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        debug_assert!((0..NANOSECONDS).contains(&self.nanoseconds));
        // A leap second is the sixtieth.
        (hour < 24 && self.minute < 60 && self.second <= 60)
            .then(|| i64::from((hour * 60 + self.minute) * 60 + self.second))
    }
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

    /// The three numbers of a date that begins with one, the digits of the first and the last, and the style where that
    /// is certain: `26/04/2017`, `26-Apr-2017`, `26 Apr 2017`, `20170426`.
    fn date(&mut self) -> Option<([i64; 3], [usize; 2], Option<TimeStyle>)> {
        let (first, first_digits) = self.number(4)?;
        let Some(separator) = self.one_of(b"-/. ") else {
            let mut two = || self.number(2).filter(|(_, digits)| *digits == 2 && first_digits == 4);
            let ((month, _), (day, _)) = (two()?, two()?);
            // Eight digits alone are a number.
            let digits = self.0.len() == 6 && self.0.iter().all(u8::is_ascii_digit);
            let more =
                digits || self.0.split_first().is_some_and(|(sign, rest)| b"Tt ".contains(sign) && !rest.is_empty());
            return more.then_some(([first, month, day], [first_digits, 2], Some(TimeStyle::YearFirst)));
        };
        let named = self.name(&MONTHS);
        let second = match named {
            Some(month) => month,
            // Numbers with blanks between them are no date.
            None => self.number(2).filter(|_| separator != b' ')?.0,
        };
        self.one_of(&[separator])?;
        let (third, third_digits) = self.number(4)?;
        Some(([first, second, third], [first_digits, third_digits], named.map(|_| TimeStyle::DayFirst)))
    }

    /// Passes what stands between date and time: `26/04/201711:11:17` has nothing there, `26/Apr/2017:11:11:17` a colon.
    fn between(&mut self) {
        if self.one_of(b"Tt:_").is_some() {
            return;
        }
        if let Some(rest) = self.0.strip_prefix(b"+")
            && Rest(rest).is_clock()
            && rest.iter().filter(|&&byte| byte == b':').count() > 1
        {
            self.0 = rest;
            return;
        }
        self.one_of(b",");
        self.skip_blanks();
        if self.one_of(b"@").is_some() {
            self.skip_blanks();
        }
    }

    /// An hour and a colon are next.
    fn is_clock(&self) -> bool {
        matches!(self.0, [b'0'..=b'9', b':', ..] | [b'0'..=b'9', b'0'..=b'9', b':', ..])
    }

    /// Which of these names, or of their first three letters, is next.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = self.0.split_at(letters);
        let is = |known: &&str| {
            let whole = known.as_bytes();
            name.eq_ignore_ascii_case(whole) || name.eq_ignore_ascii_case(&whole[..3])
        };
        let number = names.iter().position(is)? as i64 + 1;
        self.0 = rest;
        Some(number)
    }

    /// Passes a zone's name of three to five capitals, in brackets or not.
    fn zone_name(&mut self) -> bool {
        let name = self.0.strip_prefix(b"(").unwrap_or(self.0);
        let letters = name.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        if (3..=5).contains(&letters) {
            self.0 = &name[letters..];
            self.one_of(b")");
            return true;
        }
        false
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
