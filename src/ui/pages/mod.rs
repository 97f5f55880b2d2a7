//! The tabs, each with the panels that belong together. None is shown before it has something to show.

use leptos::{context::Provider, ev::KeyboardEvent, prelude::*};

use crate::{
    ui::{
        charts::InSight,
        format,
        panels::{
            columns::Columns,
            detail::Detail,
            downloads::Downloads,
            drift::DriftNote,
            figures::Figures,
            finding_list::{self, FindingDetail, FindingList},
            findings::Findings,
            reading::Reading,
            report::Report,
        },
        parts::{self, Late, Part},
        state::{Page, Tab},
    },
    web::dom::focus_sibling,
};

/// The tabs, what can be taken away, and the panel of the tab that is open.
#[component]
pub fn Pages() -> impl IntoView {
    let page = Page::here();
    let button = move |tab: Tab| {
        view! { <Show when=move || page.has(tab)><TabButton tab /></Show> }
    };
    let findings = Memo::new(move |_| finding_list::all(page));
    let any = Memo::new(move |_| {
        findings
            .with(|known| known.as_ref().is_some_and(|known| known.iter().any(|finding| finding.severity.is_some())))
    });
    view! {
        <div class="bar">
            <div class="tabs" role="tablist" aria-label="Views">{Tab::ALL.map(button).collect_view()}</div>
            <Show when=move || page.has_results()><Downloads /></Show>
        </div>
        <Show when=move || page.has(Tab::Findings)>
            <Panel tab=Tab::Findings>
                <Figures />
                <DriftNote />
                <Show when=move || any.get()>
                    <div class="beside"><FindingList findings /><FindingDetail findings /></div>
                </Show>
                <div class="beside"><Findings /><Detail /></div>
            </Panel>
        </Show>
        <Show when=move || page.has(Tab::Explore)>
            <Panel tab=Tab::Explore><Late part=Part::More show=parts::EXPLORE /></Panel>
        </Show>
        <Show when=move || page.has(Tab::Evaluate)>
            <Panel tab=Tab::Evaluate><Late part=Part::More show=parts::EVALUATE /></Panel>
        </Show>
        <Show when=move || page.has(Tab::Models)>
            <Panel tab=Tab::Models><Late part=Part::More show=parts::MODELS /></Panel>
        </Show>
        <Show when=move || page.has(Tab::Data)>
            <Panel tab=Tab::Data>
                <Reading />
                <Show when=move || page.data.loaded.with(Option::is_some)><Report /><Columns /></Show>
            </Panel>
        </Show>
    }
}

#[component]
fn TabButton(tab: Tab) -> impl IntoView {
    let page = Page::here();
    let name = tab.name();
    let open = Memo::new(move |_| page.tab() == Some(tab));
    let count = move || match tab {
        Tab::Findings => Some(format::count(page.runs.verdict.get().anomalies)),
        Tab::Explore | Tab::Evaluate => None,
        Tab::Models => page
            .library
            .kept
            .with(|kept| Some(kept.len()).filter(|&kept| kept > 0))
            .map(|kept| format::count(kept as u64)),
        Tab::Data => {
            page.data.loaded.with(|loaded| Some(format::count(loaded.as_ref()?.dataset.layout.schema.width() as u64)))
        }
    };
    let keys = move |event: KeyboardEvent| {
        let steps = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "Home" => i32::MIN,
            "End" => i32::MAX,
            _ => return,
        };
        event.prevent_default();
        focus_sibling(&event, steps);
    };
    view! {
        <button
            type="button"
            role="tab"
            id=format!("tab-{name}")
            data-testid=format!("tab-{name}")
            aria-controls=format!("panel-{name}")
            aria-selected=move || open.get().to_string()
            tabindex=move || if open.get() { "0" } else { "-1" }
            on:click=move |_| page.chrome.open(tab)
            on:focus=move |_| page.chrome.open(tab)
            on:keydown=keys
        >
            {tab.title()} " " {move || count().map(|count| view! { <span class="count">{count}</span> })}
        </button>
    }
}

/// What a tab opens. The panels of the others stay in the document, unseen, and draw no charts meanwhile.
#[component]
fn Panel(tab: Tab, children: Children) -> impl IntoView {
    let page = Page::here();
    let name = tab.name();
    let shown = Memo::new(move |_| page.tab() == Some(tab));
    view! {
        <section
            class=format!("panel {name}")
            role="tabpanel"
            id=format!("panel-{name}")
            aria-labelledby=format!("tab-{name}")
            hidden=move || !shown.get()
        >
            <Provider value=InSight(shown.into())>{children()}</Provider>
        </section>
    }
}
