//! Flow logs of Azure: records that hold their flows as texts, in lists of lists.
//!
//! Of network security groups, `records[].properties.flows[].flows[].flowTuples[]`; of virtual networks,
//! `records[].flowRecords.flows[].flowGroups[].flowTuples[]`
//! (<https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview>,
//! <https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview>).

use std::ops::Range;

use crate::ingest::json::{Value, walk};

/// What a flow of a security group says, in order; the last five since version 2.
const SECURITY_GROUP: [&str; 13] = [
    "ts",
    "src_ip",
    "dst_ip",
    "src_port",
    "dst_port",
    "protocol",
    "direction",
    "decision",
    "state",
    "packets_sent",
    "bytes_sent",
    "packets_received",
    "bytes_received",
];
/// What a flow of a virtual network says, in order.
const VIRTUAL_NETWORK: [&str; 13] = [
    "ts",
    "src_ip",
    "dst_ip",
    "src_port",
    "dst_port",
    "protocol",
    "direction",
    "state",
    "encryption",
    "packets_sent",
    "bytes_sent",
    "packets_received",
    "bytes_received",
];
/// Where in a flow its protocol stands: a letter in logs of security groups, a number in those of virtual networks.
const PROTOCOL: usize = 5;
/// What is said of all flows in a list, and what it is called on each.
const SHARED: [(&str, &str); 4] = [("rule", "rule"), ("mac", "mac"), ("macAddress", "mac"), ("aclID", "acl")];
/// Lists inside lists that are looked into.
const DEEPEST: usize = 6;
/// So many times the bytes of a record its flows may take: every flow repeats the names and what is shared, which makes five
/// to six times of what Azure writes.
const MOST_GROWTH: usize = 16;

/// Appends a line for each flow of a record; `false`, and nothing appended, if it holds no such list, or one that grows beyond
/// all measure.
pub(super) fn write(record: &[u8], out: &mut Vec<u8>) -> bool {
    let before = out.len();
    let most = before + MOST_GROWTH * record.len();
    let wrote = write_object(record, &[], 0, most, out) && out.len() <= most;
    if !wrote {
        out.truncate(before);
    }
    wrote
}

/// Stops soon after `out` has more than `most` bytes.
fn write_object(object: &[u8], shared: &[(&str, &[u8])], depth: usize, most: usize, out: &mut Vec<u8>) -> bool {
    let mut shared = shared.to_vec();
    let mut lists: Vec<(bool, Range<usize>)> = Vec::new();
    let walked = walk(object, &mut Vec::new(), &mut |path, value| {
        let name = path.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
        match value {
            Value::Literal(range) if object[range.start] == b'[' => lists.push((name == b"flowTuples", range)),
            Value::String { inside, .. } => {
                if let Some((_, called)) = SHARED.iter().find(|(known, _)| known.as_bytes() == name) {
                    shared.retain(|(other, _)| other != called);
                    shared.push((called, &object[inside]));
                }
            }
            _ => {}
        }
    });
    if walked.is_err() || depth > DEEPEST {
        return false;
    }
    let mut wrote = false;
    for (is_flows, list) in lists {
        for element in elements(&object[list]) {
            if out.len() > most {
                return wrote;
            }
            wrote |= match element {
                [b'"', tuple @ .., b'"'] if is_flows => {
                    write_flow(tuple, &shared, out);
                    true
                }
                [b'{', ..] => write_object(element, &shared, depth + 1, most, out),
                _ => is_flows,
            };
        }
    }
    wrote
}

/// A flow, as a line with an object.
fn write_flow(tuple: &[u8], shared: &[(&str, &[u8])], out: &mut Vec<u8>) {
    let values = || tuple.split(|&byte| byte == b',');
    let is_number = |value: &[u8]| matches!(value, [b'1'..=b'9', ..] | b"0") && value.iter().all(u8::is_ascii_digit);
    let names = if values().nth(PROTOCOL).is_some_and(is_number) { VIRTUAL_NETWORK } else { SECURITY_GROUP };
    let mut sign = b'{';
    let mut member = |name: &str, quoted: bool, value: &[u8]| {
        out.push(sign);
        sign = b',';
        out.extend([b"\"", name.as_bytes(), b"\":"].concat());
        out.extend(if quoted { [b"\"", value, b"\""].concat() } else { value.to_vec() });
    };
    for (name, value) in names.iter().zip(values()) {
        match value {
            b"" => member(name, false, b"null"),
            value => member(name, !is_number(value), value),
        }
    }
    shared.iter().for_each(|(name, value)| member(name, true, value));
    out.extend(b"}\n");
}

