//! How the ready-made models are made, and on what. The same bytes every time.

use std::{io::Cursor, sync::Arc};

use flowsift::{
    detect::{Method, autoencoder, isolation_forest, nearest},
    engine::{self, Dataset, Detector, EngineError, Limits, Options, ThreadHost},
    ingest::Choices,
    model::{self, About, Compared, Ready, Saved},
    sample::{Flows, Scenario},
    train::DevicePreference,
};
use futures_executor::block_on;

/// Where they lie in the checkout.
pub const FOLDER: &str = "public/models";
/// Flows of a day, and the offices whose days they are fitted on.
const ROWS: u64 = 50_000;
const OFFICES: std::ops::Range<u64> = 9_001..9_005;
/// The office whose clean day tells the threshold: a detector is surer of the flows that it was fitted on.
const JUDGED: u64 = 9_005;
const SEED: u64 = 42;
/// Flows that others are compared with.
const REFERENCES: usize = 2_048;
const TREES: usize = 50;
/// Flows that tell which groups are usual.
const NORMAL: usize = 2_048;

/// The columns that are compared, as CICFlowMeter writes them: those that all its versions and the data sets made with it have. The
/// sample has dots where these have blanks and signs.
const CICFLOWMETER: [&str; 52] = [
    "Destination Port",
    "Flow Duration",
    "Total Fwd Packets",
    "Total Length of Fwd Packets",
    "Fwd Packet Length Max",
    "Fwd Packet Length Min",
    "Fwd Packet Length Mean",
    "Fwd Packet Length Std",
    "Bwd Packet Length Max",
    "Bwd Packet Length Min",
    "Bwd Packet Length Mean",
    "Bwd Packet Length Std",
    "Flow Bytes/s",
    "Flow Packets/s",
    "Flow IAT Mean",
    "Flow IAT Std",
    "Flow IAT Max",
    "Flow IAT Min",
    "Fwd IAT Total",
    "Fwd IAT Mean",
    "Fwd IAT Std",
    "Fwd IAT Max",
    "Fwd IAT Min",
    "Bwd IAT Total",
    "Bwd IAT Mean",
    "Bwd IAT Std",
    "Bwd IAT Max",
    "Bwd IAT Min",
    "Fwd Header Length",
    "Bwd Header Length",
    "Fwd Packets/s",
    "Bwd Packets/s",
    "Min Packet Length",
    "Max Packet Length",
    "Packet Length Mean",
    "Packet Length Std",
    "Packet Length Variance",
    "FIN Flag Count",
    "PSH Flag Count",
    "ACK Flag Count",
    "Average Packet Size",
    "Subflow Fwd Bytes",
    "Init_Win_bytes_forward",
    "Init_Win_bytes_backward",
    "act_data_pkt_fwd",
    "min_seg_size_forward",
    "Active Mean",
    "Active Max",
    "Active Min",
    "Idle Mean",
    "Idle Max",
    "Idle Min",
];

/// What Zeek, nfdump and nProbe tell of a flow in both directions, by the names of nProbe. The others' mean the same; bytes
/// are those of whole IP packets.
const FLOW_RECORDS: [&str; 6] =
    ["L4_DST_PORT", "FLOW_DURATION_MILLISECONDS", "IN_PKTS", "OUT_PKTS", "IN_BYTES", "OUT_BYTES"];
/// The columns of CICFlowMeter that records are made of, by the names of its two versions. Not all files have the backward sums.
const RECORDED: [[&str; 2]; 8] = [
    ["Destination Port", "Dst Port"],
    ["Flow Duration", "Flow Duration"],
    ["Total Fwd Packets", "Tot Fwd Pkts"],
    ["Total Length of Fwd Packets", "TotLen Fwd Pkts"],
    ["Fwd Header Length", "Fwd Header Len"],
    ["Bwd Packets/s", "Bwd Pkts/s"],
    ["Bwd Packet Length Mean", "Bwd Pkt Len Mean"],
    ["Bwd Header Length", "Bwd Header Len"],
];
/// Bytes of an IP header, which CICFlowMeter leaves out.
const IP_HEADER: f64 = 20.0;

/// What each is fitted with.
fn detector(ready: &Ready) -> Detector {
    match ready.method {
        Method::IsolationForest => isolation_forest::Params { trees: TREES, seed: SEED, ..Default::default() }.into(),
        Method::Autoencoder => {
            let network = autoencoder::Params { seed: SEED, ..Default::default() };
            Detector::Autoencoder(network, DevicePreference::Cpu)
        }
        Method::Nearest => Detector::Nearest(nearest::Params { neighbours: None, references: Some(REFERENCES) }),
    }
}

/// The file of one in the checkout.
pub fn path(ready: &Ready) -> String {
    format!("{FOLDER}/{}.flowsift.onnx", ready.name)
}

