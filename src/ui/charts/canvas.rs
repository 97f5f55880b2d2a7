//! A chart on the page.

use leptos::{html::Div, prelude::*, task::spawn_local};

use super::Plot;
use crate::{
    ui::state::Page,
    web::{
        echarts::{Drawing, Words, loaded},
        turns::put_off,
    },
};

/// Whether what is around a chart is in sight: those in tabs that are not open have no size to be drawn in.
#[derive(Clone, Copy)]
pub struct InSight(pub Signal<bool>);

/// Draws what `plot` gives, whenever that changes, with the table behind it for screen readers.
#[component]
pub fn Canvas(
    /// What to draw.
    plot: impl Fn() -> Option<Plot> + Send + Sync + 'static,
    /// The chart in a sentence.
    #[prop(into)]
    label: Signal<String>,
    /// Called with the numbers of series and item that are clicked.
    #[prop(optional, into)]
    picked: Option<Callback<(usize, usize)>>,
    /// A place that the last series marks.
    #[prop(optional, into)]
    marked: Option<Signal<Option<[f64; 2]>>>,
) -> impl IntoView {
    let page = Page::here();
    let shown = use_context::<InSight>();
    let element = NodeRef::<Div>::new();
    let table = RwSignal::new((Vec::new(), Vec::new()));
    let drawing: StoredValue<Option<Drawing>, LocalStorage> = StoredValue::new_local(None);
    // The newest of what was not drawn yet; what it replaces is never drawn.
    let wanted: StoredValue<Option<(Plot, String)>, LocalStorage> = StoredValue::new_local(None);
    let can_draw: RwSignal<Option<Result<(), String>>> = RwSignal::new(None);
    spawn_local(async move {
        // By now the chart may be gone from the page.
        let _ = can_draw.try_set(Some(loaded().await));
    });
    let failure = move || can_draw.get().and_then(Result::err);
    let mark = move || {
        let place = marked.and_then(|marked| marked.get_untracked());
        drawing.with_value(|drawing| drawing.iter().for_each(|drawing| drawing.mark(place)));
    };
    Effect::new(move || {
        if shown.is_some_and(|shown| !shown.0.get()) {
            return;
        }
        let (Some(element), Some(mut plot)) = (element.get(), plot()) else { return };
        table.set(std::mem::take(&mut plot.table));
        if can_draw.get() != Some(Ok(())) {
            return;
        }
        let ink = page.chrome.palette.with(|palette| palette.ink.clone());
        let mut before = None;
        wanted.update_value(|wanted| before = wanted.replace((plot, ink)));
        if before.is_some() {
            return;
        }
        // Several charts change together, and each takes tens of milliseconds.
        put_off(move || {
            // By now the chart may be gone from the page.
            let Some(Some((plot, ink))) = wanted.try_update_value(Option::take) else { return };
            drawing.try_update_value(|drawing| {
                let begin = || {
                    let drawing = Drawing::new(&element);
                    if let Some(picked) = picked {
                        drawing.on_pick(move |series, item| picked.run((series, item)));
                    }
                    drawing
                };
                let drawing = drawing.get_or_insert_with(begin);
                drawing.show(&plot.chart, Words { x: plot.x, y: plot.y, tip: plot.tip, ink });
            });
            if marked.is_some() {
                mark();
            }
        });
    });
    if let Some(marked) = marked {
        Effect::new(move || {
            marked.track();
            mark();
        });
    }
    on_cleanup(move || {
        drawing.try_update_value(Option::take);
    });
    let table = move || {
        let (header, rows) = table.get();
        view! {
            <thead><tr>{header.into_iter().map(|name| view! { <th>{name}</th> }).collect_view()}</tr></thead>
            <tbody>
                {rows.into_iter().map(|row| view! {
                    <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr>
                }).collect_view()}
            </tbody>
        }
    };
    view! {
        {move || failure().map(|reason| view! {
            <p class="note wrong" role="alert">
                "The charts could not be loaded (" {reason} "). Reload the page to see them; the rest works without."
            </p>
        })}
        <div class="canvas" node_ref=element role="img" aria-label=move || label.get()></div>
        <div class="hidden"><table><caption>{move || label.get()}</caption>{table}</table></div>
    }
}
