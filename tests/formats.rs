//! Files of the flow tools, as their makers published them: the rows and columns that Python's csv and json modules find,
//! the tool, and what of its columns matters most.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use flowsift::{
    engine::{self, Dataset, ThreadHost},
    ingest::{Choices, FindingKind, HEAD_BYTES, Layout},
    table::{Kind, Role, TimeStyle},
};
use futures_executor::block_on;

/// A file of `../shared/data`, or `None` with a plain message.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    let there = path.exists();
    if !there {
        println!("skipped: {name} is not on this machine");
    }
    there.then_some(path)
}

fn load(name: &str) -> Option<Dataset> {
    let path = shared(name)?;
    let host = ThreadHost::new(2, move || File::open(&path).expect("opens"), |_, _| {});
    Some(block_on(engine::load(&host)).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// File, rows, columns, tool, whether it names its columns, rows left out.
const FILES: [(&str, u64, usize, &str, bool, u64); 24] = [
    ("cicflowmeter/2017-10-11_online.csv", 1_028, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/2017-10-16_online.csv", 5_746, 85, "CICFlowMeter", true, 0),
    ("cicflowmeter/2018-01-04_Flow.csv", 324, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/2018-01-08_Flow.csv", 2_391, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/2018-02-02_Flow.csv", 1_002, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/2022-01-26-collected_noheader.csv", 3_554, 84, "CICFlowMeter", false, 0),
    ("cicflowmeter/2023-12-03_Flow.csv", 34, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/online_ISCX_jia.csv", 432, 85, "CICFlowMeter", true, 0),
    ("cicflowmeter/out2015-03-31-traffic-analysis-exercise.csv", 96, 84, "CICFlowMeter", true, 0),
    ("cicflowmeter/test.pcap_CIC.csv", 96, 85, "CICFlowMeter", true, 0),
    ("cicflowmeter/test_v4_shortnames.csv", 96, 84, "CICFlowMeter", true, 0),
    ("cicids/Dicotomico23_cicids2017_sample_12000.csv", 12_000, 53, "CICFlowMeter", true, 0),
    ("cicids/NetSentinel_Friday-DDos_subset.csv", 299, 85, "CICFlowMeter", true, 0),
    ("cicids/cicids2018_FTP-SSH-BruteForce.csv", 5_594, 80, "CICFlowMeter", true, 0),
    ("unicauca/HYBRID_87cols_25rows.csv", 25, 87, "CICFlowMeter", true, 0),
    ("unicauca/HYBRID_87cols_25rows_Rquoted.csv", 25, 87, "CICFlowMeter", true, 0),
    ("nsl-kdd/KDDTest+.txt", 22_544, 43, "NSL-KDD", false, 0),
    ("nsl-kdd/KDDTrain+_20Percent.txt", 25_192, 43, "NSL-KDD", false, 0),
    ("other-formats/slips_test10-mixed-zeek-dir_conn.log", 141, 21, "Zeek", true, 0),
    ("other-formats/slips_test18-malicious-ctu-sme-11-win_zeek-labeled_conn.log.labeled", 766, 23, "Zeek", true, 0),
    ("other-formats/slips_test9-mixed-zeek-dir_conn.log", 576, 22, "Zeek", true, 0),
    ("other-formats/slips_test2-malicious.binetflow", 6_751, 16, "Argus", true, 0),
    // Its last three lines are a summary.
    ("other-formats/nfdump_o_csv_from_slips_test1.csv", 4_593, 48, "nfdump", true, 3),
    // 1,488 of its 5,000 events are no flows; three of the flows' 33 paths occur behind the first MiB only.
    ("other-formats/slips_test6-malicious.suricata.json", 3_512, 30, "Suricata EVE", true, 1_488),
];

#[test]
fn rows_columns_and_tools_are_what_they_are() {
    for (name, rows, columns, tool, header, left_out) in FILES {
        let Some(dataset) = load(name) else { continue };
        let assumed = &dataset.layout.assumed;
        assert_eq!((dataset.profile.rows, dataset.layout.schema.width()), (rows, columns), "{name}");
        assert_eq!((assumed.family.as_deref(), assumed.header), (Some(tool), header), "{name}");
        assert_eq!(dataset.findings.rejected_rows(), left_out, "{name}: {:?}", dataset.findings);
        assert_eq!(dataset.findings.count(FindingKind::ShortRow), 0, "{name}");
        let unreadable: u64 = dataset.profile.columns.iter().map(|column| column.unreadable).sum();
        assert_eq!(unreadable, 0, "{name}: {:?}", dataset.findings);
    }
}

#[test]
fn ends_times_and_labels_are_found_in_all_of_them() {
    for (name, _, columns, tool, ..) in FILES {
        let Some(dataset) = load(name) else { continue };
        let fields = &dataset.layout.schema.fields;
        let of = |role| fields.iter().filter(|field| field.role == role).collect::<Vec<_>>();
        let meanings = |role| of(role).iter().filter_map(|field| field.meaning.as_deref()).collect::<Vec<_>>();
        assert!(of(Role::Measure).len() + of(Role::Duration).len() > 4, "{name}");
        if tool == "NSL-KDD" {
            assert_eq!(meanings(Role::Label), ["label", "difficulty"], "{name}");
            continue;
        }
        assert!(meanings(Role::Port).contains(&"dst_port"), "{name}");
        assert!(of(Role::Port).iter().all(|field| field.kind == Kind::Number), "{name}");
        assert!(of(Role::Time).iter().all(|field| field.time.is_some()), "{name}");
        if columns >= 81 || tool != "CICFlowMeter" {
            assert!(meanings(Role::Ip).starts_with(&["src_ip", "dst_ip"]), "{name}");
            assert!(meanings(Role::Time).contains(&"start_time"), "{name}");
        }
    }
}

#[test]
fn no_measure_holds_what_somebody_says() {
    let Some(dataset) = load("cicflowmeter/2017-10-16_online.csv") else { return };
    let fields = &dataset.layout.schema.fields;
    let label = fields.iter().position(|field| field.role == Role::Label).expect("a label");
    let counts = dataset.profile.columns[label].counts.as_ref().expect("counted");
    assert_eq!(counts.iter().map(|value| (value.text, value.rows)).collect::<Vec<_>>(), [("BENIGN", 5_746)]);
    // The two columns with the forward header length are equal in every row, which shows where the second one stands.
    let lengths: Vec<u64> = (fields.iter().zip(&dataset.profile.columns))
        .filter(|(field, _)| field.meaning.as_deref() == Some("fwd_header_bytes"))
        .map(|(_, column)| column.fingerprint)
        .collect();
    assert!(lengths.len() == 2 && lengths[0] == lengths[1]);
}

#[test]
fn clocks_of_twelve_hours_are_noted_where_they_are() {
    for (name, noted, style) in [
        ("unicauca/HYBRID_87cols_25rows.csv", 1, TimeStyle::DayFirst),
        ("cicids/NetSentinel_Friday-DDos_subset.csv", 1, TimeStyle::DayFirst),
        ("cicflowmeter/2023-12-03_Flow.csv", 0, TimeStyle::DayFirst),
        ("other-formats/slips_test2-malicious.binetflow", 0, TimeStyle::YearFirst),
        ("other-formats/slips_test9-mixed-zeek-dir_conn.log", 0, TimeStyle::Seconds),
    ] {
        let Some(path) = shared(name) else { continue };
        let bytes = fs::read(path).expect("reads");
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let (layout, findings) = Layout::sniff(head, bytes.len() as u64, &Choices::default()).expect("a table");
        assert_eq!(findings.count(FindingKind::TwelveHourClock), noted, "{name}");
        let time = layout.schema.first(Role::Time).map(|column| layout.schema.fields[column].time);
        assert_eq!(time, Some(Some(style)), "{name}");
    }
}
