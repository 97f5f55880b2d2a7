//! What is told from the first bytes of small files of every kind. One list, as long as there are kinds of files.

use proptest::prelude::*;

use super::*;
use crate::{
    ingest::{Dialect, FindingKind},
    table::{Role, TimeStyle, Unit},
};

mod headings;

fn sniff_with(text: &str, choices: &Choices) -> Result<(Layout, Findings), IngestError> {
    Layout::sniff(text.as_bytes(), text.len() as u64, choices)
}

fn sniff(text: &str) -> (Layout, Findings) {
    sniff_with(text, &Choices::default()).expect("a table")
}

fn refused(text: &str) -> IngestError {
    sniff_with(text, &Choices::default()).expect_err("no table")
}

fn dialect(text: &str) -> Dialect {
    sniff(text).0.format.dialect()
}

fn names(layout: &Layout) -> Vec<&str> {
    layout.schema.fields.iter().map(|field| field.name.as_str()).collect()
}

fn roles(layout: &Layout) -> Vec<Role> {
    layout.schema.fields.iter().map(|field| field.role).collect()
}

fn field<'a>(layout: &'a Layout, name: &str) -> &'a Field {
    layout.schema.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no column {name}"))
}

fn preview(layout: &Layout, text: &str) -> Vec<Vec<String>> {
    layout.preview(text.as_bytes()).expect("reads")
}

#[test]
fn names_are_trimmed_numbered_and_counted() {
    let (layout, findings) = sniff("\u{feff} Flow ID, Bytes,Bytes,\n1,2,3,4\n");
    assert_eq!(names(&layout), ["Flow ID", "Bytes", "Bytes.1", "Column 4"]);
    assert_eq!(findings.count(FindingKind::PaddedName), 2);
    assert_eq!(findings.count(FindingKind::RepeatedName), 1);
    assert_eq!(findings.count(FindingKind::EmptyName), 1);
    assert_eq!(layout.header, " Flow ID, Bytes,Bytes,".as_bytes());
    assert_eq!((layout.data_start, findings.lines), (26, 1));
}

#[test]
fn kinds_and_roles_are_told_apart() {
    let row = |n: u64| {
        format!(
            "10.0.0.{}-x,10.0.0.{},{},443,6,26/04/201711:11:{n:02},{},{},SF,BENIGN,HTTP\n",
            n % 9,
            n % 9,
            1024 + n,
            n * 7,
            n * 3
        )
    };
    let rows: String = (0..40).map(row).collect();
    let (layout, findings) = sniff(&format!(
        "Flow.ID,Source.IP,Source.Port,Destination.Port,Protocol,Timestamp,Flow.Duration,Bytes,State,Label,ProtocolName\n{rows}"
    ));
    use Role::*;
    assert_eq!(
        roles(&layout),
        [Identifier, Ip, Port, Port, Protocol, Time, Duration, Measure, Category, Label, Category]
    );
    assert_eq!(layout.assumed.family.as_deref(), Some("CICFlowMeter"));
    let duration = field(&layout, "Flow.Duration");
    assert_eq!((duration.unit, duration.meaning.as_deref()), (Some(Unit::Microseconds), Some("duration")));
    assert_eq!(field(&layout, "Timestamp").time, Some(TimeStyle::DayFirst));
    assert_eq!(findings.by_kind[&FindingKind::TwelveHourClock].first[0].column, Some(5));
}

#[test]
fn unusable_files_say_why() {
    assert_eq!(refused(""), IngestError::Empty);
    assert_eq!(refused("\n \r\n"), IngestError::Empty);
    assert_eq!(refused("# nothing but comments\n"), IngestError::Empty);
    assert_eq!(refused("a,b,c\n"), IngestError::HeaderOnly { columns: 3 });
    assert_eq!(refused("#fields\tts\tuid\n#types\ttime\tstring\n"), IngestError::HeaderOnly { columns: 2 });
    assert!(matches!(refused("PK\u{3}\u{4}zip"), IngestError::Binary { .. }));
    assert!(matches!(refused("a,b\n1,\0\n"), IngestError::Binary { .. }));
    assert_eq!(
        refused("host,state\nx,up\ny,down\n"),
        IngestError::NoNumbers { columns: 2, names: "host, state".into() }
    );
    let rows: String =
        (0..30).map(|n| format!("{},{}\n", ["tcp", "udp"][n % 2], ["allow", "deny"][n % 3 % 2])).collect();
    assert_eq!(roles(&sniff(&format!("proto,action\n{rows}")).0), [Role::Protocol, Role::Category]);
    let endless = "x".repeat(100);
    let error = Layout::sniff(endless.as_bytes(), 1_000, &Choices::default()).expect_err("no table");
    assert_eq!(error, IngestError::EndlessHeader { bytes: 100 });
    assert!(matches!(refused(&",".repeat(5_000)), IngestError::TooManyColumns { columns: 5_001, .. }));
}

#[test]
fn a_zero_byte_or_two_do_not_make_a_file_binary() {
    let text = format!("a,b\n{}1,\0\n", "1,2\n".repeat(200));
    assert_eq!(names(&sniff(&text).0), ["a", "b"]);
}

#[test]
fn a_first_row_longer_than_what_is_looked_at_is_a_row() {
    let text = format!("bytes,text\n1,{}", "x".repeat(500));
    let (layout, _) = Layout::sniff(text.as_bytes(), 1_000_000, &Choices::default()).expect("a table");
    assert_eq!((names(&layout), layout.estimated_rows()), (vec!["bytes", "text"], 1_988));
}

