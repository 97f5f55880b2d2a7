//! Flows that are most like one, through the engine.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Limits, Options, RowsQuery, ThreadHost},
    ingest::Choices,
    sample::{Flows, Scenario},
};
use futures_executor::block_on;

#[test]
fn the_nearest_flows_are_found_alike_for_any_number_of_shards() {
    let mut text = Vec::new();
    let mut flows = Flows::of(8_000, 4, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    // One flow is there once more, at the end.
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let again = lines[4_000].to_vec();
    let offset: u64 = lines[..4_000].iter().map(|line| line.len() as u64).sum();
    let twin = text.len() as u64;
    text.extend(again);
    let text: Arc<[u8]> = text.into();
    let mut answers = Vec::new();
    for (shards, rows) in [(1, 1 << 30), (3, 1 << 30), (2, 0)] {
        let text = Arc::clone(&text);
        let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
        block_on(async {
            let limits = Limits { rows, unpacked: 1 << 30 };
            let opened = engine::open(&host, &Choices::default(), limits).await.unwrap();
            let dataset = engine::read(&host, &opened).await.unwrap();
            let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
            let known = (&dataset, &outcome);
            let similar = engine::similar(&host, known, offset, 6).await.unwrap();
            assert_eq!(similar.len(), 6);
            assert!(similar.is_sorted_by_key(|alike| alike.distance));
            assert!(similar.iter().all(|alike| alike.row.offset != offset));
            let first = engine::ask_all(&host, RowsQuery(1..2)).await.unwrap();
            let of_first = engine::similar(&host, known, first[0].offset, 3).await.unwrap();
            // The distance goes both ways.
            let back = engine::similar(&host, known, of_first[0].row.offset, 8_000).await.unwrap();
            let to_first = back.iter().find(|alike| alike.row.offset == first[0].offset).unwrap();
            assert_eq!(to_first.distance, of_first[0].distance);
            if rows > 0 {
                assert_eq!((similar[0].distance, similar[0].row.offset), (0, twin));
                answers.push((similar, of_first));
            }
        });
    }
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn classic_runs_have_alike_flows_too_and_none_are_like_what_is_no_flow() {
    let text: Arc<[u8]> = format!("a,b\n{}", "1,2\n2,3\n4,5\n9,9\n".repeat(30)).into_bytes().into();
    let host = ThreadHost::new(2, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let opened = engine::open(&host, &Choices::default(), Limits::default()).await.unwrap();
        let dataset = engine::read(&host, &opened).await.unwrap();
        let treatment = flowsift::features::Treatment::from(flowsift::features::Mode::Classic);
        let outcome = engine::run(&host, &dataset, Options { treatment, ..Options::default() }).await.unwrap();
        let known = (&dataset, &outcome);
        let alike = engine::similar(&host, known, 4, 6).await.unwrap();
        assert_eq!(alike.iter().map(|alike| alike.distance).collect::<Vec<_>>(), [0; 6]);
        assert_eq!(engine::similar(&host, known, 5, 6).await.unwrap(), []);
    });
}