/// Makes one anew.
///
/// # Errors
/// [`EngineError`]
pub fn make(ready: &Ready) -> Result<Vec<u8>, EngineError> {
    let mut days = String::new();
    for office in OFFICES {
        let (day, _) = day(ready.compared, ROWS, (office, Scenario::clean()));
        let rows = if days.is_empty() { &day } else { day.split_once('\n').map_or("", |(_, rows)| rows) };
        days.push_str(rows);
    }
    let (judged, _) = day(ready.compared, ROWS, (JUDGED, Scenario::clean()));
    let options = Options { detector: detector(ready), ..Options::default() };
    let saved: Saved = block_on(async {
        let (here, dataset) = read(judged).await?;
        let normal = host(days);
        let baseline = engine::open_baseline(&normal, &dataset.layout.schema, Limits::default()).await?;
        let fitted = engine::fit_on(&normal, &baseline, &options).await?;
        let outcome = engine::apply(&here, &dataset, fitted, options).await?;
        let about = About {
            name: ready.name.to_owned(),
            created: "2026-01-01T00:00:00Z".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rows: baseline.dataset.profile.rows,
        };
        let mut saved = engine::save(&here, &dataset, &outcome, (about, outcome.threshold.score)).await?;
        saved.normal = saved.normal.map(|normal| normal.with_fewer(NORMAL));
        Ok::<_, EngineError>(saved)
    })?;
    model::write(&saved).map_err(|error| EngineError::Unsaved(error.to_string()))
}

/// Threads that have this text.
pub fn host(text: String) -> ThreadHost {
    let text: Arc<[u8]> = text.into_bytes().into();
    ThreadHost::new(2, move || Cursor::new(Arc::clone(&text)), |_, _| {})
}

/// The same, and its rows.
///
/// # Errors
/// [`EngineError`]
pub async fn read(text: String) -> Result<(ThreadHost, Dataset), EngineError> {
    let host = host(text);
    let opened = engine::open(&host, &Choices::default(), Limits::default()).await?;
    let dataset = engine::read(&host, &opened).await?;
    Ok((host, dataset))
}

/// A synthetic day with the columns that are compared, and which of its flows are attacks.
pub fn day(compared: Compared, rows: u64, (seed, scenario): (u64, Scenario)) -> (String, Vec<bool>) {
    let mut bytes = Vec::new();
    let mut flows = Flows::of(rows, seed, scenario);
    while flows.write(&mut bytes, 1 << 20) {}
    let text = String::from_utf8_lossy(&bytes);
    let attack = text.lines().next().into_iter().flat_map(|names| names.split(',')).position(|name| name == "Attack");
    let is_odd = |line: &str| attack.and_then(|attack| line.split(',').nth(attack)).is_some_and(|name| name != "none");
    (columns(compared, &text), text.lines().skip(1).map(is_odd).collect())
}

/// What a file of CICFlowMeter's has of the columns that are compared.
pub fn columns(compared: Compared, text: &str) -> String {
    let mut lines = text.lines();
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let names: Vec<String> = lines.next().unwrap_or_default().split(',').map(plain).collect();
    let at = |called: &[&str]| {
        let place = called.iter().find_map(|called| names.iter().position(|known| *known == plain(called)));
        place.unwrap_or(names.len())
    };
    let (names, places) = match compared {
        Compared::CicFlowMeter => (CICFLOWMETER.join(","), CICFLOWMETER.map(|name| at(&[name])).to_vec()),
        Compared::FlowRecords => (FLOW_RECORDS.join(","), RECORDED.map(|called| at(&called)).to_vec()),
    };
    let mut written = names;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let cells: Vec<&str> = places.iter().map(|&place| cells[place]).collect();
        written.push('\n');
        match compared {
            Compared::CicFlowMeter => written.push_str(&cells.join(",")),
            Compared::FlowRecords => written.push_str(&record(&cells)),
        }
    }
    written.push('\n');
    written
}

/// A row of [`FLOW_RECORDS`] of the cells of [`RECORDED`]. CICFlowMeter has a few durations below none.
fn record(cells: &[&str]) -> String {
    let [duration, packets, bytes, header, rate, mean, header_back] =
        [1, 2, 3, 4, 5, 6, 7].map(|place| cells[place].parse::<f64>().unwrap_or(0.0).max(0.0));
    let packets_back = if duration > 0.0 { (rate * duration / 1e6).round() } else { 0.0 };
    let whole = bytes + header + IP_HEADER * packets;
    let whole_back = (mean * packets_back).round() + header_back + IP_HEADER * packets_back;
    format!("{},{},{packets},{packets_back},{whole},{whole_back}", cells[0], duration / 1_000.0)
}