#[test]
fn rows_are_foretold() {
    let (layout, _) = sniff(&format!("a,b\n{}", "1234,5678\n".repeat(500)));
    assert_eq!(layout.estimated_rows(), 500);
}

#[test]
fn the_delimiter_is_the_one_that_cuts_all_records_alike() {
    for (text, delimiter) in [
        ("a,b,c\n1,2,3\n", b','),
        ("a\tb\tc\n1\t2\t3\n", b'\t'),
        ("a;b;\"c,d,e,f\"\n1;2;3\n", b';'),
        ("a|b\n1|2\n", b'|'),
        ("alone\n1\n", b','),
        // More commas than semicolons, but no two records have as many.
        ("name;bytes\na,b,c,d;1\ne,f;2\ng;3\n", b';'),
        ("x;y;z\n1,5;2,25;3,125\n4,5;5,5;6,5\n", b';'),
        ("time,agent,bytes\n2018-01-12 15:37:30,Mozilla/5.0 (X11; Linux; U),5\n2018-01-12 15:37:31,curl; x,7\n", b','),
        ("a,b\n\"1;2;3\",4\n\"5;6;7\",8\n", b','),
        ("id,list\n1,1|2|3\n2,4|5|6\n", b','),
        ("proto src dst bytes\ntcp 10.0.0.1 10.0.0.2 10\nudp 10.0.0.3 10.0.0.4 2000\n", b' '),
    ] {
        assert_eq!(dialect(text).delimiter, delimiter, "{text:?}");
    }
}

#[test]
fn quotes_are_those_that_leave_none_in_the_cells() {
    assert_eq!(dialect("a,b\n'x,y',1\n'z',2\n").quote, b'\'');
    assert_eq!(dialect("a,b\n\"x,y\",1\n\"it's\",2\n").quote, b'"');
    assert_eq!(dialect("a,b\n'-1,5',1\n'-2,5',2\n").quote, b'\'');
    assert_eq!(dialect("a;b\n'-1'234,5;1\n'-2'345,5;2\n").quote, b'"', "numbers, not formulas");
    assert_eq!(dialect("a\tb\n'-1'234,5 kB\t1\n2'345,5 kB\t2\n").quote, b'"');
    assert_eq!(dialect("a,b\nit's,1\nthat's 'it',2\n").quote, b'"');
    assert_eq!(dialect("a,b\n\"say \"\"hi\"\", x\",1\nz,2\n").escape, None);
    assert_eq!(dialect("path,b\n\"C:\\temp\\\",1\n\"D:\\\",2\n").escape, None);
}

#[test]
fn escapes_are_told_by_what_they_save() {
    let text = "agent,bytes\n\"say \\\"hi, you\\\"\",1\n\"plain\",2\n";
    let (layout, _) = sniff(text);
    assert_eq!(layout.format.dialect().escape, Some(b'\\'));
    assert_eq!(preview(&layout, text)[0], ["say \"hi, you\"", "1"]);
}

#[test]
fn blanks_around_cells_are_told_and_runs_of_them_are_one() {
    let text = "proto  src        bytes\n  tcp  10.0.0.1      10\n  udp  10.0.0.12   2000\nicmp   10.0.0.3       5\n";
    let (layout, _) = sniff(text);
    assert_eq!((layout.assumed.delimiter, layout.format.dialect().padded), (Some(b' '), true));
    assert_eq!(names(&layout), ["proto", "src", "bytes"]);
    assert_eq!(preview(&layout, text)[1], ["udp", "10.0.0.12", "2000"]);

    let text = "agent, bytes\n\"a, b\", 1\n\"c\", 2\nd, 3\n";
    assert_eq!(dialect(text).delimiter, b',');
    let text = "bytes, agent\n1, \"a, b\"\n2, \"c\"\n3, d\n";
    let (layout, _) = sniff(text);
    assert!(layout.format.dialect().padded);
    assert_eq!(preview(&layout, text)[0], ["1", "a, b"]);
    assert!(!dialect("bytes, agent\n1, a\n2, b\n").padded, "numbers and names are trimmed anyway");

    let choices = Choices { delimiter: Some(b' '), ..Choices::default() };
    let (layout, _) = sniff_with("a   b\n1  2\n3    4\n", &choices).expect("a table");
    assert_eq!(names(&layout), ["a", "b"]);
}

#[test]
fn headers_are_told_by_what_stands_below() {
    let header = |text: &str| sniff(text).0.assumed.header;
    assert!(header("a,b\n1,2\n"));
    assert!(!header("0,tcp,181,5450\n0,tcp,239,486\n"));
    assert!(!header("10.0.0.1,tcp,5\n10.0.0.2,udp,6\n"));
    assert!(!header("2018-01-12 15:37:30,tcp,5\n2018-01-12 15:37:31,udp,6\n"));
    assert!(header("when,what,5\n2018-01-12 15:37:30,udp,6\n"));
    assert!(header("duration,proto,src,2017\n0,tcp,239,486\n"));
    assert!(header("\"bytes\",\"proto\"\n,\"tcp\"\n5,\"udp\"\n"));
    let (layout, findings) = sniff("0,tcp,181,5450\n0,tcp,239,486\n");
    assert_eq!(names(&layout), ["Column 1", "Column 2", "Column 3", "Column 4"]);
    assert_eq!((layout.data_start, findings.lines), (0, 0));
    assert_eq!(layout.header, b"Column 1,Column 2,Column 3,Column 4");
}

