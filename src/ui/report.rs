//! The report: one page of HTML that holds all it needs, runs nothing and can be printed.

use std::fmt::Write as _;

pub mod pictures;

use super::{
    findings::{Finding, What},
    format,
    panels::{finding_list::severity, review},
};
use crate::report::Remark;
use pictures::Picture;

/// What a report is made of. All of it but the pictures is text, and stays text.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The file.
    pub file: String,
    /// When, as ISO 8601 tells.
    pub created: String,
    /// What was read, how it was compared, what came of it: names and values.
    pub facts: Vec<[String; 2]>,
    /// What it takes to make the run again, names and values; empty where it cannot be told.
    pub run: Vec<[String; 2]>,
    /// Sentences that the reader must know before the findings.
    pub warnings: Vec<String>,
    /// What labels say, names and values; empty where there are none.
    pub evaluation: Vec<[String; 2]>,
    /// The same as a curve.
    pub curve: Option<Picture>,
    /// Pictures of the whole file.
    pub pictures: Vec<Picture>,
    /// Why a picture of it is not there.
    pub lacking: Option<String>,
    /// From when to when the file is, in words.
    pub span: Option<[String; 2]>,
}

/// What the reader must know in any case.
const LIMITS: &str = "A flow that stands out is unusual, not proven to be an attack; an attack that looks like usual traffic does not stand out. \
                      Groups and single flows are listed by how far they are from all others, or from a baseline, or up to where that holds too few of them; bursts by how many flows come within how short a time, series by how even their intervals are. What goes on all through the file, and what is no farther than chance would have it, comes last. Marks and \
                      notes are the analyst’s.";

/// What is drawn beside the first findings.
const LEGEND: &str = "The small pictures of the first 25 findings: the line is the file’s values from the least to the greatest, grey the range in which 90 % of them are, \
                      orange the finding. Where a column holds no amounts, the orange bar is a share, from 0 to 100 %.";
/// Findings with pictures of what sets them apart.
const PICTURED: usize = 25;

const STYLE: &str = ":root{color-scheme:light;background:#fff}body{font:14px/1.45 system-ui,sans-serif;color:#16202a;max-width:1000px;margin:24px auto;padding:0 16px}\
h1{font-size:22px}h2{font-size:16px;margin:24px 0 6px}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #e1e5e9;overflow-wrap:break-word}\
#findings{font-size:12.5px}#findings th,#findings .number{white-space:nowrap}#findings td:nth-child(3){min-width:16ch}#findings td:nth-child(4){min-width:12ch}#findings td:nth-child(6){min-width:14ch;overflow-wrap:anywhere}\
.number{text-align:right;font-variant-numeric:tabular-nums}.warning{background:#fff3ea;padding:8px 10px}\
.soft{color:#56626e}tr{break-inside:avoid}";

