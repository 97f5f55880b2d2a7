//! A small binding to ECharts, which scripts/echarts.mjs leaves in `globalThis.echarts`. It is loaded after the page was
//! painted, so a chart is begun once [`loaded`] says that it is there.
//!
//! Options come from charming; what it cannot say (functions, and tooltips drawn on the canvas instead of as HTML) is
//! set on the plain object afterwards.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, ResizeObserver};

use super::wire::words_of;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = echarts, js_name = init)]
    fn init(element: &HtmlElement) -> Instance;

    type Instance;

    #[wasm_bindgen(method, js_name = setOption)]
    fn set_option(this: &Instance, option: &JsValue, not_merge: bool);
    #[wasm_bindgen(method)]
    fn on(this: &Instance, event: &str, handler: &JsValue);
    #[wasm_bindgen(method)]
    fn resize(this: &Instance);
    #[wasm_bindgen(method, js_name = getWidth)]
    fn width(this: &Instance) -> i32;
    #[wasm_bindgen(method, js_name = getHeight)]
    fn height(this: &Instance) -> i32;
    #[wasm_bindgen(method)]
    fn dispose(this: &Instance);
}

/// Waits until charts can be drawn.
///
/// # Errors
/// What the browser says if ECharts cannot be loaded.
pub async fn loaded() -> Result<(), String> {
    let promise = Reflect::get(&js_sys::global(), &"FLOWSIFT_CHARTS".into()).unwrap_or(JsValue::UNDEFINED);
    JsFuture::from(Promise::resolve(&promise)).await.map(drop).map_err(|error| words_of(&error))
}

/// Says what stands at a place of an axis.
pub type Label = Rc<dyn Fn(f64) -> String>;

/// What a chart says: labels along its first axes, and tooltips.
#[derive(Clone)]
pub struct Words {
    /// Labels of the horizontal axis, by place.
    pub x: Label,
    /// Labels of the vertical axis.
    pub y: Label,
    /// The tooltip of an item, by the numbers of its series and in its series.
    pub tip: Rc<dyn Fn(usize, usize) -> String>,
    /// The tooltip's colour of text.
    pub ink: String,
}

/// A chart in the document; goes away when dropped.
pub struct Drawing {
    instance: Rc<Instance>,
    observer: Option<ResizeObserver>,
    words: Rc<RefCell<Option<Words>>>,
    label_x: JsValue,
    label_y: JsValue,
    tip: JsValue,
    /// Series that are drawn.
    series: Cell<u32>,
}

