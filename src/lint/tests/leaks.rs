//! Columns that give a label away, and those that do not.

use super::*;
use crate::evaluate::roc_auc;

const ROWS: u64 = 2_000;

/// Every fifth flow is an attack.
fn attack(row: u64) -> bool {
    row.is_multiple_of(5)
}

fn label() -> Made {
    texts("Label", Role::Label, ROWS, |row| if attack(row) { "DoS" } else { "BENIGN" }.into())
}

/// What is said of the second of two columns beside the label: kind, class and AUROC.
fn told(column: Made) -> Vec<(Kind, String, f64)> {
    told_of(vec![label(), column])
}

fn told_of(columns: Vec<Made>) -> Vec<(Kind, String, f64)> {
    let about_labels = |lint: Lint| match (lint.kind, lint.relation) {
        (Kind::Leak, Some(Relation::Separates { class, auroc })) => Some((lint.kind, class, auroc)),
        (Kind::LabelInDisguise, None) => Some((lint.kind, String::new(), 1.0)),
        _ => None,
    };
    lints_of(&columns).into_iter().filter_map(about_labels).collect()
}

fn leak(auroc: f64) -> Vec<(Kind, String, f64)> {
    vec![(Kind::Leak, "BENIGN".into(), auroc)]
}

#[test]
fn quantities_that_are_larger_or_smaller_for_attacks() {
    let large = |row| if attack(row) { 10_000 + noise(1, row, 9_000) } else { noise(1, row, 10_000) } as f64;
    assert_eq!(told(numbers("Bytes", Role::Measure, ROWS, large)), leak(1.0));
    let small = |row| if attack(row) { noise(1, row, 900) } else { 1_000 + noise(1, row, 10_000) } as f64;
    assert_eq!(told(numbers("Duration", Role::Duration, ROWS, small)), leak(1.0));
}

#[test]
fn what_is_told_is_the_area_under_the_curve() {
    let value = |row: u64| (noise(1, row, 100_000) + if attack(row) { 92_000 } else { 0 }) as f64;
    let values: Vec<f64> = (0..ROWS).map(value).collect();
    let labels: Vec<bool> = (0..ROWS).map(attack).collect();
    let expected = roc_auc(&values, &labels).unwrap();
    assert!((0.99..0.999).contains(&expected), "{expected}");
    let found = told(numbers("Bytes", Role::Measure, ROWS, value));
    assert!(matches!(&found[..], [(Kind::Leak, _, auroc)] if (auroc - expected).abs() < 1e-12), "{found:?} {expected}");
}

#[test]
fn a_strong_but_honest_column_is_no_leak() {
    let value = |row: u64| (noise(1, row, 100_000) + if attack(row) { 76_000 } else { 0 }) as f64;
    let values: Vec<f64> = (0..ROWS).map(value).collect();
    let auroc = roc_auc(&values, &(0..ROWS).map(attack).collect::<Vec<_>>()).unwrap();
    assert!((0.965..0.98).contains(&auroc), "{auroc}");
    assert_eq!(told(numbers("Bytes", Role::Measure, ROWS, value)), []);
    // The same in few steps, which are looked at as categories as well.
    assert_eq!(told(numbers("Steps", Role::Measure, ROWS, |row| (value(row) / 10_000.0).floor())), []);
}

#[test]
fn categories_ports_and_networks_of_attacks() {
    let service =
        |row| ["x", "y", "a", "b", "c"][(noise(1, row, 2) + if attack(row) { 0 } else { 2 }) as usize].to_owned();
    assert_eq!(told(texts("Service", Role::Category, ROWS, service)), leak(1.0));
    // In between: no order of ports tells them.
    let port = |row| [443, 4_444, 80, 53, 8_080][if attack(row) { 0 } else { 1 + noise(1, row, 4) as usize }] as f64;
    assert_eq!(told(numbers("Dst Port", Role::Port, ROWS, port)), leak(1.0));
    let network = |row| format!("{}.{}", if attack(row) { "203.0.113" } else { "10.0" }, noise(1, row, 7));
    assert_eq!(told(texts("Src IP", Role::Ip, ROWS, network)), leak(1.0));
}

