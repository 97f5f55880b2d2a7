//! Which first part of the file is the baseline.

use super::{Input, MOST_EXACT, Question, Texts, field::Bounds};
use crate::engine::First;

/// So many flows.
pub const ROWS: Question = Question {
    label: "First flows",
    unit: "",
    hint: "",
    testid: "first-rows",
    input: Input::Optional(Bounds { low: 1.0, high: MOST_EXACT, whole: true }, "half of them"),
};
/// Those of before a point in time.
pub const UNTIL: Question = Question {
    label: "Or all before",
    unit: "",
    hint: "As the file writes times, or as in 2017-07-05 10:00.",
    testid: "first-until",
    input: Input::Text("a point in time"),
};

/// Which part was typed; nothing is the first half.
///
/// # Errors
/// What is wrong, by the test id of the field.
pub fn read(texts: &Texts) -> Result<Option<First>, (&'static str, String)> {
    let typed = |asks: &Question| texts.typed(asks.testid).map(str::trim).unwrap_or_default();
    let rows = ROWS.read(typed(&ROWS)).map_err(|wrong| (ROWS.testid, wrong))?.count();
    match (rows, typed(&UNTIL)) {
        (None, "") => Ok(None),
        (Some(rows), "") => Ok(Some(First::Rows(rows as u64))),
        (None, until) => Ok(Some(First::Until(until.to_owned()))),
        (Some(_), _) => Err((UNTIL.testid, "Enter a number of flows or a point in time, not both.".to_owned())),
    }
}

/// Takes in what was typed into one of the fields; whether it is one of them.
pub fn take(texts: &mut Texts, testid: &str, text: &str) -> bool {
    let field = [&ROWS, &UNTIL].into_iter().find(|asks| asks.testid == testid);
    field.map(|asks| texts.set(asks.testid, text.to_owned())).is_some()
}

/// Which part it is, in words.
pub fn words(texts: &Texts) -> String {
    match read(texts) {
        Ok(Some(First::Rows(rows))) => "the baseline is its first ".to_owned() + &rows.to_string() + " flows",
        Ok(Some(First::Until(until))) => "the baseline is its flows before ".to_owned() + &until,
        _ => "the baseline is its first half".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::typed;

    #[test]
    fn a_number_of_flows_or_a_time_but_not_both() {
        let of = |rows, until| read(&typed(&[("first-rows", rows), ("first-until", until)]));
        assert_eq!(read(&Texts::default()), Ok(None));
        assert_eq!(of(" ", ""), Ok(None));
        assert_eq!(of("5,000", " "), Ok(Some(First::Rows(5_000))));
        assert_eq!(of("", " 2017-07-05 10:00 "), Ok(Some(First::Until("2017-07-05 10:00".into()))));
        assert_eq!(of("5", "noon").unwrap_err().0, "first-until");
        for wrong in ["0", "-1", "1.5", "half", "1e300"] {
            assert_eq!(of(wrong, "").unwrap_err().0, "first-rows", "{wrong}");
        }
    }

    #[test]
    fn the_part_is_told() {
        assert_eq!(words(&Texts::default()), "the baseline is its first half");
        assert_eq!(words(&typed(&[("first-rows", "5000")])), "the baseline is its first 5000 flows");
        assert_eq!(words(&typed(&[("first-until", "noon")])), "the baseline is its flows before noon");
        let mut texts = Texts::default();
        assert!(take(&mut texts, "first-until", "noon") && !take(&mut texts, "param-seed", "1"));
    }
}
