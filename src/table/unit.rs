//! What numbers are counted in, and how points in time are written.

use serde::{Deserialize, Serialize};

/// What a column's numbers are counted in, where the tool that wrote them says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// 10⁻⁹ s.
    Nanoseconds,
    /// 10⁻⁶ s.
    Microseconds,
    /// 10⁻³ s.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Packets.
    Packets,
    /// Flows or connections.
    Flows,
    /// Bytes per second.
    BytesPerSecond,
    /// Bits per second.
    BitsPerSecond,
    /// Packets per second.
    PacketsPerSecond,
    /// A part of a whole, 0 to 1.
    Share,
    /// A part of a hundred.
    Percent,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 12] = [
        Self::Nanoseconds,
        Self::Microseconds,
        Self::Milliseconds,
        Self::Seconds,
        Self::Bytes,
        Self::Packets,
        Self::Flows,
        Self::BytesPerSecond,
        Self::BitsPerSecond,
        Self::PacketsPerSecond,
        Self::Share,
        Self::Percent,
    ];

    /// As shown behind a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::Packets => "packets",
            Self::Flows => "flows",
            Self::BytesPerSecond => "B/s",
            Self::BitsPerSecond => "bit/s",
            Self::PacketsPerSecond => "packets/s",
            Self::Share => "share",
            Self::Percent => "%",
        }
    }

    /// The unit in which quantities with a unit of their own are stored, and how many of `self` make one of it.
    pub fn base(self) -> (Self, f64) {
        match self {
            Self::Nanoseconds => (Self::Seconds, 1e9),
            Self::Microseconds => (Self::Seconds, 1e6),
            Self::Milliseconds => (Self::Seconds, 1e3),
            Self::Share => (Self::Percent, 0.01),
            base => (base, 1.0),
        }
    }
}

/// How a column's points in time are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeStyle {
    /// Seconds since 1970, or since the capture began.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
    /// `2018-01-12 15:37:30`, `2019/04/04T16:23:00.325+02:00`.
    YearFirst,
    /// `26/04/2017 11:11:17`, `26/04/201711:11:17`, `3.7.2017 3:30 PM`, `26/Apr/2017:11:11:17`.
    DayFirst,
    /// `04/26/2017 11:11:17`, `Apr 26, 2017 11:11:17`.
    MonthFirst,
    /// `11:05:40`, without a date.
    TimeOfDay,
}

impl TimeStyle {
    /// Nanoseconds in one of what numbers in this style count; `None` where they are no counts.
    pub fn nanoseconds(self) -> Option<i64> {
        match self {
            Self::Seconds => Some(1_000_000_000),
            Self::Milliseconds => Some(1_000_000),
            Self::Microseconds => Some(1_000),
            Self::Nanoseconds => Some(1),
            Self::YearFirst | Self::DayFirst | Self::MonthFirst | Self::TimeOfDay => None,
        }
    }
}
