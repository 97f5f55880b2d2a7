use super::*;
use crate::{
    ingest,
    table::{SmallestKeys, row_hash},
};

fn sample_of(text: &str) -> RowSample {
    let (layout, table, _) = read(text);
    let mut keeper = SmallestKeys::new(1_000, layout.schema.width());
    for block in &table.blocks {
        keeper.offer(block, block.offsets.iter().map(|&offset| row_hash(1, offset)));
    }
    keeper.into_sample()
}

fn read(text: &str) -> (ingest::Layout, crate::table::Table, Profile) {
    let (layout, _) =
        ingest::Layout::sniff(text.as_bytes(), text.len() as u64, &ingest::Choices::default()).expect("a table");
    let mut reader =
        ingest::RecordReader::new(std::io::Cursor::new(text), layout.data_start, &layout.format, 4096).expect("seeks");
    let mut builder = ingest::TableBuilder::new(&layout);
    while let Some(record) = reader.next_record().expect("reads") {
        builder.push(&record);
    }
    let (table, profile, _) = builder.finish(0);
    (layout, table, profile)
}

fn plan_of(
    text: &str,
    treatment: impl Into<Treatment>,
) -> (Schema, Result<FeaturePlan, FeatureError>, Array2<f32>, Array2<f32>) {
    let (layout, table, profile) = read(text);
    let sample = sample_of(text);
    let plan = FeaturePlan::fit(treatment.into(), &layout.schema, &profile, &sample);
    let empty = Array2::zeros((0, 0));
    let (blocks, samples) = match &plan {
        Ok(plan) => (plan.apply(&table.blocks[0]), plan.apply_to_sample(&sample, &layout.schema)),
        Err(_) => (empty.clone(), empty),
    };
    ((*layout.schema).clone(), plan, blocks, samples)
}

fn text() -> String {
    let row = |n: usize| {
        let bytes = n * n;
        let state = if n.is_multiple_of(10) { "RST" } else { "SF" };
        format!("10.0.0.{},{},6,{bytes},{bytes},0,{state},{},f{n}\n", n % 200, 1000 + n % 3, n % 2)
    };
    let rows: String = (0..50).map(row).collect();
    format!("Source.IP,Destination.Port,Protocol,Bytes,Subflow.Bytes,Bulk,State,Label,Flow.ID\n{rows}")
}

#[test]
fn recommended_leaves_out_what_says_nothing_or_too_much() {
    let (schema, plan, ..) = plan_of(&text(), Mode::Recommended);
    let plan = plan.expect("features");
    let name = |column: usize| schema.fields[column].name.as_str();
    let features: Vec<&str> = plan.features.iter().map(|feature| name(feature.column)).collect();
    assert_eq!(features, ["Destination.Port", "Bytes", "State"]);
    assert_eq!(
        plan.left_out,
        [
            (0, Omission::Constant),
            (2, Omission::Constant),
            (4, Omission::DuplicateOf(3)),
            (5, Omission::Constant),
            (7, Omission::Role(Role::Label)),
            (8, Omission::Role(Role::Identifier)),
        ]
    );
}

#[test]
fn classic_takes_every_number_but_labels() {
    let (schema, plan, matrix, _) = plan_of(&text(), Mode::Classic);
    let plan = plan.expect("features");
    let features: Vec<&str> = plan.features.iter().map(|feature| schema.fields[feature.column].name.as_str()).collect();
    assert_eq!(features, ["Destination.Port", "Protocol", "Bytes", "Subflow.Bytes", "Bulk"]);
    assert!(matrix.iter().all(|value| (0.0..=1.0).contains(value)));
    assert_eq!(matrix[[49, 2]], 1.0);
}

#[test]
fn a_sample_of_all_rows_gives_the_blocks_matrix() {
    for mode in [Mode::Recommended, Mode::Classic] {
        let (_, _, blocks, sample) = plan_of(&text(), mode);
        assert_eq!(blocks, sample);
        assert_eq!(blocks.nrows(), 50);
    }
}

