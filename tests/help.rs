//! The help page has the sections that the page asks for, and these can be shown in place.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::Path};

/// The sections of the help page: ids, and what stands in them.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("<section id=\"").skip(1);
    parts
        .map(|part| {
            let (id, rest) = part.split_once("\">").unwrap();
            (id, rest.split_once("</section>").unwrap().0)
        })
        .collect()
}

/// All sources in a folder and below it.
fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            *found += &fs::read_to_string(path).unwrap();
        }
    }
}

#[test]
fn every_section_that_the_page_asks_for_is_there() {
    let page = fs::read_to_string("public/help.html").unwrap();
    let there: BTreeSet<&str> = sections(&page).into_iter().map(|(id, _)| id).collect();
    let mut code = String::new();
    sources(Path::new("src/ui"), &mut code);
    let mut asked = BTreeSet::new();
    for before in ["<HowToRead section=\"", "const SECTION: &str = \""] {
        let parts = code.split(before).skip(1);
        asked.extend(parts.map(|part| part.split_once('"').unwrap().0));
    }
    assert!(asked.len() > 10 && asked.contains("keyboard"), "{asked:?}");
    assert!(asked.is_subset(&there), "{:?}", asked.difference(&there));
}

#[test]
fn sections_can_be_shown_in_place_and_are_in_the_contents() {
    let page = fs::read_to_string("public/help.html").unwrap();
    let sections = sections(&page);
    for (id, text) in &sections {
        assert!(text.trim_start().starts_with("<h2>"), "{id} begins with its heading, which is left out in place");
        // A link would leave the page and its results, an id or a class may be the page's own, and the policy forbids the rest.
        for not in ["<a ", "<script", "<style", "<img", " id=", " class=", " style=", " on"] {
            let inside = text.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
            assert!(inside.into_iter().all(|(tag, _)| !format!("<{tag} ").contains(not)), "{id}: {not}");
        }
    }
    let contents: Vec<&str> = page.split("<a href=\"#").skip(1).map(|part| part.split_once('"').unwrap().0).collect();
    assert_eq!(contents, sections.iter().map(|(id, _)| *id).collect::<Vec<_>>());
}

#[test]
fn the_help_page_keeps_to_the_policy() {
    let page = fs::read_to_string("public/help.html").unwrap();
    assert!(page.contains("content=\"default-src 'none'; style-src 'self';"));
    assert!(
        !page.contains("<script")
            && !page.contains("<style")
            && !page.contains("http://")
            && !page.contains("https://")
    );
}