#[test]
fn what_the_user_chose_is_taken() {
    let mut choices = Choices { header: Some(true), ..Choices::default() };
    let (layout, findings) = sniff_with("0,tcp,181\n0,tcp,239\n", &choices).expect("a table");
    assert_eq!((names(&layout), findings.count(FindingKind::NumbersAsNames)), (vec!["0", "tcp", "181"], 1));

    choices = Choices { header: Some(false), ..Choices::default() };
    let text = format!(
        "a,b
{}",
        "1,2
"
        .repeat(40)
    );
    let (layout, _) = sniff_with(&text, &choices).expect("a table");
    assert_eq!((names(&layout), preview(&layout, &text)[0].join(",")), (vec!["Column 1", "Column 2"], "a,b".into()));

    choices = Choices { delimiter: Some(b';'), decimal: Some(b','), ..Choices::default() };
    let text = "a,b;c\n1,5;2\n1,5;3\n";
    let (layout, _) = sniff_with(text, &choices).expect("a table");
    assert_eq!(names(&layout), ["a,b", "c"]);
    assert_eq!((layout.assumed.delimiter, layout.assumed.decimal), (Some(b';'), b','));
    assert_eq!(field(&layout, "a,b").kind, Kind::Number);

    choices = Choices {
        roles: [("b".to_owned(), Role::Category), ("c".to_owned(), Role::Measure)].into(),
        minus_one_is_missing: ["a".to_owned()].into(),
        ..Choices::default()
    };
    let (layout, _) = sniff_with("a,b,c\n-1,2,x\n3,4,y\n", &choices).expect("a table");
    assert_eq!(roles(&layout), [Role::Measure, Role::Category, Role::Measure]);
    assert_eq!(field(&layout, "c").kind, Kind::Number, "whoever measures by it wants its numbers");
    let flags: Vec<bool> = layout.schema.fields.iter().map(|field| field.minus_one_is_missing).collect();
    assert_eq!(flags, [true, false, false]);
}

#[test]
fn lines_above_the_header_are_left_out_and_counted() {
    let text = "Report of the night\n\nkept by nobody\nbytes,packets,proto\n1,2,tcp\n3,4,udp\n";
    let (layout, findings) = sniff(text);
    assert_eq!(names(&layout), ["bytes", "packets", "proto"]);
    assert_eq!(findings.count(FindingKind::LineAboveHeader), 2);
    assert_eq!(findings.by_kind[&FindingKind::LineAboveHeader].first[1].line, 3);
    assert_eq!(findings.lines, 4);

    let text = "sep=;\nbytes;packets\n1,5;2\n3,5;4\n";
    let (layout, _) = sniff(text);
    assert_eq!(names(&layout), ["bytes", "packets"]);
    assert_eq!((layout.assumed.delimiter, layout.assumed.decimal), (Some(b';'), b','));
}

#[test]
fn comments_are_no_records_and_may_be_the_header() {
    let text = "# made by hand\n# on a Sunday\nbytes,proto\n1,tcp\n2,udp\n";
    let (layout, findings) = sniff(text);
    assert_eq!(names(&layout), ["bytes", "proto"]);
    assert_eq!((layout.format.dialect().comment, findings.lines), (Some(b'#'), 3));

    let text = "# made by hand\n# bytes, proto\n1,tcp\n2,udp\n";
    let (layout, _) = sniff(text);
    assert_eq!(names(&layout), ["bytes", "proto"]);
    assert!(layout.assumed.header);
    assert_eq!(layout.header, b" bytes, proto");

    let text = "bytes,proto\n1,tcp\n# a pause\n2,udp\n# the end\n";
    assert_eq!(dialect(text).comment, Some(b'#'));
    let text = "colour,bytes\n#ff0000,1\n#00ff00,2\n";
    assert_eq!(dialect(text).comment, None);
}

#[test]
fn rows_wider_than_the_header_name_their_surplus_by_its_place() {
    let (layout, findings) = sniff("a,b\n1,2,x\n3,4,y\n5,6\n");
    assert_eq!(names(&layout), ["a", "b", "Column 3"]);
    assert_eq!(findings.count(FindingKind::EmptyName), 1);
    assert_eq!(layout.header, b"a,b,Column 3");
    let (layout, _) = sniff("a,b\n1,2\n3,4\n5,6,7\n");
    assert_eq!(names(&layout), ["a", "b"], "one long row is an oddity of that row");
}

#[test]
fn a_name_that_the_header_forgets_is_put_where_its_column_is() {
    let header =
        "Flow Duration,Fwd Header Length,Bwd Header Length,Avg Fwd Segment Size,Avg Bwd Segment Size,Idle Min,Label\n";
    let (layout, findings) = sniff(&format!("{header}5,40,20,1,2,40,7,BENIGN\n6,60,20,1,2,60,8,DoS\n"));
    assert_eq!(names(&layout)[4..], ["Avg Bwd Segment Size", "Fwd Header Length.1", "Idle Min", "Label"]);
    assert_eq!(findings.by_kind[&FindingKind::UnnamedRepeat].first[0].column, Some(5));
    // Where that cell is no repetition, nothing is known of it.
    let (layout, _) = sniff(&format!("{header}5,40,20,1,2,41,7,BENIGN\n6,60,20,1,2,60,8,DoS\n"));
    assert_eq!(names(&layout)[5..], ["Idle Min", "Label", "Column 8"]);
}