#[test]
fn addresses_and_categories_are_compared_as_asked() {
    let row = |n: usize| {
        let address = ["10.0.1.1", "10.0.2.1", "8.8.8.8", "9.9.9.9", "1.1.1.1"][n % 5];
        format!("{address},{},{}\n", ["tcp", "udp", "icmp"][n * 7 % 3], n * 37 % 101)
    };
    let text: String = std::iter::once("Src IP,Proto,Bytes\n".to_owned()).chain((0..60).map(row)).collect();
    let features = |treatment: Treatment| {
        let (_, plan, matrix, _) = plan_of(&text, treatment);
        let plan = plan.expect("features");
        let aspects = plan.features.iter().map(|feature| (feature.column, feature.encoding.aspect()));
        (aspects.collect::<Vec<_>>(), matrix)
    };
    let named = |column, aspect: &str| (column, Some(aspect.to_owned()));
    let (usual, matrix) = features(Treatment::default());
    assert_eq!(usual, [named(0, "private or public"), named(1, "rarity"), (2, None)]);
    // Two of five addresses are private, the other three public.
    assert!((matrix[[0, 0]] - 1.3219).abs() < 1e-4 && (matrix[[2, 0]] - 0.7370).abs() < 1e-4);
    let (asked, matrix) = features(Treatment { one_hot: true, networks: true, ..Treatment::default() });
    let hot: Vec<_> = asked[2..4].iter().filter_map(|(_, aspect)| aspect.as_deref()).collect();
    assert_eq!(asked[..2], [named(0, "rarity"), named(0, "private or public")]);
    assert!(hot.iter().all(|aspect| ["is tcp", "is udp", "is icmp"].contains(aspect)) && asked.len() == 5, "{hot:?}");
    assert!(matrix.column(2).iter().all(|value| [0.0, 1.0].contains(value)));
}

#[test]
fn a_known_unit_does_not_change_what_is_compared() {
    let features = |name: &str, parts: u64| {
        let row = |n: u64| format!("{},{}\n", n * n % 977 * 1_000_000 / parts, n % 13);
        let rows: String = (0..200).map(row).collect();
        let (schema, plan, matrix, _) = plan_of(&format!("{name},bytes\n{rows}"), Mode::Recommended);
        assert!(plan.is_ok() && schema.fields[0].unit.is_some(), "{:?}", schema.fields[0]);
        matrix
    };
    let seconds = features("duration_s", 1_000_000);
    for (name, parts) in [("duration_ms", 1_000), ("duration_us", 1)] {
        let other = features(name, parts);
        assert!(other.iter().zip(&seconds).all(|(a, b)| (a - b).abs() < 1e-5), "{name}");
    }
}

#[test]
fn missing_is_a_value_where_it_tells_something() {
    let row = |n: usize| {
        let answer = if n.is_multiple_of(4) { String::new() } else { (n * 7 % 31).to_string() };
        let five = if n % 10 == 3 { "" } else { "5" };
        let once = if n == 77 { String::new() } else { (n * 3 % 17).to_string() };
        format!("{answer},{five},{once},{}\n", n % 13)
    };
    let rows: String = (0..2_000).map(row).collect();
    let (_, plan, matrix, sample) = plan_of(&format!("answer,five,once,bytes\n{rows}"), Mode::Recommended);
    let plan = plan.expect("features");
    let aspects: Vec<_> = plan.features.iter().map(|feature| (feature.column, feature.encoding.aspect())).collect();
    let missing = |column| (column, Some("is missing".to_owned()));
    assert_eq!(aspects, [(0, None), missing(0), missing(1), (2, None), (3, None)], "one of 2,000 tells nothing");
    assert_eq!(matrix.column(1).iter().sum::<f32>(), 500.0);
    assert_eq!(sample.column(2).iter().filter(|value| ![0.0, 1.0].contains(*value)).count(), 0);
}

#[test]
fn scaled_features_lie_around_zero_and_have_their_values_back() {
    let treatment = Treatment { scaled: true, ..Treatment::default() };
    let (_, plan, blocks, sample) = plan_of(&text(), treatment);
    assert_eq!(blocks, sample);
    let bytes = &plan.expect("features").features[1];
    let mut sorted = blocks.column(1).to_vec();
    sorted.sort_by(f32::total_cmp);
    assert!(sorted[25].abs() < 0.1 && sorted[49] < 10.0, "{sorted:?}");
    assert!((bytes.value(blocks[[49, 1]]).expect("a number") - 2_401.0).abs() < 0.1);
}

#[test]
fn rows_that_are_alike_are_learned_from_once_where_asked() {
    let row = |n: usize| format!("{},{},f{n}\n", n % 5, n % 3);
    let text: String = std::iter::once("Bytes,Packets,Flow.ID\n".to_owned()).chain((0..90).map(row)).collect();
    let (schema, plan, all, _) = plan_of(&text, Mode::Recommended);
    let mut plan = plan.expect("features");
    let sample = sample_of(&text);
    assert_eq!(plan.training_matrix(&sample, &schema), all);
    plan.treatment.deduplicate_training_rows = true;
    // The fifteen pairs, in the order in which they come first.
    let distinct = plan.training_matrix(&sample, &schema);
    assert_eq!(distinct, all.slice_axis(ndarray::Axis(0), (..15).into()));
}

#[test]
fn nothing_left_is_an_error() {
    let (_, plan, ..) = plan_of("Label,Bytes\n1,5\n0,5\n", Mode::Recommended);
    assert_eq!(plan.unwrap_err(), FeatureError::NoFeatures { columns: 2 });
}
