//! How many rows have which score, and where the threshold lies among them.

use std::rc::Rc;

use charming::{
    datatype::DataPointItem,
    element::{ItemStyle, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol},
    series::{Bar, Scatter},
};

use super::{Palette, Plot, band_axis, base, grid, log_count, ticks::ticks, value_axis};
use crate::{
    report::{Axis, Histogram, Scale},
    ui::format,
};

/// Bars per score on a logarithmic axis; those above `threshold` in the colour of anomalies, the threshold as a line.
pub fn scores(histogram: &Histogram, threshold: f64, palette: &Palette) -> Plot {
    let bins = histogram.counts.len();
    let most = histogram.counts.iter().copied().max().unwrap_or_default();
    let (decades, top) = log_count::axis(most);
    let axis = Axis { column: 0, scale: Scale::Linear, low: histogram.low, high: histogram.high };

    let bars: Vec<DataPointItem> = (0..bins)
        .map(|bin| {
            let odd = histogram.edges(bin).0 >= threshold;
            let colour = if odd { &palette.odd } else { &palette.calm };
            let height = log_count::place(histogram.counts[bin]).unwrap_or(0.0);
            DataPointItem::new(height).item_style(ItemStyle::new().color(colour.as_str()).border_radius(1.5))
        })
        .collect();
    let bars = Bar::new().x_axis_index(1).y_axis_index(0).bar_width("84%").data(bars);

    let label =
        Label::new().show(true).color(palette.odd.as_str()).font_size(13).formatter(format::score(threshold).as_str());
    let line = MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::Circle])
        .label(label)
        .line_style(LineStyle::new().color(palette.odd.as_str()).width(2).type_(LineStyleType::Dashed))
        .data(vec![MarkLineVariant::Simple(
            MarkLineData::new().x_axis(threshold.clamp(histogram.low, histogram.high)),
        )]);
    // The line belongs to the axis of scores, so it needs a series there.
    let carrier = Scatter::new().x_axis_index(0).y_axis_index(0).mark_line(line).data(Vec::<f64>::new());

    let counts = histogram.clone();
    let words = move |bin: usize| {
        let (low, high) = counts.edges(bin);
        let rows = counts.counts.get(bin).copied().unwrap_or_default();
        (format!("{} to {}", format::score(low), format::score(high)), rows)
    };
    let table = (0..bins).map(&words).map(|(range, rows)| vec![range, format::count(rows)]).collect();
    let tip = move |_: usize, bin: usize| {
        let (range, rows) = words(bin);
        format!("Score {range}: {}", format::counted(rows, "flow", "flows"))
    };
    Plot {
        chart: base(palette)
            .grid(grid().top(28))
            .x_axis(value_axis(palette, [axis.low, axis.high], &ticks(&axis, 6)).split_line(no_lines()))
            .x_axis(band_axis(bins))
            .y_axis(value_axis(palette, [0.0, top], &decades))
            .series(bars)
            .series(carrier),
        x: Rc::new(format::short),
        y: Rc::new(log_count::label),
        tip: Rc::new(tip),
        table: (vec!["Score".into(), "Flows".into()], table),
    }
}

fn no_lines() -> charming::element::SplitLine {
    charming::element::SplitLine::new().show(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram() -> Histogram {
        let mut histogram = Histogram::new(0.3, 0.7);
        [0.3, 0.31, 0.4, 0.4, 0.69, 0.7].into_iter().for_each(|score| histogram.add(score));
        histogram
    }

    fn palette() -> Palette {
        Palette { odd: "odd".into(), calm: "calm".into(), ..Palette::default() }
    }

    #[test]
    fn bars_above_the_threshold_are_coloured() {
        let coloured =
            |threshold| scores(&histogram(), threshold, &palette()).chart.to_string().matches("\"odd\"").count();
        // The line and its label are coloured too.
        assert_eq!(coloured(0.499) - coloured(1.0), Histogram::BINS / 2);
        assert_eq!(coloured(0.0) - coloured(1.0), Histogram::BINS);
    }

    #[test]
    fn every_bin_has_words_and_a_line_in_the_table() {
        let plot = scores(&histogram(), 0.5, &palette());
        assert_eq!((plot.tip)(0, 0), "Score 0.300 to 0.305: 1 flow");
        assert_eq!(plot.table.1.len(), Histogram::BINS);
    }
}
