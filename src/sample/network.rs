//! Who talks to whom about what: applications as often as in the original, and the addresses of an invented office.

use super::draw::{Draw, scatter};

/// The protocol numbers that occur.
pub(super) const TCP: u8 = 6;
/// User datagrams.
pub(super) const UDP: u8 = 17;
/// Neither (the original writes 0 for it).
pub(super) const OTHER: u8 = 0;

/// An address.
pub(super) type Address = [u8; 4];

/// An application as nDPI names it.
#[derive(Debug)]
pub(super) struct App {
    pub(super) name: &'static str,
    pub(super) code: u64,
    /// The port its servers listen on.
    pub(super) port: u16,
    pub(super) protocol: u8,
    /// How many flows of the original are its.
    flows: u64,
}

impl App {
    const fn new(name: &'static str, code: u64, port: u16, protocol: u8, flows: u64) -> Self {
        Self { name, code, port, protocol, flows }
    }

    /// An application by its share in the original: what `place`, evenly spread below `FLOWS`, falls on.
    pub(super) fn at(mut place: u64) -> &'static Self {
        for app in &APPS {
            if place < app.flows {
                return app;
            }
            place -= app.flows;
        }
        &APPS[0]
    }

    /// The application with nDPI's code `code`, which must be one of them.
    pub(super) const fn coded(code: u64) -> &'static Self {
        let mut i = 0;
        while APPS[i].code != code {
            i += 1;
        }
        &APPS[i]
    }

    /// What nDPI takes to be behind a port that it saw little of.
    pub(super) fn behind(port: u16) -> &'static Self {
        const UNKNOWN: &App = App::coded(0);
        let generic = |app: &&Self| app.port == port && app.protocol == TCP && app.name != "GOOGLE";
        APPS.iter().find(generic).unwrap_or(UNKNOWN)
    }

    /// The port of a client's end, 0 where there are no ports.
    pub(super) fn client_port(&self, draw: &mut Draw) -> u16 {
        if self.protocol == OTHER { 0 } else { client_port(draw) }
    }

    /// Whether workstations reach it through the office's proxy.
    pub(super) fn is_proxied(&self) -> bool {
        self.port == 3128
    }
}

/// All flows of the original.
pub(super) const FLOWS: u64 = {
    let (mut sum, mut i) = (0, 0);
    while i < APPS.len() {
        sum += APPS[i].flows;
        i += 1;
    }
    sum
};

/// The workstations of the office are its hosts with the lowest numbers; servers follow.
pub(super) const WORKSTATIONS: u8 = 60;
pub(super) const FILES: u8 = 60;
pub(super) const MAIL: u8 = 61;
pub(super) const PROXY: u8 = 62;
pub(super) const DNS: u8 = 63;
pub(super) const DOMAIN: u8 = 64;
pub(super) const BACKUP: u8 = 65;
pub(super) const PRINT: u8 = 66;
pub(super) const DATABASE: u8 = 67;
pub(super) const INTRANET: u8 = 68;
/// Watches the others.
pub(super) const MONITOR: u8 = 69;
/// Printers, cameras and a switch.
pub(super) const DEVICES: u8 = 70;
/// What the guests' network looks like from outside.
pub(super) const GUESTS: u8 = 75;

/// The address of a host of the office.
pub(super) const fn host(number: u8) -> Address {
    match number {
        0..WORKSTATIONS => [10, 200, 8, 20 + number],
        WORKSTATIONS..DEVICES => [10, 200, 7, 4 + number - WORKSTATIONS],
        DEVICES..GUESTS => [10, 200, 7, 40 + number - DEVICES],
        _ => [10, 200, 9, 1],
    }
}

/// Whether a workstation is on all night.
pub(super) const fn stays_on(workstation: u8) -> bool {
    workstation % 5 < 2
}

/// Whether one of the office's hosts has the address.
pub(super) fn is_host(address: Address) -> bool {
    (0..=GUESTS).any(|number| host(number) == address)
}

/// The machines of the world that serve the office.
const SERVERS: u64 = 22_824;

/// A machine of the world by how much it is used, the most used being 0.
pub(super) fn world(rank: u64) -> Address {
    let [a, b, c, d, ..] = scatter(1 << 32 | rank).to_le_bytes();
    const FIRST: [u8; 12] = [172, 190, 216, 64, 23, 31, 52, 54, 104, 157, 179, 200];
    [FIRST[a as usize % FIRST.len()], b, c, d.max(1)]
}

/// A machine of the world; few of them serve most flows.
pub(super) fn server(draw: &mut Draw) -> Address {
    world(draw.rank(SERVERS))
}

/// A machine of the world that nobody else talks to.
pub(super) fn stranger(draw: &mut Draw) -> Address {
    let [a, b, c, ..] = draw.between(0, 1 << 40).to_le_bytes();
    [draw.pick([45, 91, 103, 185, 193]), a, b, c.max(1)]
}

/// A port that an operating system gives to a client.
pub(super) fn client_port(draw: &mut Draw) -> u16 {
    draw.between(32_768, 65_535) as u16
}

