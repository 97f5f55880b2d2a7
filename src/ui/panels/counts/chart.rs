//! How many rows are normal and how many stand out.

use std::rc::Rc;

use charming::{
    component::Axis,
    element::{AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, Label, LabelPosition},
    series::Bar,
};

use crate::ui::{
    charts::{Palette, Plot, base, grid, log_count},
    format,
};

/// Names of the two kinds of rows, from the bottom of the chart.
const NAMES: [&str; 2] = ["Anomalous", "Normal"];

/// Two bars of logarithmic length, with their counts as labels.
pub fn counts(rows: u64, anomalies: u64, palette: &Palette) -> Plot {
    let counts = [anomalies, rows.saturating_sub(anomalies)];
    let most = counts.into_iter().max().and_then(log_count::place).unwrap_or(1.0);
    let bar = |kind: usize, colour: &str| {
        let data: Vec<Option<f64>> =
            (0..2).map(|other| (other == kind).then(|| log_count::place(counts[kind]).unwrap_or(0.0))).collect();
        let label = Label::new()
            .show(true)
            .position(LabelPosition::Right)
            .font_size(14)
            .color(palette.ink.as_str())
            .formatter(format::count(counts[kind]).as_str());
        Bar::new()
            .data(data)
            .label(label)
            .bar_width(26)
            .bar_gap("-100%")
            .item_style(ItemStyle::new().color(colour).border_radius(3))
    };
    let names = Axis::new()
        .type_(AxisType::Category)
        .data(NAMES.to_vec())
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(AxisLabel::new().color(palette.soft.as_str()).font_size(13));
    // The labels stand beside the bars, and need room there.
    let lengths = Axis::new().type_(AxisType::Value).show(false).min(0).max(most * 1.5);
    let tip = move |series: usize, _: usize| {
        let count = counts.get(series).copied().unwrap_or_default();
        let flows = format::counted(count, "flow", "flows");
        format!("{}: {flows}, {} of all", NAMES.get(series).unwrap_or(&""), format::percent(count, rows))
    };
    Plot {
        chart: base(palette)
            .grid(grid().left(92).bottom(4))
            .x_axis(lengths)
            .y_axis(names)
            .series(bar(0, &palette.odd))
            .series(bar(1, &palette.calm)),
        x: Rc::new(log_count::label),
        y: Rc::new(|_| String::new()),
        tip: Rc::new(tip),
        table: (
            vec!["Kind".into(), "Flows".into()],
            (0..2).rev().map(|kind| vec![NAMES[kind].into(), format::count(counts[kind])]).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_labelled_with_exact_counts() {
        let plot = counts(50_000, 897, &Palette::default());
        let text = plot.chart.to_string();
        assert!(text.contains("\"49,103\"") && text.contains("\"897\""), "{text}");
        assert_eq!((plot.tip)(0, 0), "Anomalous: 897 flows, 1.79 % of all");
        assert_eq!(plot.table.1, [["Normal", "49,103"], ["Anomalous", "897"]]);
    }

    #[test]
    fn no_anomalies_is_a_bar_without_length() {
        let plot = counts(10, 0, &Palette::default());
        assert!(plot.chart.to_string().contains("\"0\""));
    }
}
