//! What charts share: each is a pure function from what the engine found to a charming chart, the words on it and the
//! table behind it, in the folder of its panel; [`Canvas`] draws it.
//!
//! ECharts' own logarithmic axis has no place for zero, so counts and values are placed here, and its labels are
//! functions that turn places back into values.

mod canvas;
mod ticks;

use std::rc::Rc;

use charming::{
    Chart,
    component::{Axis, Grid},
    element::{AxisLabel, AxisLine, AxisTick, AxisType, LineStyle, SplitLine, Tooltip, Trigger},
};

pub use canvas::{Canvas, InSight};
pub use ticks::{log_steps, ticks};

/// The stylesheet's colours, which charts are drawn in too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Palette {
    /// Text.
    pub ink: String,
    /// Text of less weight.
    pub soft: String,
    /// Lines between things.
    pub line: String,
    /// Behind things.
    pub panel: String,
    /// What is ordinary.
    pub calm: String,
    /// What is ordinary and rare.
    pub calm_soft: String,
    /// What is anomalous.
    pub odd: String,
}

/// A chart and everything said about it.
#[derive(Clone)]
pub struct Plot {
    /// For the canvas.
    pub chart: Chart,
    /// Labels of the horizontal axis, by place.
    pub x: Rc<dyn Fn(f64) -> String>,
    /// Labels of the vertical axis.
    pub y: Rc<dyn Fn(f64) -> String>,
    /// Tooltips, by the numbers of series and item.
    pub tip: Rc<dyn Fn(usize, usize) -> String>,
    /// The table behind the chart: a header and rows.
    pub table: (Vec<String>, Vec<Vec<String>>),
}

/// A chart with nothing but its tooltip.
pub fn base(palette: &Palette) -> Chart {
    let tooltip = Tooltip::new()
        .trigger(Trigger::Item)
        .background_color(palette.panel.as_str())
        .border_color(palette.line.as_str());
    Chart::new().animation(false).tooltip(tooltip)
}

/// The usual room around the plane of the axes.
pub fn grid() -> Grid {
    Grid::new().left(48).right(14).top(10).bottom(28)
}

/// A visible axis over `low..=high` with labels at `ticks`.
pub fn value_axis(palette: &Palette, [low, high]: [f64; 2], ticks: &[f64]) -> Axis {
    // This setter takes one value at a time, that of the ticks takes all.
    let label = AxisLabel::new().color(palette.soft.as_str()).font_size(12);
    let label = ticks.iter().fold(label, |label, &place| label.custom_values(place));
    let tick = AxisTick::new().show(false).custom_values(ticks.to_vec());
    Axis::new()
        .type_(AxisType::Value)
        .min(low)
        .max(high)
        .axis_label(label)
        .axis_tick(tick)
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(true).line_style(LineStyle::new().color(palette.line.as_str())))
}

/// An axis of `cells` equal bands that is not seen.
pub fn band_axis(cells: usize) -> Axis {
    Axis::new().type_(AxisType::Category).show(false).data((0..cells).map(|cell| cell.to_string()).collect::<Vec<_>>())
}

/// Where counts are drawn: logarithmic, with room for a bar of one row.
pub mod log_count {
    const FOOT: f64 = 0.3;

    /// Its place; none for no row.
    pub fn place(count: u64) -> Option<f64> {
        (count > 0).then(|| FOOT + libm::log10(count as f64))
    }

    /// The count at a place.
    pub fn label(place: f64) -> String {
        crate::ui::format::short(libm::exp10(place - FOOT).round())
    }

    /// Powers of ten up to `most`, and the axis' upper end.
    pub fn axis(most: u64) -> (Vec<f64>, f64) {
        let top = place(most).unwrap_or(FOOT);
        let decades = (0..20).map(|power| FOOT + f64::from(power)).take_while(|&place| place <= top);
        (decades.collect(), top * 1.04)
    }

    #[test]
    fn places_and_labels_belong_together() {
        assert_eq!(place(0), None);
        assert_eq!([1, 10, 1_000_000].map(|count| label(place(count).unwrap_or_default())), ["1", "10", "1 M"]);
        assert_eq!(axis(2_000).0.len(), 4);
    }
}
