//! How the loss falls from epoch to epoch.

use std::rc::Rc;

use charming::{
    element::{ItemStyle, LineStyle, LineStyleType, Symbol},
    series::Line,
};

use crate::{
    detect::autoencoder::Epoch,
    ui::{
        charts::{Palette, Plot, base, grid, log_steps, value_axis},
        format,
    },
};

/// Least loss that has a place.
const LEAST: f64 = 1e-9;

/// The training loss as a line, the validation loss as a dashed one, over epochs; the losses are logarithmic. The epoch
/// whose weights are kept is marked.
pub fn losses(epochs: &[Epoch], kept: Option<usize>, palette: &Palette) -> Plot {
    let place = |loss: f64| libm::log10(loss.max(LEAST));
    let all = epochs.iter().flat_map(|epoch| [Some(epoch.training), epoch.validation]).flatten().map(place);
    let (low, high) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(place), high.max(place)));
    let (low, high) = if low <= high { (low - 0.05, high + 0.05) } else { (-1.0, 0.0) };
    let last = epochs.len().max(2) as f64;

    let points = |loss: fn(&Epoch) -> Option<f64>| -> Vec<Vec<f64>> {
        let numbered = epochs.iter().enumerate();
        numbered.filter_map(|(number, epoch)| Some(vec![number as f64 + 1.0, place(loss(epoch)?)])).collect()
    };
    let line = |data: Vec<Vec<f64>>, colour: &str, style: LineStyleType| {
        Line::new()
            .data(data)
            .symbol(Symbol::Circle)
            .symbol_size(if epochs.len() > 60 { 3.0 } else { 6.0 })
            .item_style(ItemStyle::new().color(colour))
            .line_style(LineStyle::new().color(colour).width(2).type_(style))
    };
    let mut chart = base(palette)
        .grid(grid().left(56))
        .x_axis(value_axis(palette, [1.0, last], &whole_steps(epochs.len())))
        .y_axis(value_axis(palette, [low, high], &log_steps(low, high, 7)))
        .series(line(points(|epoch| Some(epoch.training)), &palette.calm, LineStyleType::Solid))
        .series(line(points(|epoch| epoch.validation), &palette.odd, LineStyleType::Dashed));
    if let Some((number, epoch)) = kept.and_then(|kept| epochs.get(kept).map(|epoch| (kept, epoch))) {
        let mark = vec![vec![number as f64 + 1.0, place(epoch.watched())]];
        chart = chart.series(line(mark, &palette.ink, LineStyleType::Solid).symbol_size(12.0));
    }
    let rows: Vec<Epoch> = epochs.to_vec();
    let said = move |number: usize| {
        let epoch = rows.get(number)?;
        let validation = epoch.validation.map(|loss| format!(", validation {}", format::number(loss)));
        Some(format!(
            "Epoch {}: training {}{}",
            number + 1,
            format::number(epoch.training),
            validation.unwrap_or_default()
        ))
    };
    let cell = |loss: Option<f64>| loss.map_or_else(String::new, format::number);
    let table = epochs
        .iter()
        .enumerate()
        .map(|(number, epoch)| vec![(number + 1).to_string(), cell(Some(epoch.training)), cell(epoch.validation)])
        .collect();
    Plot {
        chart,
        x: Rc::new(|epoch| format!("{epoch:.0}")),
        y: Rc::new(|place| format::short(libm::exp10(place))),
        tip: Rc::new(move |series, item| said(if series == 2 { kept.unwrap_or(0) } else { item }).unwrap_or_default()),
        table: (vec!["Epoch".into(), "Training loss".into(), "Validation loss".into()], table),
    }
}

/// At most about six whole numbers from 1 on.
fn whole_steps(epochs: usize) -> Vec<f64> {
    let step = epochs.div_ceil(6).max(1);
    (1..=epochs.max(2)).step_by(step).map(|epoch| epoch as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_has_words_and_a_line_in_the_table() {
        let epoch = |training, validation| Epoch { training, validation };
        let plot = losses(&[epoch(0.5, Some(0.4)), epoch(0.05, Some(0.06))], Some(1), &Palette::default());
        assert_eq!(plot.table.1, [["1", "0.5", "0.4"], ["2", "0.05", "0.06"]]);
        assert_eq!((plot.tip)(0, 1), "Epoch 2: training 0.05, validation 0.06");
        assert_eq!((plot.tip)(2, 0), (plot.tip)(0, 1));
        assert_eq!((plot.y)(-1.0), "0.1");
    }

    #[test]
    fn no_epoch_and_odd_losses_can_be_drawn() {
        assert!(losses(&[], None, &Palette::default()).table.1.is_empty());
        let zero = [Epoch { training: 0.0, validation: None }];
        assert_eq!(losses(&zero, Some(0), &Palette::default()).table.1.len(), 1);
    }
}
