use proptest::prelude::*;

use super::*;
use crate::ingest::{Choices, Layout, RecordReader, TableBuilder};

fn blocks(rows: &[(u32, u8, u8, u16, u32)]) -> (Layout, Block) {
    let mut text = String::from("start,src_ip,dst_ip,dst_port,bytes\n");
    for (time, from, to, port, bytes) in rows {
        text += &format!("{},10.0.0.{from},192.0.2.{to},{port},{bytes}\n", 1_700_000_000 + time);
    }
    let layout = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table").0;
    let mut builder = TableBuilder::new(&layout);
    let cursor = std::io::Cursor::new(text.as_str());
    let mut reader = RecordReader::new(cursor, layout.data_start, &layout.format, 1 << 16).expect("seeks");
    while let Some(record) = reader.next_record().expect("reads") {
        builder.push(&record);
    }
    let block = builder.finish(0).0.blocks.remove(0);
    (layout, block)
}

fn counted(layout: &Layout, block: &Block, span: [i64; 2], rows: std::ops::Range<usize>) -> Traffic {
    let mut count = TrafficCount::new(&layout.schema, span);
    rows.for_each(|row| count.add(block, row, row % 3 == 0));
    count.finish()
}

const SECOND: i64 = 1_000_000_000;

#[test]
fn flows_are_counted_by_time_host_pair_and_port() {
    let (layout, block) = blocks(&[(0, 1, 9, 443, 100), (10, 1, 9, 443, 50), (10, 2, 9, 53, 7), (960, 1, 8, 21, 1)]);
    let span = [1_700_000_000 * SECOND, 1_700_000_960 * SECOND];
    let traffic = counted(&layout, &block, span, 0..4);
    let amounts = |flows, anomalies, bytes| Amounts { flows, anomalies, bytes };
    assert_eq!((traffic.times[0], traffic.times[1]), (amounts(1, 1, 100), amounts(2, 0, 57)));
    // The last point in time is in the last part.
    assert_eq!(traffic.times[PARTS - 1], amounts(1, 1, 1));
    let name = |host| if let Host::Address(address) = host { address.to_string() } else { String::new() };
    let hosts: Vec<(String, Amounts)> =
        traffic.hosts.by(Amount::Flows, 9).into_iter().map(|(host, amounts)| (name(host), amounts)).collect();
    assert_eq!(
        hosts,
        [
            ("10.0.0.1", amounts(3, 2, 151)),
            ("192.0.2.9", amounts(3, 1, 157)),
            ("10.0.0.2", amounts(1, 0, 7)),
            ("192.0.2.8", amounts(1, 1, 1))
        ]
        .map(|(name, amounts)| (name.to_owned(), amounts))
    );
    assert_eq!(name(traffic.hosts.by(Amount::Bytes, 1)[0].0), "192.0.2.9");
    assert_eq!(traffic.pairs.len(), 3);
    assert_eq!(traffic.ports.by(Amount::Flows, 1)[0], (443, amounts(2, 1, 150)));
    let peers = traffic.peers().expect("few pairs");
    let of: Vec<(String, u32)> =
        traffic.hosts.counts().iter().zip(peers).map(|(host, peers)| (name(host.0), peers)).collect();
    assert_eq!(
        of,
        [("10.0.0.1", 2), ("10.0.0.2", 1), ("192.0.2.8", 1), ("192.0.2.9", 2)].map(|(a, b)| (a.to_owned(), b))
    );
}

#[test]
fn parts_begin_where_the_ones_before_end() {
    for span in [[0, 1_000], [-7, 90], [5, 5], [i64::MIN + 1, i64::MAX]] {
        for part in 0..PARTS {
            let [from, to] = part_span(part, span);
            assert_eq!(part_span(part + 1, span)[0], to);
            if from < to && to <= span[1] {
                assert_eq!((part_of(from, span), part_of(to - 1, span)), (Some(part), Some(part)), "{span:?} {part}");
            }
        }
    }
    assert_eq!((part_of(4, [5, 9]), part_of(10, [5, 9])), (None, None));
}

#[test]
fn more_than_can_be_told_are_not_told_however_they_are_cut() {
    let census = |from: usize, to: usize| {
        Census::of((from..to).map(|key| (key, Amounts { flows: 1, ..Amounts::default() })).collect())
    };
    let mut few = census(0, 10);
    few.merge(census(5, 20));
    assert_eq!((few.is_crowded(), few.len(), few.by(Amount::Flows, 1)[0].1.flows), (false, 20, 2));
    for cut in [1, MOST_COUNTED / 2, MOST_COUNTED] {
        let mut all = census(0, cut);
        all.merge(census(cut, MOST_COUNTED + 1));
        assert_eq!((all.is_crowded(), all.len()), (true, 0));
    }
}

proptest! {
    #[test]
    fn any_cut_joins_to_the_same(
        rows in prop::collection::vec((0u32..500, 0u8..6, 0u8..6, 0u16..9, 0u32..1_000), 2..60), cut in 0usize..60,
    ) {
        let (layout, block) = blocks(&rows);
        let span = [1_700_000_000 * SECOND, 1_700_000_500 * SECOND];
        let cut = cut.min(rows.len());
        let mut joined = counted(&layout, &block, span, 0..cut);
        // Which rows are anomalies goes by their numbers, so the second part is counted with the same ones.
        joined.merge(counted(&layout, &block, span, cut..rows.len()));
        prop_assert_eq!(joined, counted(&layout, &block, span, 0..rows.len()));
    }
}
