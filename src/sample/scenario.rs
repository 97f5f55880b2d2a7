//! Which attacks a file holds.

/// A kind of attack, as the column `Attack` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attack {
    /// One port of many hosts.
    HorizontalScan,
    /// Many ports of one host.
    VerticalScan,
    /// A scan of either sort that takes hours.
    SlowScan,
    /// Connections that are opened from many places, and left at that.
    SynFlood,
    /// Passwords tried over SSH.
    SshBruteForce,
    /// Passwords tried over RDP.
    RdpBruteForce,
    /// A program that calls home at intervals, which vary by up to 30 %.
    Beacon,
    /// Data inside names that are looked up.
    DnsTunnel,
    /// Much data sent out in one flow.
    Exfiltration,
    /// Data sent out in several flows.
    SplitExfiltration,
    /// From one workstation to other machines of the office, over SMB, RDP and WinRM.
    LateralMovement,
}

impl Attack {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::HorizontalScan,
        Self::VerticalScan,
        Self::SlowScan,
        Self::SynFlood,
        Self::SshBruteForce,
        Self::RdpBruteForce,
        Self::Beacon,
        Self::DnsTunnel,
        Self::Exfiltration,
        Self::SplitExfiltration,
        Self::LateralMovement,
    ];

    /// What stands in the column `Attack`; ordinary rows have `none`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HorizontalScan => "horizontal-scan",
            Self::VerticalScan => "vertical-scan",
            Self::SlowScan => "slow-scan",
            Self::SynFlood => "syn-flood",
            Self::SshBruteForce => "ssh-brute-force",
            Self::RdpBruteForce => "rdp-brute-force",
            Self::Beacon => "beacon",
            Self::DnsTunnel => "dns-tunnel",
            Self::Exfiltration => "exfiltration",
            Self::SplitExfiltration => "split-exfiltration",
            Self::LateralMovement => "lateral-movement",
        }
    }
}

/// The kinds of attack that happen, each once a day. The ordinary traffic is the same whichever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// A bit for each kind.
    kinds: u16,
}

impl Scenario {
    /// Every kind of attack.
    pub const fn all() -> Self {
        Self { kinds: (1 << Attack::ALL.len()) - 1 }
    }

    /// No attack.
    pub const fn clean() -> Self {
        Self { kinds: 0 }
    }

    /// One kind of attack: its flows are those that it has among all kinds.
    pub const fn only(attack: Attack) -> Self {
        Self::clean().with(attack)
    }

    /// These kinds and one more.
    #[must_use]
    pub const fn with(self, attack: Attack) -> Self {
        Self { kinds: self.kinds | 1 << attack as u16 }
    }

    /// Whether a kind happens.
    pub const fn contains(self, attack: Attack) -> bool {
        self.kinds & 1 << attack as u16 != 0
    }
}
