//! Rows that are no flows but what all flows come to: totals, averages, summaries.
//!
//! What a record says by itself is asked of every one ([`is_total`]); what only its place and the rows above it say is asked
//! once, of the end of a file ([`at_end`]), before any part of it is read. So the answer is the same for any number of parts.
//! Whether cells are the sums of their columns can be seen only where a file is so short that all of it is at hand.

use super::{
    Dialect, Number, NumberStyle,
    cell::is_missing,
    sniff::{Row, usual_width},
};

/// Words that stand before totals, in lower case.
const WORDS: [&str; 71] = [
    // English and what several languages share.
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub total",
    "sub-total",
    "sum",
    "sums",
    "summary",
    "overall",
    "average",
    "avg",
    "mean", // German
    "summe",
    "summen",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "ergebnis",
    "insgesamt",
    "zwischensumme",
    "zusammenfassung",
    "durchschnitt",
    "mittelwert", // French
    "totaux",
    "somme",
    "total général",
    "total general",
    "sous-total",
    "moyenne", // Italian
    "totale",
    "totali",
    "somma",
    "totale complessivo",
    "media", // Spanish and Portuguese
    "totales",
    "suma",
    "resumen",
    "promedio",
    "totais",
    "soma",
    "resumo",
    "média",
    "total geral", // Dutch
    "totaal",
    "som",
    "eindtotaal",
    "gemiddelde", // Scandinavian and Finnish
    "summa",
    "totalt",
    "i alt",
    "yhteensä", // Polish, Czech, Hungarian, Croatian, Turkish, Greek
    "razem",
    "łącznie",
    "ogółem",
    "celkem",
    "součet",
    "összesen",
    "ukupno",
    "toplam",
    "σύνολο",
    // Russian and Ukrainian
    "итого",
    "всего",
    "сумма",
    "усього", // Chinese, Japanese, Korean
    "合计",
    "总计",
    "合計",
    "総計",
    "總計",
    "합계",
];
/// Bytes that a word has at most.
const LONGEST_WORD: usize = 32;
/// Records at the end among which a summary may begin.
const SUMMARY_LINES: usize = 12;
/// Records of nfdump's summary of a CSV file.
const SUMMARY_BLOCK: usize = 3;
/// Rows of totals that may follow each other at the end, blank ones and notes between them included.
const TOTALS: usize = 6;
/// Rows above the last one that it is compared with.
const COMPARED: usize = 200;
/// Rows whose sums are no accident.
const SUMMED: usize = 5;

/// A record that says of itself that it is no flow: its first cell is such a word, and at least half of the others are empty.
pub(super) fn is_total<'a>(cells: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut cells = cells.map(<[u8]>::trim_ascii);
    let mut others = 0;
    let Some(first) = cells.by_ref().inspect(|_| others += 1).find(|cell| !cell.is_empty()) else { return false };
    others -= 1;
    if !is_word(first) {
        return false;
    }
    let mut filled = 0;
    for cell in cells {
        others += 1;
        filled += usize::from(!cell.is_empty());
    }
    filled * 2 <= others
}

/// How many of the last rows are totals or a summary. `whole`: there are no rows above these.
pub(super) fn at_end(rows: &[Row], dialect: Dialect, whole: bool) -> usize {
    if let Some(summary) = summary(rows) {
        return summary;
    }
    let (mut totals, mut passed) = (0, 0);
    while passed < TOTALS.min(rows.len().saturating_sub(1)) {
        let (above, row) = (&rows[..rows.len() - passed - 1], &rows[rows.len() - passed - 1]);
        passed += 1;
        if sums_up(above, row, dialect, whole && passed == totals + 1) {
            totals = passed;
        } else if filled(row).count() > 1 {
            break;
        }
    }
    totals
}

/// The records from the line on that says that a summary begins, as nfdump writes it.
fn summary(rows: &[Row]) -> Option<usize> {
    let from = rows.len().saturating_sub(SUMMARY_LINES);
    let begins = |row: &Row| {
        let mut words = filled(row).map(|(_, cell)| cell.to_ascii_lowercase());
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        first == b"summary" && second.is_empty()
            || first.starts_with(b"summary:")
            || first.starts_with(b"time window:")
            || first == b"time" && second == b"window:"
    };
    let at = from + rows[from..].iter().position(begins)?;
    // Only its names and one row may be as wide as rows are, by accident.
    let width = usual_width(&rows[..at]);
    let is_block = rows.len() - at <= SUMMARY_BLOCK || rows[at + 1..].iter().all(|row| row.cells.len() != width);
    (at > 0 && is_block).then_some(rows.len() - at)
}

/// The row holds totals of those above it: it says so in a word, it has nothing but sums, or its cells are the sums.
fn sums_up(above: &[Row], row: &Row, dialect: Dialect, whole: bool) -> bool {
    let Some((place, first)) = filled(row).next() else { return false };
    let others = row.cells.len().saturating_sub(1);
    let blank = row.cells.len() - filled(row).count();
    let occurs = above.iter().any(|other| other.cells.get(place).is_some_and(|cell| cell.trim_ascii() == first));
    if !occurs && (is_word(first) || begins_with_word(first) && blank * 3 >= others) {
        return true;
    }
    let compared = &above[above.len().saturating_sub(COMPARED)..];
    let style = NumberStyle::from(&dialect);
    let number = |row: &Row, column: usize| match style.parse(row.cells.get(column).unwrap_or_default()) {
        Number::Value(value) => Some(value),
        _ => None,
    };
    let numbers: Vec<(usize, f64)> =
        (0..row.cells.len()).filter_map(|column| Some((column, number(row, column)?))).collect();
    if compared.len() < SUMMED || numbers.is_empty() || numbers.len() < filled(row).count() {
        return false;
    }
    // Columns that tell who and what, in every row but this.
    let told = |row: &Row, column| {
        let cell = row.cells.get(column).unwrap_or_default().trim_ascii();
        !is_missing(cell) && number(row, column).is_none()
    };
    let nameless = (0..row.cells.len()).filter(|&column| compared.iter().all(|row| told(row, column))).count();
    let greatest = |column| compared.iter().filter_map(|row| number(row, column)).fold(0.0, f64::max);
    if nameless > 1 && numbers.iter().all(|&(column, value)| value >= greatest(column)) {
        return true;
    }
    let is_sum = |&&(column, value): &&(usize, f64)| {
        let sum: f64 = above.iter().filter_map(|row| number(row, column)).sum();
        value > greatest(column) && (sum - value).abs() <= value.abs() * 1e-6
    };
    let sums = numbers.iter().filter(is_sum).count();
    whole && sums * 2 >= numbers.len() && sums + nameless > 1
}

