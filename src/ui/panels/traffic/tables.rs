//! Hosts, pairs of hosts and ports, by what they have most of.

use leptos::prelude::*;

use super::{NotYet, counted, has, words};
use crate::{
    report::{Amount, Amounts, MOST_COUNTED, edit, has_bytes},
    table::{FlowColumns, Host, MISSING_KEY},
    ui::{
        components::HowToRead,
        findings::{host_name, name_of},
        format, said,
        state::Page,
    },
};

/// Lines that are shown.
const SHOWN: usize = 100;

/// One of those that are counted.
#[derive(Clone, PartialEq)]
struct Line {
    name: String,
    amounts: Amounts,
    /// Hosts that it has flows with, where they are counted and known.
    peers: Option<u64>,
    /// What leaves its flows, if the filter can say that.
    terms: Option<Vec<String>>,
}

/// The first lines, and how many there are; `None` where there are too many to have been counted.
type Lines = Option<(Vec<Line>, usize)>;

/// What a table is of.
#[derive(Clone, Copy)]
struct Kind {
    title: &'static str,
    /// One of them, and several.
    names: [&'static str; 2],
    testid: &'static str,
    /// How many others each has flows with is told.
    peers: bool,
}

/// Hosts, whichever end they are.
#[component]
pub fn Hosts() -> impl IntoView {
    let page = Page::here();
    let kind = Kind { title: "Hosts", names: ["Host", "hosts"], testid: "hosts-table", peers: true };
    let lines = move |by: Amount| -> Option<Lines> {
        let (loaded, counted) = counted(page)?;
        let (dataset, traffic) = (&loaded.dataset, &counted.1);
        let flow = FlowColumns::of(&dataset.layout.schema);
        let (&column, peers) = (flow.addresses.first()?, traffic.peers());
        let of = |host: Host| traffic.hosts.counts().binary_search_by(|known| known.0.cmp(&host)).ok();
        let line = |(host, amounts): (Host, Amounts)| Line {
            name: host_name(host, column, dataset),
            amounts,
            peers: peers.as_ref().zip(of(host)).map(|(peers, place)| peers[place].into()),
            terms: words::host_term(host, &flow, dataset).map(|term| vec![term]),
        };
        let lines = traffic.hosts.by(by, SHOWN).into_iter().map(line).collect();
        Some((!traffic.hosts.is_crowded()).then(|| (lines, traffic.hosts.len())))
    };
    view! { <Table kind lines=StoredValue::new(Box::new(lines)) shown=Signal::derive(move || has(page, |flow, _| !flow.addresses.is_empty())) /> }
}

/// Who talks to whom.
#[component]
pub fn Pairs() -> impl IntoView {
    let page = Page::here();
    let kind = Kind {
        title: "Who talks to whom",
        names: ["From → to", "pairs of hosts"],
        testid: "pairs-table",
        peers: false,
    };
    let lines = move |by: Amount| -> Option<Lines> {
        let (loaded, counted) = counted(page)?;
        let (dataset, pairs) = (&loaded.dataset, &counted.1.pairs);
        let flow = FlowColumns::of(&dataset.layout.schema);
        let &[from, to] = flow.addresses.as_slice() else { return None };
        let line = |(pair, amounts): ((Host, Host), Amounts)| Line {
            name: format!("{} → {}", host_name(pair.0, from, dataset), host_name(pair.1, to, dataset)),
            amounts,
            peers: None,
            terms: words::pair_terms(pair, &flow, dataset),
        };
        let lines = pairs.by(by, SHOWN).into_iter().map(line).collect();
        Some((!pairs.is_crowded()).then(|| (lines, pairs.len())))
    };
    view! { <Table kind lines=StoredValue::new(Box::new(lines)) shown=Signal::derive(move || has(page, |flow, _| flow.has_flow())) /> }
}

/// Ports at the destination.
#[component]
pub fn Ports() -> impl IntoView {
    let page = Page::here();
    let kind = Kind { title: "Destination ports", names: ["Port", "ports"], testid: "ports-table", peers: false };
    let lines = move |by: Amount| -> Option<Lines> {
        let (loaded, counted) = counted(page)?;
        let (dataset, ports) = (&loaded.dataset, &counted.1.ports);
        let flow = FlowColumns::of(&dataset.layout.schema);
        let column = *flow.ports.get(flow.ports.len().checked_sub(1)?.min(1))?;
        let field = &dataset.layout.schema.fields[column].name;
        let line = |(key, amounts): (u32, Amounts)| {
            let name = name_of(key, column, dataset);
            let term = (key != MISSING_KEY).then(|| edit::written(field, ":", &name)).flatten();
            Line { name, amounts, peers: None, terms: term.map(|term| vec![term]) }
        };
        let lines = ports.by(by, SHOWN).into_iter().map(line).collect();
        Some((!ports.is_crowded()).then(|| (lines, ports.len())))
    };
    view! { <Table kind lines=StoredValue::new(Box::new(lines)) shown=Signal::derive(move || has(page, |flow, _| !flow.ports.is_empty())) /> }
}

type Told = StoredValue<Box<dyn Fn(Amount) -> Option<Lines> + Send + Sync>>;

/// Lines by what there is most of; a click on one looks at its flows, another one no more.
#[component]
fn Table(kind: Kind, lines: Told, shown: Signal<bool>) -> impl IntoView {
    let page = Page::here();
    let by = RwSignal::new(Amount::Anomalies);
    let Kind { title, names: [one, several], testid, peers } = kind;
    let told = Memo::new(move |_| lines.with_value(|lines| lines(by.get())));
    let says_bytes = Memo::new(move |_| page.data.schema().is_some_and(|schema| has_bytes(&schema)));
    let note = said(move || match told.get() {
        Some(None) => format!(
            "More than {} {several} are in these flows. Filter them to see {several}: is:anomaly, or a network such as ip:10.0.0.0/8.",
            format::count(MOST_COUNTED as u64)
        ),
        Some(Some((lines, all))) if lines.len() < all => {
            format!("The first {} of {} {several}.", lines.len(), format::count(all as u64))
        }
        _ => String::new(),
    });
    let head = move |amount: Amount, name: &'static str| {
        let sorted = said(move || if by.get() == amount { "descending" } else { "none" }.to_owned());
        view! { <th class="number" aria-sort=sorted><button type="button" on:click=move |_| by.set(amount)>{name}</button></th> }
    };
    let rows = move || {
        let (lines, _) = told.get()??;
        Some(lines.into_iter().map(|line| row(page, line, peers, says_bytes.get())).collect_view())
    };
    let all = move || told.get().flatten().map(|(_, all)| all.to_string());
    view! {
        <section class="card census" hidden=move || !shown.get()>
            <h3>{title}</h3>
            <p class="sub">{note}</p>
            <HowToRead section="hosts" />
            <NotYet known=Signal::derive(move || page.runs.traffic.is_known()) />
            <div class="scroll" tabindex="0" role="region" aria-label=title hidden=move || !page.runs.traffic.is_known()>
                <table class="anomalies" data-testid=testid data-value=all>
                    <thead><tr>
                        <th>{one}</th>
                        {peers.then(|| view! { <th class="number">"Talks to"</th> })}
                        {head(Amount::Flows, "Flows")}
                        {head(Amount::Anomalies, "Anomalies")}
                        {move || says_bytes.get().then(|| head(Amount::Bytes, "Bytes"))}
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(page: Page, line: Line, peers: bool, bytes: bool) -> impl IntoView + use<> {
    let Line { name, amounts, peers: others, terms } = line;
    let name = match terms {
        Some(terms) => {
            let looked_for = {
                let terms = terms.clone();
                said(move || edit::holds(&page.selection.text.get(), &terms).to_string())
            };
            let toggle = move |_| page.look_for(edit::toggled(&page.selection.text.get_untracked(), &terms));
            view! { <button type="button" class="plain" aria-pressed=looked_for on:click=toggle>{name}</button> }
                .into_any()
        }
        None => name.into_any(),
    };
    let number = |value: u64, text: String| view! { <td class="number" data-value=value.to_string()>{text}</td> };
    let class = if amounts.anomalies > 0 { "number odd" } else { "number" };
    let share = format::percent(amounts.anomalies, amounts.flows);
    view! {
        <tr>
            <td class="flow">{name}</td>
            {peers.then(|| number(others.unwrap_or_default(), others.map(format::count).unwrap_or_default()))}
            {number(amounts.flows, format::count(amounts.flows))}
            <td class=class data-value=amounts.anomalies.to_string() title=format!("{share} of its flows")>
                {format::count(amounts.anomalies)}
            </td>
            {bytes.then(|| number(amounts.bytes, words::bytes(amounts.bytes)))}
        </tr>
    }
}
