//! What the cells of a column look like. None of it depends on the order of the rows.

use crate::{
    ingest::sniff::Evidence,
    table::{Kind, TimeStyle, address_of},
};

/// Different values after which a column names rows rather than sorts them, if most rows have one of their own.
const MANY: usize = 20;
/// Rows after which numbers that follow each other are taken for row numbers.
const COUNTED_ROWS: usize = 10;
/// Digits from which on whole numbers that never repeat are names.
const LONG: f64 = 1e11;
/// 1990 to 2100, in seconds: a time that is called one.
const CALLED: [f64; 2] = [631_152_000.0, 4_102_444_800.0];
/// 2000 to 2040: a time that is not; and how far apart such times may be, two years.
const UNCALLED: [f64; 2] = [946_684_800.0, 2_208_988_800.0];
const APART: f64 = 63_072_000.0;

/// It is read as text if nothing is known of it.
pub(super) fn is_text(evidence: &Evidence<'_>) -> bool {
    evidence.kind(None) == Kind::Text
}

/// All of its numbers are whole, and written as nothing but digits: `5 M` measures something.
pub(super) fn is_whole(evidence: &Evidence<'_>) -> bool {
    !evidence.has_quantities() && evidence.numbers.iter().all(|number| number.fract() == 0.0)
}

/// Few enough different values to sort rows by.
pub(super) fn sorts(evidence: &Evidence<'_>) -> bool {
    let distinct = evidence.distinct().len();
    distinct <= MANY || distinct * 2 <= evidence.filled()
}

/// Numbers of seconds, or of parts of them, since 1970. 0 is a time that was not set. `called`: the column's name says that
/// it holds times.
pub(super) fn epoch(evidence: &Evidence<'_>, called: bool) -> Option<TimeStyle> {
    let set = || evidence.numbers.iter().copied().filter(|&number| number != 0.0);
    let within =
        |[least, greatest]: [f64; 2], unit: f64| move |number: &f64| (least * unit..greatest * unit).contains(number);
    let styles = [
        (TimeStyle::Seconds, 1.0),
        (TimeStyle::Milliseconds, 1e3),
        (TimeStyle::Microseconds, 1e6),
        (TimeStyle::Nanoseconds, 1e9),
    ];
    let count = set().count();
    let fits = |&(_, unit): &(TimeStyle, f64)| {
        if called {
            return set().filter(within(CALLED, unit)).count() * 20 >= count * 19;
        }
        let [least, greatest] =
            set().fold([f64::MAX, f64::MIN], |[least, greatest], number| [least.min(number), greatest.max(number)]);
        set().all(|number| within(UNCALLED, unit)(&number))
            && greatest - least <= APART * unit
            && evidence.distinct().len() > 2
    };
    styles
        .into_iter()
        .find(fits)
        .filter(|_| count > 0 && !evidence.has_quantities() && !is_text(evidence))
        .map(|(style, _)| style)
}

/// A column of times: those that are set count from 1970, or none is set.
pub(in crate::ingest) fn counts_from_1970(evidence: &Evidence<'_>) -> bool {
    epoch(evidence, true).is_some() || is_unset(evidence)
}

/// Nothing but noughts: times that were not set.
pub(super) fn is_unset(evidence: &Evidence<'_>) -> bool {
    !evidence.numbers.is_empty() && evidence.texts == 0 && evidence.numbers.iter().all(|&number| number == 0.0)
}

/// Whole numbers to 65,535, of which −1 may be none, with ICMP's types and codes (`3.1`) and hexadecimal ones among them.
pub(super) fn are_ports(evidence: &Evidence<'_>) -> bool {
    let numbers = &evidence.numbers;
    let whole = numbers.iter().filter(|number| number.fract() == 0.0).count();
    evidence.filled() > 0
        && (evidence.texts - evidence.hexadecimal) * 20 <= evidence.filled()
        && numbers.iter().all(|port| (-1.0..65_536.0).contains(port))
        && whole * 5 >= numbers.len() * 4
}

/// A port in words: `Port12597`, `443/tcp`, `43025_tcp`, `443`.
pub(in crate::ingest) fn is_port_in_words(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let text = text.split_once(['/', '_']).map_or(text, |(port, _)| port);
    let digits = text.trim_start_matches(|character: char| character.is_ascii_alphabetic());
    (digits.len() == text.len() || text[..text.len() - digits.len()].eq_ignore_ascii_case("port"))
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u16>().is_ok()
}

/// Whole numbers of 32 bits, half of them 1.0.0.0 or more: IPv4 addresses as integers.
pub(super) fn are_integer_addresses(evidence: &Evidence<'_>) -> bool {
    let numbers = &evidence.numbers;
    let within = |range: std::ops::Range<f64>| numbers.iter().filter(|&number| range.contains(number)).count();
    !numbers.is_empty()
        && !is_text(evidence)
        && is_whole(evidence)
        && within(0.0..4_294_967_296.0) == numbers.len()
        && within(16_777_216.0..4_294_967_296.0) * 2 >= numbers.len()
}

/// Whole numbers that follow each other without a gap, each once: they number the rows.
pub(super) fn counts(evidence: &Evidence<'_>) -> bool {
    let numbers = &evidence.numbers;
    if evidence.texts > 0 || numbers.len() < COUNTED_ROWS || !is_whole(evidence) {
        return false;
    }
    let mut sorted = numbers.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.windows(2).all(|pair| pair[1] == pair[0] + 1.0)
}

/// Long whole numbers of which none repeats.
pub(super) fn are_serials(evidence: &Evidence<'_>) -> bool {
    let numbers = &evidence.numbers;
    evidence.texts == 0
        && numbers.len() > MANY
        && is_whole(evidence)
        && numbers.iter().all(|number| number.abs() >= LONG)
        && evidence.distinct().len() == numbers.len()
}

/// An address, with whatever tools write around one.
pub(in crate::ingest) fn is_address(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| address_of(text).is_some()) && !is_hardware_address(cell)
}

/// `00:00:5e:00:53:01`, `00-00-5e-00-53-01`, `0000.5e00.5301`.
pub(super) fn is_hardware_address(cell: &[u8]) -> bool {
    let groups = |sign: u8, count: usize, digits: usize| {
        let mut groups = cell.split(|&byte| byte == sign);
        groups.clone().count() == count
            && groups.all(|group| group.len() == digits && group.iter().all(u8::is_ascii_hexdigit))
    };
    groups(b':', 6, 2) || groups(b'-', 6, 2) || groups(b'.', 3, 4) || groups(b':', 8, 2)
}

/// `66d14f15-d7d6-0744-6fcb-7009310eaadd`, with or without hyphens: nobody sorts by these.
pub(super) fn is_uuid(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    digits == 32 && cell.iter().all(|&byte| byte.is_ascii_hexdigit() || b"-{}".contains(&byte))
}

/// A word that only labels are made of.
pub(super) fn is_verdict(cell: &[u8]) -> bool {
    const WORDS: [&str; 8] = ["benign", "normal", "attack", "malicious", "malware", "botnet", "anomaly", "background"];
    std::str::from_utf8(cell).is_ok_and(|text| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.trim_end_matches('.') == *word)
    })
}
