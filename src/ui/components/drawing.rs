//! A chart on the page.

use leptos::{html::Div, prelude::*, task::spawn_local};

use crate::{
    ui::charts::Plot,
    web::{
        dom::HtmlElement,
        echarts::{Drawing, Words, loaded},
        turns::put_off,
    },
};

/// What a pointer can do in a chart.
#[derive(Clone, Copy, Default)]
pub struct Pointer {
    /// Called with the numbers of series and item that are clicked.
    pub picked: Option<Callback<(usize, usize)>>,
    /// Called with the place on the horizontal axis while the pointer is pressed.
    pub moved: Option<Callback<f64>>,
}

fn begin(element: &HtmlElement, pointer: Pointer) -> Drawing {
    let drawing = Drawing::new(element);
    if let Some(picked) = pointer.picked {
        drawing.on_pick(move |series, item| picked.run((series, item)));
    }
    if let Some(moved) = pointer.moved {
        drawing.on_drag(move |place| moved.run(place));
    }
    drawing
}

/// Draws what `plot` gives, whenever that changes, with the table behind it for screen readers.
#[component]
pub fn Canvas(
    /// What to draw.
    plot: impl Fn() -> Option<Plot> + Copy + Send + Sync + 'static,
    /// The tooltip's colour of text.
    ink: impl Fn() -> String + Send + 'static,
    /// The chart in a sentence.
    #[prop(into)]
    label: Signal<String>,
    /// What a pointer can do.
    #[prop(optional)]
    pointer: Pointer,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let drawing: StoredValue<Option<Drawing>, LocalStorage> = StoredValue::new_local(None);
    // The newest of what was not drawn yet; what it replaces is never drawn.
    let wanted: StoredValue<Option<(Plot, String)>, LocalStorage> = StoredValue::new_local(None);
    let can_draw: RwSignal<Option<Result<(), String>>> = RwSignal::new(None);
    spawn_local(async move {
        // By now the chart may be gone from the page.
        let _ = can_draw.try_set(Some(loaded().await));
    });
    let failure = move || can_draw.get().and_then(Result::err);
    Effect::new(move || {
        let (Some(element), Some(plot), Some(Ok(()))) = (element.get(), plot(), can_draw.get()) else { return };
        let ink = ink();
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
                let drawing = drawing.get_or_insert_with(|| begin(&element, pointer));
                drawing.show(&plot.chart, Words { x: plot.x, y: plot.y, tip: plot.tip, ink });
            });
        });
    });
    on_cleanup(move || {
        drawing.try_update_value(Option::take);
    });
    let table = move || {
        plot().map(|plot| {
            let (header, rows) = plot.table;
            view! {
                <thead><tr>{header.into_iter().map(|name| view! { <th>{name}</th> }).collect_view()}</tr></thead>
                <tbody>
                    {rows.into_iter().map(|row| view! {
                        <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr>
                    }).collect_view()}
                </tbody>
            }
        })
    };
    view! {
        {move || failure().map(|reason| view! {
            <p class="note wrong" role="alert">
                "The charts could not be loaded (" {reason} "). Reload the page to see them; the rest works without."
            </p>
        })}
        <div class="canvas" class:draggable=pointer.moved.is_some() node_ref=element role="img" aria-label=move || label.get()></div>
        <div class="hidden"><table><caption>{move || label.get()}</caption>{table}</table></div>
    }
}
