//! Hosts, ports and parts of the time in words, and as terms of a filter.

use crate::{
    engine::Dataset,
    report::{Amounts, RankedRow, edit::written, part_span},
    table::{Field, FlowColumns, Host, Storage, TimeStyle, Unit},
    ui::{findings::host_name, format, words},
};

/// How much of it: `120 flows, 3 anomalies, 4.5 MB`.
pub fn amounts(amounts: Amounts, bytes: bool) -> String {
    let flows = format::counted(amounts.flows, "flow", "flows");
    let anomalies = format::counted(amounts.anomalies, "anomaly", "anomalies");
    if bytes {
        format!("{flows}, {anomalies}, {}", self::bytes(amounts.bytes))
    } else {
        format!("{flows}, {anomalies}")
    }
}

/// An amount of bytes.
pub fn bytes(bytes: u64) -> String {
    format::quantity(bytes as f64, Some(Unit::Bytes))
}

/// What leaves the flows of a host, whichever end it is.
pub fn host_term(host: Host, flow: &FlowColumns, dataset: &Dataset) -> Option<String> {
    let (&column, fields) = (flow.addresses.first()?, &dataset.layout.schema.fields);
    let name = if flow.addresses.len() == 1 { fields[column].name.as_str() } else { "ip" };
    (host != Host::Missing).then(|| written(name, ":", &host_name(host, column, dataset))).flatten()
}

/// What leaves the flows from one host to another.
pub fn pair_terms(pair: (Host, Host), flow: &FlowColumns, dataset: &Dataset) -> Option<Vec<String>> {
    let term = |place: usize, host: Host| {
        let &column = flow.addresses.get(place)?;
        let name = &dataset.layout.schema.fields[column].name;
        (host != Host::Missing).then(|| written(name, ":", &host_name(host, column, dataset))).flatten()
    };
    Some(vec![term(0, pair.0)?, term(1, pair.1)?])
}

/// What leaves the flows that began in these parts of the time, of which the last is among them.
pub fn time_terms([first, last]: [usize; 2], span: [i64; 2], field: &Field) -> Option<Vec<String>> {
    let [from, to] = [part_span(first, span)[0], part_span(last, span)[1]];
    // The last point in time of all is in the last part.
    let (sign, to) = if to >= span[1] { ("<=", span[1]) } else { ("<", to) };
    Some(vec![written(&field.name, ">=", &typed(from, field))?, written(&field.name, sign, &typed(to, field))?])
}

/// What leaves the flows that began within so many nanoseconds of this one.
pub fn around(row: &RankedRow, dataset: &Dataset, within: i64) -> Option<Vec<String>> {
    let column = FlowColumns::of(&dataset.layout.schema).time?;
    let field = &dataset.layout.schema.fields[column];
    let time = words::nanoseconds(row.cells.get(column)?, field, &dataset.layout)?;
    let [from, to] = [time.saturating_sub(within), time.saturating_add(within)].map(|time| typed(time, field));
    Some(vec![written(&field.name, ">=", &from)?, written(&field.name, "<=", &to)?])
}

/// A point in time as the filter reads it: a date, or a number where the column has some.
pub fn typed(nanoseconds: i64, field: &Field) -> String {
    let is_number = field.time.and_then(TimeStyle::nanoseconds).is_some();
    match field.storage() {
        // Numbers that are no dates, since a capture began.
        Storage::Time { per } if is_number && nanoseconds.abs() < words::DATES as i64 * 1_000_000_000 => {
            (nanoseconds as f64 / per as f64).to_string()
        }
        _ if field.time == Some(TimeStyle::TimeOfDay) => words::moment(nanoseconds, field),
        _ => format::moment(nanoseconds),
    }
}

/// When parts of the time were.
pub fn between([first, last]: [usize; 2], span: [i64; 2], field: &Field) -> String {
    let [from, to] =
        [part_span(first, span)[0], part_span(last, span)[1]].map(|time| words::moment(rounded(time, span), field));
    let day = from.split(' ').next().unwrap_or_default();
    match to.strip_prefix(day).filter(|_| from.contains(' ')) {
        Some(time) => format!("{from} –{time}"),
        None => format!("{from} – {to}"),
    }
}

