//! Two columns against each other: all rows as density, the anomalies as points; or a group's rows, and all else faded.

use std::rc::Rc;

use charming::{
    component::{VisualMap, VisualMapChannel, VisualMapType},
    datatype::{CompositeValue, DataPoint},
    element::{Emphasis, ItemStyle},
    series::{Heatmap, Scatter},
};

use crate::{
    report::{Axis, Density, Point, Scale, View},
    table::Field,
    ui::{
        charts::{Palette, Plot, band_axis, base, grid, ticks, value_axis},
        format, words,
    },
};

/// The columns of the axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    /// That of the horizontal axis.
    pub x: Field,
    /// That of the vertical axis.
    pub y: Field,
}

/// The series of anomalies; that before it is the density, those behind it are a group's rows and the selected point.
const ANOMALIES: usize = 1;
const MEMBERS: usize = 2;

/// A point of a series.
pub fn point_of(view: &View, series: usize, item: usize) -> Option<Point> {
    let points = match series {
        ANOMALIES => &view.points,
        MEMBERS => &view.members,
        _ => return None,
    };
    points.get(item).copied()
}

/// Where the point with this rank is drawn, if it is.
pub fn place_of(view: &View, x: Axis, y: Axis, rank: u32) -> Option<[f64; 2]> {
    let point = view.points.iter().chain(&view.members).find(|point| point.rank == rank)?;
    Some([x.scale.place(point.x), y.scale.place(point.y)])
}

/// Density on bands that lie exactly under the axes, points above it, faded where a group is coloured; the last series is for
/// the selected point.
pub fn scatter(view: &View, x: Axis, y: Axis, (names, group): (&Names, Option<u8>), palette: &Palette) -> Plot {
    let cells: Vec<(usize, usize, u32)> = view
        .density
        .counts
        .iter()
        .enumerate()
        .filter(|&(_, &rows)| rows > 0)
        .map(|(cell, &rows)| (cell % Density::WIDTH, cell / Density::WIDTH, rows))
        .collect();
    let shade = |rows: u32| libm::log10(1.0 + f64::from(rows));
    let most = cells.iter().map(|cell| cell.2).max().unwrap_or(1);
    let heat: Vec<Vec<DataPoint>> = cells
        .iter()
        .map(|&(column, row, rows)| {
            vec![DataPoint::from(column as i64), DataPoint::from(row as i64), DataPoint::from(shade(rows))]
        })
        .collect();
    let shading =
        if group.is_some() { [&palette.panel, &palette.calm_soft] } else { [&palette.calm_soft, &palette.calm] };
    let shades = VisualMap::new()
        .type_(VisualMapType::Continuous)
        .show(false)
        .series_index(0)
        .dimension(2)
        .min(shade(1))
        .max(shade(most).max(shade(1) + 0.1))
        .in_range(VisualMapChannel::new().color(shading.map(String::as_str).to_vec()));

    let place = |point: &Point| {
        CompositeValue::from(vec![
            CompositeValue::from(x.scale.place(point.x)),
            CompositeValue::from(y.scale.place(point.y)),
        ])
    };
    let places = |points: &[Point]| points.iter().map(place).collect::<Vec<_>>();
    let (odd, calm) = (palette.odd.as_str(), palette.calm.as_str());
    let anomalies = if group.is_some() {
        ItemStyle::new().color(calm).opacity(0.3)
    } else {
        ItemStyle::new().color(odd).opacity(0.8)
    };
    let dots = |size: f64, style: ItemStyle, data: Vec<CompositeValue>| {
        Scatter::new().x_axis_index(0).y_axis_index(0).symbol_size(size).item_style(style).data(data)
    };

    Plot {
        chart: base(palette)
            .grid(grid())
            .visual_map(shades)
            .x_axis(value_axis(palette, [x.low, x.high], &ticks(&x, 5)))
            .x_axis(band_axis(Density::WIDTH))
            .y_axis(value_axis(palette, [y.low, y.high], &ticks(&y, 6)))
            .y_axis(band_axis(Density::HEIGHT))
            .series(
                Heatmap::new()
                    .x_axis_index(1)
                    .y_axis_index(1)
                    .data(heat)
                    .emphasis(Emphasis::new().disabled(true))
                    .progressive(0),
            )
            .series(dots(6.0, anomalies, places(&view.points)))
            .series(dots(6.0, ItemStyle::new().color(odd).opacity(0.8), places(&view.members)))
            .series(dots(
                13.0,
                ItemStyle::new().color(odd).border_color(palette.ink.as_str()).border_width(2),
                Vec::new(),
            )),
        x: labels(x, &names.x),
        y: labels(y, &names.y),
        table: table(if group.is_some() { &view.members } else { &view.points }, names),
        tip: tips(view, x, y, names, cells),
    }
}

