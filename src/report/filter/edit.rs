//! A filter as it is typed, changed by what is clicked.

pub use super::outline::written as outline;
use super::{Comparison, Filter, Outline, Term, Test};
use crate::table::{Field, Schema, Storage};

/// A term of a name, a sign and a value, as it is typed; `None` where that cannot be: quotes cannot stand in quotes.
#[must_use]
pub fn written(name: &str, sign: &str, value: &str) -> Option<String> {
    let held = |text: &str| {
        let plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.' | '/' | ':' | '-');
        let alone = !text.is_empty() && !text.starts_with('-') && text.chars().all(plain);
        if alone { text.to_owned() } else { format!("\"{text}\"") }
    };
    // Names are cut at their first colon unless they are held together.
    let name = if name.contains(':') { format!("\"{name}\"") } else { held(name) };
    (!name.trim_matches('"').contains('"') && !value.contains('"')).then(|| format!("{name}{sign}{}", held(value)))
}

/// The terms of what was typed, each as it stands there.
fn pieces(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let blank = |sign: char| {
        quoted ^= sign == '"';
        sign.is_whitespace() && !quoted
    };
    text.split(blank).filter(|piece| !piece.is_empty()).collect()
}

/// These terms are among those that were typed.
#[must_use]
pub fn holds(text: &str, terms: &[String]) -> bool {
    let known = pieces(text);
    terms.iter().all(|term| known.contains(&term.as_str()))
}

/// What was typed, with these terms; without them where they were all there.
#[must_use]
pub fn toggled(text: &str, terms: &[String]) -> String {
    let had = holds(text, terms);
    let mut kept: Vec<&str> =
        pieces(text).into_iter().filter(|piece| !terms.iter().any(|term| term == piece)).collect();
    if !had {
        kept.extend(terms.iter().map(String::as_str));
    }
    kept.join(" ")
}

/// What was typed, with these terms in place of all others that compare the column of this name.
#[must_use]
pub fn compared(text: &str, name: &str, terms: &[String]) -> String {
    let begins: Vec<String> = ["<", ">", "="].iter().filter_map(|sign| written(name, sign, "x")).collect();
    let begins: Vec<&str> = begins.iter().map(|term| &term[..term.len() - 1]).collect();
    let mut kept = pieces(text);
    kept.retain(|piece| !begins.iter().any(|begin| piece.starts_with(begin)));
    kept.extend(terms.iter().map(String::as_str));
    kept.join(" ")
}

/// What was typed, with this term of an outline in place of all others on the same two columns; `None` where the term is not
/// read as an outline on these: their names are too odd.
#[must_use]
pub fn outlined(text: &str, term: &str, columns: [usize; 2], schema: &Schema) -> Option<String> {
    let read = |piece: &str| match Filter::parse(piece, schema).ok()?.terms.pop()? {
        Term { negated: false, test: Test::Inside(Outline { columns, .. }) } => Some(columns),
        _ => None,
    };
    read(term).filter(|read| *read == columns)?;
    let [x, y] = columns;
    let mut kept = pieces(text);
    kept.retain(|piece| read(piece).is_none_or(|known| known != columns && known != [y, x]));
    kept.push(term);
    Some(kept.join(" "))
}

