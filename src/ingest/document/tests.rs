use proptest::prelude::*;

use super::*;

/// The lines of a document that comes in pieces of so many bytes.
fn lines_in(text: &str, piece: usize) -> Option<Vec<String>> {
    let mut document = Document::sniff(text.as_bytes())?;
    let mut out = Vec::new();
    for piece in text.as_bytes().chunks(piece) {
        document.write(piece, false, &mut out).expect("written");
    }
    document.write(b"", true, &mut out).expect("written");
    Some(String::from_utf8(out).expect("text").lines().map(str::to_owned).collect())
}

fn lines(text: &str) -> Option<Vec<String>> {
    lines_in(text, 7)
}

#[test]
fn records_of_an_array_are_lines_wherever_it_is() {
    let records = ["{\"a\":1,\"b\":\"x, ] }\\\" y\"}", "{\"a\":2,\"b\":{\"c\":[1,{\"d\":2}]}}"];
    let list = format!("[\n  {},\n  {}\n]", records[0].replace(',', " ,\n\t").replace("x ,\n\t", "x,"), records[1]);
    for text in [
        list.clone(),
        format!("\u{feff} {list}\n"),
        format!("{{\"records\": {list}}}"),
        format!("{{\"meta\":{{\"made\":[1,2],\"by\":\"{{[\"}},\"data\":{{\"flows\":{list}}},\"count\":2}}"),
    ] {
        assert_eq!(lines(&text).expect("a document"), records, "{text}");
    }
    let several = format!("{{\"r\":{list}}}\n{{\"r\":{list}}}");
    assert_eq!(lines(&several).expect("documents"), [records, records].concat());
}

#[test]
fn the_largest_of_many_lists_is_found_in_time_and_memory_that_follow_from_the_text() {
    let small: String = (0..50_000).map(|n| format!("\"k{n}\":[{{}}],")).collect();
    let rows = "{\"a\":1},".repeat(400_000);
    // Looked up one by one, the names took a minute; kept, the levels took gigabytes.
    let levels = format!("{{\"{}\":", "x".repeat(LONGEST_KEY)).repeat(100);
    for (before, behind) in [("{".into(), "}".into()), (levels + "{", "}".repeat(101))] {
        let text = format!("{before}{small}\"flows\":[{rows}{{\"a\":2}}]{behind}");
        let lines = lines_in(&text, 1 << 20).expect("a document");
        assert_eq!((lines.len(), &*lines[400_000]), (400_001, "{\"a\":2}"));
    }
}

#[test]
fn objects_over_several_lines_are_records() {
    let text = "{\n  \"a\": 1,\n  \"list\": [\n {\"b\": 2}]\n}\n{\n  \"a\": 2\n}\n";
    assert_eq!(lines(text).expect("a document"), ["{\"a\":1,\"list\":[{\"b\":2}]}", "{\"a\":2}"]);
}

#[test]
fn files_of_lines_and_other_text_are_no_documents() {
    for text in [
        "{\"a\":1}\n{\"a\":2}\n",
        "{\"a\":1}",
        "{\"packets\":[{\"b\":305},{\"b\":306},{\"b\":307}]}\n{\"packets\":[{\"b\":305},{\"b\":306},{\"b\":307}]}\n",
        "{name},bytes\nx,1\ny,2\n",
        "[name],bytes\nx,1\n",
        "[]",
        "a,b\n1,2\n",
        "",
    ] {
        assert!(Document::sniff(text.as_bytes()).is_none(), "{text:?}");
    }
}

#[test]
fn what_is_no_object_and_what_is_cut_off_stay_lines() {
    assert_eq!(lines("[{\"a\":1}, 7, null, {\"a\":\"x").expect("a document"), ["{\"a\":1}", "7", "null", "{\"a\":\"x"]);
}

#[test]
fn deep_nesting_is_refused() {
    let mut document = Document::sniff(b"{\"a\":[{\"b\":1},").expect("a document");
    let mut out = Vec::new();
    document.write(b"{\"a\":[{\"b\":1}],\"c\":", false, &mut out).expect("written");
    assert!(document.write(&b"[".repeat(1_000), true, &mut out).is_err());
}

proptest! {
    #[test]
    fn any_pieces_give_the_same_lines(text in "[\\[{]( |\"[ab:\\\\\"]{0,3}\"|[\\[\\]{},:1n\n]){0,40}", piece in 1usize..20) {
        if let Some(whole) = lines_in(&text, 1 << 20) {
            prop_assert_eq!(lines_in(&text, piece), Some(whole));
        }
    }
}
