//! The report's pictures: SVG that runs nothing, each with its numbers in words under it.

use std::fmt::Write as _;

use super::escaped;
use crate::{
    evaluate::Point,
    report::{Amount, Amounts, Histogram, Scale},
    ui::{
        charts::{log_count, ticks},
        findings::{Apart, Finding, What},
        format,
        panels::{evaluation::roc as curves, scores::scores_axis},
    },
};

/// A picture as markup, which only this module writes.
#[derive(Debug, Clone)]
pub struct Picture(String);

impl Picture {
    /// The markup.
    pub fn markup(&self) -> &str {
        &self.0
    }
}

/// What pictures look like.
pub const STYLE: &str = ".picture{margin:8px 0;break-inside:avoid}figcaption{font-size:12px;color:#56626e}\
svg{max-width:100%;height:auto;overflow:visible}path{fill:none}text{font-size:11px;fill:#56626e}.end{text-anchor:end}.middle{text-anchor:middle}\
.grid{stroke:#d3dae0}.calm{stroke:#7f95a9}.odd,.threshold,.own{stroke:#c93f06}.threshold{stroke-width:2;stroke-dasharray:5 3}\
.curve{stroke:#16202a;stroke-width:2}.chance{stroke:#7f95a9;stroke-dasharray:3 3}\
.usual{stroke:#aab8c4;stroke-width:6}.own{stroke-width:8;stroke-linecap:round}";

/// Units of a drawing.
type Size = [f64; 2];
const WIDE: Size = [640.0, 150.0];
const ROC: Size = [360.0, 190.0];
const SMALL: Size = [192.0, 36.0];
const FLAT: Size = [192.0, 12.0];
/// Around a drawing with axes: at its sides, and above and below.
const ROOM: [f64; 2] = [48.0, 18.0];
/// The least height of a bar that is not logarithmic, of 1.
const SEEN: f64 = 0.08;
/// Columns of a finding that are drawn.
const DRAWN: usize = 3;

/// Flows per score, of which `anomalies` are above the threshold. `name` is what scores are called in a sentence.
pub fn scores(histogram: &Histogram, name: &str, threshold: f64, anomalies: u64) -> Option<Picture> {
    let (mut drawn, most, top) = counts_axis(&histogram.counts)?;
    let axis = scores_axis(histogram);
    let place = |score: f64| ((score - axis.low) / (axis.high - axis.low)).clamp(0.0, 1.0);
    for tick in ticks(&axis, 6) {
        let score = axis.scale.value(tick);
        let label = if axis.scale == Scale::Log { format::score_tick(score) } else { format::short(score) };
        below(&mut drawn, "middle", place(tick), WIDE, &label);
    }
    let mut of = [histogram.counts.clone(), histogram.counts.clone()];
    for bin in 0..histogram.counts.len() {
        of[usize::from(histogram.edges(bin).0 < threshold)][bin] = 0;
    }
    bars(&mut drawn, "calm", &logarithmic(&of[0], top), WIDE);
    bars(&mut drawn, "odd", &logarithmic(&of[1], top), WIDE);
    let at = place(axis.scale.place(threshold));
    line(&mut drawn, "threshold", &[[at, 0.0], [at, 1.0]], WIDE);
    let told = format!(
        "All flows by {name}, from {} to {}; counts are logarithmic, at most {} in a bar. {} above the line, which is at {}.",
        format::score(histogram.low()),
        format::score(histogram.high()),
        format::counted(most, "flow", "flows"),
        format::counted(anomalies, "anomaly is", "anomalies are"),
        format::score(threshold),
    );
    Some(figure("scores", "Flows by score, and the threshold", &told, WIDE, ROOM, &drawn))
}

/// Flows and anomalies over the time of the file, whose ends are told; `caveat` is what else must be known of its times.
pub fn timeline(times: &[Amounts], [first, last]: &[String; 2], caveat: &str) -> Option<Picture> {
    let [flows, odd] =
        [Amount::Flows, Amount::Anomalies].map(|what| times.iter().map(|part| part.of(what)).collect::<Vec<u64>>());
    let (mut drawn, most, top) = counts_axis(&flows)?;
    below(&mut drawn, "start", 0.0, WIDE, first);
    below(&mut drawn, "end", 1.0, WIDE, last);
    bars(&mut drawn, "calm", &logarithmic(&flows, top), WIDE);
    bars(&mut drawn, "odd", &logarithmic(&odd, top), WIDE);
    let told = format!(
        "All flows by when they began, from {first} to {last}; counts are logarithmic, at most {} in a bar; before them, in orange, at most {}. {caveat}",
        format::counted(most, "flow", "flows"),
        format::counted(odd.into_iter().max().unwrap_or_default(), "anomaly", "anomalies"),
    );
    Some(figure("timeline", "Flows and anomalies over time", &told, WIDE, ROOM, &drawn))
}

