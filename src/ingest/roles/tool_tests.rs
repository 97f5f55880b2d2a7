//! What the columns of tools are taken for that the table of families does not know, by the words of their names and cells
//! such as these tools write.

use crate::{
    ingest::{Choices, Layout},
    table::Role::{self, Category, Duration, Identifier, Ip, Label, Measure, Port, Protocol, Time},
};

/// The kind of cells that a letter stands for, in row `n`, and the role that they have.
fn cell(kind: char, n: usize) -> (String, Role) {
    let mixed = n * 7_919 % 1_009;
    match kind {
        'a' => (format!("10.0.{}.{}", n % 3, mixed % 250), Ip),
        'p' => ((mixed * 60).to_string(), Port),
        's' => (format!("{}", 1_700_000_000 + mixed), Time),
        'm' => (format!("{}", 1_700_000_000_000 + mixed as u64), Time),
        'N' => (format!("{}", 1_700_000_000_000_000_000 + mixed as u64), Time),
        'D' => (format!("2024-03-05T14:00:{:02}Z", n), Time),
        'o' => (["6", "17"][n % 2].into(), Protocol),
        'O' => (["tcp", "udp"][n % 2].into(), Protocol),
        'c' => ((n % 4).to_string(), Category),
        'w' => (["one", "two", "three"][n % 3].into(), Category),
        'h' => (format!("00:00:5e:00:53:{n:02x}"), Category),
        'n' => ((mixed * 13).to_string(), Measure),
        'd' => (format!("{mixed}.25"), Duration),
        'i' => (format!("91420337{mixed:06}"), Identifier),
        'u' => (format!("1:wCb3OG7yAFWelaUydu0D+125CLM={n}"), Identifier),
        'l' => ((n % 2).to_string(), Label),
        other => panic!("no cells of kind {other}"),
    }
}

/// A tool, and its columns with the kinds of their cells.
const TOOLS: [(&str, &str); 10] = [
    (
        "IPFIX",
        "flowStartMilliseconds m flowEndMilliseconds m sourceIPv4Address a destinationIPv4Address a sourceTransportPort p \
         destinationTransportPort p protocolIdentifier o octetDeltaCount n packetDeltaCount n ingressInterface c \
         egressInterface c tcpControlBits c ipClassOfService c bgpSourceAsNumber c vlanId c flowEndReason c \
         flowDurationMilliseconds d sourceMacAddress h flowId i applicationId c postNATSourceIPv4Address a \
         postNAPTSourceTransportPort p icmpTypeCodeIPv4 c minimumTTL n sourceIPv4PrefixLength c ipNextHopIPv4Address a \
         observationDomainId c",
    ),
    (
        "SiLK",
        "sIP a dIP a sPort p dPort p pro o packets n bytes n flags w sTime D duration d eTime D sen w nhIP a \
         initialFlags w sessionFlags w application c",
    ),
    (
        "GCP",
        "jsonPayload.connection.src_ip a jsonPayload.connection.src_port p jsonPayload.connection.dest_ip a \
         jsonPayload.connection.dest_port p jsonPayload.connection.protocol o jsonPayload.bytes_sent n \
         jsonPayload.packets_sent n jsonPayload.start_time D jsonPayload.end_time D jsonPayload.rtt_msec d \
         jsonPayload.src_instance.vm_name w jsonPayload.src_vpc.subnetwork_name w jsonPayload.src_location.country w",
    ),
    (
        "FortiGate",
        "srcip a dstip a srcport p dstport p proto o sentbyte n rcvdbyte n sentpkt n rcvdpkt n duration d policyid c \
         sessionid i action w srcintf w dstintf w srccountry w eventtime N level w logid c type w subtype w transip a",
    ),
    ("Check Point", "time s src a dst a s_port p proto o rule c action w origin a ifname w ifdir w bytes n packets n"),
    (
        "Elastic Common Schema",
        "@timestamp D source.ip a source.port p destination.ip a destination.port p source.bytes n destination.packets n \
         network.bytes n event.duration d event.start D event.action w source.mac h network.community_id u \
         source.as.number c client.ip a server.port p network.direction w threat.tactic.name w",
    ),
    (
        "pmacct",
        "ip_src a ip_dst a port_src p port_dst p ip_proto O tos c packets n bytes n timestamp_start D timestamp_end D \
         as_src c as_dst c mac_src h mac_dst h iface_in c iface_out c tag c stamp_inserted s stamp_updated s",
    ),
    (
        "GoFlow2",
        "type w time_received_ns N sequence_num i sampler_address a time_flow_start_ns N time_flow_end_ns N src_addr a \
         dst_addr a etype c proto o src_port p dst_port p in_if c out_if c src_mac h vlan_id c ip_tos c ip_ttl n \
         tcp_flags c bytes n packets n src_as c src_net c",
    ),
    (
        "nfstream",
        "expiration_id c src_ip a src_mac h src_port p dst_ip a dst_port p protocol o ip_version c vlan_id c tunnel_id c \
         bidirectional_first_seen_ms m bidirectional_last_seen_ms m bidirectional_duration_ms d bidirectional_packets n \
         bidirectional_bytes n src2dst_packets n dst2src_bytes n src2dst_mean_ps n application_name w user_agent w",
    ),
    (
        "ntopng",
        "cli_ip a srv_ip a cli_port p srv_port p protocol o cli2srv_bytes n srv2cli_bytes n first_seen s last_seen s \
         bytes_rcvd n l7_proto c vlan_id c id:orig_p p id_resp_h a",
    ),
];

#[test]
fn columns_of_many_tools_are_told_by_their_words() {
    let mut wrong = Vec::new();
    for (tool, columns) in TOOLS {
        let words: Vec<&str> = columns.split_whitespace().collect();
        let columns: Vec<(&str, char)> =
            words.chunks(2).map(|pair| (pair[0], pair[1].chars().next().expect("a letter"))).collect();
        let line = |cells: Vec<String>| cells.join(";") + "\n";
        let mut text = line(columns.iter().map(|column| column.0.to_owned()).collect());
        (0..40).for_each(|n| text += &line(columns.iter().map(|column| cell(column.1, n).0).collect()));
        let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
        assert_eq!(layout.schema.width(), columns.len(), "{tool}");
        for (field, (name, kind)) in layout.schema.fields.iter().zip(columns) {
            // A tactic is what somebody says of the row.
            let wanted = if name.starts_with("threat.") { Label } else { cell(kind, 0).1 };
            if field.role != wanted {
                wrong.push(format!("{tool}: {name} is {:?} ({}), not {wanted:?}", field.role, field.because));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