fn tips(
    view: &View,
    x: Axis,
    y: Axis,
    names: &Names,
    cells: Vec<(usize, usize, u32)>,
) -> Rc<dyn Fn(usize, usize) -> String> {
    // What a tooltip tells of.
    let drawn = View { density: Density::default(), ..view.clone() };
    let (names, fields) = (names.clone(), names.clone());
    let point = move |point: &Point| {
        let [x, y] = told(point, &names);
        let score = format::score(point.score);
        format!("Rank {}, score {score}\n{}: {x}\n{}: {y}", point.rank, names.x.name, names.y.name)
    };
    let span = |axis: Axis, field: &Field, cell: usize, cells: usize| {
        let edge = |cell: usize| axis.low + (axis.high - axis.low) * cell as f64 / cells as f64;
        format!("{} to {}", label(axis, field, edge(cell)), label(axis, field, edge(cell + 1)))
    };
    Rc::new(move |series, item| match series {
        ANOMALIES | MEMBERS => point_of(&drawn, series, item).as_ref().map(&point).unwrap_or_default(),
        _ => cells.get(item).map_or_else(String::new, |&(column, row, rows)| {
            let (x, y) = (span(x, &fields.x, column, Density::WIDTH), span(y, &fields.y, row, Density::HEIGHT));
            format!("{}\nx: {x}\ny: {y}", format::counted(u64::from(rows), "flow", "flows"))
        }),
    })
}

/// The first points; the others are in the list of anomalies and in the results file.
fn table(points: &[Point], names: &Names) -> (Vec<String>, Vec<Vec<String>>) {
    let row = |point: &Point| {
        let [x, y] = told(point, names);
        vec![point.rank.to_string(), format::score(point.score), x, y]
    };
    let header = vec!["Rank".to_owned(), "Score".to_owned(), names.x.name.clone(), names.y.name.clone()];
    (header, points.iter().take(50).map(row).collect())
}

/// A point's values in both columns.
fn told(point: &Point, names: &Names) -> [String; 2] {
    [(point.x, &names.x), (point.y, &names.y)].map(|(value, field)| words::amount(value, field))
}

fn labels(axis: Axis, field: &Field) -> Rc<dyn Fn(f64) -> String> {
    let field = field.clone();
    Rc::new(move |place| label(axis, &field, place))
}

/// A place in the column's unit. A logarithm is not exact, so what is as good as whole is made whole.
fn label(axis: Axis, field: &Field, place: f64) -> String {
    let value = axis.scale.value(place);
    let whole = value.round();
    let is_whole = axis.scale != Scale::Linear && (value - whole).abs() < 1e-6 * value.abs().max(1.0);
    words::tick(if is_whole { whole } else { value }, axis.span(), field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::Histogram,
        table::{Kind, Role, Unit},
    };

    fn view() -> (View, Axis) {
        let axis = Axis { column: 0, scale: Scale::SignedLog, low: 0.0, high: 6.0 };
        let mut density = Density::default();
        density.add(&axis, &axis, [(0.0, 0.0), (0.0, 0.0), (999.0, 99.0), (f64::NAN, 1.0)].into_iter());
        let point = |rank, x| Point { rank, score: 0.8, x, y: 99.0 };
        let view = View {
            histogram: Histogram::new(Scale::Linear, 0.0, 1.0),
            density,
            points: vec![point(1, 999.0), point(2, 5e5)],
            group_scores: Histogram::new(Scale::Linear, 0.0, 1.0),
            members: vec![point(9, 7.0)],
        };
        (view, axis)
    }

    fn plot() -> Plot {
        let (view, axis) = view();
        let field = |name: &str, unit| Field { unit, ..Field::new(name, Kind::Number, Role::Measure) };
        let names = Names { x: field("bytes", Some(Unit::Bytes)), y: field("packets", None) };
        scatter(&view, axis, axis, (&names, Some(1)), &Palette::default())
    }

    #[test]
    fn labels_and_tooltips_are_in_original_units() {
        let plot = plot();
        assert_eq!((plot.x)(libm::log10(1_001.0)), "1 kB");
        assert_eq!((plot.y)(libm::log10(1_001.0)), "1,000");
        assert_eq!((plot.tip)(1, 0), "Rank 1, score 0.800\nbytes: 999 B\npackets: 99");
        assert!((plot.tip)(0, 0).starts_with("2 flows\nx: 0 B to "), "{}", (plot.tip)(0, 0));
        assert_eq!((plot.tip)(0, 9), "");
        assert_eq!((plot.tip)(2, 0), "Rank 9, score 0.800\nbytes: 7 B\npackets: 99");
    }

    #[test]
    fn the_selected_point_is_where_it_is_drawn() {
        let (view, axis) = view();
        let place = place_of(&view, axis, axis, 1).expect("it is drawn");
        assert!((place[0] - 3.0).abs() < 1e-6 && (place[1] - 2.0).abs() < 1e-6, "{place:?}");
        assert!(place_of(&view, axis, axis, 9).is_some(), "it is of the group");
        assert_eq!(place_of(&view, axis, axis, 8), None);
        assert_eq!(point_of(&view, MEMBERS, 0).map(|point| point.rank), Some(9));
        assert_eq!(point_of(&view, 0, 0), None);
    }

    #[test]
    fn density_and_points_share_the_plane() {
        let text = plot().chart.to_string();
        assert!(text.contains("heatmap") && text.contains("scatter"), "{text}");
        assert_eq!(plot().table.1.len(), 1, "of the group alone");
    }
}