#[test]
fn numbers_are_read_as_the_country_writes_them() {
    let (layout, _) = sniff("bytes;seconds\n1.234.567;0,5\n2.345;1,25\n");
    assert_eq!((layout.format.dialect().decimal, layout.format.dialect().thousands), (b',', Some(b'.')));
    assert!(layout.schema.fields.iter().all(|field| field.kind == Kind::Number));
    let (layout, _) = sniff("bytes,seconds\n\"1,234,567\",0.5\n\"2,345\",1.25\n");
    assert_eq!((layout.format.dialect().decimal, layout.format.dialect().thousands), (b'.', Some(b',')));
    let (layout, _) = sniff("version;n\n1,234;1\n5,678;2\n");
    assert_eq!(layout.format.dialect().thousands, None, "could be both");
}

const ZEEK: &str = "\t#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n\
    #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tlocal_orig\tmine\n\
    #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tbool\tinterval\n\
    1601998366.785668\tCNgrt0\t10.0.0.1\t54170\t10.0.0.2\t53\tudp\t\"x\t0.007\t37\tT\t1\n\
    1601998367.785668\tCYwXsR\t10.0.0.3\t54171\t10.0.0.2\t53\tudp\tdns\t-\t(empty)\t-\t2\n\
    #close\t2020-10-06-17-33-56\n";

#[test]
fn zeek_logs_describe_themselves() {
    let (layout, findings) = sniff(ZEEK);
    assert_eq!(layout.assumed.family.as_deref(), Some("Zeek"));
    let dialect = layout.format.dialect();
    assert_eq!((dialect.delimiter, dialect.comment, dialect.quote), (b'\t', Some(b'#'), Dialect::NO_QUOTE));
    use Role::*;
    assert_eq!(
        roles(&layout),
        [Time, Identifier, Ip, Port, Ip, Port, Protocol, Category, Duration, Measure, Category, Duration]
    );
    assert_eq!(field(&layout, "duration").unit, Some(Unit::Seconds));
    assert_eq!(field(&layout, "mine").unit, None, "the type says what it is, not in what it is counted");
    assert_eq!(findings.lines, 7);
    assert_eq!(layout.data_start as usize, ZEEK.find("1601998366").expect("there"));
    assert!(layout.header.starts_with(b"ts\tuid\tid.orig_h\t"));
    assert_eq!(preview(&layout, ZEEK)[0][7], "\"x");
}

const EVE: &str = concat!(
    r#"{"timestamp":"2021-06-06T15:57:37.27+0200","event_type":"alert","src_ip":"10.0.0.1","alert":{"severity":2}}"#,
    "\n",
    r#"{"timestamp":"2021-06-06T15:57:37.27+0200","flow_id":1,"event_type":"flow","src_ip":"10.0.0.1","src_port":5,"#,
    r#""dest_ip":"10.0.0.2","proto":"UDP","flow":{"pkts_toserver":12,"bytes_toserver":4056,"age":1,"alerted":false}}"#,
    "\n",
    r#"{"timestamp":"2021-06-06T15:57:38.27+0200","flow_id":2,"event_type":"flow","src_ip":"10.0.0.1","src_port":6,"#,
    r#""dest_ip":"10.0.0.3","proto":"TCP","flow":{"pkts_toserver":3,"bytes_toserver":70,"age":0,"alerted":true},"#,
    r#""tcp":{"tcp_flags":"1b"}}"#,
    "\n",
);

#[test]
fn json_lines_are_flattened_and_other_events_left_out() {
    let (layout, findings) = sniff(EVE);
    let Format::JsonLines(fields) = &layout.format else { panic!("{:?}", layout.format) };
    assert!(fields.flows_only);
    assert_eq!(
        names(&layout)[6..],
        ["proto", "flow.pkts_toserver", "flow.bytes_toserver", "flow.age", "flow.alerted", "tcp.tcp_flags"]
    );
    assert!(!names(&layout).contains(&"alert.severity"));
    assert_eq!(
        layout.assumed,
        Assumed { delimiter: None, header: true, decimal: b'.', family: Some("Suricata EVE".into()) }
    );
    assert_eq!(field(&layout, "flow.alerted").role, Role::Label, "what Suricata says is no feature");
    assert_eq!(field(&layout, "flow.age").unit, Some(Unit::Seconds));
    assert_eq!((layout.data_start, findings.lines), (0, 0));
    let rows = preview(&layout, EVE);
    assert_eq!((rows.len(), rows[0][6].as_str(), rows[1][11].as_str()), (2, "UDP", "1b"));
}

#[test]
fn json_that_is_no_lines_of_objects_says_so() {
    assert_eq!(refused("[{\"a\":1},\n {\"a\":2}]"), IngestError::JsonDocument { array: true });
    assert_eq!(refused("{\n  \"a\": 1,\n  \"b\": 2\n}\n"), IngestError::JsonDocument { array: false });
    assert_eq!(refused("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n"), IngestError::JsonDocument { array: false });
    let cut = "{\"a\":1,\"b\":\"".to_owned() + &"x".repeat(90);
    let error = Layout::sniff(cut.as_bytes(), 1_000, &Choices::default()).expect_err("no table");
    assert!(matches!(error, IngestError::EndlessHeader { .. }));
    assert_eq!(names(&sniff("{name},bytes\nx,1\ny,2\n").0), ["{name}", "bytes"], "not everything in braces is JSON");
    assert_eq!(names(&sniff("[name],bytes\nx,1\ny,2\n").0), ["[name]", "bytes"]);
}

