//! A run's manifest in words: what it tells people, why it cannot be made again here, and whether it came to the same.

use super::{
    format,
    state::{Settings, TrainedOn},
};
use crate::report::{FileFacts, Manifest, Reading, Results};

/// How the names of files end that manifests are taken away in.
pub const ENDING: &str = "flowsift-run.json";

/// What a manifest tells people, besides what the report says anyway; `settings` are those of the run in words.
pub fn facts(manifest: &Manifest, settings: String) -> Vec<[String; 2]> {
    let fact = |name: &str, value: String| [name.to_owned(), value];
    let mut facts = vec![
        fact("Settings", settings),
        fact("Reading", reading(&manifest.reading)),
        fact("Remarks", format::count(manifest.remarks.len() as u64)),
        fact(
            "The results’ identity, by offsets, scores, ranks and groups of the highest",
            manifest.results.identity.clone(),
        ),
    ];
    if let Some(name) = &manifest.settings.trained_with {
        facts.push(fact("It also takes", name.clone()));
    }
    facts
}

/// What somebody said of how the file is to be read.
fn reading(reading: &Reading) -> String {
    let mut words = Vec::new();
    let mut tell = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.push(format!("{name} {value}"));
        }
    };
    tell("delimiter", reading.delimiter.as_deref().map(|sign| if sign == "\t" { "tab" } else { sign }));
    tell("decimal sign", reading.decimal.as_deref());
    tell("encoding", reading.encoding.as_deref());
    tell("header", reading.header.map(|header| if header { "yes" } else { "no" }));
    reading.entries.iter().for_each(|entry| tell("entry", Some(entry)));
    reading.roles.iter().for_each(|(column, role)| tell(&format!("{column} is"), Some(role)));
    reading.minus_one_is_missing.iter().for_each(|column| tell("−1 is missing in", Some(column)));
    if words.is_empty() { "as the file tells".to_owned() } else { words.join(", ") }
}

/// Another file is open than the manifest is about.
pub fn other_file(of: &FileFacts) -> String {
    format!(
        "That manifest is of “{}” ({}), and another file is open, or this one has changed since.",
        of.name,
        format::bytes(of.bytes)
    )
}

/// What a run with these settings takes and is not chosen: `chosen` are the names of a baseline and of a model.
pub fn lacking(settings: &Settings, chosen: [Option<String>; 2]) -> Option<String> {
    let [baseline, model] = chosen;
    let (chosen, what, step) = match settings.trained_on {
        TrainedOn::Itself | TrainedOn::First => return None,
        TrainedOn::Baseline => (baseline, "on a baseline", "A baseline"),
        TrainedOn::Model => (model, "by a saved model", "A model"),
    };
    let wanted = settings.trained_with.as_deref().unwrap_or("the same file");
    (chosen.as_deref() != Some(wanted)).then(|| {
        format!(
            "That run was {what}, which the manifest does not hold: choose “{wanted}” in step 2 under “{step}”, and then the manifest again."
        )
    })
}

/// Whether a run that was made again came to the same, and in words; `version` is that of this Flowsift.
pub fn compared(then: &Manifest, now: &Results, version: &str) -> (bool, String) {
    let day = then.created.get(..10).unwrap_or(&then.created);
    let mut differs = Vec::new();
    let mut tell = |what: &str, then: String, now: String| {
        if then != now {
            differs.push(format!("{what}: then {then}, now {now}"));
        }
    };
    let was = &then.results;
    tell("detector", was.ran.clone(), now.ran.clone());
    tell("flows", format::count(was.flows), format::count(now.flows));
    tell("threshold", was.threshold.to_string(), now.threshold.to_string());
    tell("flagged", format::count(was.flagged), format::count(now.flagged));
    tell("groups", format::count(was.groups), format::count(now.groups));
    if was.identity != now.identity {
        differs.push("scores, ranks or groups of the highest-scoring flows are others".to_owned());
    }
    let same = differs.is_empty();
    let mut words = if same {
        format!("The same results as on {day}: {} flagged.", format::counted(now.flagged, "flow", "flows"))
    } else {
        format!("Not the same results as on {day}: {}.", differs.join("; "))
    };
    if then.flowsift != version {
        words += &format!(" That was Flowsift {}, this is {version}.", then.flowsift);
    }
    if !same && then.settings.device == "gpu" {
        words += " It was trained on a GPU, and another need not compute the same.";
    }
    (same, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Mode;

    fn manifest() -> Manifest {
        Manifest {
            flowsift: "0.1.0".into(),
            created: "2026-11-28T10:00:00.000Z".into(),
            results: Results {
                ran: "100 trees × 256 flows, seed 42".into(),
                flows: 50_000,
                threshold: 0.6,
                flagged: 449,
                groups: 7,
                identity: "00ff".into(),
            },
            ..Manifest::default()
        }
    }

    #[test]
    fn the_same_again_is_told_and_so_is_what_differs() {
        let then = manifest();
        let same = compared(&then, &then.results, "0.1.0");
        assert_eq!(same, (true, "The same results as on 2026-11-28: 449 flows flagged.".into()));
        let (same, words) = compared(&then, &then.results, "0.2.0");
        assert!(same && words.ends_with(" That was Flowsift 0.1.0, this is 0.2.0."));
        let now = Results { flagged: 1_450, threshold: 0.5, identity: "00fe".into(), ..then.results.clone() };
        let (same, words) = compared(&then, &now, "0.1.0");
        assert_eq!(
            (same, words.as_str()),
            (
                false,
                "Not the same results as on 2026-11-28: threshold: then 0.6, now 0.5; flagged: then 449, now 1,450; scores, \
                 ranks or groups of the highest-scoring flows are others."
            )
        );
        let mut trained = then.clone();
        trained.settings.device = "gpu".into();
        assert!(compared(&trained, &now, "0.1.0").1.contains("another need not compute the same"));
        // Whatever stands in its place.
        let odd = Manifest { created: "²³".repeat(9), ..then };
        assert!(compared(&odd, &odd.results, "0.1.0").0);
    }

    #[test]
    fn what_a_run_takes_besides_is_asked_for() {
        let mut settings = Settings::usual(Mode::Recommended);
        assert_eq!(lacking(&settings, [None, None]), None);
        (settings.trained_on, settings.trained_with) = (TrainedOn::Baseline, Some("clean.csv".into()));
        assert!(
            lacking(&settings, [None, Some("clean.csv".into())]).is_some_and(|words| words.contains("“clean.csv”"))
        );
        assert!(lacking(&settings, [Some("other.csv".into()), None]).is_some());
        assert_eq!(lacking(&settings, [Some("clean.csv".into()), None]), None);
        (settings.trained_on, settings.trained_with) = (TrainedOn::Model, None);
        assert!(lacking(&settings, [None, None]).is_some_and(|words| words.contains("A model")));
    }

    #[test]
    fn how_the_file_was_read_is_told() {
        assert_eq!(reading(&Reading::default()), "as the file tells");
        let said = Reading {
            delimiter: Some("\t".into()),
            header: Some(false),
            roles: vec![("ttl".into(), "left out".into())],
            minus_one_is_missing: vec!["win".into()],
            ..Reading::default()
        };
        assert_eq!(reading(&said), "delimiter tab, header no, ttl is left out, −1 is missing in win");
    }
}
