//! A single flow as a finding, and one that is near to a group.

use std::sync::Arc;

use super::{Apart, Finding, What, common, spread};
use crate::{
    detect::groups::Nearest,
    engine::{Dataset, Outcome, Single},
    report::Reason,
    table::FlowColumns,
    words::{self, protocol_name, usual, value},
};

/// Columns in which a flow in no group differs from one that are named, unless they are little of the difference.
const DIFFERS: usize = 4;
const LITTLE: f64 = 0.02;

/// What is told of a flow.
pub fn of_flow(Single { severity, row }: &Single, dataset: &Dataset) -> Finding {
    let fields = &dataset.layout.schema.fields;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let cell = |column: Option<&usize>| {
        column.and_then(|&column| row.cells.get(column)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    let port = if flow.ports.len() == 2 { cell(flow.ports.get(1)) } else { cell(flow.ports.first()) };
    let protocol = cell(flow.protocol.as_ref());
    let protocol = protocol_name(&protocol);
    let ports =
        if port.is_empty() || protocol.is_empty() { format!("{port}{protocol}") } else { format!("{port}/{protocol}") };
    let apart = |reason: &Reason| {
        let cell = row.cells.get(reason.column).map_or("", String::as_str);
        let number = words::number(cell, reason.column, &dataset.layout);
        let value = value(cell, reason.column, &dataset.layout);
        let typical = dataset.typical.get(reason.column);
        Apart {
            column: reason.column,
            name: dataset.layout.schema.named(reason.column, reason.aspect.as_deref()),
            usual: typical.and_then(|typical| usual(typical, &fields[reason.column], (&value, number))),
            value,
            share: reason.share,
            spread: number
                .filter(|_| reason.aspect.is_none())
                .and_then(|number| spread([number; 2], reason.column, dataset)),
        }
    };
    let apart: Vec<Apart> = row.reasons.iter().map(apart).collect();
    Finding {
        what: What::Flow(Arc::new(row.clone())),
        severity: *severity,
        size: 1,
        from: cell(flow.addresses.first()),
        to: cell(flow.addresses.get(1)),
        ports,
        common: common::of_flow(row, &flow, &apart),
        times: flow.time(&row.cells, &dataset.layout).map(|[shown, _]| [shown.clone(), shown]),
        when: Vec::new(),
        steady: false,
        evidence: None,
        apart,
        alike: None,
        sums: Vec::new(),
    }
}

/// A compared flow in no group of alike ones that is near to one: who it is, and what it has where it differs the most.
pub fn neighbour(nearest: &Nearest, cells: &[String], outcome: &Outcome, dataset: &Dataset) -> String {
    let layout = &dataset.layout;
    let mut names: Vec<&str> = Vec::new();
    let mut differs = Vec::new();
    for &(feature, share) in &nearest.differs {
        let column = outcome.plan.features[feature as usize].column;
        let name = layout.schema.fields[column].name.as_str();
        if share < LITTLE || differs.len() == DIFFERS {
            break;
        }
        if !names.contains(&name) {
            names.push(name);
            let cell = cells.get(column).map_or("", String::as_str);
            differs.push(format!("{name} {}", value(cell, column, layout)));
        }
    }
    let who = FlowColumns::of(&layout.schema).flow(cells);
    let differs = if differs.is_empty() { "it is the same".into() } else { format!("it has {}", differs.join(" · ")) };
    who.map_or_else(|| differs.clone(), |who| format!("{who}: {differs}"))
}