#[test]
fn files_without_a_header_get_the_names_of_their_tool() {
    let kdd = |label: &str| {
        let zeros = ["0"; 15].join(",");
        let rates = ["0.00"; 7].join(",");
        let more = ["0.17"; 8].join(",");
        format!("0,tcp,ftp_data,SF,491,0,{zeros},0,2,2,{rates},150,25,{more}{label}\n")
    };
    for (label, width) in [("", 41), (",normal.", 42), (",normal,20", 43)] {
        let text = kdd(label).repeat(3);
        let (layout, _) = sniff(&text);
        assert_eq!(names(&layout).len(), width, "{}", names(&layout).join(","));
        assert_eq!(layout.assumed.family.as_deref(), Some("NSL-KDD"), "{width}");
        assert_eq!((names(&layout)[4], names(&layout)[40]), ("src_bytes", "dst_host_srv_rerror_rate"));
        assert!(layout.schema.fields[41..].iter().all(|field| field.role == Role::Label));
    }
    let unsw = "59.166.0.0,1390,149.171.126.6,53,udp,CON,0.001055,132,164,31,29,0,0,dns,500473.9375,621800.9375,2,2,0,0,0,0,\
        66,82,0,0,0,0,1421927414,1421927414,0.017,0.013,0,0,0,0,0,0,0,0,3,7,1,3,1,1,1,,0\n\
        175.45.176.2,0x000b,149.171.126.16,-,ospf,INT,50.004341,384,0,254,0,0,0,-,51.19,0,6,0,0,0,0,0,\
        64,0,0,0,0,0,1421927419,1421927469,10000.8,0,0,0,0,0,2,,,,1,1,1,1,1,1,1,Exploits,1\n";
    let (layout, _) = sniff(unsw);
    assert_eq!(layout.assumed.family.as_deref(), Some("UNSW-NB15"));
    assert_eq!((names(&layout)[0], names(&layout)[47]), ("srcip", "attack_cat"));
    assert_eq!(field(&layout, "sport").kind, Kind::Number, "hexadecimal ports are numbers");
    assert_eq!(field(&layout, "Stime").time, Some(TimeStyle::Seconds));
    // A table of numbers could be anything.
    let numbers = format!("{}\n", ["1"; 43].join(",")).repeat(3);
    assert_eq!(sniff(&numbers).0.assumed.family, None);
}

#[test]
fn flow_logs_without_a_header_are_told_by_their_columns() {
    use Role::*;
    let told = |text: &str| {
        let (layout, _) = sniff(text);
        (layout.assumed.family.clone(), roles(&layout))
    };
    let vpc = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n\
               2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK\n\
               2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA\n";
    let (family, columns) = told(vpc);
    assert_eq!(family.as_deref(), Some("AWS VPC"));
    assert_eq!(columns[3..12], [Ip, Ip, Port, Port, Protocol, Measure, Measure, Time, Time]);
    assert!([0, 1, 2, 12, 13].into_iter().all(|column| columns[column] == Category), "{columns:?}");

    let ugr = "2016-07-27 13:43:30,0.000,42.219.154.107,143.72.8.137,59212,53,UDP,.A....,0,0,1,72,background\n\
               2016-07-27 13:43:31,0.500,42.219.154.107,143.72.8.137,59372,53,UDP,.A....,0,0,1,55,dos\n";
    let (family, columns) = told(ugr);
    assert_eq!(family.as_deref(), Some("UGR'16"));
    assert_eq!((columns[0], columns[3], columns[12]), (Time, Ip, Label));

    let kyoto =
        "0.000071\tdns\t58\t107\t4\t0.25\t0.00\t0.22\t1\t1\t0.00\t0.00\t0.00\tSF\t0\t0\t0\t-1\tfd43:4d02::1\t32457\t\
                 fd43:4d02::2\t53\t11:05:40\tudp\n"
            .repeat(3);
    let (family, columns) = told(&kyoto);
    assert_eq!(family.as_deref(), Some("Kyoto 2006+"));
    assert_eq!(columns[14..], [Label, Label, Label, Label, Ip, Port, Ip, Port, Time, Protocol]);

    let pan = "1,2019/07/26 10:15:28,001606001116,TRAFFIC,end,1,2019/07/26 10:15:28,192.0.2.1,198.51.100.1,192.0.2.1,198.51.100.1,\
               rule1,,,dns,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2019/07/26 10:15:28,5932,1,52688,53,0,0,0x64,udp,allow,\
               322,82,240,2,2019/07/26 10:14:28,30,any,0,1234,0x0,10.0.0.0-10.255.255.255,United States,0,1,1\n"
        .repeat(3);
    let (family, columns) = told(&pan);
    assert_eq!(family.as_deref(), Some("PAN-OS TRAFFIC"));
    assert_eq!((columns[7], columns[24], columns[30], columns[31]), (Ip, Port, Category, Measure));

    let zeros = ["0"; 29].join(",");
    let netflow = format!("192.168.1.1,5000,10.0.0.2,53,17,5.0,100,2,200,2,0,0,0,15,{zeros},0,Benign\n").repeat(3);
    let (family, columns) = told(&netflow);
    assert_eq!((family.as_deref(), columns.len()), (Some("NetFlow v2 features"), 45));
    assert_eq!((columns[1], columns[13], columns[43], columns[44]), (Port, Duration, Label, Label));

    let argus = "2019-04-04 16:23:00.325,e,udp,10.0.0.1,484,<->,8.8.8.8,53,2,142,CON\n\
                 2019-04-04 16:23:01.325,e,tcp,10.0.0.1,485,->,8.8.8.8,80,2,142,RST\n";
    assert_eq!(told(argus).0.as_deref(), Some("Argus ra"));
}

