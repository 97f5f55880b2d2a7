//! Headers that do not fit their rows, and files that describe their own columns.

use super::*;

const ROWS: [&str; 3] = ["1709647200,10.0.0.1,443,1961", "1709647201,10.0.0.2,53,1779", "1709647202,10.0.0.3,443,2205"];

fn text(header: &str, row: impl Fn(usize, &str) -> String) -> String {
    let rows: String = ROWS.iter().enumerate().map(|(number, text)| row(number, text) + "\n").collect();
    format!("{header}\n{rows}")
}

#[test]
fn a_delimiter_behind_every_row_is_no_column() {
    for header in ["ts,src,dport,bytes", "ts,src,dport,bytes,", "ts,src,dport,bytes, "] {
        let text = text(header, |_, row| format!("{row},"));
        let (layout, findings) = sniff(&text);
        assert_eq!(names(&layout), ["ts", "src", "dport", "bytes"], "{header}");
        assert_eq!(findings.count(FindingKind::TrailingDelimiter), 1);
        assert_eq!(findings.by_kind[&FindingKind::TrailingDelimiter].first[0].line, 2);
        assert_eq!(findings.count(FindingKind::EmptyName), 0);
        assert_eq!((layout.row_cells, preview(&layout, &text)[2][3].as_str()), (4, "2205"));
    }
    let (layout, findings) = sniff(&text("ts,src,dport,bytes,note", |_, row| format!("{row},")));
    assert_eq!((layout.schema.width(), findings.count(FindingKind::TrailingDelimiter)), (5, 0), "it has a name");
    // SiLK's rwcut.
    let (layout, _) =
        sniff("   sIP|  dIP|sPort|   bytes|\n10.0.0.1|10.0.0.2|   53|     120|\n10.0.0.3|10.0.0.2|   80|      99|\n");
    assert_eq!(names(&layout), ["sIP", "dIP", "sPort", "bytes"]);
}

#[test]
fn row_numbers_without_a_name_shift_no_name() {
    let (layout, findings) = sniff(&text("ts,src,dport,bytes", |number, row| format!("{},{row}", 100 + number)));
    assert_eq!(names(&layout), ["row", "ts", "src", "dport", "bytes"]);
    assert_eq!(findings.by_kind[&FindingKind::UnnamedRowNumbers].first[0].column, Some(0));
    assert_eq!(field(&layout, "ts").role, Role::Time);
    // R quotes them.
    let (layout, _) = sniff("\"row\",\"bytes\"\n\"1\",5,100\n\"2\",6,200\n\"3\",6,20\n");
    assert_eq!(names(&layout), ["row 2", "row", "bytes"]);
    let (layout, findings) = sniff(&text("ts,src,dport,bytes", |_, row| format!("{row},x")));
    assert_eq!(names(&layout), ["ts", "src", "dport", "bytes", "Column 5"]);
    assert_eq!(findings.count(FindingKind::EmptyName), 1);
}

#[test]
fn a_name_without_cells_is_told_once() {
    let (layout, findings) = sniff(&text("ts,src,dport,bytes,notes", |_, row| row.to_owned()));
    assert_eq!((names(&layout)[4], layout.row_cells), ("notes", 4));
    assert_eq!(findings.by_kind[&FindingKind::NameWithoutCells].first[0].column, Some(4));
    let (layout, findings) = sniff("a,b,c,d\n1,2,3\n1,2,3,4\n");
    assert_eq!((layout.row_cells, findings.count(FindingKind::NameWithoutCells)), (4, 0), "one row has it");
}

