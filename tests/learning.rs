//! What marks do to the order of flows and findings, through all that the page does.
//!
//! The table of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

mod analyst;

use crate::common::labelled;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    sync::Arc,
};

use analyst::{Analyst, Asking, Seen};
use flowsift::{
    engine::{
        self, Dataset, EvaluateQuery, GroupsOf, Limits, ListQuery, Listed, Options, Outcome, Sort, SortBy, SortKey,
        StandingQuery, ThreadHost,
    },
    evaluate::average_precision,
    ingest::Choices,
    learn::{ALIKE_ENOUGH, Learned, Standings, Subject},
    report::{Filter, Mark, Marked, Marks},
    sample::{Flows, Scenario},
};
use futures_executor::block_on;

const HELD: Limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };
const STREAMED: Limits = Limits { rows: 0, unpacked: 1 << 30 };

/// A file that was run.
struct Day {
    host: ThreadHost,
    dataset: Dataset,
    outcome: Outcome,
    text: Arc<[u8]>,
}

impl Day {
    fn of(text: &Arc<[u8]>, shards: usize, limits: Limits, options: Options) -> Self {
        let held = Arc::clone(text);
        let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&held)), |_, _| {});
        block_on(async {
            let opened = engine::open(&host, &Choices::default(), limits).await.unwrap();
            let dataset = engine::read(&host, &opened).await.unwrap();
            let outcome = engine::run(&host, &dataset, options).await.unwrap();
            Self { host, dataset, outcome, text: Arc::clone(text) }
        })
    }

    /// The bytes at which records begin, without the header.
    fn offsets(&self) -> Vec<u64> {
        let ends = self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at as u64 + 1);
        ends.filter(|&at| at < self.text.len() as u64).collect()
    }

    fn learn(&self, marks: &Marks) -> Option<Arc<Learned>> {
        block_on(engine::learn(&self.host, &self.dataset, &self.outcome, marks)).unwrap()
    }

    fn list(&self, by: SortBy, learned: Option<Arc<Learned>>, count: usize) -> Listed {
        let sort = Sort { by, descending: by.is_learned() };
        let query = ListQuery { filter: Filter::default(), anomalies: 0, sort, count, learned };
        block_on(engine::ask_all(&self.host, query)).unwrap()
    }

    fn standings(&self, learned: &Arc<Learned>, offsets: Vec<u64>) -> Standings {
        let query = StandingQuery { learned: Arc::clone(learned), offsets };
        block_on(engine::ask_all(&self.host, query)).unwrap()
    }
}