/// Headers of all tools and generations, with two rows each: the family, and where addresses, ports, protocol, time and
/// duration (with its unit) are.
#[test]
fn every_tool_is_recognised_and_its_columns_understood() {
    let unicauca = ("CICFlowMeter", "Flow.Duration", Some(Unit::Microseconds));
    let cases: [(&str, &str, Option<Unit>, &str); 12] = [
        (
            unicauca.0,
            unicauca.1,
            unicauca.2,
            "Flow.ID,Source.IP,Source.Port,Destination.IP,Destination.Port,Protocol,Timestamp,Flow.Duration,Total.Fwd.Packets\n\
             x-1,10.0.0.1,5,10.0.0.2,80,6,26/04/201711:11:17,5,1\nx-2,10.0.0.1,6,10.0.0.2,80,6,26/04/201711:11:18,6,2\n",
        ),
        (
            "CICFlowMeter",
            "Flow Duration",
            Some(Unit::Microseconds),
            "Flow ID, Source IP, Source Port, Destination IP, Destination Port, Protocol, Timestamp, Flow Duration, Total Fwd Packets\n\
             x-1,10.0.0.1,5,10.0.0.2,80,6,7/7/2017 3:30,5,1\nx-2,10.0.0.1,6,10.0.0.2,80,6,7/7/2017 3:31,6,2\n",
        ),
        (
            "CICFlowMeter",
            "Flow Duration",
            Some(Unit::Microseconds),
            "Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts\n\
             x-1,10.0.0.1,5,10.0.0.2,80,6,03/12/2023 09:36:12 AM,5,1\nx-2,10.0.0.1,6,10.0.0.2,80,6,03/12/2023 09:36:13 PM,6,2\n",
        ),
        (
            "CICFlowMeter",
            "flow_duration",
            Some(Unit::Microseconds),
            "src_ip,dst_ip,src_port,dst_port,protocol,timestamp,flow_duration,flow_byts_s,tot_fwd_pkts\n\
             10.0.0.1,10.0.0.2,5,80,6,2023-12-03 09:36:12,5,1.5,1\n10.0.0.1,10.0.0.2,6,80,6,2023-12-03 09:36:13,6,2.5,2\n",
        ),
        (
            "Argus",
            "Dur",
            Some(Unit::Seconds),
            "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n\
             2019/04/04 16:23:00.325010,0.02,udp,10.0.0.1,484,  <->,8.8.8.8,53,CON,0,0,2,142,63,flow=Background\n\
             2019/04/04 16:23:01.325010,0.02,icmp,10.0.0.1,0x0008,  <->,8.8.8.8,0x0403,ECO,0,0,2,142,63,flow=Background\n",
        ),
        (
            "nfdump",
            "td",
            Some(Unit::Seconds),
            "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt\n\
             2018-01-12 15:37:30,2018-01-12 15:37:30,0.000,147.32.80.119,147.32.82.62,52324,902,TCP,......S.,0,0,1,60\n\
             2018-01-12 15:37:31,2018-01-12 15:37:30,0.000,147.32.80.119,147.32.82.62,52324,902,TCP,......S.,0,0,1,60\n",
        ),
        (
            "nfdump",
            "duration",
            Some(Unit::Seconds),
            "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows\n\
             2018-01-12 15:37:30.1,0.000,TCP,147.32.80.119,902,147.32.82.62,52324,1,60,0,60,1\n\
             2018-01-12 15:37:31.1,0.000,TCP,147.32.80.119,902,147.32.82.62,52324,1,60,0,60,1\n",
        ),
        (
            "NetFlow v9",
            "FLOW_DURATION_MILLISECONDS",
            Some(Unit::Milliseconds),
            "FLOW_START_MILLISECONDS,IPV4_SRC_ADDR,L4_SRC_PORT,IPV4_DST_ADDR,L4_DST_PORT,PROTOCOL,L7_PROTO,IN_BYTES,OUT_BYTES,\
             TCP_FLAGS,FLOW_DURATION_MILLISECONDS,Label,Attack,Dataset\n\
             1643229201782,192.168.1.1,5,10.0.0.2,53,17,5.0,100,200,0,15,0,Benign,NF-BoT-IoT\n\
             1643229201783,192.168.1.1,6,10.0.0.2,53,17,5.0,100,200,0,16,1,DoS,NF-BoT-IoT\n",
        ),
        (
            "UNSW-NB15",
            "dur",
            Some(Unit::Seconds),
            "srcip,sport,dstip,dsport,proto,state,dur,sbytes,dbytes,sttl,Stime,attack_cat,Label\n\
             59.166.0.0,1390,149.171.126.6,53,udp,CON,0.001,132,164,31,1421927414,,0\n\
             59.166.0.0,1391,149.171.126.6,53,udp,CON,0.001,132,164,31,1421927415,Exploits,1\n",
        ),
        (
            "Zeek",
            "duration",
            Some(Unit::Seconds),
            "{\"ts\":22.3,\"uid\":\"C6c\",\"id.orig_h\":\"fe80::1\",\"id.orig_p\":61099,\"id.resp_h\":\"ff02::1:3\",\"id.resp_p\":5355,\
             \"proto\":\"udp\",\"duration\":0.09,\"orig_bytes\":50}\n",
        ),
        (
            "Zeek",
            "duration",
            Some(Unit::Seconds),
            "{\"ts\":22.3,\"uid\":\"C6c\",\"id\":{\"orig_h\":\"fe80::1\",\"orig_p\":61099,\"resp_h\":\"ff02::1:3\",\"resp_p\":5355},\
             \"proto\":\"udp\",\"duration\":0.09,\"orig_bytes\":50}\n",
        ),
        (
            "Suricata EVE",
            "flow.age",
            Some(Unit::Seconds),
            "{\"timestamp\":\"2021-06-06T15:57:37.27+0200\",\"flow_id\":1,\"event_type\":\"flow\",\"src_ip\":\"10.0.0.1\",\"src_port\":5,\
             \"dest_ip\":\"10.0.0.2\",\"dest_port\":53,\"proto\":\"UDP\",\"flow\":{\"pkts_toserver\":1,\"age\":1,\
             \"start\":\"2021-06-06T15:57:37.27+0200\"}}\n",
        ),
    ];
    for (family, duration, unit, text) in cases {
        let (layout, _) = sniff(text);
        assert_eq!(layout.assumed.family.as_deref(), Some(family), "{text}");
        let means = |meaning: &str| {
            let found = layout.schema.fields.iter().find(|field| field.meaning.as_deref() == Some(meaning));
            found.unwrap_or_else(|| panic!("{family} has no {meaning}: {text}"))
        };
        for end in ["src", "dst"] {
            assert_eq!(means(&format!("{end}_ip")).role, Role::Ip, "{text}");
            assert_eq!(means(&format!("{end}_port")).role, Role::Port, "{text}");
            assert_eq!(means(&format!("{end}_port")).kind, Kind::Number, "{text}");
        }
        assert_eq!(means("protocol").role, Role::Protocol, "{text}");
        assert!(means("start_time").role == Role::Time && means("start_time").time.is_some(), "{text}");
        let found = means("duration");
        assert_eq!((found.name.as_str(), found.role, found.unit), (duration, Role::Duration, unit), "{text}");
        let labels = layout.schema.fields.iter().filter(|field| field.role == Role::Label);
        assert!(labels.into_iter().all(|field| field.meaning.as_deref() == Some("label")), "{text}");
    }
}