#[test]
fn logs_of_web_servers_and_of_the_windows_firewall_name_their_fields() {
    let log = "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Fields: date time action src-ip size info\r\n\r\n\
               2019-11-06 12:35:19 DROP fe80::1 59 -\r\n2019-11-06 12:35:19 ALLOW 10.0.0.1 60\r\n2019-11-06 12:35:20 DROP fe80::2 61 -\r\n";
    let (layout, _) = sniff(log);
    assert_eq!(names(&layout), ["date", "time", "action", "src-ip", "size", "info"]);
    assert_eq!((layout.row_cells, preview(&layout, log)[1].len()), (6, 6));
    let (layout, _) = sniff("#Fields: date-time,client-ip,total-bytes\n2024-03-05T14:00:00.365Z,10.0.0.1,500\n");
    assert_eq!(names(&layout), ["date-time", "client-ip", "total-bytes"]);
    assert_eq!(refused("#Fields: date time size\n"), IngestError::HeaderOnly { columns: 3 });
}

#[test]
fn zeek_logs_of_spaces_are_read() {
    let log = "#separator \\x09\n#fields  ts   id.orig_h  id.resp_p  orig_bytes\n#types   time addr port count\n\
               1.5   10.0.0.1  53   -\n2.5   10.0.0.2  443  12\n#close 2024\n";
    let (layout, _) = sniff(log);
    assert_eq!(names(&layout), ["ts", "id.orig_h", "id.resp_p", "orig_bytes"]);
    assert_eq!(preview(&layout, log), [["1.5", "10.0.0.1", "53", "-"], ["2.5", "10.0.0.2", "443", "12"]]);
}

#[test]
fn arff_says_what_its_columns_are() {
    let arff = "@relation flows\n@attribute duration numeric\n@attribute protocol_type {tcp, udp}\n@attribute 'src bytes' real\n\
                @attribute class {normal, anomaly}\n@data\n% rows\n0.5,tcp,491,normal\n?,'udp',146,anomaly\n1.5,tcp,?,normal\n";
    let (layout, _) = sniff(arff);
    assert_eq!(names(&layout), ["duration", "protocol_type", "src bytes", "class"]);
    assert_eq!(preview(&layout, arff)[1], ["?", "udp", "146", "anomaly"]);
    assert_eq!(field(&layout, "protocol_type").kind, Kind::Text);
    assert_eq!((field(&layout, "duration").kind, field(&layout, "src bytes").kind), (Kind::Number, Kind::Number));
    assert_eq!(
        refused("@relation r\n@attribute a real\n@attribute b real\n@data\n"),
        IngestError::HeaderOnly { columns: 2 }
    );
}

#[test]
fn what_describes_the_tool_is_no_flow() {
    let joy = "{\"version\":\"1.74\",\"promisc\":0,\"threads\":2}\n{\"sa\":\"10.0.0.1\",\"sp\":53,\"bytes_out\":5}\n\
               {\"sa\":\"10.0.0.2\",\"sp\":54,\"bytes_out\":6,\"tls\":{\"v\":5}}\n";
    let (layout, findings) = sniff(joy);
    assert_eq!(names(&layout), ["sa", "sp", "bytes_out", "tls.v"]);
    assert_eq!((findings.count(FindingKind::ToolDescription), preview(&layout, joy).len()), (1, 2));
    let (_, findings) = sniff("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
    assert_eq!(findings.count(FindingKind::ToolDescription), 0, "no two have anything in common");
}

#[test]
fn totals_are_found_at_the_end_of_short_files_and_of_long_ones() {
    for rows in [20, 9_000] {
        let row = |n: usize| format!("2024-03-{:02};10.0.0.{};{};{}\n", n % 28 + 1, n % 250, n % 9 + 1, n * 100);
        let mut text = "time;src;packets;bytes\n".to_owned() + &(0..rows).map(row).collect::<String>();
        let (layout, _) = sniff(&text);
        let find = |text: &str| {
            let end = text.len() as u64;
            layout.find_totals(&mut Cursor::new(text), layout.data_start..end).expect("reads")
        };
        assert_eq!(find(&text), None);
        let end = text.len() as u64;
        text += "Summe;;5.000;1.234.567\n";
        assert_eq!(find(&text), Some(end..text.len() as u64));
        let (layout, _) = sniff(&text);
        assert_eq!(field(&layout, "time").time, Some(TimeStyle::YearFirst), "{rows}");
    }
}
