//! Whose a flow is.

use serde::{Deserialize, Serialize};

use crate::table::{Block, Column, FlowColumns, Host, MISSING_KEY, MISSING_WHOLE, Schema, row_hash};

/// Whom several flows have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Who {
    /// A host that connects to one port of others: a scan of many hosts, guesses at many.
    Client(Host, u32),
    /// A port of a host that others connect to: a flood, guesses of a password.
    Service(Host, u32),
    /// A host that connects to another one: a scan of its ports, a tunnel.
    Pair(Host, Host),
    /// A host that connects to one port of another one: it may do so at even intervals.
    Conversation(Host, Host, u32),
}

impl Who {
    /// It is a [`Who::Conversation`].
    #[must_use]
    #[inline]
    pub fn is_conversation(self) -> bool {
        matches!(self, Self::Conversation(..))
    }

    /// 64 bits that look random, the same everywhere.
    #[must_use]
    #[inline]
    pub fn scattered(self) -> u64 {
        let (kind, one, other) = match self {
            Self::Client(host, port) => (0, host.key(), port),
            Self::Service(host, port) => (1, host.key(), port),
            Self::Pair(from, to) => (2, from.key(), to.key()),
            Self::Conversation(from, to, port) => (row_hash(3, port.into()), from.key(), to.key()),
        };
        row_hash(kind, u64::from(one) << 32 | u64::from(other))
    }
}

/// Where rows say whose they are, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    from: usize,
    to: usize,
    /// The port that is connected to, where it is known.
    port: Option<usize>,
    time: usize,
}

impl Ends {
    /// In tables with such columns; `None` where these do not say from whom to whom, or not when.
    #[must_use]
    pub fn of(schema: &Schema) -> Option<Self> {
        let flow = FlowColumns::of(schema);
        let [from, to] = *flow.addresses.as_slice() else { return None };
        let port = match *flow.ports.as_slice() {
            [_, to] => Some(to),
            [one] if schema.fields[one].meaning.as_deref() == Some("dst_port") => Some(one),
            _ => None,
        };
        Some(Self { from, to, port, time: flow.time? })
    }

    /// The column of points in time.
    #[must_use]
    pub fn time(&self) -> usize {
        self.time
    }

    /// When a row was, in nanoseconds, if that is known.
    #[must_use]
    #[inline]
    pub fn when(&self, block: &Block, row: usize) -> Option<i64> {
        let Column::Time { cells, .. } = &block.columns[self.time] else { return None };
        Some(cells.at(row)).filter(|&time| time != MISSING_WHOLE)
    }

    /// Whose a row is.
    #[inline]
    pub fn who(&self, block: &Block, row: usize) -> impl Iterator<Item = Who> + use<> {
        let host = |column: usize| Some(block.columns[column].host_at(row)).filter(|host| *host != Host::Missing);
        let (from, to) = (host(self.from), host(self.to));
        let port = self.port.map(|column| block.columns[column].key_at(row)).filter(|port| *port != MISSING_KEY);
        let pair = from.zip(to).map(|(from, to)| Who::Pair(from, to));
        let client = from.zip(port).map(|(host, port)| Who::Client(host, port));
        let service = to.zip(port).map(|(host, port)| Who::Service(host, port));
        let conversation = from.zip(to).zip(port).map(|((from, to), port)| Who::Conversation(from, to, port));
        [client, service, pair, conversation].into_iter().flatten()
    }
}