/// Cells with something in them, and their columns.
fn filled(row: &Row) -> impl Iterator<Item = (usize, &[u8])> {
    row.cells.iter().map(<[u8]>::trim_ascii).enumerate().filter(|(_, cell)| !cell.is_empty())
}

fn is_word(cell: &[u8]) -> bool {
    let cell = cell.strip_suffix(b":").unwrap_or(cell).trim_ascii_end();
    let alike = |word: &&str| word.len() == cell.len() && word.as_bytes().eq_ignore_ascii_case(cell);
    // Nearly all first cells begin with a digit or are longer than any word.
    match cell.first() {
        None | Some(b'0'..=b'9') => false,
        Some(_) if cell.len() > LONGEST_WORD => false,
        Some(_) if cell.is_ascii() => WORDS.iter().any(alike),
        Some(_) => {
            let lower = std::str::from_utf8(cell).map(str::to_lowercase).unwrap_or_default();
            WORDS.contains(&lower.as_str())
        }
    }
}

/// `Total (20 rows)`, `Summe aller Flows`.
fn begins_with_word(cell: &[u8]) -> bool {
    let ends = cell.iter().enumerate().filter(|(_, byte)| matches!(byte, b' ' | b':' | b'(')).map(|(at, _)| at);
    ends.take(3).any(|end| is_word(cell[..end].trim_ascii_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        text.lines().map(|line| Row { offset: 0, end: 0, cells: line.split(';').collect() }).collect()
    }

    fn totals(text: &str) -> usize {
        at_end(&rows(text), Dialect::default(), true)
    }

    const FLOWS: &str =
        "10.0.0.1;tcp;5;100\n10.0.0.2;udp;7;300\n10.0.0.3;tcp;9;500\n10.0.0.4;udp;2;50\n10.0.0.5;tcp;1;9\n";

    #[test]
    fn a_word_and_empty_cells_tell_a_total_anywhere() {
        let is_total = |line: &str| is_total(rows(line)[0].cells.iter());
        assert!(is_total("Total;;;24;959"));
        assert!(is_total(";; SUMME: ;;24;959"));
        assert!(is_total("Итого;;;;24"));
        assert!(is_total("Summary"));
        assert!(!is_total("Total;tcp;6;24;959"), "a name may be so");
        assert!(!is_total("totally;;;24;959"));
        assert!(!is_total("10.0.0.1;;;;"));
        assert!(!is_total(";;;;"));
    }

    #[test]
    fn words_places_and_sums_tell_totals_at_the_end() {
        for end in [
            "Total;-;24;959",
            "Gesamt;;24;959",
            "Total (5 rows);;24;959",
            ";;24;959",
            ";sum;24;959",
            "Total;;24;959\nAverage;;4,8;191,8",
            "Total;;24;959\n;;;\nmade by a tool;;;",
        ] {
            assert_eq!(totals(&format!("{FLOWS}{end}\n")), end.lines().count(), "{end}");
        }
        assert_eq!(totals(FLOWS), 0);
        assert_eq!(totals(&format!("{FLOWS};;3;40\n")), 0, "less than others is no sum");
        assert_eq!(totals(&format!("{FLOWS}10.0.0.6;tcp;24;959\n")), 0, "it has a name");
        assert_eq!(totals(&format!("Total;a;1;2\n{FLOWS}Total;b;3;4\n")), 0, "others are called so, too");
        assert_eq!(totals("Total;1;2\n"), 0, "of nothing");
    }

    #[test]
    fn cells_that_are_sums_are_told_where_all_rows_are_at_hand() {
        let table = rows("1;10\n2;20\n3;15\n4;5\n5;50\n6;10\n21;110\n");
        assert_eq!(at_end(&table, Dialect::default(), true), 1);
        assert_eq!(at_end(&table, Dialect::default(), false), 0);
        assert_eq!(totals("1;100\n2;200\n3;300\n"), 0, "too few rows to tell");
        assert_eq!(totals("1;100\n2;200\n3;300\n4;400\n5;500\n6;600\n"), 0);
    }

    #[test]
    fn a_summary_has_all_lines_behind_it() {
        let block = "Summary\nflows;bytes;packets\n5;959;24\n";
        assert_eq!(totals(&format!("{FLOWS}{block}")), 3);
        assert_eq!(
            totals(&format!(
                "{FLOWS}Summary: total flows: 5\nTime window: 2024\nTotal flows processed: 5\nSys: 0.1s\n"
            )),
            4
        );
        assert_eq!(totals(&format!("{FLOWS}Time window: 2024\nSys: 0.1s\n")), 2);
        assert_eq!(totals(&format!("{FLOWS}Summary\nx;y;z;w\n{FLOWS}")), 0, "there are rows behind it");
    }
}