impl Report {
    /// The page, with these findings, what is said of each, and the rule that hides it from the list, if one does.
    pub fn html(&self, findings: &[Finding], remarks: &[Option<Remark>], hidden: &[String]) -> String {
        let mut page = String::from("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        page +=
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
        page += "<meta name=\"viewport\" content=\"width=device-width\">";
        put(&mut page, "title", &format!("Flowsift report: {}", self.file));
        let _ = write!(page, "<style>{STYLE}{}</style></head><body>", pictures::STYLE);
        put(&mut page, "h1", &format!("Flowsift report: {}", self.file));
        put(&mut page, "p", &self.created);
        for warning in &self.warnings {
            let _ = write!(page, "<p class=\"warning\">{}</p>", escaped(warning));
        }
        table(&mut page, "What was read and how it was compared", &self.facts);
        if !self.pictures.is_empty() {
            put(&mut page, "h2", "Scores and times");
        }
        self.pictures.iter().for_each(|picture| page += picture.markup());
        if let Some(lacking) = &self.lacking {
            let _ = write!(page, "<p class=\"soft\">{}</p>", escaped(lacking));
        }
        let marked = remarks.iter().flatten().filter(|remark| remark.mark.is_some()).count();
        let suppressed = match hidden.iter().filter(|rule| !rule.is_empty()).count() {
            0 => String::new(),
            many => format!(", {many} suppressed by rules"),
        };
        put(
            &mut page,
            "h2",
            &format!(
                "{}, {marked} reviewed{suppressed}",
                format::counted(findings.len() as u64, "finding", "findings")
            ),
        );
        if findings.iter().take(PICTURED).any(|finding| !finding.apart.is_empty()) {
            let _ = write!(page, "<p class=\"soft\">{LEGEND}</p>");
        }
        page += "<table id=\"findings\"><thead><tr><th>#</th><th>Severity</th><th>What</th><th>When</th><th>What sets it apart</th><th>Mark and note</th></tr></thead><tbody>";
        for (place, finding) in findings.iter().enumerate() {
            let remark = remarks.get(place).and_then(Option::as_ref);
            line(&mut page, (place, finding), self.span.as_ref(), remark, hidden.get(place));
        }
        page += "</tbody></table>";
        if !self.evaluation.is_empty() {
            table(&mut page, "Judged by labels", &self.evaluation);
            page += self.curve.as_ref().map_or("", Picture::markup);
        }
        if !self.run.is_empty() {
            table(&mut page, "To make this run again", &self.run);
        }
        put(&mut page, "h2", "Limits");
        put(&mut page, "p", LIMITS);
        page + "</body></html>\n"
    }
}

fn line(
    page: &mut String,
    (place, finding): (usize, &Finding),
    span: Option<&[String; 2]>,
    remark: Option<&Remark>,
    hidden: Option<&String>,
) {
    let kind = if matches!(finding.what, What::Group(_)) { "group" } else { "flow" };
    let severity = finding.severity.map(severity).unwrap_or_default();
    let mark = remark.and_then(|remark| remark.mark).map_or("", review::name);
    let note = remark.map_or("", |remark| &remark.note);
    let hidden = hidden.filter(|rule| !rule.is_empty());
    let hidden =
        hidden.map(|rule| format!("<br><span class=\"soft\">Suppressed by the rule: {}</span>", escaped(rule)));
    let times = pictures::times(&finding.when, span);
    let apart = if place < PICTURED { pictures::apart(finding) } else { Vec::new() };
    let _ = write!(
        page,
        "<tr data-kind=\"{kind}\"><td class=\"number\">{}</td><td class=\"number\">{severity}</td><td><b>{}</b> {}</td><td>{}{}</td><td>{}{}</td><td><b>{mark}</b> {}{}</td></tr>",
        place + 1,
        escaped(&finding.title()),
        escaped(&finding.who()),
        escaped(&finding.time()),
        times.as_ref().map_or("", Picture::markup),
        escaped(&finding.why(usize::MAX)),
        apart.iter().map(Picture::markup).collect::<String>(),
        escaped(note),
        hidden.unwrap_or_default(),
    );
}

fn table(page: &mut String, title: &str, facts: &[[String; 2]]) {
    put(page, "h2", title);
    *page += "<table><tbody>";
    for [name, value] in facts {
        let _ = write!(page, "<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value));
    }
    *page += "</tbody></table>";
}

/// Adds an element. Writing to memory does not fail.
fn put(page: &mut String, element: &str, text: &str) {
    let _ = write!(page, "<{element}>{}</{element}>", escaped(text));
}

/// Text that no browser takes for markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Common, Mark},
        ui::findings::Apart,
    };

    #[test]
    fn text_stays_text() {
        let evil = "</td><script>alert('1')</script>\"&";
        let apart = Apart { column: 0, name: evil.into(), value: evil.into(), usual: None, share: 0.0, spread: None };
        let finding = Finding {
            what: What::Group(1),
            severity: Some(2.0),
            size: 3,
            from: evil.into(),
            to: evil.into(),
            ports: evil.into(),
            common: Common::default(),
            times: Some([evil.into(), evil.into()]),
            when: vec![0, 4, 1],
            steady: false,
            evidence: None,
            apart: vec![apart],
            alike: None,
            sums: Vec::new(),
        };
        let remark =
            Remark { mark: Some(Mark::Suspicious), note: evil.into(), about: evil.into(), at: 0.0, flows: Vec::new() };
        let facts = vec![[evil.to_owned(), evil.to_owned()]];
        let report = Report {
            file: evil.into(),
            facts: facts.clone(),
            evaluation: facts.clone(),
            run: facts,
            warnings: vec![evil.into()],
            span: Some([evil.into(), evil.into()]),
            lacking: Some(evil.into()),
            ..Report::default()
        };
        let page = report.html(&[finding], &[Some(remark)], &[evil.into()]);
        assert!(!page.contains("<script") && !page.contains("alert('"), "{page}");
        assert_eq!(page.matches("class=\"picture\"").count(), 2, "{page}");
        assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)") && page.contains("<b>Suspicious</b>"));
        assert!(page.contains("1 finding, 1 reviewed, 1 suppressed by rules"), "{page}");
        assert!(page.contains("M96.0 36v-36.0M160.0 36v-9.0"), "its times are drawn");
    }
}