/// The elements of an array that is well formed.
fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inside = &array[1..array.len() - 1];
    let (mut at, mut done) = (0, false);
    std::iter::from_fn(move || {
        let (start, mut open, mut in_string) = (at, 0usize, false);
        while !done {
            let byte = inside.get(at).copied();
            at += 1;
            match byte {
                None => done = true,
                Some(b'\\') if in_string => at += 1,
                Some(b'"') => in_string = !in_string,
                Some(_) if in_string => {}
                Some(b'[' | b'{') => open += 1,
                Some(b']' | b'}') => open = open.saturating_sub(1),
                Some(b',') if open == 0 => return Some(inside[start..at - 1].trim_ascii()),
                Some(_) => {}
            }
        }
        let last = inside.get(start..).map(<[u8]>::trim_ascii).filter(|last| !last.is_empty());
        at = inside.len() + 1;
        last
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(record: &str) -> Option<Vec<String>> {
        let mut out = Vec::new();
        write(record.as_bytes(), &mut out)
            .then(|| String::from_utf8(out).expect("text").lines().map(str::to_owned).collect())
    }

    #[test]
    fn flows_of_security_groups_are_lines() {
        let record = r#"{"time":"2024-03-05T14:00:00Z","category":"NetworkSecurityGroupFlowEvent","properties":{"Version":2,
            "flows":[{"rule":"UserRule_web","flows":[{"mac":"00005E005300","flowTuples":[
            "1709647200,192.0.2.7,198.51.100.4,35370,23,T,I,D,B,,,,","1709647201,192.0.2.8,198.51.100.4,80,443,T,O,A,E,25,3400,30,5100"]}]},
            {"rule":"DefaultRule","flows":[]}]}}"#;
        let lines = lines(record).expect("flows");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0],
            r#"{"ts":1709647200,"src_ip":"192.0.2.7","dst_ip":"198.51.100.4","src_port":35370,"dst_port":23,"protocol":"T","direction":"I","decision":"D","state":"B","packets_sent":null,"bytes_sent":null,"packets_received":null,"bytes_received":null,"rule":"UserRule_web","mac":"00005E005300"}"#
        );
        assert!(
            lines[1].contains(r#""packets_sent":25,"bytes_sent":3400,"packets_received":30,"bytes_received":5100"#)
        );
    }

    #[test]
    fn flows_of_virtual_networks_are_lines() {
        let record = r#"{"time":"2024-03-05T14:00:00Z","macAddress":"00005E005300","flowRecords":{"flows":[{"aclID":"a-1","flowGroups":[
            {"rule":"block","flowTuples":["1709647200599,10.0.0.6,192.0.2.180,23956,443,6,O,E,NX,3,767,2,1580"]}]}]}}"#;
        let lines = lines(record).expect("flows");
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].contains(r#""protocol":6,"direction":"O","state":"E","encryption":"NX","packets_sent":3"#),
            "{}",
            lines[0]
        );
        assert!(lines[0].contains(r#""mac":"00005E005300","acl":"a-1","rule":"block"}"#), "{}", lines[0]);
    }

    #[test]
    fn what_is_long_is_not_repeated_for_every_flow() {
        let tuples = "\"1,2,3,4,5,6\",".repeat(2_000);
        let record = |rule: usize| format!("{{\"rule\":\"{}\",\"flowTuples\":[{tuples}\"7\"]}}", "x".repeat(rule));
        assert_eq!(lines(&record(80)).map(|lines| lines.len()), Some(2_001));
        // 20 MB, from 50 KB.
        assert_eq!(lines(&record(10_000)), None);
    }

    #[test]
    fn other_records_and_broken_ones_hold_none() {
        for record in ["{}", "{\"a\":[1,2]}", "{\"flowTuples\":", "[]", "{\"flows\":[{\"a\":\"]\"}]}"] {
            assert_eq!(lines(record), None, "{record}");
        }
        assert_eq!(lines("{\"flowTuples\":[7,null]}"), Some(Vec::new()), "no texts, no flows");
    }
}
