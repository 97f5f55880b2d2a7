//! What all flows of a finding have in common, as rules ask for it: written alike whichever file it is from.

use super::Apart;
use crate::{
    engine::Dataset,
    ingest::MISSING_WORDS,
    report::{Common, GroupFacts, LONGEST_SUPPRESSED, Part, RankedRow},
    table::{FlowColumns, Host, Kind, MISSING_KEY, key_number},
    words::protocol_name,
};

/// Of a group, what all of its rows have.
pub fn of_group(facts: &GroupFacts, flow: &FlowColumns, apart: &[Apart], dataset: &Dataset) -> Common {
    let host_at = |end: usize| {
        let &column = flow.addresses.get(end)?;
        let only = facts.hosts[end].only()?;
        if let Host::Address(address) = only {
            Some(address.to_string())
        } else {
            text(only.network(), column, dataset)
        }
    };
    let end = flow.ports.len().saturating_sub(1).min(1);
    let port = flow.ports.get(end).and_then(|&column| text(facts.ports[end].only()?, column, dataset));
    let protocol = flow.protocol.and_then(|column| text(facts.protocols.only()?, column, dataset));
    common([host_at(0), host_at(1), port, protocol], apart)
}

/// Of a flow, what it has.
pub fn of_flow(row: &RankedRow, flow: &FlowColumns, apart: &[Apart]) -> Common {
    let cell = |column: Option<&usize>| column.and_then(|&column| row.cells.get(column)).cloned();
    let [from, to] = [0, 1].map(|end| cell(flow.addresses.get(end)));
    let port = cell(flow.ports.get(flow.ports.len().saturating_sub(1).min(1)));
    common([from, to, port, cell(flow.protocol.as_ref())], apart)
}

/// The value that stands for a key, where it is known.
fn text(key: u32, column: usize, dataset: &Dataset) -> Option<String> {
    if key == MISSING_KEY {
        return None;
    }
    let counts = dataset.profile.columns[column].counts.as_ref();
    let named = counts.and_then(|counts| counts.iter().find(|value| value.key == key && !value.text.is_empty()));
    let number = || (dataset.layout.schema.fields[column].kind == Kind::Number).then(|| key_number(key).to_string());
    named.map(|value| value.text.to_owned()).or_else(number)
}

/// Sources, destinations, ports and protocols, each in one spelling; and a finding's shape, two columns, for more would seldom be the
/// same on another day. What is too long for a rule is left out.
fn common([from, to, port, protocol]: [Option<String>; 4], apart: &[Apart]) -> Common {
    // Which of them counts more is nothing to go by.
    let shape = match apart {
        [] => None,
        [one] => Some(one.name.clone()),
        [one, other, ..] if other.name < one.name => Some(format!("{} and {}", other.name, one.name)),
        [one, other, ..] => Some(format!("{} and {}", one.name, other.name)),
    };
    let known = |text: Option<String>| {
        let text = text?.trim().to_owned();
        (!MISSING_WORDS.contains(&text.as_str())).then_some(text)
    };
    let spelt = [
        known(from).map(host),
        known(to).map(host),
        known(port).map(number),
        known(protocol).map(|text| protocol_of(&text)),
        shape,
    ];
    let mut common = Common::default();
    for (part, text) in Part::ALL.into_iter().zip(spelt) {
        common.set(part, text.filter(|text| !text.is_empty() && text.len() <= LONGEST_SUPPRESSED));
    }
    common
}

fn host(text: String) -> String {
    if let Host::Address(address) = Host::read(text.as_bytes()) { address.to_string() } else { text }
}

/// `443`, also where the file says `443.0`.
fn number(text: String) -> String {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => text,
    }
}

fn protocol_of(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    protocol_name(text.strip_suffix(".0").unwrap_or(&text)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_file_writes_is_spelt_in_one_way() {
        let apart = |name: &str| Apart {
            column: 0,
            name: name.into(),
            value: String::new(),
            usual: None,
            share: 0.0,
            spread: None,
        };
        let said = |texts: [&str; 4], apart: &[Apart]| common(texts.map(|text| Some(text.to_owned())), apart);
        let one = said(["10.0.0.7", " 2001:DB8:0::1", "443", "6"], &[apart("b"), apart("a"), apart("c")]);
        let other = said(["::ffff:10.0.0.7", "2001:db8::1 ", "443.0", "TCP"], &[apart("a"), apart("b")]);
        assert_eq!(one, other);
        assert_eq!(
            (one.from.as_deref(), one.port.as_deref(), one.protocol.as_deref()),
            (Some("10.0.0.7"), Some("443"), Some("tcp"))
        );
        assert_eq!(one.apart.as_deref(), Some("a and b"));
        let nothing = said(["", " ", "-", "N/A"], &[]);
        assert_eq!(nothing, Common::default());
        assert_eq!(said([&"a".repeat(300), "printer", "http", "17"], &[]).from, None);
    }
}
