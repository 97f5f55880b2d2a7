use proptest::prelude::*;

use super::*;

/// Few texts, so that many are the same.
fn common() -> impl Strategy<Value = Common> {
    prop::array::uniform5(prop::option::of("[ab]")).prop_map(|texts| {
        let mut common = Common::default();
        Part::ALL.into_iter().zip(texts).for_each(|(part, text)| common.set(part, text));
        common
    })
}

fn rules() -> impl Strategy<Value = Suppressions> {
    let rule = (common(), 0u64..4, any::<bool>(), "[xy]?");
    let rule = rule.prop_map(|(what, at, removed, note)| Suppression { what, at, removed, note });
    prop::collection::vec(rule, 0..12).prop_map(|rules| rules.into_iter().collect())
}

fn sorted(mut rules: Suppressions) -> Suppressions {
    rules.0.sort();
    rules
}

proptest! {
    #[test]
    fn a_rule_made_of_a_finding_covers_it(finding in common(), wanted in any::<[bool; 5]>()) {
        let rule = finding.only(wanted);
        prop_assert_eq!(rule.covers(&finding), rule.is_enough());
    }

    #[test]
    fn a_rule_that_asks_for_more_covers_less(rule in common(), finding in common(), wanted in any::<[bool; 5]>()) {
        let wider = rule.only(wanted);
        prop_assert!(!rule.covers(&finding) || !wider.is_enough() || wider.covers(&finding));
        for part in Part::ALL {
            let mut several = finding.clone();
            several.set(part, None);
            prop_assert!(rule.get(part).is_none() || !rule.covers(&several), "where flows differ, nobody says that all are meant");
        }
    }

    #[test]
    fn copies_agree_whoever_takes_the_other_in(one in rules(), other in rules()) {
        let (mut here, mut there) = (one.clone(), other.clone());
        here.merge(other);
        there.merge(one.clone());
        prop_assert_eq!(sorted(here.clone()), sorted(there));
        let merged = here.clone();
        here.merge(one);
        prop_assert_eq!(here, merged, "once is enough");
    }

    #[test]
    fn what_is_added_hides_and_what_is_removed_does_not(mut all in rules(), what in common(), at in any::<u64>()) {
        let before = all.clone();
        prop_assert_eq!(all.add(what.clone(), "", at), what.is_enough());
        prop_assert_eq!(all.iter().any(|rule| rule.what == what), what.is_enough());
        all.remove(&what, 0);
        prop_assert!(all.iter().all(|rule| rule.what != what));
        // An older copy does not bring it back, if it is older by as much as a clock can tell.
        if before.0.iter().all(|rule| rule.at < u64::MAX - 2) && at < u64::MAX {
            all.merge(before);
            prop_assert!(all.iter().all(|rule| rule.what != what));
        }
    }
}

fn clock() -> Common {
    let [port, protocol] = ["123", "udp"].map(|text| Some(text.to_owned()));
    Common { from: Some("10.0.0.7".into()), port, protocol, ..Common::default() }
}

#[test]
fn the_whole_finding_is_covered_or_nothing_of_it() {
    let of_many_sources = Common { from: None, ..clock() };
    assert!(clock().covers(&Common { to: Some("10.0.0.1".into()), ..clock() }));
    assert!(!clock().covers(&of_many_sources) && of_many_sources.covers(&clock()));
    assert!(!clock().covers(&Common { from: Some("10.0.0.70".into()), ..clock() }));
    let shape = Common { apart: Some("bytes".into()), ..Common::default() };
    assert!(!shape.covers(&shape) && !Common::default().covers(&Common::default()));
}

#[test]
fn there_is_a_limit_to_everything() {
    let mut all = Suppressions::default();
    let numbered = |number: usize| Common { port: Some(number.to_string()), ..Common::default() };
    assert!((0..MOST_SUPPRESSIONS).all(|number| all.add(numbered(number), "", 1)) && all.is_sound());
    assert!(!all.add(clock(), "", 1));
    all.remove(&numbered(5), 2);
    assert!(!all.is_sound(), "removed ones are nobody else's business");
    assert!(all.add(clock(), &"ü".repeat(LONGEST_SUPPRESSED), 3));
    assert_eq!(all.iter().last().map(|rule| rule.note.len()), Some(LONGEST_SUPPRESSED));
    assert!(!Suppressions::default().add(Common { from: Some("a".repeat(257)), ..clock() }, "", 1));
}

#[test]
fn rules_of_a_model_stay_removed() {
    let mut lent = Suppressions::default();
    let model: Suppressions =
        [Suppression { what: clock(), at: 9, removed: false, note: String::new() }].into_iter().collect();
    lent.replace(&model);
    assert_eq!(lent.len(), 1);
    lent.remove(&clock(), 1);
    lent.replace(&model);
    assert!(lent.is_empty());
    lent.replace(&Suppressions::default());
    lent.replace(&model);
    assert!(lent.is_empty(), "after a run without it, too");
}

#[test]
fn its_text_is_json_with_the_names_of_the_parts() {
    let mut all = Suppressions::default();
    all.add(Common { to: Some("</script>\"".into()), ..clock() }, "ask Kim", 7);
    let read: serde_json::Value = serde_json::from_str(&all.to_json()).unwrap();
    assert_eq!((&read[0]["at"], &read[0]["removed"], &read[0]["note"]), (&7.into(), &false.into(), &"ask Kim".into()));
    for part in Part::ALL {
        assert_eq!(read[0]["what"][part.name()].as_str(), all.0[0].what.get(part));
    }
}
