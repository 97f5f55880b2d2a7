//! The report: one page of HTML that holds all it needs, runs nothing and can be printed.

use std::fmt::Write as _;

use super::{
    findings::{Finding, What},
    format,
    panels::{
        finding_list::{bars_path, severity},
        review,
    },
};
use crate::report::Remark;

/// What a report is made of. All of it is text, and stays text.
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
}

/// What the reader must know in any case.
const LIMITS: &str = "A flow that stands out is unusual, not proven to be an attack; an attack that looks like usual traffic does not stand out. \
                      Groups and single flows are listed by how far they are from all others, or from the baseline where there was one. Marks and \
                      notes are the analyst’s.";

const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;color:#16202a;max-width:1000px;margin:24px auto;padding:0 16px}\
h1{font-size:22px}h2{font-size:16px;margin:24px 0 6px}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #e1e5e9;overflow-wrap:break-word}\
#findings{font-size:12.5px}#findings th,#findings .number{white-space:nowrap}#findings td:nth-child(3){min-width:16ch}#findings td:nth-child(4){min-width:12ch}#findings td:nth-child(6){min-width:14ch;overflow-wrap:anywhere}\
.number{text-align:right;font-variant-numeric:tabular-nums}.warning{background:#fff3ea;padding:8px 10px}\
svg{width:96px;height:18px}svg path{stroke:#c93f06;stroke-width:2}.soft{color:#56626e}tr{break-inside:avoid}";

impl Report {
    /// The page, with these findings, what is said of each, and the rule that hides it from the list, if one does.
    pub fn html(&self, findings: &[Finding], remarks: &[Option<Remark>], hidden: &[String]) -> String {
        let mut page = String::from("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        page +=
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
        page += "<meta name=\"viewport\" content=\"width=device-width\">";
        put(&mut page, "title", &format!("Flowsift report: {}", self.file));
        let _ = write!(page, "<style>{STYLE}</style></head><body>");
        put(&mut page, "h1", &format!("Flowsift report: {}", self.file));
        put(&mut page, "p", &self.created);
        for warning in &self.warnings {
            let _ = write!(page, "<p class=\"warning\">{}</p>", escaped(warning));
        }
        table(&mut page, "What was read and how it was compared", &self.facts);
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
        page += "<table id=\"findings\"><thead><tr><th>#</th><th>Severity</th><th>What</th><th>When</th><th>What sets it apart</th><th>Mark and note</th></tr></thead><tbody>";
        for (place, finding) in findings.iter().enumerate() {
            line(&mut page, place, finding, remarks.get(place).and_then(Option::as_ref), hidden.get(place));
        }
        page += "</tbody></table>";
        if !self.evaluation.is_empty() {
            table(&mut page, "Judged by labels", &self.evaluation);
        }
        if !self.run.is_empty() {
            table(&mut page, "To make this run again", &self.run);
        }
        put(&mut page, "h2", "Limits");
        put(&mut page, "p", LIMITS);
        page + "</body></html>\n"
    }
}

fn line(page: &mut String, place: usize, finding: &Finding, remark: Option<&Remark>, hidden: Option<&String>) {
    let kind = if matches!(finding.what, What::Group(_)) { "group" } else { "flow" };
    let severity = finding.severity.map(severity).unwrap_or_default();
    let mark = remark.and_then(|remark| remark.mark).map_or("", review::name);
    let note = remark.map_or("", |remark| &remark.note);
    let hidden = hidden.filter(|rule| !rule.is_empty());
    let hidden =
        hidden.map(|rule| format!("<br><span class=\"soft\">Suppressed by the rule: {}</span>", escaped(rule)));
    let _ = write!(
        page,
        "<tr data-kind=\"{kind}\"><td class=\"number\">{}</td><td class=\"number\">{severity}</td><td><b>{}</b> {}</td><td>{}{}</td><td>{}</td><td><b>{mark}</b> {}{}</td></tr>",
        place + 1,
        escaped(&finding.title()),
        escaped(&finding.who()),
        escaped(&finding.time()),
        bars(&finding.when),
        escaped(&finding.why(usize::MAX)),
        escaped(note),
        hidden.unwrap_or_default(),
    );
}

fn bars(when: &[u32]) -> String {
    let Some((path, width)) = bars_path(when) else { return String::new() };
    format!("<br><svg viewBox=\"0 0 {width} 18\" preserveAspectRatio=\"none\"><path d=\"{path}\"/></svg>")
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
            ..Report::default()
        };
        let page = report.html(&[finding], &[Some(remark)], &[evil.into()]);
        assert!(!page.contains("<script") && !page.contains("alert('"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)") && page.contains("<b>Suspicious</b>"));
        assert!(
            page.contains("1 finding, 1 reviewed, 1 suppressed by rules") && page.contains("M3 18v-18.0M5 18v-4.5")
        );
    }
}
