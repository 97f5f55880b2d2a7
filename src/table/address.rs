//! Addresses by the network that they are in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::{MISSING_KEY, text_key};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AddressClass {
    /// Of a site's own: RFC 1918, RFC 6598, RFC 4193, link-local.
    Private,
    /// Of the internet.
    Public,
    /// For groups or for all.
    Multicast,
    /// The host itself, none, or reserved.
    Special,
    /// No address at all.
    NotAnAddress,
}

/// Above all IPv4 networks: an IPv6 one, its class and a hash.
const V6: u32 = 1 << 31;
/// Above these: text that is no address.
const OTHER: u32 = 1 << 30;
/// Bits of hashes.
const HASH: u32 = (1 << 26) - 1;

/// What a cell of addresses says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Host {
    /// Nothing.
    Missing,
    /// An address. IPv4 in IPv6 is IPv4.
    Address(IpAddr),
    /// Something else, by its [`text_key`].
    Name(u32),
}

impl Host {
    /// What a cell that is not empty says; whole numbers are IPv4 addresses.
    pub fn read(text: &[u8]) -> Self {
        if let Some(address) = parse_v4(text) {
            return Self::Address(address.into());
        }
        let address =
            std::str::from_utf8(text).ok().and_then(|text| address_of(text).or_else(|| integer_address(text)));
        address.map_or_else(|| Self::Name(text_key(text)), Self::Address)
    }

    /// The key of its network: the first 24 bits of IPv4 (which say the class, too), the class and a hash of the first 48
    /// bits of IPv6. Two of 1,000 IPv6 networks share a key with a chance of 0.7 %; they then count as one.
    pub fn network(self) -> u32 {
        match self {
            Self::Missing => MISSING_KEY,
            Self::Address(IpAddr::V4(address)) => v4_key(address),
            Self::Address(IpAddr::V6(address)) => {
                let class = (class_of_v6(&address) as u32) << 26;
                V6 | class | text_key(&address.octets()[..6]) & HASH
            }
            Self::Name(key) => OTHER | key & HASH,
        }
    }

    /// 32 bits that two hosts share with a chance of 2⁻³².
    pub fn key(self) -> u32 {
        match self {
            Self::Missing => MISSING_KEY,
            Self::Address(IpAddr::V4(address)) => text_key(&address.octets()),
            Self::Address(IpAddr::V6(address)) => text_key(&address.octets()),
            Self::Name(key) => key,
        }
    }
}

/// The address that a text is, in the forms that tools write: `192.0.2.9`, `::ffff:192.0.2.9`, `fe80::1%eth0`,
/// `198.51.100.0/24`, `192.0.2.010`, `203.0.113.1:443`, `[2001:db8::2]:443`. IPv4 in IPv6 is IPv4.
pub fn address_of(text: &str) -> Option<IpAddr> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let text = match text.strip_prefix('[') {
        Some(rest) => {
            let (inside, port) = rest.split_once(']')?;
            if !port.is_empty() && !port.strip_prefix(':').is_some_and(digits) {
                return None;
            }
            inside
        }
        // More colons than one are IPv6's.
        None => match text.split_once(':') {
            Some((address, port)) if digits(port) => address,
            _ => text,
        },
    };
    let text = text.split_once('/').filter(|(_, bits)| digits(bits)).map_or(text, |(address, _)| address);
    let text = text.split_once('%').filter(|(address, _)| address.contains(':')).map_or(text, |(address, _)| address);
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical()).or_else(|| padded_address(text))
}

/// `192.0.002.010`: no octal numbers, as only people and inet_aton read them.
fn padded_address(text: &str) -> Option<IpAddr> {
    let mut octets = text.split('.').map(|octet| {
        let digits = (1..=3).contains(&octet.len()) && octet.bytes().all(|byte| byte.is_ascii_digit());
        octet.parse::<u8>().ok().filter(|_| digits)
    });
    let address = [octets.next()??, octets.next()??, octets.next()??, octets.next()??];
    octets.next().is_none().then(|| Ipv4Addr::from(address).into())
}

/// An IPv4 address as a whole number.
fn integer_address(text: &str) -> Option<IpAddr> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().ok().map(|bits: u32| Ipv4Addr::from(bits).into())
}

/// What `Ipv4Addr` parses, several times as fast: most cells of addresses are these.
fn parse_v4(text: &[u8]) -> Option<Ipv4Addr> {
    let (mut address, mut octet, mut digits, mut dots) = (0u32, 0u32, 0, 0);
    for &byte in text {
        match byte {
            b'0'..=b'9' if digits == 0 || octet > 0 => {
                octet = octet * 10 + u32::from(byte - b'0');
                digits += 1;
                if octet > 255 {
                    return None;
                }
            }
            b'.' if digits > 0 && dots < 3 => {
                address = address << 8 | octet;
                (octet, digits, dots) = (0, 0, dots + 1);
            }
            _ => return None,
        }
    }
    (dots == 3 && digits > 0).then(|| Ipv4Addr::from(address << 8 | octet))
}

