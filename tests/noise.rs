//! What Recommended flags in files where nothing is odd, and in those where a few rows are, through all that the page does.
//!
//! The table of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

use std::{fmt::Write, io::Cursor, sync::Arc};

use flowsift::{
    detect::autoencoder,
    engine::{self, Detector, Options, ThreadHost},
    train::DevicePreference,
};
use futures_executor::block_on;

/// Draws that look random.
struct Draws(u64);

impl Draws {
    /// Even in (0, 1).
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Of a standard normal distribution (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.unit())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

/// What the cells of a column are drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Normal,
    Uniform,
    LogNormal,
    /// Student's t with two degrees of freedom: no variance.
    HeavyTails,
    /// Pareto's distribution of shape one: no mean.
    Pareto,
    /// Every other column is a category of fifty values, of which many are rare.
    Mixed,
}

const SHAPES: [Shape; 6] =
    [Shape::Normal, Shape::Uniform, Shape::LogNormal, Shape::HeavyTails, Shape::Pareto, Shape::Mixed];

impl Shape {
    fn cell(self, column: usize, draws: &mut Draws) -> String {
        let number = match self {
            Self::Mixed if column % 2 == 1 => return format!("c{}", (50.0 * draws.unit().powi(3)) as u32),
            Self::Normal | Self::Mixed => draws.normal(),
            Self::Uniform => draws.unit(),
            Self::LogNormal => libm::exp(1.5 * draws.normal()),
            Self::HeavyTails => {
                let chi = -libm::log(draws.unit());
                draws.normal() / chi.sqrt()
            }
            Self::Pareto => 1.0 / draws.unit() - 1.0,
        };
        format!("{number:.6}")
    }
}

/// Noise; in `planted` of the rows, from the second on, that many of the values are 1,000 deviations out.
fn noise(shape: Shape, rows: usize, columns: usize, planted: usize, values: usize, seed: u64) -> String {
    let mut draws = Draws(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 77);
    for _ in 0..10 {
        draws.unit();
    }
    let mut text = (0..columns).map(|column| format!("value_{column}")).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..rows {
        let out = if (1..=planted).contains(&row) { values } else { 0 };
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            let cell = shape.cell(column, &mut draws);
            // Other columns for every row, so that no column has them all.
            let far = (column + columns - row * 7 % columns) % columns < out;
            let cell = if far { format!("{:.3}", 1_000.0 + draws.normal()) } else { cell };
            write!(text, "{comma}{cell}").unwrap();
        }
        text.push('\n');
    }
    text
}

/// Rows that are flagged.
fn flagged(text: String, options: Options) -> u64 {
    let text: Arc<[u8]> = text.into_bytes().into();
    let host = ThreadHost::new(1, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let dataset = engine::load(&host).await.unwrap();
        engine::run(&host, &dataset, options).await.unwrap().threshold.anomalies
    })
}

fn autoencoder() -> Options {
    Options {
        detector: Detector::Autoencoder(autoencoder::Params::default(), DevicePreference::Cpu),
        ..Options::default()
    }
}

#[test]
fn nothing_stands_out_in_noise() {
    for (place, shape) in SHAPES.into_iter().enumerate() {
        for (rows, columns) in [(100, 2), (1_000, 1), (3_000, 3), (1_000, 75)] {
            let found = flagged(noise(shape, rows, columns, 0, 0, place as u64), Options::default());
            assert!(found <= 1, "{shape:?}: {found} of {rows} rows of {columns} columns");
        }
        for (rows, columns) in [(100, 2), (1_000, 3), (1_000, 10)] {
            let found = flagged(noise(shape, rows, columns, 0, 0, place as u64), autoencoder());
            assert!(found <= 1, "{shape:?}, autoencoder: {found} of {rows} rows of {columns} columns");
        }
    }
}

#[test]
fn what_is_far_out_in_few_columns_stands_out_whatever_its_share() {
    for (columns, values) in [(10, 1), (75, 5)] {
        for planted in [2, 40] {
            let found = flagged(noise(Shape::Normal, 2_000, columns, planted, values, 5), Options::default());
            assert!((planted as u64..=planted as u64 + 1).contains(&found), "{found}, not {planted}, of {columns}");
            let found = flagged(noise(Shape::Normal, 2_000, columns, planted, values, 5), autoencoder());
            assert!(
                (planted as u64..=planted as u64 + 1).contains(&found),
                "{found}, not {planted}, of {columns}: autoencoder"
            );
        }
    }
}

#[test]
fn lines_grids_and_waves_do_not_stand_out() {
    let rows = |count: usize, cell: &dyn Fn(usize) -> (f64, f64)| {
        (0..count).fold(String::from("x,y\n"), |text, row| {
            let (x, y) = cell(row);
            text + &format!("{x:.5},{y:.5}\n")
        })
    };
    let line = rows(60, &|row| (row as f64 * 1.5, row as f64 * 3.0 + 7.0));
    let grid = rows(900, &|row| ((row / 30) as f64 + 0.25, (row * 7 % 30) as f64 + 0.25));
    let wave = rows(2_000, &|row| (row as f64 * 0.013, libm::sin(row as f64 * 0.013)));
    for (name, text) in [("line", line), ("grid", grid), ("wave", wave)] {
        assert_eq!(flagged(text.clone(), Options::default()), 0, "{name}");
        assert_eq!(flagged(text, autoencoder()), 0, "{name}, autoencoder");
    }
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn table() {
    println!("\nFlagged of pure noise, most of three seeds (the autoencoder: one):\n");
    println!("| values | rows | 1 | 2 | 3 | 10 | 75 columns | autoencoder, 10 columns |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for shape in SHAPES {
        for rows in [100, 1_000, 10_000, 100_000] {
            let most = |columns: usize| {
                let seeds = if rows * columns > 1_000_000 { 1 } else { 3 };
                let of = |seed| flagged(noise(shape, rows, columns, 0, 0, seed), Options::default());
                (0..seeds).map(of).max().unwrap().to_string()
            };
            let forest: Vec<String> = [1, 2, 3, 10, 75].into_iter().map(most).collect();
            let trained = if rows <= 10_000 {
                flagged(noise(shape, rows, 10, 0, 0, 0), autoencoder()).to_string()
            } else {
                "–".to_owned()
            };
            println!("| {shape:?} | {rows} | {} | {trained} |", forest.join(" | "));
        }
    }
    println!("\nFlagged where rows of 10,000 are 1,000 deviations out (by the autoencoder):\n");
    println!("| values out | 1 row | 10 | 100 | 200 |");
    println!("|---|---:|---:|---:|---:|");
    for (columns, values) in [(10, 1), (75, 5)] {
        let of = |planted, options| flagged(noise(Shape::Normal, 10_000, columns, planted, values, 9), options);
        let both = |planted| format!("{} ({})", of(planted, Options::default()), of(planted, autoencoder()));
        println!("| {values} of {columns} | {} |", [1, 10, 100, 200].map(both).join(" | "));
    }
}