impl Drawing {
    /// An empty chart that fills `element` and follows its size.
    pub fn new(element: &HtmlElement) -> Self {
        let instance = Rc::new(init(element));
        let words: Rc<RefCell<Option<Words>>> = Rc::default();

        // Made once and kept: a new option only replaces what they say.
        let label = |which: fn(&Words) -> &Label| {
            let words = Rc::clone(&words);
            Closure::<dyn Fn(JsValue) -> String>::new(move |place: JsValue| {
                if let Some(name) = place.as_string() {
                    return name;
                }
                let words = words.borrow();
                words.as_ref().zip(place.as_f64()).map(|(words, place)| which(words)(place)).unwrap_or_default()
            })
            .into_js_value()
        };
        let (label_x, label_y) = (label(|words| &words.x), label(|words| &words.y));
        let spoken = Rc::clone(&words);
        let tip = Closure::<dyn Fn(JsValue) -> String>::new(move |item: JsValue| {
            let words = spoken.borrow();
            words
                .as_ref()
                .zip(place_of(&item))
                .map(|(words, (series, item))| (words.tip)(series, item))
                .unwrap_or_default()
        })
        .into_js_value();

        let (resized, watched) = (Rc::clone(&instance), element.clone());
        let follow = move || {
            // An observer begins with a call that says nothing new, and drawing again costs as much as drawing.
            if (resized.width(), resized.height()) != (watched.client_width(), watched.client_height()) {
                resized.resize();
            }
        };
        let follow = Closure::<dyn Fn()>::new(follow).into_js_value();
        let observer = ResizeObserver::new(follow.unchecked_ref::<Function>()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { instance, observer, words, label_x, label_y, tip, series: Cell::new(0) }
    }

    /// Draws `chart`, a charming chart, in place of what was there.
    pub fn show(&self, chart: &impl Serialize, words: Words) {
        let Ok(option) = chart.serialize(&serde_wasm_bindgen::Serializer::json_compatible()) else { return };
        set(&part(&part(&option, "xAxis"), "axisLabel"), "formatter", &self.label_x);
        set(&part(&part(&option, "yAxis"), "axisLabel"), "formatter", &self.label_y);
        set(&part(&part(&option, "xAxis"), "axisLabel"), "hideOverlap", &true.into());
        let tooltip = part(&option, "tooltip");
        set(&tooltip, "renderMode", &"richText".into());
        set(&tooltip, "confine", &true.into());
        set(&tooltip, "formatter", &self.tip);
        set(&part(&tooltip, "textStyle"), "color", &words.ink.as_str().into());
        set(&part(&tooltip, "textStyle"), "fontSize", &13.into());
        for series in part_list(&option, "series").iter().filter(is_scatter) {
            // Thousands of points as one path: several times faster to draw, and still picked one by one.
            set(&series, "large", &true.into());
            set(&series, "largeThreshold", &300.into());
        }
        self.series.set(part_list(&option, "series").length());
        self.words.replace(Some(words));
        self.instance.set_option(&option, true);
    }

    /// Calls `picked` with the numbers of series and item when one is clicked.
    pub fn on_pick(&self, picked: impl Fn(usize, usize) + 'static) {
        let listener = Closure::<dyn Fn(JsValue)>::new(move |item: JsValue| {
            if let Some((series, item)) = place_of(&item) {
                picked(series, item);
            }
        });
        self.instance.on("click", &listener.into_js_value());
    }

    /// Has the last series mark this place, or none; all else stays as it is drawn.
    pub fn mark(&self, place: Option<[f64; 2]>) {
        let count = self.series.get();
        if count == 0 {
            return;
        }
        let series: Array = (0..count).map(|_| JsValue::from(Object::new())).collect();
        let data: Array = place.iter().map(|[x, y]| JsValue::from(Array::of2(&(*x).into(), &(*y).into()))).collect();
        let last = series.get(count - 1);
        set(&last, "data", &data);
        set(&last, "silent", &true.into());
        let option = Object::new();
        set(&option, "series", &series);
        self.instance.set_option(&option, false);
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        self.instance.dispose();
    }
}

/// Series and item that an event or a tooltip is about; of several, the first.
fn place_of(event: &JsValue) -> Option<(usize, usize)> {
    let event = if Array::is_array(event) { Array::from(event).get(0) } else { event.clone() };
    Some((number(&event, "seriesIndex")? as usize, number(&event, "dataIndex")? as usize))
}

fn number(object: &JsValue, key: &str) -> Option<f64> {
    Reflect::get(object, &key.into()).ok()?.as_f64()
}

/// A part of an option that is a list; empty if it is not there.
fn part_list(option: &JsValue, key: &str) -> Array {
    Reflect::get(option, &key.into()).ok().and_then(|found| found.dyn_into().ok()).unwrap_or_default()
}

fn is_scatter(series: &JsValue) -> bool {
    Reflect::get(series, &"type".into()).is_ok_and(|kind| kind == "scatter")
}

/// A part of an option, made if it is not there; of several, the first.
fn part(option: &JsValue, key: &str) -> JsValue {
    let found = Reflect::get(option, &key.into()).unwrap_or(JsValue::UNDEFINED);
    if Array::is_array(&found) {
        return Array::from(&found).get(0);
    }
    if found.is_object() {
        return found;
    }
    let made: JsValue = Object::new().into();
    set(option, key, &made);
    made
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Fails only on what is no object.
    let _ = Reflect::set(object, &key.into(), value);
}
