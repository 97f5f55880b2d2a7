//! How many rows have which score, and where the threshold lies among them.

use std::rc::Rc;

use charming::{
    datatype::DataPointItem,
    element::{ItemStyle, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol},
    series::{Bar, Scatter},
};

use crate::ui::charts::{Palette, Plot, band_axis, base, grid, log_count, ticks, value_axis};
use crate::{
    report::{Axis, Histogram, Scale},
    ui::format,
};

/// A score that is marked with a letter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// The letter.
    pub letter: char,
    /// The score.
    pub score: f64,
}

/// Pixels beside the plane of the axes.
pub const LEFT: i32 = 44;
pub const RIGHT: i32 = 14;

/// The axis of scores under a histogram.
pub fn scores_axis(histogram: &Histogram) -> Axis {
    let scale = histogram.scale;
    Axis { column: 0, scale, low: scale.place(histogram.low()), high: scale.place(histogram.high()) }
}

/// Bars per score on a logarithmic axis; those above `threshold` in the colour of anomalies, or those of a group with this
/// number before all others; the threshold as a line, thin lines at the marks. `name` is what scores are called.
pub fn scores(
    (histogram, group): (&Histogram, Option<(u8, &Histogram)>),
    name: &'static str,
    threshold: f64,
    marks: &[Mark],
    palette: &Palette,
) -> Plot {
    let bins = histogram.counts.len();
    let most = histogram.counts.iter().copied().max().unwrap_or_default();
    let (decades, top) = log_count::axis(most);
    let axis = scores_axis(histogram);
    let scale = axis.scale;

    let bars = |counts: &[u64], colour: &dyn Fn(usize) -> String| {
        let bar = |(bin, &rows): (usize, &u64)| {
            let height = log_count::place(rows).unwrap_or(0.0);
            DataPointItem::new(height).item_style(ItemStyle::new().color(colour(bin).as_str()).border_radius(1.5))
        };
        let data: Vec<DataPointItem> = counts.iter().enumerate().map(bar).collect();
        Bar::new().x_axis_index(1).y_axis_index(0).bar_width("84%").bar_gap("-100%").data(data)
    };
    let all = bars(&histogram.counts, &|bin| {
        let odd = histogram.edges(bin).0 >= threshold;
        match group {
            Some(_) => palette.calm_soft.clone(),
            None => if odd { &palette.odd } else { &palette.calm }.clone(),
        }
    });
    let nothing = vec![0; bins];
    let of_group = bars(group.map_or(&nothing, |group| &group.1.counts), &|_| palette.odd.clone());

    // Above the letters of the marks.
    let label = Label::new().show(true).color(palette.odd.as_str()).font_size(13).offset((0.0, -16.0));
    let label = label.formatter(format::score(threshold).as_str());
    let line = MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::Circle])
        .label(label)
        .line_style(LineStyle::new().color(palette.odd.as_str()).width(2).type_(LineStyleType::Dashed))
        .data(vec![MarkLineVariant::Simple(
            MarkLineData::new().x_axis(scale.place(threshold).clamp(axis.low, axis.high)),
        )]);
    // The lines belong to the axis of scores, so they need a series there.
    let carrier = |line| Scatter::new().x_axis_index(0).y_axis_index(0).mark_line(line).data(Vec::<f64>::new());

    let counts = (histogram.clone(), group.map(|(number, counts)| (number, counts.clone())));
    let words = move |bin: usize| {
        let (low, high) = counts.0.edges(bin);
        let rows = counts.0.counts.get(bin).copied().unwrap_or_default();
        let mut told = format::counted(rows, "flow", "flows");
        if let Some((number, group)) = &counts.1 {
            let members = group.counts.get(bin).copied().unwrap_or_default();
            told += &format!(", of group {number}: {}", format::count(members));
        }
        (format!("{} to {}", format::score(low), format::score(high)), told)
    };
    let table = (0..bins).map(&words).map(|(range, told)| vec![range, told]).collect();
    let tip = move |_: usize, bin: usize| {
        let (range, told) = words(bin);
        format!("{name} {range}: {told}")
    };
    Plot {
        chart: base(palette)
            .grid(grid().left(LEFT).right(RIGHT).top(42))
            .x_axis(value_axis(palette, [axis.low, axis.high], &ticks(&axis, 6)).split_line(no_lines()))
            .x_axis(band_axis(bins))
            .y_axis(value_axis(palette, [0.0, top], &decades))
            .series(all)
            .series(of_group)
            .series(carrier(line))
            .series(carrier(mark_lines(marks, &axis, palette))),
        x: Rc::new(move |place| match scale {
            Scale::Log => format::score_tick(scale.value(place)),
            Scale::Linear | Scale::SignedLog => format::short(scale.value(place)),
        }),
        y: Rc::new(log_count::label),
        tip: Rc::new(tip),
        table: (vec![name.into(), "Flows".into()], table),
    }
}