/// The ROC curve.
pub fn roc(points: &[Point]) -> Option<Picture> {
    let known = !points.is_empty();
    let mut drawn = String::new();
    let steps = curves::ACROSS.len() - 1;
    for (step, label) in curves::ACROSS.iter().enumerate() {
        let at = step as f64 / steps as f64;
        line(&mut drawn, "grid", &[[at, 0.0], [at, 1.0]], ROC);
        below(&mut drawn, "middle", at, ROC, label);
    }
    for (at, label) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
        beside(&mut drawn, at, ROC, label);
    }
    line(&mut drawn, "chance", &curves::chance(), ROC);
    line(&mut drawn, "curve", &curves::curve(points), ROC);
    let told = "Attacks that are found, 0 to 100 %, by normal flows that are flagged, 0.01 % or less to 100 % on a logarithmic axis. Dashed: by chance.";
    known.then(|| figure("roc", "ROC curve", told, ROC, ROOM, &drawn))
}

/// When the flows of a finding began, over the time of the file, whose ends are told.
pub fn times(when: &[u32], ends: Option<&[String; 2]>) -> Option<Picture> {
    let most = when.iter().copied().max().filter(|&most| most > 0)?;
    let height = |&flows: &u32| if flows > 0 { (f64::from(flows) / f64::from(most)).max(SEEN) } else { 0.0 };
    let mut drawn = String::new();
    line(&mut drawn, "grid", &[[0.0; 2], [1.0, 0.0]], SMALL);
    bars(&mut drawn, "odd", &when.iter().map(height).collect::<Vec<f64>>(), SMALL);
    let mut told = format!("At most {} in a bar", format::counted(most.into(), "flow", "flows"));
    if let Some([first, last]) = ends {
        told += &format!("; the bars are the file’s time, {first} to {last}");
    }
    Some(figure("times", "Its flows over the file’s time", &told, SMALL, [0.0; 2], &drawn))
}

/// Where a finding lies in the first columns that set it apart.
pub fn apart(finding: &Finding) -> Vec<Picture> {
    let is_group = matches!(finding.what, What::Group(_));
    finding.apart.iter().take(DRAWN).map(|apart| column(apart, is_group)).collect()
}

fn column(apart: &Apart, is_group: bool) -> Picture {
    let mut drawn = String::new();
    let mut across = |class: &str, [from, to]: [f64; 2]| line(&mut drawn, class, &[[from, 0.5], [to, 0.5]], FLAT);
    across("grid", [0.0, 1.0]);
    let told = match &apart.spread {
        Some(spread) => {
            across("usual", spread.usual);
            across("own", spread.own);
            format!("{}: {}", apart.name, spread.axis)
        }
        None => {
            across("own", [0.0, apart.share.clamp(0.0, 1.0)]);
            let of = if is_group { "of the other flows are alike there" } else { "of what makes it stand out" };
            format!("{}: {} {of}", apart.name, format::share(apart.share))
        }
    };
    figure("apart", &format!("{} {}", apart.name, apart.value), &told, FLAT, [0.0; 2], &drawn)
}

/// The logarithmic axis of counts: its lines, the greatest count and where the axis ends. None where there is nothing.
fn counts_axis(counts: &[u64]) -> Option<(String, u64, f64)> {
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    let (decades, top) = log_count::axis(most);
    let mut drawn = String::new();
    line(&mut drawn, "grid", &[[0.0; 2], [1.0, 0.0]], WIDE);
    for place in decades {
        beside(&mut drawn, place / top, WIDE, &log_count::label(place));
    }
    Some((drawn, most, top))
}

fn logarithmic(counts: &[u64], top: f64) -> Vec<f64> {
    counts.iter().map(|&count| log_count::place(count).unwrap_or(0.0) / top).collect()
}

/// Bars side by side, as high as these shares.
fn bars(drawn: &mut String, class: &str, heights: &[f64], [width, height]: Size) {
    let step = width / heights.len().max(1) as f64;
    let _ = write!(drawn, "<path class=\"{class}\" stroke-width=\"{:.1}\" d=\"", 0.84 * step);
    for (place, share) in heights.iter().enumerate().filter(|bar| *bar.1 > 0.0) {
        let _ = write!(drawn, "M{:.1} {height}v{:.1}", step * (place as f64 + 0.5), -height * share);
    }
    *drawn += "\"/>";
}

