//! Runs in words.

use crate::{
    detect::{Method, autoencoder, groups},
    features::Mode,
    ui::{
        format,
        forms::{
            Form, Texts,
            autoencoder::{AUTOENCODER, usual},
            first,
            groups::GROUPS,
            rule::RuleForm,
        },
        panels::comparison,
        state::{Past, Settings, TrainedOn},
    },
};

/// What was chosen for a run: the detector as it ran, and what differs from what is usual.
pub fn settings(run: &Past) -> String {
    let Past { settings, ran, .. } = run;
    let mode = settings.treatment.mode;
    let name = comparison::name(settings.method);
    let mut words = format!("{name} ({}): {ran}", comparison::treatment(mode));
    for other in others(settings) {
        words += "; ";
        words += &other;
    }
    words
}

/// What differs from what is usual, and is not told of the detector anyway.
fn others(settings: &Settings) -> Vec<String> {
    let treatment = settings.treatment;
    let mut others = Vec::new();
    let mut tell = |told: bool, words: &str| {
        if told {
            others.push(words.to_owned());
        }
    };
    tell(treatment.one_hot, "small categories one-hot");
    tell(treatment.networks, "networks of addresses");
    tell(treatment.deduplicate_training_rows, "each distinct flow once");
    if settings.trained_on == TrainedOn::First {
        others.push(first::words(&settings.first));
    }
    if settings.trained_on != TrainedOn::Model {
        if settings.method == Method::Autoencoder {
            others.extend(changed::<autoencoder::Params>(&AUTOENCODER, &settings.autoencoder, &usual(treatment.mode)));
        }
        if treatment.mode == Mode::Recommended {
            others.extend(changed(&GROUPS, &settings.groups, &groups::Params::default()));
        }
    }
    if settings.rule.words() != RuleForm::from(treatment.mode).words() {
        others.push(settings.rule.words());
    }
    others
}

/// Fields into which something else than usual was typed.
fn changed<T>(form: &Form<T>, texts: &Texts, initial: &T) -> Vec<String> {
    let mut changed = Vec::new();
    for field in form.fields {
        let (shown, usual) = (field.shown(texts, initial), (field.text)(initial));
        if shown != usual {
            changed.push(format!("{}: {shown}", field.asks.label));
        }
    }
    changed
}

/// How many of the last run's flagged flows another one flags as well.
pub fn agreement([both, flagged]: [u64; 2], all: u64) -> String {
    match (both, flagged) {
        (_, 0) => "nothing to compare".to_owned(),
        _ if flagged < all => format!("{} of the {} highest", format::count(both), format::count(flagged)),
        _ => format!("{} of {}", format::count(both), format::count(flagged)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{forms::typed, state::past};

    #[test]
    fn what_differs_from_usual_is_told() {
        let mut run = past(1, &[], 0);
        assert_eq!(settings(&run), "Isolation Forest (Recommended): 100 trees × 256 flows, seed 42");
        run.settings.treatment.one_hot = true;
        run.settings.groups = typed(&[("groups-smallest", "12"), ("groups-neighbours", "5")]);
        run.settings.rule.choose("share");
        assert_eq!(
            settings(&run),
            "Isolation Forest (Recommended): 100 trees × 256 flows, seed 42; small categories one-hot; Flows of the smallest \
             group: 12; A share of the flows: 5 %"
        );
        run.settings = Settings { method: Method::Autoencoder, ..Settings::usual(Mode::Classic) };
        run.settings.autoencoder = typed(&[("ae-epochs", "3")]);
        run.settings.groups = typed(&[("groups-smallest", "12")]);
        run.ran = "Autoencoder of 16, 8, 16 units, batch size 32, seed 42".into();
        assert_eq!(
            settings(&run),
            "Autoencoder (Classic): Autoencoder of 16, 8, 16 units, batch size 32, seed 42; Maximum epochs: 3",
            "Classic has no groups, and 5 % is its own rule"
        );
    }

    #[test]
    fn a_part_of_the_file_as_the_baseline_is_told() {
        let mut run = past(1, &[], 0);
        (run.settings.trained_on, run.settings.first) = (TrainedOn::First, typed(&[("first-rows", "500")]));
        assert!(settings(&run).ends_with("; the baseline is its first 500 flows"), "{}", settings(&run));
    }

    #[test]
    fn agreement_is_told_with_what_it_is_of() {
        assert_eq!(agreement([430, 449], 449), "430 of 449");
        assert_eq!(agreement([990, 1_000], 2_500), "990 of the 1,000 highest");
        assert_eq!(agreement([0, 0], 0), "nothing to compare");
    }
}
