//! Filters, orders and downloads of what a filter leaves: the same rows in every view, for any number of shards, whether
//! rows are held or read again.

use std::{collections::BTreeSet, sync::Arc};

use crate::common::{host, sample};
use flowsift::{
    detect::isolation_forest::Params,
    engine::{
        self, CountQuery, Counts, Dataset, EngineError, Export, Limits, Options, Outcome, Sort, SortBy, ThreadHost,
        ask_all,
    },
    ingest::Choices,
    report::{Axis, Filter, RankedRow, Selection, View, ViewQuery},
};
use futures_executor::block_on;

const ROWS: u64 = 3_000;
const HELD: Limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };
const STREAMED: Limits = Limits { rows: 0, unpacked: 1 << 30 };

/// What somebody may type, and the rows that it leaves, by their cells, score and rank.
type Case = (&'static str, fn(&Row) -> bool);

const CASES: [Case; 13] = [
    ("port:443", |row| row.cell("Source.Port") == "443" || row.cell("Destination.Port") == "443"),
    ("flowduration>1M -proto:17", |row| row.number("Flow.Duration") > 1e6 && row.cell("Protocol") != "17"),
    ("src:10.0.0.0/8 score>0.5", |row| row.cell("Source.IP").starts_with("10.") && row.score > 0.5),
    ("time>\"2017-04-26 07:30:00\"", |row| row.cell("Timestamp")[10..].trim_start() > "07:30:00"),
    ("time<=\"26/04/2017 06:19:37\"", |row| row.cell("Timestamp")[10..].trim_start() <= "06:19:37"),
    ("dst:10.200.7.12", |row| row.cell("Destination.IP") == "10.200.7.12"),
    ("26/04/2017", |row| row.cells.iter().any(|cell| cell.contains("26/04/2017"))),
    ("is:anomaly rank<=40", |row| row.rank <= 40),
    ("group:1", |row| row.group == 1),
    ("nowhere-to-be-found", |_| false),
    (
        "inside:\"Flow.Duration (signed log) / Total.Fwd.Packets (linear): 90 / 0.5; 300M / 0.5; 20k / 4.5; 2M / 90.5\"",
        |row| row.is_in(["Flow.Duration", "Total.Fwd.Packets"], [signed, plain], &ZIGZAG),
    ),
    (
        "-inside:\"flow duration (log) / total fwd packets (log): 90 / 0.5; 300M / 0.5; 20k / 4.5; 2M / 90.5\" port:443",
        |row| {
            !row.is_in(["Flow.Duration", "Total.Fwd.Packets"], [libm::log10, libm::log10], &ZIGZAG)
                && (row.cell("Source.Port") == "443" || row.cell("Destination.Port") == "443")
        },
    ),
    (
        "inside:\"Timestamp (linear) / Source.Port (linear): 2017-04-26 06:30:00.5 / -1; 2017-04-26 09:00:00.5 / -1; 2017-04-26 07:30:00.5 / 65536\"",
        |row| {
            let clock =
                |text: &str| text.split(':').fold(0.0, |all, part| all * 60.0 + part.parse::<f64>().expect("a time"));
            let at = [clock(row.cell("Timestamp")[10..].trim_start()), row.number("Source.Port")];
            is_in(&[[23_400.5, -1.0], [32_400.5, -1.0], [27_000.5, 65_536.0]], at)
        },
    ),
];

/// An outline that crosses itself.
const ZIGZAG: [[f64; 2]; 4] = [[90.0, 0.5], [3e8, 0.5], [2e4, 4.5], [2e6, 90.5]];

fn plain(value: f64) -> f64 {
    value
}

fn signed(value: f64) -> f64 {
    libm::log10(1.0 + value.abs()).copysign(value)
}

/// Whether the edges above a place are odd in number.
fn is_in(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let edges = (0..corners.len()).map(|at| (corners[at], corners[(at + 1) % corners.len()]));
    let is_above = |(a, b): &([f64; 2], [f64; 2])| {
        (a[0] <= x) != (b[0] <= x) && a[1] + (b[1] - a[1]) * ((x - a[0]) / (b[0] - a[0])) > y
    };
    edges.filter(is_above).count() % 2 == 1
}

struct Row {
    names: Arc<Vec<String>>,
    cells: Vec<String>,
    score: f64,
    rank: u32,
    /// The number of its group, 0 for none.
    group: u8,
}

impl Row {
    fn cell(&self, name: &str) -> &str {
        let column = self.names.iter().position(|it| it == name).expect(name);
        &self.cells[column]
    }

    fn number(&self, name: &str) -> f64 {
        self.cell(name).parse().expect("a number")
    }

    fn is_in(&self, names: [&str; 2], scales: [fn(f64) -> f64; 2], corners: &[[f64; 2]]) -> bool {
        let place = |values: [f64; 2]| [scales[0](values[0]), scales[1](values[1])];
        let corners: Vec<[f64; 2]> = corners.iter().copied().map(place).collect();
        is_in(&corners, place(names.map(|name| self.number(name))))
    }
}

struct Answers {
    counts: Counts,
    view: View,
    /// By rank, by a column of numbers from the greatest down, by a column of text.
    tables: [Vec<RankedRow>; 3],
    download: String,
    anomalies: String,
}

struct Ranked {
    host: ThreadHost,
    dataset: Dataset,
    outcome: Outcome,
}

fn ranked(shards: usize, text: &Arc<[u8]>, limits: Limits) -> Ranked {
    let host = host(shards, text);
    let options = Options { detector: Params { trees: 20, ..Params::default() }.into(), ..Options::default() };
    let (dataset, outcome) = block_on(async {
        let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        let outcome = engine::run(&host, &dataset, options).await.expect("runs");
        (dataset, outcome)
    });
    assert_eq!(dataset.held, limits.rows > 0);
    Ranked { host, dataset, outcome }
}

impl Ranked {
    fn column(&self, name: &str) -> usize {
        self.dataset.layout.schema.fields.iter().position(|field| field.name == name).expect(name)
    }

    fn download(&self, filter: &Filter, selection: Selection) -> String {
        let export = Export { filter: filter.clone(), ..self.dataset.export(selection, 60) };
        String::from_utf8(block_on(engine::export(&self.host, export)).expect("writes").concat()).expect("text")
    }

    fn all_rows(&self) -> Vec<Row> {
        let text = self.download(&Filter::default(), Selection::All);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Arc<Vec<String>> =
            Arc::new(reader.headers().expect("a file of results").iter().map(str::to_owned).collect());
        let width = names.len() - 5;
        let row = |record: csv::StringRecord| Row {
            names: Arc::clone(&names),
            cells: record.iter().take(width).map(str::to_owned).collect(),
            score: record[width + 1].parse().expect("a file of results"),
            rank: record[width + 2].parse().expect("a file of results"),
            group: record[width + 3].parse().unwrap_or(0),
        };
        reader.records().map(|record| row(record.expect("a file of results"))).collect()
    }

    fn answers(&self, text: &str) -> Answers {
        let filter = Filter::parse(text, &self.dataset.layout.schema).expect(text);
        let axis = |name: &str| {
            let column = self.column(name);
            Axis::new(column, &self.dataset.profile.columns[column], &self.dataset.typical[column]).expect("numbers")
        };
        let query = ViewQuery {
            filter: filter.clone(),
            anomalies: 60,
            low: self.outcome.low,
            high: self.outcome.high,
            scale: self.outcome.options.detector.scale(),
            axes: Some([axis("Flow.Duration"), axis("Total.Fwd.Packets")]),
            group: Some(1),
        };
        let by = |name, descending| Sort { by: SortBy::Column(self.column(name)), descending };
        let table = |sort, rows| block_on(engine::table(&self.host, (&filter, 60), sort, rows)).expect("lists");
        Answers {
            counts: block_on(ask_all(&self.host, CountQuery { filter: filter.clone(), anomalies: 60 }))
                .expect("counts"),
            view: block_on(ask_all(&self.host, query)).expect("views"),
            tables: [
                table(Sort::default(), 0..25),
                table(by("Flow.Duration", true), 5..30),
                table(by("Source.IP", false), 0..10),
            ],
            download: self.download(&filter, Selection::All),
            anomalies: self.download(&filter, Selection::Anomalies),
        }
    }
}

fn ranks_of(download: &str) -> BTreeSet<u32> {
    let mut reader = csv::Reader::from_reader(download.as_bytes());
    let column = reader
        .headers()
        .expect("a file of results")
        .iter()
        .position(|name| name == "anomaly_rank")
        .expect("a file of results");
    reader
        .records()
        .map(|record| record.expect("a file of results")[column].parse().expect("a file of results"))
        .collect()
}

#[test]
fn every_view_is_of_the_rows_that_the_filter_leaves() {
    let ranked = ranked(3, &sample(ROWS), HELD);
    let rows = ranked.all_rows();
    let (mut left_some, mut grouped) = (0, 0);
    for (text, passes) in CASES {
        let expected: Vec<&Row> = rows.iter().filter(|row| passes(row)).collect();
        let ranks: BTreeSet<u32> = expected.iter().map(|row| row.rank).collect();
        let anomalies: BTreeSet<u32> = ranks.iter().copied().filter(|&rank| rank <= 60).collect();
        left_some += usize::from(!expected.is_empty() && expected.len() < rows.len());
        let answers = ranked.answers(text);
        let counts = Counts { rows: ranks.len() as u64, anomalies: anomalies.len() as u64 };
        assert_eq!(answers.counts, counts, "{text}");
        assert_eq!(answers.view.histogram.counts.iter().sum::<u64>(), counts.rows, "{text}");
        let drawn: u64 = answers.view.density.counts.iter().map(|&count| u64::from(count)).sum();
        assert_eq!(drawn + answers.view.density.off_chart, counts.rows, "{text}");
        assert!(answers.view.points.iter().all(|point| anomalies.contains(&point.rank)), "{text}");
        assert_eq!(ranks_of(&answers.download), ranks, "{text}");
        // What is in a group is found as well, whatever its rank.
        let found = |row: &&&Row| row.rank <= 60 || row.group > 0;
        let found: BTreeSet<u32> = expected.iter().filter(found).map(|row| row.rank).collect();
        grouped += usize::from(found.len() > anomalies.len());
        assert_eq!(ranks_of(&answers.anomalies), found, "{text}");

        let listed = |table: &[RankedRow]| table.iter().map(|row| row.rank).collect::<Vec<_>>();
        assert_eq!(listed(&answers.tables[0]), ranks.iter().copied().take(25).collect::<Vec<_>>(), "{text}");
        let mut by_duration = expected.clone();
        by_duration
            .sort_by(|a, b| b.number("Flow.Duration").total_cmp(&a.number("Flow.Duration")).then(a.rank.cmp(&b.rank)));
        let window: Vec<u32> = by_duration.iter().skip(5).take(25).map(|row| row.rank).collect();
        assert_eq!(listed(&answers.tables[1]), window, "{text}");
        let mut by_source = expected;
        by_source.sort_by(|a, b| a.cell("Source.IP").cmp(b.cell("Source.IP")).then(a.rank.cmp(&b.rank)));
        let first: Vec<u32> = by_source.iter().take(10).map(|row| row.rank).collect();
        assert_eq!(listed(&answers.tables[2]), first, "{text}");
    }
    assert!(left_some >= 7 && grouped >= 2, "the filters must tell rows apart, and there must be groups");
}

#[test]
fn neither_shards_nor_memory_decide_what_is_shown() {
    let text = sample(ROWS);
    let one = ranked(1, &text, HELD);
    let others = [ranked(4, &text, HELD), ranked(1, &text, STREAMED), ranked(3, &text, STREAMED)];
    for (filter, _) in CASES {
        let expected = one.answers(filter);
        for other in &others {
            let answers = other.answers(filter);
            assert_eq!(answers.counts, expected.counts, "{filter}");
            assert_eq!(answers.view, expected.view, "{filter}");
            assert_eq!(answers.tables, expected.tables, "{filter}");
            assert!(answers.download == expected.download && answers.anomalies == expected.anomalies, "{filter}");
        }
    }
}

#[test]
fn what_was_fitted_on_one_file_scores_another() {
    let (first, second) = (sample(ROWS), sample(1_000));
    let fitted = ranked(2, &first, HELD);
    let options = fitted.outcome.options.clone();
    let fit = block_on(engine::fit(&fitted.host, &fitted.dataset, &options)).expect("fits");
    let own = fitted.download(&Filter::default(), Selection::All);
    let applied =
        block_on(engine::apply(&fitted.host, &fitted.dataset, fit.clone(), options.clone())).expect("applies");
    assert_eq!(applied, fitted.outcome, "to fit and to apply is to run");
    assert!(own == fitted.download(&Filter::default(), Selection::All));

    let mut other = ranked(2, &second, HELD);
    let before = other.outcome.clone();
    other.outcome = block_on(engine::apply(&other.host, &other.dataset, fit, options)).expect("applies");
    assert_eq!(other.outcome.plan, fitted.outcome.plan);
    assert_ne!(other.outcome.high, before.high);
    assert_eq!(other.all_rows().len(), 1_000);
}

#[test]
fn a_run_that_fails_leaves_the_last_one_standing() {
    let ranked = ranked(2, &sample(ROWS), HELD);
    let before = ranked.download(&Filter::default(), Selection::All);
    let refused = Options { rule: Some(flowsift::detect::threshold::Rule::Contamination(0.9)), ..Options::default() };
    let error = block_on(engine::run(&ranked.host, &ranked.dataset, refused)).expect_err("no such share");
    assert!(matches!(error, EngineError::Rule(_)), "{error}");
    assert!(before == ranked.download(&Filter::default(), Selection::All));
    let judged = block_on(engine::judge(&ranked.host, flowsift::detect::threshold::Rule::Top(7))).expect("judges");
    assert_eq!(judged.anomalies, 7);
}