/// A line through places between 0 and 1 from the lower left corner.
fn line(drawn: &mut String, class: &str, places: &[[f64; 2]], [width, height]: Size) {
    let _ = write!(drawn, "<path class=\"{class}\" d=\"");
    for (number, [across, up]) in places.iter().enumerate() {
        let sign = if number == 0 { 'M' } else { 'L' };
        let _ = write!(drawn, "{sign}{:.1} {:.1}", width * across, height * (1.0 - up));
    }
    *drawn += "\"/>";
}

/// A label under the lower axis.
fn below(drawn: &mut String, class: &str, across: f64, [width, height]: Size, label: &str) {
    text(drawn, class, [width * across, height + 14.0], label);
}

/// A line across with its label at the left.
fn beside(drawn: &mut String, up: f64, size: Size, label: &str) {
    line(drawn, "grid", &[[0.0, up], [1.0, up]], size);
    text(drawn, "end", [-5.0, size[1] * (1.0 - up) + 4.0], label);
}

fn text(drawn: &mut String, class: &str, [x, y]: [f64; 2], label: &str) {
    let _ = write!(drawn, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(label));
}

/// A drawing with its title, and under it what it says in words.
fn figure(name: &str, title: &str, told: &str, [width, height]: Size, [sides, ends]: Size, drawn: &str) -> Picture {
    let (wide, high) = (width + 2.0 * sides, height + 2.0 * ends);
    Picture(format!(
        "<figure class=\"picture\" data-picture=\"{name}\"><svg role=\"img\" width=\"{wide}\" height=\"{high}\" viewBox=\"-{sides} -{ends} {wide} {high}\"><title>{}</title>{drawn}</svg><figcaption>{}</figcaption></figure>",
        escaped(title),
        escaped(told.trim_end()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{evaluate::Curve, findings::Reach};

    const EVIL: &str = "</svg><script>alert('1')</script>\"&";

    /// What stands between two marks, each time.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
        text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
    }

    /// The bars of a class: where each is, and how high.
    fn bars_of(picture: &Picture, class: &str) -> Vec<[f64; 2]> {
        let paths = between(picture.markup(), &format!("<path class=\"{class}\" stroke-width="), "/>");
        let path = between(paths[0], " d=\"", "\"")[0];
        let bar = |bar: &str| {
            let (at, height) = bar.split_once('v').expect("a height");
            let at = at.split(' ').next().expect("a place");
            [at, height].map(|number| number.parse::<f64>().expect("a number").abs())
        };
        path.split('M').filter(|bar| !bar.is_empty()).map(bar).collect()
    }

    fn histogram() -> Histogram {
        let mut histogram = Histogram::new(Scale::Linear, 0.2, 0.8);
        histogram.add_many(0.2, 1_000);
        histogram.add_many(0.51, 10);
        histogram.add_many(0.8, 1);
        histogram
    }

    #[test]
    fn scores_are_bars_as_high_as_the_logarithm_of_their_flows() {
        let picture = scores(&histogram(), "score", 0.5, 11).expect("flows");
        let (calm, odd) = (bars_of(&picture, "calm"), bars_of(&picture, "odd"));
        assert_eq!((calm.len(), odd.len()), (1, 2), "{picture:?}");
        // The first of 80 bars of 8 units, and the last.
        assert_eq!((calm[0][0], odd[1][0]), (4.0, 636.0));
        let (_, top) = log_count::axis(1_000);
        for (bar, flows) in [(calm[0], 1_000), (odd[0], 10), (odd[1], 1)] {
            let height = 150.0 * log_count::place(flows).expect("flows") / top;
            assert!((bar[1] - height).abs() < 0.06, "{flows}: {bar:?} instead of {height}");
        }
        let markup = picture.markup();
        assert!(markup.contains("<path class=\"threshold\" d=\"M320.0 150.0L320.0 0.0\"/>"), "{markup}");
        assert!(markup.contains("from 0.200 to 0.800; counts are logarithmic, at most 1,000 flows in a bar. 11 anomalies are above the line, which is at 0.500."));
    }

    #[test]
    fn a_threshold_beyond_all_scores_stays_in_the_picture() {
        let picture = scores(&histogram(), "score", 7.0, 0).expect("flows");
        assert!(picture.markup().contains("class=\"threshold\" d=\"M640.0 150.0L640.0 0.0\""));
        assert!(bars_of(&picture, "odd").is_empty());
    }

    #[test]
    fn anomalies_stand_before_the_flows_of_their_time() {
        let part = |flows, anomalies| Amounts { flows, anomalies, bytes: 0 };
        let parts = [part(100, 0), part(0, 0), part(100, 100), part(10, 1)];
        let picture = timeline(&parts, &["Monday".into(), EVIL.into()], "By night.").expect("flows");
        let (flows, odd) = (bars_of(&picture, "calm"), bars_of(&picture, "odd"));
        assert_eq!(flows.iter().map(|bar| bar[0]).collect::<Vec<_>>(), [80.0, 400.0, 560.0]);
        assert_eq!(odd.iter().map(|bar| bar[0]).collect::<Vec<_>>(), [400.0, 560.0]);
        assert_eq!(odd[0], flows[1], "all of them are anomalies");
        assert!(odd[1][1] < flows[2][1]);
        let markup = picture.markup();
        assert!(
            !markup.contains("<script") && markup.contains("from Monday to &lt;/svg&gt;&lt;script&gt;"),
            "{markup}"
        );
        assert!(markup.contains(
            "at most 100 flows in a bar; before them, in orange, at most 100 anomalies. By night.</figcaption>"
        ));
    }

    #[test]
    fn times_of_a_finding_are_bars_that_can_be_seen() {
        let picture = times(&[0, 1_000, 1, 0], Some(&[EVIL.into(), "Friday".into()])).expect("flows");
        assert_eq!(bars_of(&picture, "odd"), [[72.0, 36.0], [120.0, 2.9]]);
        assert!(!picture.markup().contains("<script") && picture.markup().contains("to Friday</figcaption>"));
        assert!(picture.markup().contains("At most 1,000 flows in a bar; the bars are the file’s time, &lt;/svg"));
    }

    #[test]
    fn what_sets_apart_is_drawn_against_what_is_usual_or_by_its_share() {
        let spread = Reach { own: [1.0; 2], usual: [0.25, 0.5], axis: format!("0 to {EVIL}") };
        let amount =
            Apart { column: 0, name: EVIL.into(), value: EVIL.into(), usual: None, share: 0.0, spread: Some(spread) };
        let drawn = column(&amount, true);
        assert!(!drawn.markup().contains("<script") && !drawn.markup().contains("alert('"), "{drawn:?}");
        assert!(drawn.markup().contains("<path class=\"usual\" d=\"M48.0 6.0L96.0 6.0\"/>"), "{drawn:?}");
        // A dot: the round ends of a line without length.
        assert!(drawn.markup().contains("<path class=\"own\" d=\"M192.0 6.0L192.0 6.0\"/>"), "{drawn:?}");
        let named = Apart { name: "port".into(), share: 0.25, spread: None, ..amount };
        for (is_group, told) in
            [(true, "port: 25 % of the other flows are alike there"), (false, "port: 25 % of what makes it stand out")]
        {
            let drawn = column(&named, is_group);
            assert!(drawn.markup().contains("<path class=\"own\" d=\"M0.0 6.0L48.0 6.0\"/>"), "{drawn:?}");
            assert!(drawn.markup().contains(told) && !drawn.markup().contains("class=\"usual\""), "{drawn:?}");
        }
    }

    #[test]
    fn the_roc_curve_goes_from_nothing_to_all() {
        let rows = (0..1_000).map(|row| (f64::from(1_000 - row), row % 10 == 0));
        let picture = roc(&Curve::of(rows).expect("numbers").roc_points(100)).expect("a curve");
        let curve = between(picture.markup(), "class=\"curve\" d=\"", "\"")[0];
        assert!(curve.starts_with("M0.0 190.0L0.0") && curve.ends_with("L360.0 0.0"), "{curve}");
        assert_eq!(between(picture.markup(), "<text", "</text>").len(), 8);
    }

    #[test]
    fn of_nothing_there_is_no_picture() {
        assert!(scores(&Histogram::new(Scale::Log, 0.1, 1.0), "error", 0.5, 0).is_none());
        assert!(timeline(&[], &Default::default(), "").is_none());
        assert!(timeline(&[Amounts::default(); 4], &Default::default(), "").is_none());
        assert!(roc(&[]).is_none() && times(&[], None).is_none() && times(&[0, 0], None).is_none());
    }
}
