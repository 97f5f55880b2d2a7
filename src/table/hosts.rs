//! The hosts of a column of addresses, exactly.

use std::collections::HashMap;

use super::{Compact, Host, MISSING_KEY};

/// Up to 65,536 cells of addresses of one column and block.
#[derive(Debug, Clone, PartialEq)]
pub struct Hosts(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// IPv4 addresses as numbers, [`MISSING_KEY`] for none: it would be the address of a broadcast.
    V4(Compact),
    /// Places in a list of hosts.
    Listed { hosts: Vec<Host>, places: Compact },
}

impl Hosts {
    /// Packs these.
    pub fn of(cells: &[Host]) -> Self {
        let v4 = |host: &Host| match host {
            Host::Missing => Some(MISSING_KEY),
            Host::Address(std::net::IpAddr::V4(address)) => Some(u32::from(*address)).filter(|&it| it != MISSING_KEY),
            _ => None,
        };
        if let Some(keys) = cells.iter().map(v4).collect::<Option<Vec<u32>>>() {
            return Self(Form::V4(Compact::keys(&keys)));
        }
        let (mut hosts, mut known) = (Vec::new(), HashMap::new());
        let place = |host: &Host| {
            *known.entry(*host).or_insert_with(|| {
                hosts.push(*host);
                hosts.len() as u32 - 1
            })
        };
        let places: Vec<u32> = cells.iter().map(place).collect();
        hosts.shrink_to_fit();
        Self(Form::Listed { hosts, places: Compact::keys(&places) })
    }

    /// Bytes of memory taken on the heap.
    pub fn bytes(&self) -> usize {
        match &self.0 {
            Form::V4(keys) => keys.bytes(),
            Form::Listed { hosts, places } => size_of::<Host>() * hosts.len() + places.bytes(),
        }
    }

    /// The host of row `row`, which must be one of the rows held.
    pub fn at(&self, row: usize) -> Host {
        match &self.0 {
            Form::V4(keys) => v4_host(keys.at(row)),
            Form::Listed { hosts, places } => hosts[places.at(row) as usize],
        }
    }

    /// Appends what `of` makes of each host. It is asked once per different one where that is known.
    pub fn map<T: Copy>(&self, of: impl Fn(Host) -> T, out: &mut Vec<T>) {
        match &self.0 {
            Form::V4(keys) => keys.map(|key| of(v4_host(key)), out),
            Form::Listed { hosts, places } => {
                let made: Vec<T> = hosts.iter().map(|&host| of(host)).collect();
                places.map(|place| made[place as usize], out);
            }
        }
    }
}

fn v4_host(key: u32) -> Host {
    if key == MISSING_KEY { Host::Missing } else { Host::Address(std::net::Ipv4Addr::from(key).into()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn host() -> impl Strategy<Value = Host> {
        prop_oneof![
            8 => (0u32..40).prop_map(v4_host),
            1 => any::<u32>().prop_map(v4_host),
            1 => Just(Host::Missing),
        ]
    }

    proptest! {
        #[test]
        fn hosts_come_back(mut cells in prop::collection::vec(host(), 0..200), others: bool, place in 0usize..200) {
            if others && !cells.is_empty() {
                let place = place % cells.len();
                cells[place] = [b"2001:db8::9".as_slice(), b"255.255.255.255", b"router.local"].map(Host::read)[place % 3];
            }
            let hosts = Hosts::of(&cells);
            prop_assert!(cells.iter().enumerate().all(|(row, &host)| hosts.at(row) == host));
            let mut all = Vec::new();
            hosts.map(Host::network, &mut all);
            prop_assert_eq!(all, cells.iter().map(|host| host.network()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn ipv4_takes_no_more_than_its_keys() {
        let cells: Vec<Host> = (0..8_192u32).map(|row| v4_host(row % 200 + 0x0a00_0200)).collect();
        assert_eq!(Hosts::of(&cells).bytes(), 8_192 + 4 * 200);
        let cells: Vec<Host> = (0..8_192u32).map(|row| v4_host(row.wrapping_mul(0x9e37_79b9))).collect();
        assert_eq!(Hosts::of(&cells).bytes(), 4 * 8_192);
    }
}
