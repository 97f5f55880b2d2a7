//! The file as a whole.

use super::*;

fn file(rows: u64, seed: u64) -> Vec<u8> {
    let mut flows = Flows::new(rows, seed);
    let mut out = Vec::new();
    while flows.write(&mut out, 1 << 20) {}
    assert_eq!(flows.rows_written(), rows);
    out
}

fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The rows of a file, cut into cells.
fn cells(file: &[u8]) -> Vec<Vec<&str>> {
    let text = std::str::from_utf8(file).unwrap();
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn at(name: &str) -> usize {
    COLUMNS.iter().position(|&column| column == name).unwrap()
}

const TEXT: [&str; 7] = ["Flow.ID", "Source.IP", "Destination.IP", "Timestamp", "Label", "ProtocolName", "Attack"];

#[test]
fn the_bytes_are_those_of_every_platform() {
    assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c, "the checksum itself");
    assert_eq!(fnv1a(&file(1000, 42)), FNV1A_OF_1000_ROWS_SEED_42);
}

#[test]
fn a_shorter_file_is_the_beginning_of_a_longer_one() {
    let (short, long) = (file(700, 9), file(3000, 9));
    assert!(long.len() > 4 * short.len() && long.starts_with(&short));
}

#[test]
fn the_seed_decides() {
    assert_eq!(file(500, 1), file(500, 1));
    let (one, two) = (file(500, 1), file(500, 2));
    let different = cells(&one).iter().zip(&cells(&two)).filter(|(a, b)| a != b).count();
    assert_eq!(different, 500);
}

#[test]
fn pieces_make_the_same_file() {
    let whole = file(300, 5);
    for at_least in [0, 1, 1000, 50_000] {
        let (mut flows, mut all, mut piece) = (Flows::new(300, 5), Vec::new(), Vec::new());
        while flows.write(&mut piece, at_least) {
            assert_eq!(piece.last(), Some(&b'\n'));
            assert!(piece.len() >= at_least || flows.rows_written() == 300);
            assert!(piece.len() <= at_least + 1500);
            all.append(&mut piece);
        }
        assert!(piece.is_empty() && !flows.write(&mut piece, 10) && piece.is_empty());
        assert!(all == whole, "pieces of {at_least}");
    }
    let mut header = Vec::new();
    assert!(Flows::new(0, 5).write(&mut header, 1 << 20));
    assert!(header.starts_with(b"Flow.ID,Source.IP,") && header.ends_with(b",ProtocolName,Attack\n"));
}

#[test]
fn every_cell_is_there_and_every_number_is_one() {
    let file = file(20_000, 42);
    for row in cells(&file) {
        assert_eq!(row.len(), 88);
        for (&name, &cell) in COLUMNS.iter().zip(&row) {
            if !TEXT.contains(&name) {
                let value: f64 = cell.parse().unwrap();
                let least = if name.starts_with("Init_Win") { -1.0 } else { 0.0 };
                assert!(value.is_finite() && value >= least && !cell.contains(['e', 'E']), "{name} {cell}");
            }
        }
        let duration: u64 = row[at("Flow.Duration")].parse().unwrap();
        assert!((1..=120_300_000).contains(&duration), "{duration}");
        assert!(row[at("Timestamp")].starts_with("26/04/2017") && row[at("Timestamp")].len() == 18);
        let clock: Vec<u32> = row[at("Timestamp")][10..].split(':').map(|part| part.parse().unwrap()).collect();
        assert!(clock[0] < 24 && clock[1] < 60 && clock[2] < 60);
        for end in ["Source.IP", "Destination.IP"] {
            assert!(row[at(end)].parse::<std::net::Ipv4Addr>().is_ok(), "{}", row[at(end)]);
            assert!(row[at("Flow.ID")].contains(row[at(end)]));
        }
    }
}

