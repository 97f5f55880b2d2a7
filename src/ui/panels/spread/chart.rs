//! One column: how all flows are spread over its parts, and before that how some of them are.

use std::rc::Rc;

use charming::{datatype::DataPointItem, element::ItemStyle, series::Bar};

use super::words;
use crate::{
    engine::Dataset,
    report::{Axis, Cut, Parts, Scale},
    ui::{
        charts::{Palette, Plot, band_axis, base, grid, ticks, value_axis},
        format, words as column_words,
    },
};

/// Width and height of a small chart, in its own units.
pub const SMALL: [usize; 2] = [72, 24];
/// Letters of a value's name along the axis.
const LETTERS: usize = 8;

/// Counts as shares of their sum.
pub fn shares(counts: &[u64]) -> Vec<f64> {
    let all = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|&count| count as f64 / all).collect()
}

/// Bars per part, each as high as its share of all flows; before them narrower ones of `some` of them, named `who`.
pub fn spread(cut: &Cut, (all, some): (&[u64], &[u64]), (who, dataset): (&str, &Dataset), palette: &Palette) -> Plot {
    let parts = cut.parts();
    let (of_all, of_some) = (shares(all), shares(some));
    let most = of_all[..parts].iter().chain(&of_some[..parts]).copied().fold(0.01, f64::max);
    let bars = |shares: &[f64], axis: i32, (width, colour): (&str, &str)| {
        let bar =
            |&share: &f64| DataPointItem::new(share).item_style(ItemStyle::new().color(colour).border_radius(1.5));
        let data: Vec<DataPointItem> = shares[..parts].iter().map(bar).collect();
        Bar::new().x_axis_index(axis).y_axis_index(0).bar_width(width).data(data)
    };
    let upright = Axis { column: 0, scale: Scale::Linear, low: 0.0, high: 1.04 * most };
    let (field, column) = (words::field(cut, dataset).clone(), cut.column);
    let drawn = Axis::new(column, &dataset.profile.columns[column], &dataset.typical[column]);
    let (along, places) = match (&cut.parts, drawn) {
        (Parts::Stretches(_), Some(axis)) => (axis, ticks(&axis, 8)),
        // Values stand in the middle of their bands.
        _ => (
            Axis { column, scale: Scale::Linear, low: 0.0, high: parts as f64 },
            (0..parts).map(|part| part as f64 + 0.5).collect(),
        ),
    };
    let names: Vec<String> = match &cut.parts {
        Parts::Stretches(_) => Vec::new(),
        Parts::Values(_) => (0..parts).map(|part| words::part(cut, part, dataset)).collect(),
    };
    let label = move |place: f64| match names.get(place as usize) {
        Some(name) => name.chars().take(LETTERS).collect(),
        None => column_words::tick(along.scale.value(place), along.span(), &field),
    };
    let told: Vec<Vec<String>> = (0..=parts)
        .map(|part| {
            let count = |counts: &[u64], shares: &[f64]| {
                format!("{} ({})", format::count(counts[part]), format::share(shares[part]))
            };
            vec![words::part(cut, part, dataset), count(all, &of_all), count(some, &of_some)]
        })
        .collect();
    let table = told.clone();
    let heads = vec!["Value".to_owned(), "All flows".to_owned(), who.to_owned()];
    let named = heads.clone();
    Plot {
        chart: base(palette)
            .grid(grid())
            .x_axis(value_axis(palette, [along.low, along.high], &places))
            .x_axis(band_axis(parts))
            .x_axis(band_axis(parts))
            .y_axis(value_axis(palette, [0.0, upright.high], &ticks(&upright, 4)))
            .series(bars(&of_all, 1, ("84%", &palette.calm)))
            .series(bars(&of_some, 2, ("36%", &palette.odd))),
        x: Rc::new(label),
        y: Rc::new(format::share),
        tip: Rc::new(move |_, part| {
            told.get(part).map_or_else(String::new, |told| {
                format!("{}\n{}: {}\n{}: {}", told[0], named[1], told[1], named[2], told[2])
            })
        }),
        table: (heads, table),
    }
}

/// The same as bars of a small chart: what all flows are, and what some are.
pub fn small(all: &[u64], some: &[u64]) -> [String; 2] {
    let parts = all.len().saturating_sub(1).max(1);
    let (of_all, of_some) = (shares(all), shares(some));
    let most = of_all[..parts].iter().chain(&of_some[..parts]).copied().fold(f64::MIN_POSITIVE, f64::max);
    let [width, height] = SMALL.map(|side| side as f64);
    let (band, high) = (width / parts as f64, height - 1.0);
    let bars = |shares: &[f64], width: f64| {
        let mut path = String::new();
        for (part, &share) in shares[..parts].iter().enumerate().filter(|bar| *bar.1 > 0.0) {
            // At least visible.
            let tall = (high * share / most).max(1.0);
            let left = band * (part as f64 + (1.0 - width) / 2.0);
            path += &format!("M{left:.1} {height}v{:.1}h{:.1}v{tall:.1}z", -tall, band * width);
        }
        path
    };
    [bars(&of_all, 0.84), bars(&of_some, 0.4)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::dataset_of;

    #[test]
    fn bars_are_shares_of_their_own_flows() {
        let mut text = "proto,bytes\n".to_owned();
        for row in 0..100 {
            text += &format!("{},{}\n", if row < 90 { "tcp" } else { "udp" }, row * 10);
        }
        let dataset = dataset_of(&text).1;
        let field = &dataset.layout.schema.fields[0];
        let cut = Cut::new(0, field, &dataset.profile.columns[0], &dataset.typical[0]).expect("it has parts");
        let plot = spread(&cut, (&[90, 10, 0, 0], &[0, 4, 0, 0]), ("4 anomalies", &dataset), &Palette::default());
        assert_eq!((plot.tip)(0, 1), "udp\nAll flows: 10 (10 %)\n4 anomalies: 4 (100 %)");
        assert_eq!(((plot.x)(0.5), (plot.x)(2.5)), ("tcp".to_owned(), "all othe".to_owned()));
        assert_eq!(plot.table.1.len(), 4, "missing values as well");
        assert_eq!((plot.y)(0.25), "25 %");
    }

    #[test]
    fn small_bars_are_as_high_as_their_share() {
        let [all, some] = small(&[3, 1, 0], &[0, 2, 0]);
        assert_eq!(all, "M2.9 24v-17.2h30.2v17.2zM38.9 24v-5.8h30.2v5.8z");
        assert_eq!(some, "M46.8 24v-23.0h14.4v23.0z");
        assert_eq!(small(&[0, 0], &[0, 0]), ["", ""]);
    }
}