#[test]
fn nothing_is_known_by_heart() {
    // With so few attacks, each value of an attack is nearly its own.
    let rare = |row: u64| row.is_multiple_of(150);
    for values in [30, 300, 1_000, 60_000] {
        let columns = vec![
            texts("Label", Role::Label, ROWS, |row| if rare(row) { "DoS" } else { "BENIGN" }.into()),
            numbers("Port", Role::Port, ROWS, |row| noise(1, row, values) as f64),
            texts("Name", Role::Category, ROWS, |row| format!("name {}", noise(2, row, values))),
            numbers("Bytes", Role::Measure, ROWS, |row| noise(3, row, values) as f64),
        ];
        assert_eq!(told_of(columns), [], "{values}");
    }
}

#[test]
fn names_of_rows_tell_nothing() {
    assert_eq!(told(texts("Name", Role::Category, ROWS, |row| format!("flow {row}"))), []);
    assert_eq!(told(numbers("Number", Role::Category, ROWS, |row| row as f64)), []);
    assert_eq!(told(numbers("Row", Role::Measure, ROWS, |row| row as f64)), []);
    // When and under which number labels were given is not compared.
    let order = |row| if attack(row) { row + ROWS } else { row } as f64;
    assert_eq!(told(numbers("Id", Role::Identifier, ROWS, order)), []);
    assert_eq!(told(numbers("Time", Role::Time, ROWS, order)), []);
    assert_eq!(told(numbers("Left out", Role::Ignored, ROWS, order)), []);
}

#[test]
fn what_only_attacks_have() {
    let value = |row| if attack(row) { noise(1, row, 9_000) as f64 } else { f64::NAN };
    assert_eq!(told(numbers("Signature", Role::Measure, ROWS, value)), leak(1.0));
    let never = |row| if attack(row) { f64::NAN } else { noise(1, row, 90_000) as f64 };
    assert_eq!(told(numbers("Window", Role::Measure, ROWS, never)), leak(1.0));
    // Most values are missing: what the others say is not what the column says.
    let hardly =
        |row| if row % 100 < 3 { f64::from(attack(row)) + noise(1, row, 100) as f64 / 200.0 } else { f64::NAN };
    assert_eq!(told(numbers("Probe", Role::Measure, ROWS, hardly)), []);
}

#[test]
fn copies_of_a_label_under_other_names() {
    let class = |row: u64| row % 4;
    let classes =
        || texts("attack_cat", Role::Label, ROWS, |row| ["Normal", "DoS", "Scan", "Worm"][class(row) as usize].into());
    let disguise = vec![(Kind::LabelInDisguise, String::new(), 1.0)];
    // Numbers whose order says nothing, and those that equal a label.
    let code = |row| [5, 2, 9, 7][class(row) as usize] as f64;
    assert_eq!(told_of(vec![classes(), numbers("code", Role::Measure, ROWS, code)]), disguise);
    assert_eq!(told_of(vec![classes(), numbers("code", Role::Category, ROWS, code)]), disguise);
    let flag = |role| numbers("flag", role, ROWS, |row| u8::from(row == 77).into());
    assert_eq!(told_of(vec![flag(Role::Label), flag(Role::Measure)]), disguise);
    assert_eq!(told_of(vec![flag(Role::Measure), flag(Role::Label)]), disguise);
}

#[test]
fn coarse_and_fine_labels_give_each_other_away() {
    let fine =
        |role| texts("attack_cat", role, ROWS, |row| ["Normal", "DoS", "Scan", "Worm"][(row % 4) as usize].into());
    let coarse = |role| numbers("is_attack", role, ROWS, |row| u8::from(!row.is_multiple_of(4)).into());
    assert_eq!(told_of(vec![fine(Role::Label), coarse(Role::Measure)]), [(Kind::Leak, "Normal".into(), 1.0)]);
    assert_eq!(told_of(vec![fine(Role::Category), coarse(Role::Label)]), [(Kind::Leak, "0".into(), 1.0)]);
    assert_eq!(told_of(vec![fine(Role::Label), coarse(Role::Label)]), [], "both are labels");
}

