//! The ready-made models: they are read as strictly as any other, are what the generator gives, and do as well as they say.
//!
//! The table of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

use std::{collections::BTreeSet, fs};

use flowsift::{
    engine, evaluate,
    model::{self, Compared, Ready, Saved},
    report::Selection,
    sample::{Flows, Scenario},
};
use futures_executor::block_on;

use crate::common::{labelled, ready};

fn kept(model: &Ready) -> Saved {
    model::read(&fs::read(ready::path(model)).unwrap()).unwrap()
}

#[test]
fn each_is_read_and_says_what_it_is() {
    for model in &Ready::ALL {
        let saved = kept(model);
        assert_eq!(saved.about.name, model.name);
        assert_eq!(saved.model.method(), model.method);
        let usual = saved.normal.as_ref().unwrap().reference.points().rows();
        assert!(
            saved.about.rows == 200_000 && (1_024..=2_048).contains(&usual),
            "clean days, and {usual} of their flows"
        );
        assert!(saved.threshold.is_finite() && saved.suppressions.is_empty());
        let compared: BTreeSet<usize> = saved.plan.features.iter().map(|feature| feature.column).collect();
        let least = if model.compared == Compared::CicFlowMeter { 40 } else { 6 };
        assert!(compared.len() >= least, "{}: {}", model.name, compared.len());
    }
    let files = fs::read_dir(ready::FOLDER).unwrap().count();
    assert_eq!(files, Ready::ALL.len(), "nothing else is there");
}

#[test]
fn each_is_what_the_generator_gives() {
    for model in &Ready::ALL {
        let made = ready::make(model).unwrap();
        assert!(made == fs::read(ready::path(model)).unwrap(), "`cargo run --example ready_made` makes {}", model.name);
    }
}

#[test]
fn each_judges_the_sample_as_it_is() {
    let mut text = Vec::new();
    let mut flows = Flows::of(10_000, 3, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    for model in &Ready::ALL {
        let judged = judged(&kept(model), false, String::from_utf8(text.clone()).unwrap()).unwrap();
        assert_eq!(judged.scores.len(), 10_000, "{}", model.name);
        assert!(judged.grouped.contains(&true), "{}: groups stand out", model.name);
    }
}

/// The same flows as another tool writes them, with addresses, times and ports of sources, and durations of which a second has so many.
fn as_of_another(records: &str, (names, second): (&str, f64)) -> String {
    let mut lines = vec![names.to_owned()];
    for (row, line) in records.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let duration = cells[1].parse::<f64>().unwrap() / 1_000.0 * second;
        let from = format!("{}.5,10.0.{}.{},{}", 1_700_000_000 + row, row / 200 % 200, row % 200, 1_024 + row % 60_000);
        lines.push(format!("{from},10.1.0.{},{},tcp,{duration},{}", row % 9, cells[0], cells[2..].join(",")));
    }
    lines.join("\n")
}

#[test]
fn flow_records_are_told_by_their_meaning_whatever_tool_wrote_them() {
    let (records, _) = ready::day(Compared::FlowRecords, 3_000, (7, Scenario::all()));
    let zeek =
        "ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,duration,orig_pkts,resp_pkts,orig_ip_bytes,resp_ip_bytes";
    let nfdump = "ts,sa,sp,da,dp,pr,td,ipkt,opkt,ibyt,obyt";
    let ipfix = "flowStartSeconds,sourceIPv4Address,sourceTransportPort,destinationIPv4Address,destinationTransportPort,\
                 protocolIdentifier,flowDurationMilliseconds,packetDeltaCount,reversePacketDeltaCount,octetDeltaCount,\
                 reverseOctetDeltaCount";
    for model in Ready::ALL.iter().filter(|model| model.compared == Compared::FlowRecords) {
        let saved = kept(model);
        let itself = judged(&saved, false, records.clone()).unwrap();
        for (names, second) in [(zeek, 1.0), (nfdump, 1.0), (ipfix, 1_000.0)] {
            let other = judged(&saved, false, as_of_another(&records, (names, second))).unwrap();
            // Cells are rounded to 32 bits in either unit.
            let off =
                itself.scores.iter().zip(&other.scores).map(|(one, other)| (one - other).abs() / one.abs().max(1e-2));
            let most = off.fold(0.0, f64::max);
            assert!(most < 1e-4, "{}: {most} off by {names}", model.name);
            assert_eq!(itself.flagged, other.flagged, "{}: {names}", model.name);
        }
    }
}

/// What a model makes of the rows of a file.
#[derive(Default)]
struct Judged {
    scores: Vec<f64>,
    flagged: Vec<bool>,
    grouped: Vec<bool>,
}