impl Filter {
    /// The points in time that can pass, of those from the first to the last of a column, in nanoseconds: as its comparisons say.
    #[must_use]
    pub fn span(&self, column: usize, field: &Field, whole: [i64; 2]) -> [i64; 2] {
        let [mut from, mut to] = whole;
        let Storage::Time { per } = field.storage() else { return whole };
        for term in self.terms.iter().filter(|term| !term.negated) {
            let (comparison, time) = match term.test {
                Test::Time { column: of, comparison, nanoseconds } if of == column => (comparison, nanoseconds),
                Test::Number { column: of, comparison, value } if of == column => {
                    (comparison, (value * per as f64) as i64)
                }
                _ => continue,
            };
            match comparison {
                Comparison::AtLeast | Comparison::More => from = from.max(time),
                Comparison::AtMost | Comparison::Less => to = to.min(time),
                Comparison::Equal => (from, to) = (from.max(time), to.min(time)),
            }
        }
        // Nothing passes: then there is nothing to be seen in the whole, either.
        if from <= to { [from, to] } else { whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::Scale,
        table::{Kind, Role},
    };

    #[test]
    fn terms_are_read_as_they_are_written() {
        let mut fields =
            vec![Field::new("Src IP", Kind::Text, Role::Ip), Field::new("id.orig:h", Kind::Text, Role::Ip)];
        fields.push(Field::new("Bytes", Kind::Number, Role::Measure));
        let schema = Schema { fields };
        for (name, sign, value) in [
            ("Src IP", ":", "2001:db8::1"),
            ("id.orig:h", ":", "10.0.0.7"),
            ("Src IP", ":", "a host"),
            ("Bytes", ">=", "-1"),
        ] {
            let text = written(name, sign, value).expect("no quotes");
            let filter = Filter::parse(&text, &schema).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(filter.terms.len(), 1, "{text}");
            let of = match &filter.terms[0].test {
                Test::Cell { columns, .. } | Test::Network { columns, .. } => columns[0],
                Test::Number { column, value, .. } => {
                    assert_eq!(*value, -1.0);
                    *column
                }
                other => panic!("{text}: {other:?}"),
            };
            assert_eq!(schema.fields[of].name, name);
        }
        assert_eq!(written("a", ":", "\""), None);
        assert_eq!(written("a\"b", ":", "c"), None);
    }

    #[test]
    fn a_second_click_takes_back_the_first() {
        let term = vec![written("Src IP", ":", "10.0.0.7").expect("no quotes")];
        let once = toggled("is:anomaly \"two words\"", &term);
        assert_eq!(once, "is:anomaly \"two words\" \"Src IP\":10.0.0.7");
        assert!(holds(&once, &term) && !holds("is:anomaly", &term));
        assert_eq!(toggled(&once, &term), "is:anomaly \"two words\"");
        assert_eq!(toggled("", &term), term[0]);
    }

    #[test]
    fn comparisons_are_replaced() {
        let terms = vec!["ts>=5".to_owned(), "ts<6".to_owned()];
        assert_eq!(compared("a ts>1 \"ts\" ts<=9 tss>4 b", "ts", &terms), "a \"ts\" tss>4 b ts>=5 ts<6");
        assert_eq!(compared("\"Start time\">=\"2017-07-05 10:00\" x", "Start time", &[]), "x");
    }

    #[test]
    fn an_outline_takes_the_place_of_that_on_the_same_columns() {
        let names = ["a", "b", "c", "d e"];
        let schema =
            Schema { fields: names.map(|name| Field::new(name, Kind::Number, Role::Measure)).into_iter().collect() };
        let term = |x: usize, y: usize, value: &str| {
            let corners = ["1", "2", value].map(|x| [x.to_owned(), value.to_owned()]);
            outline([x, y].map(|at| &schema.fields[at]), [Scale::Linear, Scale::Log], &corners)
        };
        let set =
            |text: &str, x, y, value| outlined(text, &term(x, y, value), [x, y], &schema).expect("it can be read");
        let first = set("a>5 \"two words\"", 0, 3, "7");
        assert_eq!(first, "a>5 \"two words\" inside:\"a (linear) / d e (log): 1 / 7; 2 / 7; 7 / 7\"");
        assert_eq!(set(&first, 3, 0, "8"), format!("a>5 \"two words\" {}", term(3, 0, "8")), "the same columns");
        assert_eq!(set(&first, 0, 1, "8"), format!("{first} {}", term(0, 1, "8")), "other columns");
        let negated = format!("-{}", term(0, 3, "7"));
        assert_eq!(set(&negated, 0, 3, "8"), format!("{negated} {}", term(0, 3, "8")), "what is left out stays so");
        assert_eq!(outlined("a", &term(0, 1, "x"), [0, 1], &schema), None);
        assert_eq!(outlined("a", &term(0, 1, "5"), [0, 2], &schema), None);
    }

    #[test]
    fn the_span_is_what_comparisons_leave() {
        let text = "start,bytes\n2017-07-05 10:00:00,1\n2017-07-05 11:00:00,2\n";
        let layout =
            crate::ingest::Layout::sniff(text.as_bytes(), text.len() as u64, &crate::ingest::Choices::default());
        let schema = layout.expect("a table").0.schema;
        let span = |typed: &str| {
            let filter = Filter::parse(typed, &schema).expect("a filter");
            filter.span(0, &schema.fields[0], [0, i64::MAX]).map(|time| time / 1_000_000_000)
        };
        let (ten, eleven, end) = (1_499_248_800, 1_499_252_400, i64::MAX / 1_000_000_000);
        assert_eq!(span(""), [0, end]);
        assert_eq!(span("start>=\"2017-07-05 10:00\""), [ten, end]);
        assert_eq!(span("start>=\"2017-07-05 10:00\" start<\"2017-07-05 11:00\" bytes>1"), [ten, eleven]);
        assert_eq!(span("-start<\"2017-07-05 10:00\""), [0, end]);
        assert_eq!(span("start>\"2017-07-05 11:00\" start<\"2017-07-05 10:00\""), [0, end]);
    }
}