#[test]
fn the_columns_agree_with_each_other() {
    let file = file(20_000, 3);
    for row in cells(&file) {
        let number = |name: &str| row[at(name)].parse::<f64>().unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
        for stem in ["Fwd.Packet.Length", "Bwd.Packet.Length", "Flow.IAT", "Fwd.IAT", "Bwd.IAT", "Active", "Idle"] {
            let [min, mean, max, std] = ["Min", "Mean", "Max", "Std"].map(|end| number(&format!("{stem}.{end}")));
            // Written means are rounded, in the 15th digit.
            assert!(min <= mean * (1.0 + 1e-14) && mean <= max * (1.0 + 1e-14), "{stem}: {min} {mean} {max}");
            assert!(std * std <= 2.0 * (max - min) * (max - min), "{stem}: {min} {max} {std}");
        }
        assert!(number("Min.Packet.Length") <= number("Packet.Length.Mean") * (1.0 + 1e-14));
        assert!(number("Packet.Length.Mean") <= number("Max.Packet.Length") * (1.0 + 1e-14));
        assert!(close(number("Packet.Length.Std") * number("Packet.Length.Std"), number("Packet.Length.Variance")));

        let (fwd, bwd) = (number("Total.Fwd.Packets"), number("Total.Backward.Packets"));
        let bytes = number("Total.Length.of.Fwd.Packets") + number("Total.Length.of.Bwd.Packets");
        let seconds = number("Flow.Duration") / 1e6;
        assert!(close(number("Flow.Bytes.s"), bytes / seconds));
        assert!(close(number("Flow.Packets.s"), (fwd + bwd) / seconds));
        assert!(close(number("Fwd.Packet.Length.Mean") * fwd, number("Total.Length.of.Fwd.Packets")));
        assert!(close(number("Bwd.Packet.Length.Mean") * bwd, number("Total.Length.of.Bwd.Packets")));
        assert_eq!(number("Down.Up.Ratio"), (bwd / fwd).trunc());
        assert!(number("act_data_pkt_fwd") <= fwd);

        for (copy, of) in [
            ("Fwd.Header.Length.1", "Fwd.Header.Length"),
            ("Subflow.Fwd.Packets", "Total.Fwd.Packets"),
            ("Subflow.Fwd.Bytes", "Total.Length.of.Fwd.Packets"),
            ("Subflow.Bwd.Packets", "Total.Backward.Packets"),
            ("Subflow.Bwd.Bytes", "Total.Length.of.Bwd.Packets"),
            ("Avg.Fwd.Segment.Size", "Fwd.Packet.Length.Mean"),
            ("Avg.Bwd.Segment.Size", "Bwd.Packet.Length.Mean"),
            ("Fwd.PSH.Flags", "SYN.Flag.Count"),
            ("ECE.Flag.Count", "RST.Flag.Count"),
        ] {
            assert_eq!(row[at(copy)], row[at(of)], "{copy}");
        }
    }
}

#[test]
fn just_these_columns_are_constant() {
    let file = file(20_000, 4);
    let rows = cells(&file);
    let constant = |column: &usize| rows.iter().all(|row| row[*column] == rows[0][*column]);
    let found: Vec<&str> = (0..88).filter(constant).map(|column| COLUMNS[column]).collect();
    let expected = [
        "Bwd.PSH.Flags",
        "Fwd.URG.Flags",
        "Bwd.URG.Flags",
        "CWE.Flag.Count",
        "Fwd.Avg.Bytes.Bulk",
        "Fwd.Avg.Packets.Bulk",
        "Fwd.Avg.Bulk.Rate",
        "Bwd.Avg.Bytes.Bulk",
        "Bwd.Avg.Packets.Bulk",
        "Bwd.Avg.Bulk.Rate",
        "Label",
    ];
    assert_eq!(found, expected);
    assert_eq!(rows[0][at("Label")], "BENIGN");
}