/// To what can be told apart in such a span, at least milliseconds of minutes and seconds of days.
fn rounded(time: i64, span: [i64; 2]) -> i64 {
    let step = if span[1].saturating_sub(span[0]) > 3_600_000_000_000 { 1_000_000_000 } else { 1_000_000 };
    time.div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::Filter, ui::words::tests::dataset_of};

    #[test]
    fn what_is_clicked_is_what_the_filter_looks_for() {
        let text = "Start Time,Src IP,Dst IP,Dst Port,Bytes\n\
                    2017-07-05 10:00:00,10.0.0.1,192.0.2.9,443,5\n2017-07-05 10:16:00,fe80::1,192.0.2.9,53,6\n";
        let dataset = dataset_of(text).1;
        let schema = &dataset.layout.schema;
        let flow = FlowColumns::of(schema);
        let read = |terms: Vec<String>| Filter::parse(&terms.join(" "), schema).map(|filter| filter.terms.len());
        let hosts = [b"10.0.0.1".as_slice(), b"fe80::1"].map(Host::read);
        assert_eq!(host_term(hosts[0], &flow, &dataset).as_deref(), Some("ip:10.0.0.1"));
        let pair = pair_terms((hosts[1], hosts[0]), &flow, &dataset).expect("two hosts");
        assert_eq!(pair, ["\"Src IP\":fe80::1", "\"Dst IP\":10.0.0.1"]);
        assert_eq!(read(pair), Ok(2));
        assert_eq!(host_term(Host::Missing, &flow, &dataset), None);

        let span = dataset.profile.columns[0].exact;
        let field = &schema.fields[0];
        let terms = time_terms([0, 0], span, field).expect("a name");
        assert_eq!(terms, ["\"Start Time\">=\"2017-07-05 10:00:00\"", "\"Start Time\"<\"2017-07-05 10:00:10\""]);
        let filter = Filter::parse(&terms.join(" "), schema).expect("a filter");
        assert_eq!(filter.span(0, field, span), part_span(0, span));
        let all = time_terms([0, crate::report::PARTS - 1], span, field).expect("a name");
        assert_eq!(all[1], "\"Start Time\"<=\"2017-07-05 10:16:00\"");
        assert_eq!(between([0, 0], span, field), "2017-07-05 10:00:00 – 10:00:10");
    }

    #[test]
    fn times_are_typed_as_their_column_has_them() {
        for (text, typed) in [
            ("ts,src_ip,bytes\n1499248800,10.0.0.1,1\n1499248896.5,10.0.0.2,2\n", "ts>=\"2017-07-05 10:00:00\""),
            ("start_time,src_ip,bytes\n12:30:00,10.0.0.1,1\n12:31:36,10.0.0.2,2\n", "start_time>=12:30:00"),
        ] {
            let dataset = dataset_of(text).1;
            let schema = &dataset.layout.schema;
            let column = FlowColumns::of(schema).time.expect("a time");
            let span = dataset.profile.columns[column].exact;
            let terms = time_terms([0, 3], span, &schema.fields[column]).expect("a name");
            assert_eq!(terms[0], typed);
            let filter = Filter::parse(&terms.join(" "), schema).expect("a filter");
            assert_eq!(filter.span(column, &schema.fields[column], span)[1], part_span(3, span)[1]);
        }
    }

    #[test]
    fn around_a_flow_are_those_of_its_minute() {
        let text = "Start,Src IP,Bytes\n05/07/2017 10:00:00,10.0.0.1,5\n05/07/2017 23:16:00,10.0.0.2,6\n";
        let dataset = dataset_of(text).1;
        let cells = ["05/07/2017 10:00:00", "10.0.0.1", "5"].map(str::to_owned).to_vec();
        let row = RankedRow { cells, ..RankedRow::default() };
        let terms = around(&row, &dataset, 60_000_000_000).expect("a time");
        let day = if terms[0].contains("07-05") { "2017-07-05" } else { "2017-05-07" };
        assert_eq!(terms, [format!("Start>=\"{day} 09:59:00\""), format!("Start<=\"{day} 10:01:00\"")]);
    }

    #[test]
    fn amounts_are_told() {
        let some = Amounts { flows: 1_200, anomalies: 1, bytes: 4_500_000 };
        assert_eq!(amounts(some, true), "1,200 flows, 1 anomaly, 4.5 MB");
        assert_eq!(amounts(some, false), "1,200 flows, 1 anomaly");
    }
}
