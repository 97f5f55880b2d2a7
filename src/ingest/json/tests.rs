use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::*;

/// Paths and texts in order of appearance, the last of equal paths alone, as a map keeps them.
fn flat(text: &[u8]) -> Result<Vec<(String, String)>, Defect> {
    let mut found: Vec<(String, String)> = Vec::new();
    walk(text, &mut Vec::new(), &mut |path, value| {
        let mut out = Vec::new();
        match value {
            Value::Null => {}
            Value::Literal(range) => out.extend(&text[range]),
            Value::String { inside, .. } => unescape(&text[inside], &mut out),
        }
        found.push((String::from_utf8_lossy(path).into(), String::from_utf8_lossy(&out).into()));
    })?;
    Ok(found)
}

fn expected(object: &Map<String, Json>, parent: &str, out: &mut Vec<(String, String)>) {
    for (name, value) in object {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        match value {
            Json::Object(inner) => expected(inner, &path, out),
            Json::Null => out.push((path, String::new())),
            Json::String(text) => out.push((path, text.clone())),
            other => out.push((path, other.to_string())),
        }
    }
}

fn json(names: &'static str) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e9f64..1e9).prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(names, inner, 0..6).prop_map(|members| Json::Object(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn reads_what_serde_json_reads(value in json("[a-z_\"\\\\é]{1,4}"), pretty: bool) {
        let Json::Object(object) = value else { return Ok(()) };
        let text = if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) };
        let text = text.expect("writes");
        let mut wanted = Vec::new();
        expected(&object, "", &mut wanted);
        // An array is one value as it is written, blanks included.
        let squeezed = |pairs: Vec<(String, String)>| -> Vec<(String, String)> {
            let compact = |text: String| serde_json::from_str::<Json>(&text).map_or(text.clone(), |json| json.to_string());
            pairs.into_iter().map(|(path, text)| (path, compact(text))).collect()
        };
        prop_assert_eq!(squeezed(flat(text.as_bytes()).expect("reads")), squeezed(wanted));
    }

    #[test]
    fn any_bytes_are_read_or_refused_like_there(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        near in "\\{?(\"[a-c]\": ?(\\[|\\{|1|-|\"\\\\u[0-9d]{2,4}|null|[\\]},0-9e.\"]){1,8},?){0,4}\\}?",
    ) {
        let mut out = Vec::new();
        unescape(&bytes, &mut out);
        for text in [bytes.as_slice(), near.as_bytes()] {
            match serde_json::from_slice::<Map<String, Json>>(text) {
                Ok(_) => prop_assert!(flat(text).is_ok()),
                // Taken here: lone surrogates, control characters, what is no UTF-8, and numbers beyond f64.
                Err(error) if flat(text).is_ok() => {
                    let why = error.to_string();
                    let known = ["surrogate", "hex escape", "control character", "unicode", "number out of range"];
                    prop_assert!(known.iter().any(|known| why.contains(known)), "{}", why);
                }
                Err(_) => {}
            }
        }
    }
}

#[test]
fn paths_and_texts() {
    let text = br#" {"ts":1.5,"id":{"orig_h":"10.0.0.1","x":{}},"tags":[1, {"a":"}"}],"ok":true,"no":null,"n":NaN,"i":-Infinity} "#;
    let wanted = [
        ("ts", "1.5"),
        ("id.orig_h", "10.0.0.1"),
        ("tags", "[1, {\"a\":\"}\"}]"),
        ("ok", "true"),
        ("no", ""),
        ("n", "NaN"),
        ("i", "-Infinity"),
    ];
    let found = flat(text).expect("reads");
    assert_eq!(found, wanted.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[test]
fn escapes_and_surrogates() {
    let mut out = Vec::new();
    unescape(br#"a\"b\\\/\n\u00e9\ud83d\ude00\ud83d!\ud83dA\udc00"#, &mut out);
    assert_eq!(String::from_utf8(out).expect("text"), "a\"b\\/\né😀\u{fffd}!\u{fffd}A\u{fffd}");
}

#[test]
fn what_is_no_object_says_why() {
    for (text, defect) in [
        ("", Defect::Ends),
        ("{\"a\":", Defect::Ends),
        ("{\"a\":tru", Defect::Ends),
        ("{\"a\":[1,2", Defect::Ends),
        ("{\"a\":1,}", Defect::Malformed),
        ("{\"a\":01}", Defect::Malformed),
        ("{\"a\":1} x", Defect::Malformed),
        ("{a:1}", Defect::Malformed),
        ("[1]", Defect::Malformed),
        ("{\"a\":\"\\x\"}", Defect::Malformed),
    ] {
        assert_eq!(flat(text.as_bytes()), Err(defect), "{text}");
    }
    let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(flat(deep(100_000).as_bytes()), Err(Defect::TooDeep));
    assert!(flat(deep(DEEPEST - 1).as_bytes()).is_ok());
}