fn v4_key(address: Ipv4Addr) -> u32 {
    u32::from(address) >> 8
}

/// The class of the addresses in the network with this key.
pub fn class_of(key: u32) -> AddressClass {
    const CLASSES: [AddressClass; 4] =
        [AddressClass::Private, AddressClass::Public, AddressClass::Multicast, AddressClass::Special];
    if key == MISSING_KEY || key & (V6 | OTHER) == OTHER {
        return AddressClass::NotAnAddress;
    }
    if key & V6 != 0 {
        return CLASSES[(key >> 26 & 3) as usize];
    }
    let address = Ipv4Addr::from(key << 8);
    let [a, b, ..] = address.octets();
    match () {
        () if address.is_private() || address.is_link_local() || (a == 100 && b & 0xc0 == 64) => AddressClass::Private,
        () if address.is_multicast() || (a, b) == (255, 255) => AddressClass::Multicast,
        () if address.is_loopback() || a == 0 || a >= 240 => AddressClass::Special,
        () => AddressClass::Public,
    }
}

fn class_of_v6(address: &Ipv6Addr) -> AddressClass {
    let first = address.segments()[0];
    match () {
        () if address.is_multicast() => AddressClass::Multicast,
        () if address.is_loopback() || address.is_unspecified() => AddressClass::Special,
        () if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 => AddressClass::Private,
        () => AddressClass::Public,
    }
}

/// The network of an address in the usual notation; the text itself where it is no address.
pub fn network_name(text: &str) -> String {
    match address_of(text).or_else(|| integer_address(text)) {
        Some(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn addresses_are_parsed_as_the_standard_library_does(text in "[0-9]{0,4}(\\.[0-9]{0,4}){2,4}|[0-9.a:]{0,16}") {
            prop_assert_eq!(parse_v4(text.as_bytes()), text.parse().ok());
        }
    }

    #[test]
    fn networks_have_keys_names_and_classes() {
        use AddressClass::*;
        for (address, network, class) in [
            ("10.200.7.217", "10.200.7.0/24", Private),
            ("172.31.0.1", "172.31.0.0/24", Private),
            ("192.168.1.255", "192.168.1.0/24", Private),
            ("169.254.3.4", "169.254.3.0/24", Private),
            ("100.64.0.9", "100.64.0.0/24", Private),
            ("8.8.8.8", "8.8.8.0/24", Public),
            ("172.32.0.1", "172.32.0.0/24", Public),
            ("224.0.0.251", "224.0.0.0/24", Multicast),
            ("255.255.255.255", "255.255.255.0/24", Multicast),
            ("127.0.0.1", "127.0.0.0/24", Special),
            ("0.0.0.0", "0.0.0.0/24", Special),
            ("fe80::1", "fe80::/48", Private),
            ("fd00:1:2:3::4", "fd00:1:2::/48", Private),
            ("2001:db8:1:2::3", "2001:db8:1::/48", Public),
            ("ff02::fb", "ff02::/48", Multicast),
            ("::1", "::/48", Special),
            ("::ffff:10.0.0.7", "10.0.0.0/24", Private),
            ("router.local", "router.local", NotAnAddress),
            ("fe80::5%eth0", "fe80::/48", Private),
            ("198.51.100.0/24", "198.51.100.0/24", Public),
            ("192.0.2.010", "192.0.2.0/24", Public),
            ("10.0.0.1:443", "10.0.0.0/24", Private),
            ("[fd00:1:2:3::4]:443", "fd00:1:2::/48", Private),
            ("[fd00:1:2:3::4]x", "[fd00:1:2:3::4]x", NotAnAddress),
            ("2001:0DB8:0001:0002:0000:0000:0000:0003", "2001:db8:1::/48", Public),
            ("3232235777", "192.168.1.0/24", Private),
            ("11:04:10", "11:04:10", NotAnAddress),
            ("10.0.0.1.5", "10.0.0.1.5", NotAnAddress),
        ] {
            let key = Host::read(address.as_bytes()).network();
            assert_eq!(class_of(key), class, "{address}");
            assert_eq!(network_name(address), network);
            assert_ne!(key, MISSING_KEY);
        }
        assert_eq!(Host::read(b"10.0.3.7").network(), Host::read(b"10.0.3.250").network());
        assert_ne!(Host::read(b"10.0.3.7").network(), Host::read(b"10.0.4.7").network());
        assert_eq!(Host::read(b"2001:db8:1:2::3").network(), Host::read(b"2001:db8:1:ffff::1").network());
        assert_ne!(Host::read(b"2001:db8:1::").network(), Host::read(b"2001:db8:2::").network());
        assert_eq!(class_of(MISSING_KEY), NotAnAddress);
    }
}
