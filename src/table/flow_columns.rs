//! Which columns say who talked to whom, and when.

use super::{Role, Schema, TimeStyle};

/// Which columns name the ends of a flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlowColumns {
    /// Addresses of both ends, or of one.
    pub addresses: Vec<usize>,
    /// Their ports.
    pub ports: Vec<usize>,
    /// The protocol.
    pub protocol: Option<usize>,
    /// When the flow began.
    pub time: Option<usize>,
    /// The time of day, where it has a column of its own.
    pub clock: Option<usize>,
}

impl FlowColumns {
    /// Finds them by what they mean, and where that is not known by their roles: of two, the first is the source's.
    pub fn of(schema: &Schema) -> Self {
        let means = |role: Role, meaning: &str| {
            schema.fields.iter().position(|field| field.role == role && field.meaning.as_deref() == Some(meaning))
        };
        let of_role = |role: Role| {
            let found = schema.fields.iter().enumerate().filter(move |(_, field)| field.role == role);
            found.map(|(column, _)| column)
        };
        let ends = |role, [source, destination]: [&str; 2]| match (means(role, source), means(role, destination)) {
            (Some(source), Some(destination)) => vec![source, destination],
            (None, None) => of_role(role).take(2).collect(),
            (source, destination) => {
                // The other one of two; of more, nobody knows.
                let one = source.or(destination);
                let mut others = of_role(role).filter(|&column| Some(column) != one);
                match (others.next(), others.next()) {
                    (Some(other), None) if source.is_some() => one.into_iter().chain([other]).collect(),
                    (Some(other), None) => [other].into_iter().chain(one).collect(),
                    _ => one.into_iter().collect(),
                }
            }
        };
        let of_day = |column: &usize| schema.fields[*column].time == Some(TimeStyle::TimeOfDay);
        let dated = of_role(Role::Time).find(|column| !of_day(column));
        let clock = of_role(Role::Time).find(of_day);
        let time = means(Role::Time, "start_time").filter(|column| !of_day(column)).or(dated).or(clock);
        Self {
            addresses: ends(Role::Ip, ["src_ip", "dst_ip"]),
            ports: ends(Role::Port, ["src_port", "dst_port"]),
            protocol: means(Role::Protocol, "protocol").or_else(|| schema.first(Role::Protocol)),
            time,
            clock: clock.filter(|_| dated.is_some() && time != clock),
        }
    }
}