/// A thin line per mark that is on the axis, its letter above; marks at the same place share a line.
fn mark_lines(marks: &[Mark], axis: &Axis, palette: &Palette) -> MarkLine {
    let near = (axis.high - axis.low) / 50.0;
    let mut lines: Vec<(f64, String)> = Vec::new();
    for (place, mark) in marks.iter().map(|mark| (axis.scale.place(mark.score), mark)) {
        if !(axis.low..=axis.high).contains(&place) {
            continue;
        }
        match lines.iter_mut().find(|line| (line.0 - place).abs() < near) {
            Some(line) => line.1.push(mark.letter),
            None => lines.push((place, mark.letter.to_string())),
        }
    }
    let line = |(place, letters): (f64, String)| {
        let label = Label::new().show(true).color(palette.soft.as_str()).font_size(12).formatter(letters.as_str());
        MarkLineVariant::Simple(MarkLineData::new().x_axis(place).label(label))
    };
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .line_style(LineStyle::new().color(palette.soft.as_str()).width(1).type_(LineStyleType::Solid))
        .data(lines.into_iter().map(line).collect::<Vec<_>>())
}

fn no_lines() -> charming::element::SplitLine {
    charming::element::SplitLine::new().show(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram() -> Histogram {
        let mut histogram = Histogram::new(Scale::Linear, 0.3, 0.7);
        [0.3, 0.31, 0.4, 0.4, 0.69, 0.7].into_iter().for_each(|score| histogram.add(score));
        histogram
    }

    fn palette() -> Palette {
        Palette { odd: "odd".into(), calm: "calm".into(), ..Palette::default() }
    }

    #[test]
    fn bars_above_the_threshold_are_coloured() {
        let coloured = |threshold| {
            scores((&histogram(), None), "Score", threshold, &[], &palette())
                .chart
                .to_string()
                .matches("\"odd\"")
                .count()
        };
        // The line and its label are coloured too.
        assert_eq!(coloured(0.499) - coloured(1.0), Histogram::BINS / 2);
        assert_eq!(coloured(0.0) - coloured(1.0), Histogram::BINS);
    }

    #[test]
    fn marks_on_the_axis_have_lines_with_letters() {
        let mark = |letter, score| Mark { letter, score };
        let marks = [mark('A', 0.45), mark('B', 0.9), mark('C', 0.6), mark('D', 0.451)];
        let drawn = scores((&histogram(), None), "Score", 0.5, &marks, &palette()).chart.to_string();
        // B lies beyond the axis, A and D at the same place.
        assert!(drawn.contains("\"AD\"") && drawn.contains("\"C\"") && !drawn.contains('B'), "{drawn}");
    }

    #[test]
    fn every_bin_has_words_and_a_line_in_the_table() {
        let plot = scores((&histogram(), None), "Score", 0.5, &[], &palette());
        assert_eq!((plot.tip)(0, 0), "Score 0.300 to 0.305: 1 flow");
        assert_eq!(plot.table.1.len(), Histogram::BINS);
    }

    #[test]
    fn errors_are_drawn_by_their_logarithm_and_told_in_plain_numbers() {
        let mut errors = Histogram::new(Scale::Log, 1e-4, 1e4);
        [1e-4, 0.002, 0.5, 9e3].into_iter().for_each(|error| errors.add(error));
        let axis = scores_axis(&errors);
        assert_eq!((axis.low.round(), axis.high.round()), (-4.0, 4.0));
        let plot = scores((&errors, None), "Error", 0.01, &[Mark { letter: 'C', score: 1.0 }], &palette());
        assert_eq!([-4.0, 0.0, 2.0].map(|place| (plot.x)(place)), ["0.0001", "1", "100"]);
        assert_eq!((plot.tip)(0, 0), "Error 0.0001 to 0.000126: 1 flow");
        // The threshold is a fourth, the mark half of the way.
        let drawn = plot.chart.to_string();
        assert!(drawn.contains("\"xAxis\": -2") && drawn.contains("\"xAxis\": 0"), "{drawn}");
    }
}