/// That by the model, or by such a detector fitted on the file itself; or why there is none.
fn judged(saved: &Saved, itself: bool, text: String) -> Result<Judged, String> {
    let done = block_on(async {
        let (mut host, mut dataset) = ready::read(text.clone()).await?;
        let roles = engine::other_roles(saved, &dataset.layout.schema);
        if !roles.is_empty() {
            match engine::assign(&host, &dataset, &roles).await? {
                Some(assigned) => dataset = assigned,
                None => {
                    let choices = flowsift::ingest::Choices { roles, ..Default::default() };
                    host = ready::host(text);
                    let opened = engine::open(&host, &choices, engine::Limits::default()).await?;
                    dataset = engine::read(&host, &opened).await?;
                }
            }
        }
        let threshold = if itself {
            engine::run(&host, &dataset, saved.options.clone()).await?.threshold.score
        } else {
            let fitted = engine::bind(saved, &dataset.layout.schema)?;
            engine::apply(&host, &dataset, fitted, saved.options.clone()).await?;
            saved.threshold
        };
        let flagged = engine::ask_all(&host, engine::CountAbove(threshold)).await?;
        engine::export(&host, dataset.export(Selection::All, flagged)).await
    });
    let written = done.map_err(|error| error.to_string())?.concat();
    let mut reader = csv::Reader::from_reader(written.as_slice());
    let header = reader.headers().unwrap().clone();
    let [score, flag, group] = ["anomaly_score", "anomaly", "anomaly_group"]
        .map(|name| header.iter().position(|known| known == name).unwrap());
    let mut all = Judged::default();
    for row in reader.records().map(|row| row.unwrap()) {
        all.scores.push(row[score].parse().unwrap());
        all.flagged.push(&row[flag] == "1");
        all.grouped.push(!row[group].is_empty());
    }
    Ok(all)
}

/// Area under the ROC curve, average precision, shares of the usual rows and of the attacks that are flagged, and that are in groups.
fn figures(judged: &Judged, odd: &[bool]) -> [f64; 6] {
    assert_eq!(judged.scores.len(), odd.len());
    let share = |of: &[bool], wanted: bool| {
        let of: Vec<bool> = odd.iter().zip(of).filter(|(odd, _)| **odd == wanted).map(|(_, of)| *of).collect();
        of.iter().filter(|of| **of).count() as f64 / of.len() as f64
    };
    let [area, precision] = [evaluate::roc_auc, evaluate::average_precision].map(|of| of(&judged.scores, odd).unwrap());
    let [flagged, grouped] = [&judged.flagged, &judged.grouped].map(|of| [share(of, false), share(of, true)]);
    [area, precision, flagged[0], flagged[1], grouped[0], grouped[1]]
}

/// Means of [`figures`].
fn means(all: &[[f64; 6]]) -> [f64; 6] {
    std::array::from_fn(|at| all.iter().map(|figures| figures[at]).sum::<f64>() / all.len() as f64)
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md, and checks what the page says"]
fn table() {
    println!(
        "| model | flows | AUROC | average precision | flagged: usual flows | attacks | in groups: usual flows | attacks |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    let sets = labelled::network_sets();
    let mut other = Vec::new();
    for (model, itself) in Ready::ALL.iter().flat_map(|model| [(model, false), (model, true)]) {
        let saved = kept(model);
        let line = |of: &str, [area, precision, shares @ ..]: [f64; 6]| {
            let shares = shares.map(|share| format!("{:.2} %", 100.0 * share)).join(" | ");
            let by = if itself { "the same, fitted on these flows" } else { model.name };
            println!("| {by} | {of} | {area:.3} | {precision:.3} | {shares} |");
        };
        let mut check = |found: [f64; 6], says: [&str; 2]| {
            let found = [found[0], found[1]].map(|figure| format!("{figure:.2}"));
            if !itself && found != says {
                other.push((model.name, found));
            }
        };
        let days = (1..6).map(|seed| {
            let (text, odd) = ready::day(model.compared, 50_000, (seed, Scenario::all()));
            figures(&judged(&saved, itself, text).unwrap(), &odd)
        });
        let days = means(&days.collect::<Vec<_>>());
        line("synthetic days", days);
        check(days, model.days);
        for (name, set) in sets.iter().filter(|(name, _)| *name != "NSL-KDD") {
            let drawn = (1..6).map(|seed| {
                let drawn = set.drawn(seed);
                let odd: Vec<bool> = drawn.lines.iter().map(|line| line.1).collect();
                // All columns of the file, but where it is not of the tool that the model is for.
                let text = match model.compared {
                    Compared::CicFlowMeter => drawn.text(),
                    Compared::FlowRecords => ready::columns(model.compared, &drawn.text()),
                };
                figures(&judged(&saved, itself, text).unwrap(), &odd)
            });
            let drawn = means(&drawn.collect::<Vec<_>>());
            line(name, drawn);
            if *name == "CICIDS2017" {
                check(drawn, model.elsewhere);
            }
        }
    }
    assert!(other.is_empty(), "the page says something else: {other:?}");
}
