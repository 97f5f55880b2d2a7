use super::*;
use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back, typed};

fn form(id: &str, texts: &[(&'static str, &str)]) -> RuleForm {
    let mut form = RuleForm { texts: typed(texts), ..RuleForm::from(Mode::Recommended) };
    form.choose(id);
    assert_eq!(form.choice.id, id);
    form
}

#[test]
fn every_choice_gives_a_rule_that_is_accepted() {
    let rules: Vec<Rule> = CHOICES.iter().map(|choice| form(choice.id, &[]).rule(50_000).unwrap()).collect();
    let expected = [
        Rule::Recommended,
        Rule::Contamination(0.05),
        Rule::Top(100),
        Rule::Auto,
        Rule::Robust(3.5),
        Rule::PeaksOverThreshold(100.0),
        Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: 10_000 },
    ];
    assert_eq!(rules, expected);
    for choice in &CHOICES {
        can_be_typed_back(&choice.form, &choice.initial, &choice.initial);
        // So are the bounds of all numbers.
        for rule in at_bounds(&choice.form, &choice.initial) {
            assert_eq!(rule.check(), Ok(()), "{rule:?}");
        }
    }
}

#[test]
fn a_rule_is_told_with_its_numbers() {
    assert_eq!(form("recommended", &[]).words(), "Recommended");
    assert_eq!(form("share", &[("rule-share", "2.5")]).words(), "A share of the flows: 2.5 %");
    assert_eq!(
        form("false-discovery-rate", &[("rule-top", "9")]).words(),
        "Beside flows known to be normal: 10000, 10 %"
    );
    let texts = [("rule-share", "2"), ("rule-top", "9")];
    assert_eq!(form("share", &texts).typed().collect::<Vec<_>>(), [("rule-share", "2")]);
}

#[test]
fn what_is_wrong_stands_at_the_number() {
    let wrong = form("share", &[("rule-share", "70")]);
    assert_eq!(wrong.read(100).unwrap_err()["rule-share"], "Enter a number from 0.0001 to 50.");
    let all = form("false-discovery-rate", &[("rule-clean", "100")]);
    assert!(all.read(100).unwrap_err()["rule-clean"].contains("100 flows") && all.rule(101).is_some());
    let wrong = form("false-discovery-rate", &[("rule-clean", "5"), ("rule-false-alarms", "95")]);
    assert!(wrong.read(100).unwrap_err().contains_key("rule-false-alarms"));
    // What is wrong with another rule's numbers does not matter.
    assert_eq!(form("auto", &[("rule-share", "70")]).rule(100), Some(Rule::Auto));
}

#[test]
fn modes_begin_with_the_rule_that_the_engine_gives_them() {
    for mode in [Mode::Recommended, Mode::Classic] {
        let options = crate::engine::Options { treatment: mode.into(), ..Default::default() };
        assert_eq!(RuleForm::from(mode).rule(100), Some(options.rule()));
    }
}

#[test]
fn compared_rules_have_the_numbers_that_were_typed() {
    let compared = |text: &str| form("robust", &[("rule-robust", text)]).compared(Method::IsolationForest);
    let rules = compared("2");
    assert_eq!((rules[0], rules[3], rules.len()), (Rule::Recommended, Rule::Robust(2.0), 5));
    assert_eq!(compared("x")[3], Rule::Robust(3.5));
}

#[test]
fn an_autoencoder_has_no_auto() {
    let method = Method::Autoencoder;
    assert!(choices(method).all(|choice| choice.id != "auto") && choices(method).count() == 6);
    let rules = form("auto", &[]).compared(method);
    assert!(!rules.contains(&Rule::Auto) && rules.len() == compared(method).count());
    let mut form = form("auto", &[]);
    form.suit(Method::IsolationForest);
    assert_eq!(form.choice.id, "auto");
    form.suit(method);
    assert_eq!(form.rule(10), Some(Rule::Recommended));
}