/// The applications of the original data set (Rojas, Unicauca 2017: 3,577,296 flows) with nDPI's codes and their numbers
/// of flows, and those of an office that the original has none of.
#[rustfmt::skip]
static APPS: [App; 86] = [
    App::new("GOOGLE", 126, 443, TCP, 959110),
    App::new("HTTP", 7, 80, TCP, 683734),
    App::new("HTTP_PROXY", 131, 3128, TCP, 623210),
    App::new("SSL", 91, 443, TCP, 404883),
    App::new("HTTP_CONNECT", 130, 3128, TCP, 317526),
    App::new("YOUTUBE", 124, 443, TCP, 170781),
    App::new("AMAZON", 178, 443, TCP, 86875),
    App::new("MICROSOFT", 212, 443, TCP, 54710),
    App::new("GMAIL", 122, 443, TCP, 40260),
    App::new("WINDOWS_UPDATE", 147, 80, TCP, 34471),
    App::new("SKYPE", 125, 443, TCP, 30657),
    App::new("FACEBOOK", 119, 443, TCP, 29033),
    App::new("DROPBOX", 121, 443, TCP, 25102),
    App::new("YAHOO", 70, 443, TCP, 21268),
    App::new("TWITTER", 120, 443, TCP, 18259),
    App::new("CLOUDFLARE", 220, 443, TCP, 14737),
    App::new("MSN", 68, 80, TCP, 14478),
    App::new("CONTENT_FLASH", 40, 80, TCP, 8589),
    App::new("APPLE", 140, 443, TCP, 7615),
    App::new("OFFICE_365", 219, 443, TCP, 5941),
    App::new("WHATSAPP", 142, 5222, TCP, 4593),
    App::new("INSTAGRAM", 211, 443, TCP, 2415),
    App::new("WIKIPEDIA", 176, 443, TCP, 2025),
    App::new("MS_ONE_DRIVE", 221, 443, TCP, 1748),
    App::new("DNS", 5, 53, UDP, 1695),
    App::new("IP_ICMP", 81, 0, OTHER, 1631),
    App::new("NETFLIX", 133, 443, TCP, 1560),
    App::new("APPLE_ITUNES", 145, 443, TCP, 1287),
    App::new("SPOTIFY", 156, 443, TCP, 1269),
    App::new("APPLE_ICLOUD", 143, 443, TCP, 1200),
    App::new("EBAY", 179, 443, TCP, 1192),
    App::new("SSL_NO_CERT", 64, 443, TCP, 856),
    App::new("GOOGLE_MAPS", 123, 443, TCP, 807),
    App::new("EASYTAXI", 203, 443, TCP, 705),
    App::new("TEAMVIEWER", 148, 5938, TCP, 527),
    App::new("HTTP_DOWNLOAD", 60, 80, TCP, 516),
    App::new("MQTT", 222, 1883, TCP, 302),
    App::new("TOR", 163, 9001, TCP, 276),
    App::new("FTP_DATA", 175, 20, TCP, 251),
    App::new("UBUNTUONE", 169, 443, TCP, 249),
    App::new("NTP", 9, 123, UDP, 135),
    App::new("SSH", 92, 22, TCP, 102),
    App::new("EDONKEY", 36, 4662, TCP, 95),
    App::new("WAZE", 135, 443, TCP, 79),
    App::new("DEEZER", 210, 443, TCP, 74),
    App::new("UNENCRYPED_JABBER", 67, 5222, TCP, 45),
    App::new("CITRIX_ONLINE", 139, 8200, TCP, 38),
    App::new("UPNP", 153, 1900, UDP, 34),
    App::new("TIMMEU", 191, 443, TCP, 34),
    App::new("TELEGRAM", 185, 443, TCP, 33),
    App::new("FTP_CONTROL", 1, 21, TCP, 25),
    App::new("TWITCH", 195, 443, TCP, 24),
    App::new("MSSQL", 114, 1433, TCP, 21),
    App::new("H323", 158, 1720, TCP, 21),
    App::new("CNN", 180, 443, TCP, 20),
    App::new("LASTFM", 134, 443, TCP, 18),
    App::new("CITRIX", 132, 1494, TCP, 17),
    App::new("ORACLE", 167, 1521, TCP, 14),
    App::new("TEAMSPEAK", 162, 9987, UDP, 12),
    App::new("BGP", 13, 179, TCP, 11),
    App::new("BITTORRENT", 37, 6881, TCP, 10),
    App::new("WHOIS_DAS", 170, 43, TCP, 10),
    App::new("RTMP", 174, 1935, TCP, 10),
    App::new("MAIL_IMAPS", 51, 993, TCP, 9),
    App::new("SKINNY", 164, 2000, TCP, 9),
    App::new("OPENSIGNAL", 201, 80, TCP, 9),
    App::new("OSCAR", 69, 5190, TCP, 7),
    App::new("LOTUS_NOTES", 150, 1352, TCP, 6),
    App::new("IP_OSPF", 85, 0, OTHER, 5),
    App::new("RADIUS", 146, 1812, UDP, 5),
    App::new("SIMET", 200, 80, TCP, 5),
    App::new("SNMP", 14, 161, UDP, 4),
    App::new("OPENVPN", 159, 1194, UDP, 4),
    App::new("STARCRAFT", 213, 1119, TCP, 3),
    App::new("QQ", 48, 8000, TCP, 2),
    App::new("NFS", 11, 2049, TCP, 1),
    App::new("SOCKS", 172, 1080, TCP, 1),
    App::new("99TAXI", 202, 443, TCP, 1),
    App::new("MAIL_SMTP", 3, 25, TCP, 0),
    App::new("IPP", 6, 631, TCP, 0),
    App::new("SMB", 41, 445, TCP, 0),
    App::new("RDP", 88, 3389, TCP, 0),
    App::new("KERBEROS", 111, 88, TCP, 0),
    App::new("LDAP", 112, 389, TCP, 0),
    App::new("RSYNC", 166, 873, TCP, 0),
    App::new("UNKNOWN", 0, 10_050, TCP, 0),
];
