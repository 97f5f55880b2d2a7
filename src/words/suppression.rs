//! Rules by which findings are hidden.

use crate::report::{Common, Part};

/// What a rule covers: `from 10.0.0.7 to any host, port 123/udp`.
pub fn covered(rule: &Common) -> String {
    let end = |host: &Option<String>| host.clone().unwrap_or_else(|| "any host".into());
    let hosts = match (&rule.from, &rule.to) {
        (None, None) => "between any hosts".to_owned(),
        (from, to) => format!("from {} to {}", end(from), end(to)),
    };
    let port = match (&rule.port, &rule.protocol) {
        (Some(port), Some(protocol)) => format!("port {port}/{protocol}"),
        (Some(port), None) => format!("port {port}"),
        (None, Some(protocol)) => format!("any port, {protocol}"),
        (None, None) => "any port".to_owned(),
    };
    let apart = rule.apart.as_ref().map(|columns| format!(", set apart most by {columns}")).unwrap_or_default();
    format!("{hosts}, {port}{apart}")
}

/// One part of it, by itself.
pub fn part(part: Part, text: &str) -> String {
    let lead = match part {
        Part::From => "from",
        Part::To => "to",
        Part::Port => "port",
        Part::Protocol => "protocol",
        Part::Apart => "set apart most by",
    };
    format!("{lead} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said() {
        let text = |text: &str| Some(text.to_owned());
        let clock = Common { from: text("10.0.0.7"), port: text("123"), protocol: text("udp"), ..Common::default() };
        assert_eq!(covered(&clock), "from 10.0.0.7 to any host, port 123/udp");
        let ping = Common { protocol: text("icmp"), apart: text("bytes and packets"), ..Common::default() };
        assert_eq!(covered(&ping), "between any hosts, any port, icmp, set apart most by bytes and packets");
        assert_eq!(covered(&Common { to: text("printer"), ..Common::default() }), "from any host to printer, any port");
        assert_eq!(part(Part::Port, "123"), "port 123");
    }
}