#[test]
fn wireshark_exports_are_read() {
    let text = "\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n\
        \"1\",\"0.000000\",\"10.0.0.1\",\"10.0.0.2\",\"TCP\",\"66\",\"443  >  5 [SYN] Seq=0\"\n\
        \"2\",\"0.000100\",\"10.0.0.2\",\"10.0.0.1\",\"TCP\",\"60\",\"5  >  443 [ACK], Seq=1\"\n";
    let (layout, _) = sniff(text);
    use Role::*;
    assert_eq!(roles(&layout), [Identifier, Time, Ip, Ip, Protocol, Measure, Identifier]);
    assert_eq!(
        (layout.assumed.family.as_deref(), field(&layout, "Length").unit),
        (Some("Wireshark"), Some(Unit::Bytes))
    );
}

#[test]
fn columns_without_a_telling_name_are_told_by_their_cells() {
    let row = |n: u32| {
        format!("{n},10.1.0.{},2018-01-12 15:37:{n:02},flow-{n},{},{}\n", n % 7, ["up", "down"][n as usize % 2], n * n)
    };
    let rows: String = (0..40).map(row).collect();
    let (layout, _) = sniff(&format!("aa,bb,cc,dd,ee,ff\n{rows}"));
    use Role::*;
    assert_eq!(roles(&layout), [Identifier, Ip, Time, Identifier, Category, Measure]);
    // Numbers that count the rows name them, wherever they stand.
    let (layout, _) = sniff(&format!("aa,bb\n{}", (0..40).map(|n| format!("{},{n}\n", n * n)).collect::<String>()));
    assert_eq!(roles(&layout), [Measure, Identifier]);
    let (layout, _) = sniff(&format!(",bytes\n{}", (0..40).map(|n| format!("{n},{}\n", n * n)).collect::<String>()));
    assert_eq!(roles(&layout), [Identifier, Measure]);
}

#[test]
fn names_are_not_believed_against_the_cells() {
    let text = "source,start,bytes,dst port\nsensor-a,on,many,http\nsensor-b,off,few,ssh\n";
    let (layout, _) = sniff(&format!("n,{}", text.replace('\n', "\n1,").trim_end_matches("1,")));
    use Role::*;
    assert_eq!(roles(&layout)[1..], [Category, Category, Category, Category]);
    assert!(layout.schema.fields[1..].iter().all(|field| field.unit.is_none() && field.time.is_none()));
}

#[test]
fn codes_are_text_and_counts_are_numbers() {
    let (layout, _) = sniff("flags,state,packets\n02,1,07\n1b,2,08\n");
    let kinds: Vec<Kind> = layout.schema.fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Number, Kind::Number]);
    let (layout, _) = sniff("flags,service,packets\n02,,07\n10,-,08\n");
    let kinds: Vec<Kind> = layout.schema.fields.iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Text, Kind::Number], "what is empty so far may hold anything");
}

