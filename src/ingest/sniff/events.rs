//! Suricata's events, of which flows are some: where the first flow is.
//!
//! A flow is written when it ends, so at a busy site megabytes of alerts and lookups may come before the first.

use std::io::{Read, Seek};

use memchr::{memmem, memrchr};

use super::{
    head::Head,
    json::{DECIDING, Object},
};
use crate::ingest::{HEAD_BYTES, IngestError, read_slice};

/// Bytes of a file that are searched for the first flow.
const SEARCHED: u64 = 256 << 20;
/// Bytes searched at a time.
const SLICE: usize = 8 << 20;

/// What tells the layout of the file at `start..start + length`: `head`, its first bytes; or the bytes from its first flow
/// on, where `head` has events of other kinds only.
///
/// # Errors
/// [`IngestError::Read`] if the source fails.
pub fn head_from_first_flow(
    source: &mut (impl Read + Seek),
    start: u64,
    length: u64,
    head: Vec<u8>,
) -> Result<Vec<u8>, IngestError> {
    let whole = head.len() as u64 >= length;
    if whole || !has_other_events_only(&head, length) {
        return Ok(head);
    }
    let end = start + length.min(SEARCHED);
    let mut at = start;
    while at < end {
        let slice = read_slice(source, at, SLICE.min((end - at) as usize))?;
        if let Some(found) = first_flow(&slice) {
            let most = HEAD_BYTES.min((start + length - at) as usize - found);
            return read_slice(source, at + found as u64, most);
        }
        if slice.is_empty() {
            break;
        }
        // The last line may be cut off; if it is all there is, it is no flow.
        at += memrchr(b'\n', &slice).map_or(slice.len(), |line_end| line_end + 1) as u64;
    }
    Ok(head)
}

fn has_other_events_only(head: &[u8], length: u64) -> bool {
    let cut = Head::new(head, length);
    let objects = || cut.lines(cut.start).take(DECIDING).filter_map(|(_, line)| Object::read(line).ok());
    head[cut.start..].starts_with(b"{") && objects().any(|object| object.is_event) && first_flow(head).is_none()
}

/// Where the line of the first flow begins.
fn first_flow(text: &[u8]) -> Option<usize> {
    memmem::find_iter(text, b"flow\"").find_map(|at| {
        let begin = memrchr(b'\n', &text[..at]).map_or(0, |line_end| line_end + 1);
        let end = memchr::memchr(b'\n', &text[at..]).map(|line_end| at + line_end)?;
        Object::read(&text[begin..end]).is_ok_and(|object| object.is_flow).then_some(begin)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const ALERT: &str = "{\"event_type\":\"alert\",\"note\":\"a flow\"}\n";
    const FLOW: &str = "{\"event_type\":\"flow\",\"flow\":{\"pkts\":1}}\n";

    fn told(text: &str, at_hand: usize) -> usize {
        let length = text.len() as u64;
        let head = text.as_bytes()[..at_hand].to_vec();
        let told = head_from_first_flow(&mut Cursor::new(text), 0, length, head).expect("reads");
        assert!(text.as_bytes().windows(told.len()).any(|window| window == told));
        text.find(std::str::from_utf8(&told).expect("text")).expect("a part of it")
    }

    #[test]
    fn the_first_flow_is_searched_for_behind_other_events_only() {
        let alerts = ALERT.repeat(50);
        let late = alerts.clone() + FLOW + &alerts;
        assert_eq!(told(&late, alerts.len()), alerts.len());
        assert_eq!(told(&late, alerts.len() + FLOW.len()), 0, "the flow is at hand");
        assert_eq!(told(&alerts, ALERT.len() * 3), 0, "there is none");
        assert_eq!(told(&(r#"{"a":1}"#.to_owned() + "\n" + FLOW), 8), 0, "they are no events");
        // A line longer than a slice, and one that the search cuts.
        let long = ALERT.to_owned() + &format!("{{\"event_type\":\"dns\",\"x\":\"{}\"}}\n", "y".repeat(SLICE)) + FLOW;
        assert_eq!(told(&long, ALERT.len()), long.len() - FLOW.len());
    }
}
