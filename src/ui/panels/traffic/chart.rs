//! Flows and anomalies, or bytes, over time.

use std::rc::Rc;

use charming::{datatype::DataPointItem, element::ItemStyle, series::Bar};

use super::words;
use crate::{
    report::{Amount, Amounts},
    table::{Field, TimeStyle},
    ui::{
        charts::{Palette, Plot, band_axis, base, grid, log_count, value_axis},
        format, words as column_words,
    },
};

/// Pixels beside the plane of the axes.
pub const LEFT: i32 = 52;
pub const RIGHT: i32 = 14;

const SECOND: i64 = 1_000_000_000;
/// Seconds between two labels.
const STEPS: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];
/// At most about so many labels.
const LABELS: i64 = 8;

/// Bars over the time of `span`, each as high as the logarithm of how much there was; of flows, the anomalies before all others.
pub fn timeline(
    times: &[Amounts],
    span: [i64; 2],
    (what, field, bytes): (Amount, &Field, bool),
    palette: &Palette,
) -> Plot {
    let most = times.iter().map(|part| part.of(what)).max().unwrap_or_default();
    let (decades, top) = log_count::axis(most);
    let bars = |what: Amount, colour: &str| {
        let bar = |part: &Amounts| {
            let height = log_count::place(part.of(what)).unwrap_or(0.0);
            DataPointItem::new(height).item_style(ItemStyle::new().color(colour).border_radius(1.5))
        };
        Bar::new()
            .x_axis_index(1)
            .y_axis_index(0)
            .bar_width("84%")
            .bar_gap("-100%")
            .data(times.iter().map(bar).collect::<Vec<_>>())
    };
    let places = labels(span);
    let step = places.first().zip(places.get(1)).map_or(SECOND, |(a, b)| b - a);
    let begin = span[0];
    let seconds = move |time: i64| (time - begin) as f64 / SECOND as f64;
    let end = seconds(span[1]).max(f64::MIN_POSITIVE);
    let ticks: Vec<f64> = places.into_iter().map(seconds).collect();
    let label = {
        let field = field.clone();
        move |place: f64| tick(begin + (place * SECOND as f64).round() as i64, (step, span), &field)
    };
    let told: Vec<[String; 2]> = times
        .iter()
        .enumerate()
        .map(|(part, amounts)| [words::between([part; 2], span, field), words::amounts(*amounts, bytes)])
        .collect();
    let table = told.iter().map(|told| told.to_vec()).collect();
    let mut chart = base(palette)
        .grid(grid().left(LEFT).right(RIGHT))
        .x_axis(value_axis(palette, [0.0, end], &ticks))
        .x_axis(band_axis(times.len()))
        .y_axis(value_axis(palette, [0.0, top], &decades))
        .series(bars(what, &palette.calm));
    if what == Amount::Flows {
        chart = chart.series(bars(Amount::Anomalies, &palette.odd));
    }
    Plot {
        chart,
        x: Rc::new(label),
        y: Rc::new(log_count::label),
        tip: Rc::new(move |_, part| told.get(part).map(|told| told.join(": ")).unwrap_or_default()),
        table: (vec!["Time".into(), "Flows".into()], table),
    }
}

/// Round points in time within a span.
fn labels([begin, end]: [i64; 2]) -> Vec<i64> {
    let wanted = end.saturating_sub(begin) / LABELS;
    let days = (wanted / (86_400 * SECOND)) + 1;
    let step = STEPS.iter().map(|step| step * SECOND).find(|&step| step >= wanted).unwrap_or(days * 86_400 * SECOND);
    let first = begin.div_euclid(step) + i64::from(begin.rem_euclid(step) > 0);
    (first..)
        .map_while(|number| number.checked_mul(step).filter(|&time| time <= end))
        .take(3 * LABELS as usize)
        .collect()
}

/// A label: the time of day within a day, else with its date; the date alone where labels are days apart. Times since a capture
/// began have no date.
fn tick(time: i64, (step, span): (i64, [i64; 2]), field: &Field) -> String {
    let text = column_words::moment(time, field);
    let dated = time as f64 / 1e9 >= column_words::DATES && field.time != Some(TimeStyle::TimeOfDay);
    let Some((date, clock)) = text.split_once(' ').filter(|_| dated) else {
        return text;
    };
    if step >= 86_400 * SECOND {
        return date.to_owned();
    }
    let clock = if step >= 60 * SECOND { &clock[..clock.len().min("14:00".len())] } else { clock };
    let one_day = format::moment(span[0]).split(' ').next() == format::moment(span[1]).split(' ').next();
    if one_day || span[1] - span[0] <= 86_400 * SECOND {
        clock.to_owned()
    } else {
        format!("{} {clock}", &date["2017-".len()..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::PARTS,
        table::{Kind, Role},
    };

    fn field() -> Field {
        Field { time: Some(TimeStyle::YearFirst), ..Field::new("start", Kind::Text, Role::Time) }
    }

    #[test]
    fn labels_are_round_and_few() {
        let at = 1_499_248_801 * SECOND; // 2017-07-05 10:00:01
        let told = |length: i64| -> Vec<String> {
            let span = [at, at + length * SECOND];
            let places = labels(span);
            let step = places[1] - places[0];
            places.iter().map(|&time| tick(time, (step, span), &field())).collect()
        };
        assert_eq!(told(8 * 3_600)[..2], ["11:00", "12:00"]);
        assert_eq!(told(3 * 86_400)[..2], ["07-05 12:00", "07-06 00:00"]);
        assert_eq!(told(40 * 86_400)[0].len(), "2017-07-05".len());
        assert_eq!(told(30)[..2], ["10:00:05", "10:00:10"]);
        let since = Field { time: Some(TimeStyle::Seconds), ..Field::new("ts", Kind::Number, Role::Time) };
        assert_eq!(tick(2_760 * SECOND, (60 * SECOND, [0, 3_600 * SECOND]), &since), "46 min 00 s");
        for length in [1, 30, 7_000, 86_400, 400 * 86_400, 40_000 * 86_400] {
            assert!((1..=10).contains(&labels([at, at + length * SECOND]).len()), "{length}");
        }
    }

    #[test]
    fn bars_are_told_by_time_and_amount() {
        let mut times = vec![Amounts::default(); PARTS];
        times[1] = Amounts { flows: 1_000, anomalies: 10, bytes: 0 };
        let at = 1_499_248_800 * SECOND;
        let span = [at, at + PARTS as i64 * 60 * SECOND];
        let plot = timeline(&times, span, (Amount::Flows, &field(), false), &Palette::default());
        assert_eq!((plot.tip)(0, 1), "2017-07-05 10:01:00 – 10:02:00: 1,000 flows, 10 anomalies");
        assert_eq!(plot.table.1.len(), PARTS);
        assert_eq!(plot.chart.to_string().matches("\"type\": \"bar\"").count(), 2);
        let bytes = timeline(&times, span, (Amount::Bytes, &field(), true), &Palette::default());
        assert_eq!(bytes.chart.to_string().matches("\"type\": \"bar\"").count(), 1);
    }
}
