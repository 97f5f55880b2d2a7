//! The findings as a file.

use std::fmt::Write as _;

use super::{Finding, TOLD, What};
use crate::report::{Mark, Remark, neutral};

/// The findings as a CSV file, a line each. Whatever comes from the file is neutralised: nothing in it runs as a formula.
/// What is said of each is in the last columns, and the rule that hides it from the list, if one does.
pub fn csv(findings: &[Finding], remarks: &[Option<Remark>], hidden: &[String], rows: u64) -> String {
    let mut text = String::from(
        "finding,kind,group,flow_rank,severity,flows,share,first,last,sources,destinations,ports,sets_apart,mark,note,suppressed\n",
    );
    for (place, finding) in findings.iter().enumerate() {
        let (kind, group, rank) = match &finding.what {
            What::Group(number) => ("group", number.to_string(), String::new()),
            What::Flow(row) => ("flow", String::new(), row.rank.to_string()),
        };
        let severity = finding.severity.map(|severity| format!("{severity:.3}")).unwrap_or_default();
        let [first, last] = finding.times.clone().unwrap_or_default();
        let share = finding.size as f64 / rows.max(1) as f64;
        let cells =
            [&first, &last, &finding.from, &finding.to, &finding.ports, &finding.why(TOLD)].map(|cell| quoted(cell));
        let remark = remarks.get(place).and_then(Option::as_ref);
        let mark = remark.and_then(|remark| remark.mark).map_or("", Mark::name);
        let note = quoted(remark.map_or("", |remark| &remark.note));
        let hidden = quoted(hidden.get(place).map_or("", String::as_str));
        // Writing to memory does not fail.
        let _ = writeln!(
            text,
            "{},{kind},{group},{rank},{severity},{},{share:.6},{},{mark},{note},{hidden}",
            place + 1,
            finding.size,
            cells.join(",")
        );
    }
    text
}

fn quoted(cell: &str) -> String {
    let cell = String::from_utf8_lossy(&neutral(cell.as_bytes())).into_owned();
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_file_of_findings_runs_as_a_formula() {
        assert_eq!(quoted("=1+2"), "'=1+2");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