fn sample(rows: u64, seed: u64) -> (Arc<[u8]>, Vec<bool>) {
    let mut text = Vec::new();
    let mut flows = Flows::of(rows, seed, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let column = reader.headers().unwrap().iter().position(|name| name == "Attack").unwrap();
    let labels = reader.records().map(|record| &record.unwrap()[column] != "none").collect();
    (text.into(), labels)
}

fn marked(mark: Mark) -> Marked {
    Marked { mark: Some(mark), note: String::new() }
}

/// Two groups and three flows.
fn some_marks(day: &Day) -> Marks {
    let listed = day.list(SortBy::Rank, None, 60).rows;
    let flow = |place: usize, mark| (listed[place].offset, marked(mark));
    Marks {
        flows: [flow(3, Mark::Suspicious), flow(20, Mark::Expected), flow(40, Mark::Unsure)].into(),
        groups: [(1, marked(Mark::Suspicious)), (2, marked(Mark::Expected))].into(),
    }
}

#[test]
fn neither_shards_nor_memory_decide_what_is_learned() {
    let (text, _) = sample(12_000, 7);
    let one = Day::of(&text, 1, HELD, Options::default());
    let marks = some_marks(&one);
    let learned = one.learn(&marks).unwrap();
    let listed = one.list(SortBy::Learned, Some(Arc::clone(&learned)), 12_000);
    let untold = one.list(SortBy::Untold, Some(Arc::clone(&learned)), 12_000);
    let offsets = one.offsets();
    let standings = one.standings(&learned, offsets.clone());
    assert_eq!((listed.rows.len(), standings.rows.len()), (12_000, 12_000));
    for (shards, limits) in [(3, HELD), (2, STREAMED)] {
        let other = Day::of(&text, shards, limits, Options::default());
        assert_eq!(other.dataset.held, limits.rows > 0);
        let again = other.learn(&marks).unwrap();
        assert!(again == learned, "{shards} shards");
        assert!(other.list(SortBy::Learned, Some(Arc::clone(&again)), 12_000) == listed, "{shards} shards");
        assert!(other.standings(&again, offsets.clone()) == standings, "{shards} shards");
        assert!(other.list(SortBy::Untold, Some(again), 12_000) == untold, "{shards} shards");
    }
    // Whether rows are ordered block by block or one by one.
    let values: BTreeMap<u64, f64> = standings.rows.iter().map(|row| (row.offset, row.value)).collect();
    assert!(listed.rows.iter().all(|row| row.key == SortKey::Number(values[&row.offset])));
}

#[test]
fn rows_of_which_marks_tell_can_come_last() {
    let (text, _) = sample(12_000, 7);
    let day = Day::of(&text, 2, HELD, Options::default());
    let mut marks = some_marks(&day);
    // One that has many like it.
    let usual = day.list(SortBy::Rank, None, 9_000).rows.pop().unwrap().offset;
    marks.flows.insert(usual, marked(Mark::Expected));
    let learned = day.learn(&marks).unwrap();
    let all = |by| day.list(by, Some(Arc::clone(&learned)), 12_000).rows;
    let (learned_order, untold) = (all(SortBy::Learned), all(SortBy::Untold));
    let (first, told) = untold.split_at(untold.iter().position(|row| row.key == SortKey::Missing).unwrap());
    assert!(told.iter().all(|row| row.key == SortKey::Missing));
    assert!(told.windows(2).all(|rows| rows[0].rank < rows[1].rank), "by rank among themselves");
    // What is left keeps its order.
    let left: BTreeSet<u64> = first.iter().map(|row| row.offset).collect();
    let kept: Vec<u64> = learned_order.iter().map(|row| row.offset).filter(|offset| left.contains(offset)).collect();
    assert_eq!(first.iter().map(|row| row.offset).collect::<Vec<_>>(), kept);
    // What was marked tells of itself; a marked group of all of its flows.
    assert!(!marks.flows.keys().any(|offset| left.contains(offset)));
    let groups = block_on(engine::ask_all(&day.host, GroupsOf(day.offsets()))).unwrap();
    let of_marked = |offset: &u64| matches!(groups[offset], 1 | 2);
    assert!(!left.iter().any(of_marked));
    // Others are told of by being alike.
    let told: Vec<u64> = told.iter().map(|row| row.offset).collect();
    assert!(told.iter().filter(|offset| !of_marked(offset) && !marks.flows.contains_key(offset)).count() > 3);
    let standings = day.standings(&learned, left.into_iter().collect()).rows;
    assert!(
        standings.iter().filter_map(|row| row.because).all(|because| because.alike < ALIKE_ENOUGH && !because.together)
    );
}

#[test]
fn without_marks_the_order_is_that_of_the_scores() {
    let (text, _) = sample(8_000, 3);
    let day = Day::of(&text, 2, HELD, Options::default());
    let unsure = [(1, marked(Mark::Unsure))].into();
    for marks in [Marks::default(), Marks { groups: unsure, ..Marks::default() }] {
        assert!(day.learn(&marks).is_none());
    }
    let ranks = |by| day.list(by, None, 500).rows.into_iter().map(|row| row.rank).collect::<Vec<_>>();
    assert_eq!(ranks(SortBy::Learned), (1..=500).collect::<Vec<_>>());
}

#[test]
fn marks_teach_where_no_groups_were_looked_for() {
    let (text, _) = sample(8_000, 3);
    let day = Day::of(&text, 2, HELD, Options { groups: None, ..Options::default() });
    let first = day.list(SortBy::Rank, None, 50).rows;
    let flows = [(first[40].offset, marked(Mark::Suspicious)), (first[0].offset, marked(Mark::Expected))].into();
    let learned = day.learn(&Marks { flows, ..Marks::default() }).unwrap();
    let listed = day.list(SortBy::Learned, Some(Arc::clone(&learned)), 8_000).rows;
    assert_eq!(listed[0].offset, first[40].offset, "what was marked is most like itself");
    let standing = day.standings(&learned, vec![first[40].offset]).rows[0];
    let because = standing.because.unwrap();
    assert_eq!((because.up, because.subject, because.alike), (true, Subject::Flow(first[40].offset), 1.0));
}

#[test]
fn labels_judge_what_was_learned() {
    let (text, labels) = sample(12_000, 7);
    let day = Day::of(&text, 2, HELD, Options::default());
    let learned = day.learn(&some_marks(&day)).unwrap();
    let column = day.dataset.layout.schema.fields.iter().position(|field| field.name == "Attack").unwrap();
    let counts = day.dataset.profile.columns[column].counts.as_ref().unwrap();
    let normal = counts.iter().filter(|value| value.name() == "none").map(|value| value.key).collect();
    let (anomalies, marks) = (day.outcome.threshold.anomalies, Arc::default());
    let query = EvaluateQuery { column, normal, anomalies, marks, learned: Some(Arc::clone(&learned)) };
    let judgement = block_on(engine::ask_all(&day.host, query)).unwrap();
    let values: Vec<f64> = day.standings(&learned, day.offsets()).rows.iter().map(|row| row.value).collect();
    assert_eq!(judgement.curve.average_precision(), average_precision(&values, &labels).ok());
    assert_eq!(judgement.confusion.flagged(), anomalies);
}

#[test]
fn twenty_marks_find_what_the_scores_do_not() {
    // Two days of those by which it was chosen.
    let days = [6, 7].map(|seed| {
        let (text, labels) = sample(30_000, seed);
        let day = Day::of(&text, 2, HELD, Options::default());
        let mut analyst = Analyst::new(&day, &labels);
        (0..20).for_each(|_| analyst.mark(Asking::First));
        analyst.seen()
    });
    let mean = |of: fn(&Seen) -> f64| days.iter().map(of).sum::<f64>() / days.len() as f64;
    let (learned, scores) = (mean(|seen| seen.learned), mean(|seen| seen.scores));
    println!("{learned:.4} by what was learned, {scores:.4} by the scores");
    assert!(learned > 1.5 * scores, "{learned} is not {scores}");
}

/// Marks after which it is measured.
const STEPS: [usize; 4] = [0, 10, 20, 40];
/// Findings that count as the first ones.
const FIRST: usize = 25;

/// What came of a session: at each step, and of all attacks the shares in the first findings, by severity and as the analyst came to them.
struct Session {
    steps: [Seen; 4],
    covered: [f64; 2],
}

impl Session {
    fn of(day: &Day, labels: &[bool], asking: Asking) -> Self {
        let mut analyst = Analyst::new(day, labels);
        let severity = analyst.covered_by_severity(FIRST);
        let (mut steps, mut covered) = (Vec::new(), 0.0);
        for step in 0..=STEPS[3] {
            if STEPS.contains(&step) {
                steps.push(analyst.seen());
            }
            if step == FIRST {
                covered = analyst.covered();
            }
            if step < STEPS[3] {
                analyst.mark(asking);
            }
        }
        Self { steps: steps.try_into().ok().unwrap(), covered: [severity, covered] }
    }
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn table() {
    // What is chosen in `learn` was chosen by seeds 6 to 10 of the first two sets, and three days of the sample.
    let seeds = 1..6;
    println!(
        "| file | start | 10 marks | 20 marks | 40 marks | attacks left | least ratio | first {FIRST} findings | all flows, 20 marks: first | asked |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut sessions: BTreeMap<&str, Vec<[Session; 3]>> = BTreeMap::new();
    let all = |day: &Day, labels: &[bool]| {
        [Asking::First, Asking::Helpful, Asking::Flow].map(|asking| Session::of(day, labels, asking))
    };
    let sets = labelled::network_sets();
    for (name, set) in &sets {
        for seed in seeds.clone() {
            let drawn = set.drawn(seed);
            let labels: Vec<bool> = drawn.lines.iter().map(|line| line.1).collect();
            let day = Day::of(&drawn.text().into_bytes().into(), 2, HELD, Options::default());
            sessions.entry(name).or_default().push(all(&day, &labels));
        }
    }
    for seed in seeds {
        let (text, labels) = sample(30_000, seed);
        let day = Day::of(&text, 2, HELD, Options::default());
        sessions.entry("synthetic office").or_default().push(all(&day, &labels));
    }
    for (name, sessions) in &sessions {
        let mean = |of: &dyn Fn(&[Session; 3]) -> f64| {
            let figures: Vec<f64> = sessions.iter().map(of).filter(|figure| !figure.is_nan()).collect();
            figures.iter().sum::<f64>() / figures.len() as f64
        };
        let at = |step: usize| {
            let (learned, scores) =
                (mean(&|[first, ..]| first.steps[step].learned), mean(&|[first, ..]| first.steps[step].scores));
            // Where no attack is left, there is nothing to order.
            if learned.is_nan() { "–".to_owned() } else { format!("{learned:.3} ({scores:.3})") }
        };
        let ratios = sessions.iter().flat_map(|[first, ..]| first.steps.iter().map(|seen| seen.learned / seen.scores));
        let least = ratios.filter(|ratio| !ratio.is_nan()).fold(f64::INFINITY, f64::min);
        let left = |step: usize| mean(&|[first, ..]| first.steps[step].attacks as f64);
        println!(
            "| {name} | {:.3} | {} | {} | {} | {:.0}, {:.0}, {:.0} of {:.0} | {least:.2} | {:.2} → {:.2} | {:.3} | {:.3} |",
            mean(&|[first, ..]| first.steps[0].scores),
            at(1),
            at(2),
            at(3),
            left(1),
            left(2),
            left(3),
            left(0),
            mean(&|[first, ..]| first.covered[0]),
            mean(&|[first, ..]| first.covered[1]),
            mean(&|[first, ..]| first.steps[2].all),
            mean(&|[_, asked, _]| asked.steps[2].all),
        );
    }
    println!("\n| file, single flows marked | start | 10 marks | 20 marks | 40 marks | least of the start |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (name, sessions) in &sessions {
        let at = |step: usize| {
            let figures = sessions.iter().map(|[.., flows]| flows.steps[step].learned);
            figures.sum::<f64>() / sessions.len() as f64
        };
        let ratios = sessions
            .iter()
            .flat_map(|[.., flows]| flows.steps.iter().map(|seen| seen.learned / flows.steps[0].learned));
        let least = ratios.fold(f64::INFINITY, f64::min);
        println!("| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {least:.2} |", at(0), at(1), at(2), at(3));
    }
}