#[test]
fn doubtful_times_are_noted() {
    let odd = |header: &str, times: [&str; 2]| {
        let findings = sniff(&format!("{header}\n{},5\n{},6\n", times[0], times[1])).1;
        (findings.count(FindingKind::AmbiguousDate), findings.count(FindingKind::TwelveHourClock))
    };
    assert_eq!(odd("time,bytes", ["01/02/2017 10:00", "03/04/2017 11:00"]), (1, 0));
    assert_eq!(odd("time,bytes", ["01/02/2017 10:00", "13/04/2017 11:00"]), (0, 0));
    assert_eq!(odd("time,bytes", ["2017-02-01 10:00", "2017-04-03 11:00"]), (0, 0));
    let java = "Flow ID,Flow Duration,Tot Fwd Pkts,Tot Bwd Pkts,Timestamp,bytes";
    assert_eq!(odd(java, ["x,1,2,3,01/02/2017 10:00", "y,1,2,3,03/04/2017 11:00"]), (0, 1));
    let python = "src_ip,flow_duration,tot_fwd_pkts,tot_bwd_pkts,timestamp,bytes";
    assert_eq!(odd(python, ["x,1,2,3,2017-02-01 10:00:00", "y,1,2,3,2017-02-01 11:00:00"]), (0, 0));
    let day: String = (1..=12).map(|hour| format!("2017-02-13 {hour}:00,{hour}\n")).collect();
    assert_eq!(sniff(&format!("time,bytes\n{day}")).1.count(FindingKind::TwelveHourClock), 1);
}

/// Text that is nearly a table, in any dialect.
fn nearly_a_table() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        "[0-9]{0,4}",
        "[a-z]{0,4}",
        "-?[0-9]{1,3}[.,][0-9]{1,3}",
        "10\\.0\\.0\\.[0-9]",
        "[\"'#\\\\{\\[ \t]{0,3}",
        "0x[0-9a-f]{1,4}",
        "[0-3][0-9]/[0-1][0-9]/2017 [0-2][0-9]:00",
    ];
    let row = prop::collection::vec(cell, 1..6);
    let delimiter = prop_oneof![Just(","), Just(";"), Just("\t"), Just("|"), Just(" "), Just("  "), Just("\":\"")];
    let line_end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("\n\n"), Just("")];
    let before = prop_oneof![
        Just(""),
        Just("#fields\ta\tb\n"),
        Just("# x\n"),
        Just("sep=;\n"),
        Just("{\"a\":1}\n"),
        Just("\u{feff}")
    ];
    (before, prop::collection::vec(row, 0..8), delimiter, line_end).prop_map(|(before, rows, delimiter, line_end)| {
        let rows: Vec<String> = rows.into_iter().map(|row| row.join(delimiter)).collect();
        before.to_owned() + &rows.join(line_end)
    })
}

fn check(bytes: &[u8], file_bytes: u64, choices: &Choices) -> Result<(), TestCaseError> {
    let Ok((layout, findings)) = Layout::sniff(bytes, file_bytes, choices) else { return Ok(()) };
    prop_assert!(layout.data_start <= file_bytes);
    prop_assert!(findings.lines <= bytes.len() as u64);
    prop_assert!(layout.row_bytes > 0.0);
    let unique: std::collections::HashSet<&str> = names(&layout).into_iter().collect();
    prop_assert_eq!(unique.len(), layout.schema.width());
    for row in layout.preview(bytes).expect("reads") {
        prop_assert_eq!(row.len(), layout.schema.width());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_bytes_are_told_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), more in 0u64..1_000) {
        check(&bytes, bytes.len() as u64 + more, &Choices::default())?;
    }

    #[test]
    fn anything_like_a_table_is_told_or_refused(
        text in nearly_a_table(), more in 0u64..1_000, header in prop::option::of(any::<bool>()),
        delimiter in prop::option::of(prop_oneof![Just(b','), Just(b' '), any::<u8>()]),
    ) {
        let choices = Choices { header, delimiter, ..Choices::default() };
        check(text.as_bytes(), text.len() as u64 + more, &choices)?;
    }

    #[test]
    fn tables_of_numbers_are_told_in_any_dialect(
        rows in prop::collection::vec((0u32..100_000, 0u32..1_000, 0u32..100), 2..20),
        delimiter in prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')], line_end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        quoted: bool, header: bool, comma: bool,
    ) {
        let comma = comma && delimiter != ',';
        let cell = |text: String| if quoted { format!("\"{text}\"") } else { text };
        let d = delimiter;
        let row = |&(bytes, packets, cents): &(u32, u32, u32)| {
            let seconds = format!("{packets}{}{cents:02}", if comma { ',' } else { '.' });
            format!("{}{d}{}{d}{}{line_end}", cell(bytes.to_string()), cell(packets.to_string()), cell(seconds))
        };
        let names = ["bytes", "packets", "seconds"].map(|name| cell(name.to_owned())).join(&d.to_string());
        let head = if header { format!("{names}{line_end}") } else { String::new() };
        let text = head + &rows.iter().map(row).collect::<String>();
        let (layout, _) = sniff(&text);
        prop_assert_eq!(layout.assumed.delimiter, Some(delimiter as u8));
        prop_assert_eq!(layout.assumed.header, header);
        prop_assert_eq!(layout.assumed.decimal, if comma { b',' } else { b'.' });
        prop_assert!(layout.schema.fields.iter().all(|field| field.kind == Kind::Number));
        prop_assert_eq!(layout.schema.width(), 3);
    }
}