#[test]
fn classes_where_nothing_is_called_normal() {
    let class = |row: u64| if row.is_multiple_of(50) { 3 } else { row as usize % 3 };
    let classes = || texts("Label", Role::Label, ROWS, |row| ["web", "mail", "video", "rare"][class(row)].into());
    let only = |of: usize| move |row: u64| (noise(1, row, 90) + if class(row) == of { 90 } else { 0 }) as f64;
    for (of, name) in [(0, "web"), (1, "mail"), (2, "video")] {
        let found = told_of(vec![classes(), numbers("Bytes", Role::Measure, ROWS, only(of))]);
        assert_eq!(found, [(Kind::Leak, name.into(), 1.0)]);
    }
    assert_eq!(told_of(vec![classes(), numbers("Bytes", Role::Measure, ROWS, only(3))]), [], "2 % are too few");
}

#[test]
fn several_values_may_be_normal() {
    let value = |row| ["flow=Background-UDP", "flow=From-Normal-V4", "flow=From-Botnet-V4"][(row % 3) as usize];
    let bytes = |row: u64| (noise(1, row, 90) + if row % 3 == 2 { 90 } else { 0 }) as f64;
    let found = told_of(vec![
        texts("Label", Role::Label, ROWS, |row| value(row).into()),
        numbers("Bytes", Role::Measure, ROWS, bytes),
    ]);
    assert_eq!(found, [(Kind::Leak, "normal".into(), 1.0)]);
}

#[test]
fn rows_without_a_label_say_nothing() {
    let columns = |labelled: fn(u64) -> bool| {
        let label = move |row| {
            if !labelled(row) {
                ""
            } else if attack(row) {
                "DoS"
            } else {
                "BENIGN"
            }
            .to_owned()
        };
        vec![
            texts("Label", Role::Label, ROWS, label),
            numbers("Bytes", Role::Measure, ROWS, |row| {
                noise(1, row, 90) as f64 + if attack(row) { 90.0 } else { 0.0 }
            }),
            // Only where there is no label it is large.
            numbers("Packets", Role::Measure, ROWS, move |row| {
                noise(2, row, 90) as f64 + if labelled(row) { 0.0 } else { 90.0 }
            }),
        ]
    };
    assert_eq!(told_of(columns(|row| row % 2 == 0)), leak(1.0));
    // Nine attacks are too few.
    assert_eq!(told_of(columns(|row| row < 45)), []);
}

#[test]
fn no_column_is_told_of_twice() {
    let bytes = |factor: f64| move |row| (noise(1, row, 9_000) + if attack(row) { 9_000 } else { 0 }) as f64 * factor;
    let found = lints_of(&[
        label(),
        numbers("Flag", Role::Label, ROWS, |row| u8::from(attack(row)).into()),
        numbers("Bytes", Role::Measure, ROWS, bytes(1.0)),
        numbers("Bytes again", Role::Measure, ROWS, bytes(1.0)),
        numbers("KBytes", Role::Measure, ROWS, bytes(0.001)),
        texts("State", Role::Category, ROWS, |row| if attack(row) { "bad" } else { "good" }.into()),
    ]);
    let of_columns = found.iter().filter(|lint| lint.column.is_some());
    let told: Vec<_> = of_columns.map(|lint| (lint.kind, lint.column, lint.other)).collect();
    assert_eq!(
        told,
        [
            (Kind::LabelInDisguise, Some(5), Some(0)),
            (Kind::Leak, Some(2), Some(0)),
            (Kind::Leak, Some(3), Some(0)),
            (Kind::Leak, Some(4), Some(0)),
        ]
    );
}

#[test]
fn quantities_of_many_values_are_not_looked_up() {
    // Each flow is there twice, and is known by its bytes.
    let rows = 4_000;
    let known = |row: u64| row % 2_000;
    let columns = vec![
        texts("Label", Role::Label, rows, |row| if attack(known(row)) { "DoS" } else { "BENIGN" }.into()),
        numbers("Bytes", Role::Measure, rows, |row| (known(row) * 7_919 % 2_003) as f64),
    ];
    assert_eq!(told_of(columns), []);
}
