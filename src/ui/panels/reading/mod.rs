//! How the files were read, and the ways to read them otherwise.

mod choices;

use std::collections::BTreeSet;

use leptos::{html::Details, prelude::*};

use crate::{
    engine::Opened,
    ingest::{Choices, Entry},
    ui::{
        components::HowToRead,
        format,
        state::{Page, Phase},
        tasks,
    },
};

use choices::{DECIMALS, DELIMITERS, ENCODINGS, HEADERS, Settings, names, place};

pub use choices::Told;

/// Columns of the preview; a table of thousands is not told apart by looking.
const MOST_COLUMNS: usize = 100;
/// Characters of a cell of the preview.
const MOST_CHARACTERS: usize = 60;

/// What was assumed of the files, in a line; under it everything that can be changed, and the first rows.
#[component]
pub fn Reading() -> impl IntoView {
    let page = Page::here();
    let summary = Signal::derive(move || match page.data.opened.get() {
        Some(opened) => {
            let family = opened.layout.assumed.family.as_ref().map(|family| format!("{family}, ")).unwrap_or_default();
            format!("Read as: {family}{}", Settings::of(&opened).words())
        }
        None => "Reading settings".to_owned(),
    });
    // Unfolded when it is worth a look; folding is left to the visitor.
    let element = NodeRef::<Details>::new();
    let doubtful = move || {
        let failed = page.phase() == Phase::Error && !page.data.at_hand.get();
        failed || page.data.opened.with(|opened| opened.as_ref().is_some_and(|opened| choices::is_doubtful(opened)))
    };
    Effect::new(move || {
        if let (Some(element), true) = (element.get(), doubtful()) {
            element.set_open(true);
        }
    });
    view! {
        <section class="card slim">
            <details node_ref=element data-testid="reading">
                <summary>{summary}</summary>
                <div class="choices">
                    <Choose
                        name="Delimiter" testid="choose-delimiter" offers=names(&DELIMITERS)
                        told=|told| place(&DELIMITERS, told.delimiter)
                        chosen=|choices| place(&DELIMITERS, choices.delimiter)
                        choose=|choices, place| choices.delimiter = place.map(|place| DELIMITERS[place].0)
                    />
                    <Choose
                        name="First line is the header" testid="choose-header" offers=names(&HEADERS)
                        told=|told| place(&HEADERS, told.header)
                        chosen=|choices| place(&HEADERS, choices.header)
                        choose=|choices, place| choices.header = place.map(|place| HEADERS[place].0)
                    />
                    <Choose
                        name="Encoding" testid="choose-encoding" offers=names(&ENCODINGS)
                        told=|told| place(&ENCODINGS, told.encoding)
                        chosen=|choices| place(&ENCODINGS, choices.encoding)
                        choose=|choices, place| choices.encoding = place.map(|place| ENCODINGS[place].0)
                    />
                    <Choose
                        name="Decimal sign" testid="choose-decimal" offers=names(&DECIMALS)
                        told=|told| place(&DECIMALS, told.decimal)
                        chosen=|choices| place(&DECIMALS, choices.decimal)
                        choose=|choices, place| choices.decimal = place.map(|place| DECIMALS[place].0)
                    />
                </div>
                {move || entries(page)}
                {move || page.data.opened.get().map(|opened| preview(&opened))}
            </details>
            <HowToRead section="reading" />
        </section>
    }
}

/// One thing that is told from the file unless the visitor says otherwise. Values are places in `offers`.
#[component]
fn Choose(
    name: &'static str,
    testid: &'static str,
    offers: Vec<[&'static str; 2]>,
    told: fn(&Told) -> Option<usize>,
    chosen: fn(&Choices) -> Option<usize>,
    choose: fn(&mut Choices, Option<usize>),
) -> impl IntoView {
    let page = Page::here();
    let names: Vec<&'static str> = offers.iter().map(|offer| offer[0]).collect();
    let words: Vec<&'static str> = offers.iter().map(|offer| offer[1]).collect();
    let value = {
        let names = names.clone();
        Signal::derive(move || page.data.choices.with(chosen).map_or("", |place| names[place]))
    };
    let as_told = Signal::derive(move || match page.data.told.with(told) {
        Some(place) => format!("Auto ({})", words[place]),
        None => "Auto".to_owned(),
    });
    let changed = move |event| {
        let name = event_target_value(&event);
        let place = names.iter().position(|&offer| offer == name);
        tasks::choose(page, |choices| choose(choices, place));
    };
    // Only what is chosen at first; later `prop:value` says.
    let first = value.get_untracked();
    let option = |[name, words]: [&'static str; 2]| {
        view! { <option value=name selected=name == first>{words}</option> }
    };
    view! {
        <label class="field">
            <span>{name}</span>
            <select data-testid=testid disabled=page.computing() prop:value=value on:change=changed>
                <option value="" selected=first.is_empty()>{as_told}</option>
                {offers.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

/// What of an archive is read, where there is a choice.
fn entries(page: Page) -> Option<impl IntoView> {
    let entries = page.data.told.with(|told| told.entries.clone());
    let read = page.data.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.chosen.clone()));
    // Apart from the choices: while nothing is ticked, nothing else is read.
    let ticked = RwSignal::new(BTreeSet::from_iter(read.unwrap_or_else(|| page.data.choices.get_untracked().entries)));
    let tick = move |name: &str, on: bool| {
        ticked.update(|ticked| {
            if on {
                ticked.insert(name.to_owned())
            } else {
                ticked.remove(name)
            };
        });
        let names = ticked.get_untracked();
        if !names.is_empty() {
            tasks::choose(page, |choices| choices.entries = names.into_iter().collect());
        }
    };
    let entry = move |Entry { name, bytes, .. }: Entry| {
        let shown = name.clone();
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-entry=name.clone()
                    checked=ticked.with_untracked(|ticked| ticked.contains(&name))
                    disabled=page.computing()
                    on:change=move |event| tick(&name, event_target_checked(&event))
                />
                <span class="entry">{shown} " " <span class="hint">{format::bytes(bytes)}</span></span>
            </label>
        }
    };
    (entries.len() > 1).then(|| {
        view! {
            <fieldset class="entries" data-testid="choose-entries">
                <legend>"Read from the archive, together as one table"</legend>
                {entries.into_iter().map(entry).collect_view()}
            </fieldset>
        }
    })
}

/// The first rows as they are read.
fn preview(opened: &Opened) -> impl IntoView + use<> {
    let fields = &opened.layout.schema.fields;
    let more = fields.len().saturating_sub(MOST_COLUMNS);
    let name = |text: &str| view! { <th scope="col">{cut(text)}</th> };
    let cell = |text: &String| view! { <td>{cut(text)}</td> };
    let row = |cells: &Vec<String>| view! { <tr>{cells.iter().take(MOST_COLUMNS).map(cell).collect_view()}</tr> };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="The first rows">
            <table class="data" data-testid="preview">
                <thead><tr>{fields.iter().take(MOST_COLUMNS).map(|field| name(&field.name)).collect_view()}</tr></thead>
                <tbody>{opened.preview.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {(more > 0).then(|| view! { <p class="hint">{format!("and {} more columns", format::count(more as u64))}</p> })}
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