/// When each flow begins, in hours since midnight of the first day, and its cell `Attack`.
fn timed(rows: u64, seed: u64, scenario: Scenario) -> Vec<(f64, String)> {
    let (mut flows, mut row) = (Flows::of(rows, seed, scenario), Vec::new());
    flows.write(&mut row, 0);
    (0..rows)
        .map(|_| {
            row.clear();
            let time = flows.office.next_at().min(flows.campaigns.next_at());
            flows.write(&mut row, 0);
            let text = std::str::from_utf8(&row).unwrap().trim_end();
            (6.0 + time as f64 / 3.6e9, text.rsplit(',').next().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn every_kind_of_attack_happens_once_a_day_and_is_rare() {
    for seed in [0, 1, 7, 42] {
        let rows = timed(50_000, seed, Scenario::all());
        assert!((27.0..31.0).contains(&rows[49_999].0), "about a day: {}", rows[49_999].0);
        for attack in Attack::ALL {
            let count = rows.iter().filter(|(_, name)| name == attack.name()).count();
            assert!((1..=249).contains(&count), "{attack:?}: {count}");
        }
        let known = |name: &str| name == "none" || Attack::ALL.iter().any(|attack| attack.name() == name);
        assert!(rows.iter().all(|(_, name)| known(name)));
    }
}

#[test]
fn something_happens_early() {
    for seed in 0..20 {
        assert!(timed(5_000, seed, Scenario::all()).iter().filter(|(_, name)| name != "none").count() > 25);
    }
}

#[test]
fn the_ordinary_flows_are_the_same_in_every_scenario() {
    let written = |scenario: Scenario| {
        let mut out = Vec::new();
        Flows::of(20_000, 3, scenario).write(&mut out, usize::MAX);
        String::from_utf8(out).unwrap()
    };
    let (all, clean) = (written(Scenario::all()), written(Scenario::clean()));
    let ordinary: Vec<&str> = all.lines().filter(|line| !line.ends_with(",none")).collect();
    assert!(ordinary.len() > 100, "the header and the attacks");
    assert!(clean.lines().skip(1).zip(all.lines().filter(|line| line.ends_with(",none"))).all(|(a, b)| a == b));

    let beacon = written(Scenario::only(Attack::Beacon));
    let attacks = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.ends_with(",beacon")).map(str::to_owned).collect()
    };
    // The file with fewer attacks goes on for longer.
    assert!(attacks(&beacon).starts_with(&attacks(&all)) && attacks(&all).len() > 5);
    assert!(beacon.lines().skip(1).all(|line| line.ends_with(",none") || line.ends_with(",beacon")));
}

#[test]
fn a_clean_file_has_no_attacks() {
    assert!(timed(60_000, 42, Scenario::clean()).iter().all(|(_, name)| name == "none"));
    let two = Scenario::only(Attack::Beacon).with(Attack::SynFlood);
    assert!(
        Attack::ALL
            .into_iter()
            .all(|attack| two.contains(attack) == matches!(attack, Attack::Beacon | Attack::SynFlood))
    );
    assert!(
        Attack::ALL.into_iter().all(|attack| Scenario::all().contains(attack) && !Scenario::clean().contains(attack))
    );
}

#[test]
fn days_are_busy_nights_and_weekends_are_not() {
    let rows = timed(200_000, 42, Scenario::all());
    assert!(rows.is_sorted_by(|a, b| a.0 <= b.0));
    let count = |from: f64, to: f64| rows.iter().filter(|(hour, _)| (from..to).contains(hour)).count() as f64;
    for day in [0.0, 24.0, 48.0] {
        let [night, morning, lunch, afternoon] = [(22.0, 24.0), (10.0, 12.0), (12.25, 12.75), (14.0, 16.0)]
            .map(|(from, to)| count(day + from, day + to) / (to - from));
        assert!(morning > 3.0 * night && afternoon > 3.0 * night, "{morning} {afternoon} {night}");
        assert!(lunch < 0.9 * morning && lunch > 1.5 * night, "{lunch}");
        assert!(night > 500.0);
    }
    // The first day is a Wednesday.
    let saturday = count(72.0 + 6.0, 96.0 + 6.0);
    assert!(saturday < 0.7 * count(48.0 + 6.0, 72.0 + 6.0), "{saturday}");
    // The second day has its own attacks, and on Saturday they are small.
    for attack in Attack::ALL {
        let of = |from: f64| {
            rows.iter().filter(|(h, name)| name == attack.name() && (from..from + 24.0).contains(h)).count()
        };
        assert!((1..=249).contains(&of(30.0)) && (1..=80).contains(&of(78.0)), "{attack:?}: {} {}", of(30.0), of(78.0));
    }
}

#[test]
fn machines_do_the_same_again_and_again() {
    let file = file(20_000, 6);
    let rows = cells(&file);
    let column = |name: &str| -> Vec<&str> { rows.iter().map(|row| row[at(name)]).collect() };
    let apps = column("ProtocolName");
    for (app, least) in
        [("NTP", 700), ("DNS", 700), ("IP_ICMP", 300), ("SNMP", 200), ("MAIL_IMAPS", 300), ("UNKNOWN", 400)]
    {
        let count = apps.iter().filter(|&&name| name == app).count();
        assert!(count > least, "{app}: {count}");
    }
}
