//! Lengths of time that are written in parts, as seconds: `00:01:30.5`, `1 day, 02:03:04`, `PT1M30S`, `1m30s`, `2h 5m`.

use super::{Form, Quantity, suffix};
use crate::table::Unit;

/// Reads a length of time without a sign; `None` if it is written otherwise. One number with one unit is no such length.
pub(super) fn read(text: &[u8]) -> Option<Quantity> {
    let text = std::str::from_utf8(text).ok()?;
    let (value, form) = match text.strip_prefix(['P', 'p']) {
        Some(rest) => (iso(rest)?, Form::Clear),
        None => clock(text).or_else(|| days_and_clock(text)).or_else(|| parts(text).map(|it| (it, Form::Clear)))?,
    };
    Some(Quantity { value, unit: Some(Unit::Seconds), form })
}

/// `1DT2H3M4.5S` behind the `P` of ISO 8601. Months and years are no lengths of time.
fn iso(text: &str) -> Option<f64> {
    let text = text.to_ascii_uppercase();
    let (days, time) = text.split_once('T').map_or((&*text, None), |(days, time)| (days, Some(time)));
    let mut seconds = 0.0;
    for (part, units) in [(days, &[('W', 604_800.0), ('D', 86_400.0)][..]), (time.unwrap_or(""), &HOURS[..])] {
        let (mut rest, mut units) = (part, units.iter());
        while !rest.is_empty() {
            let (number, after) = number(rest)?;
            let letter = after.chars().next()?;
            let (_, each) = units.find(|(unit, _)| *unit == letter)?;
            seconds += number * each;
            rest = &after[letter.len_utf8()..];
        }
    }
    let told = !days.is_empty() || time.is_some_and(|time| !time.is_empty());
    (told && time.is_none_or(|time| !time.is_empty())).then_some(seconds)
}

const HOURS: [(char, f64); 3] = [('H', 3_600.0), ('M', 60.0), ('S', 1.0)];

/// `00:01:30.5` or, with a fraction, `01:30.5`.
fn clock(text: &str) -> Option<(f64, Form)> {
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, Some(fraction)),
        Some(_) => return None,
        None => (text, None),
    };
    let mut parts = whole.split(':');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    let (hours, minutes, seconds) = match third {
        Some(third) => (first, second, third),
        None if fraction.is_some() => ("0", first, second),
        None => return None,
    };
    let of = |part: &str| digits(part).filter(|_| part.len() <= 2).filter(|&value| value < 60);
    let hours = digits(hours)?;
    let total = hours * 3_600 + of(minutes)? * 60 + of(seconds)?;
    if parts.next().is_some() || seconds.len() != 2 || fraction.is_some_and(|part| !is_digits(part)) {
        return None;
    }
    let value = format!("{total}.{}", fraction.unwrap_or("0")).parse().ok()?;
    Some((value, if hours < 24 { Form::Clock } else { Form::Clear }))
}

/// `1 day, 02:03:04`, `3 days 02:03:04`, `1-02:03:04`, `1.02:03:04`.
fn days_and_clock(text: &str) -> Option<(f64, Form)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (days, rest) = (digits(&text[..end])?, &text[end..]);
    let rest = match rest.strip_prefix(['-', '.']) {
        Some(rest) => rest,
        None => {
            let rest = rest.trim_start();
            let rest = ["days", "day", "d"].into_iter().find_map(|word| rest.strip_prefix(word))?;
            rest.trim_start_matches([',', ' '])
        }
    };
    let (seconds, _) = clock(rest).filter(|(_, form)| *form == Form::Clock)?;
    Some((days as f64 * 86_400.0 + seconds, Form::Clear))
}

/// `1m30s`, `2h 5m`, `1 day 2 hours`: at least two, each of a smaller unit than the one before.
fn parts(text: &str) -> Option<f64> {
    let (mut rest, mut seconds, mut last, mut found) = (text, 0.0, f64::INFINITY, 0);
    while !rest.is_empty() {
        let (number, after) = number(rest)?;
        let after = after.trim_start();
        let end = after.find(|letter: char| !letter.is_alphabetic()).unwrap_or(after.len());
        let (power, factor) = suffix::time(&after[..end])?;
        let each = factor * libm::exp10(f64::from(power));
        if each >= last {
            return None;
        }
        seconds += if power < 0 { number / libm::exp10(f64::from(-power)) } else { number * factor };
        (last, found) = (each, found + 1);
        rest = after[end..].trim_start_matches([' ', ',']);
    }
    (found > 1).then_some(seconds)
}

/// A number at the front, with or without a fraction, and what follows.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let whole = number.starts_with(|first: char| first.is_ascii_digit());
    number.parse().ok().filter(|_| whole).map(|number| (number, rest))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number of at most nine digits.
fn digits(text: &str) -> Option<u64> {
    if is_digits(text) && text.len() <= 9 { text.parse().ok() } else { None }
}
