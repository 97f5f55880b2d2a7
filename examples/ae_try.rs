#![allow(clippy::all, clippy::print_stdout, missing_docs)]
use flate2::read::MultiGzDecoder;
use flowsift::{detect::autoencoder::*, evaluate::roc_auc, features::Scaling};
use futures_executor::block_on;
use ndarray::{Array2, Axis};
use std::{fs::File, io::Read, ops::ControlFlow, path::PathBuf};

fn shared(path: &str) -> String {
    let path = PathBuf::from("/work/shared/data").join(path);
    let file = File::open(&path).unwrap();
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|e| e == "gz") {
        MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        { file }.read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
struct L {
    rows: Array2<f32>,
    labels: Vec<bool>,
}
fn adbench(name: &str) -> L {
    let text = shared(&format!("adbench/{name}.csv.gz"));
    let lines: Vec<Vec<f32>> =
        text.lines().skip(1).map(|l| l.split(',').map(|c| c.parse().unwrap()).collect()).collect();
    let f = lines[0].len() - 1;
    L {
        rows: Array2::from_shape_fn((lines.len(), f), |(r, c)| lines[r][c]),
        labels: lines.iter().map(|l| l[f] == 1.0).collect(),
    }
}
/// nsl: numbers raw + categories one-hot of the training file's values
fn nsl() -> (L, L) {
    let train = shared("nsl-kdd/KDDTrain+_20Percent.txt");
    let test = shared("nsl-kdd/KDDTest+.txt");
    let cats = [1usize, 2, 3];
    let mut values: Vec<Vec<String>> = vec![vec![]; 3];
    for l in train.lines() {
        let c: Vec<&str> = l.split(',').collect();
        for (i, k) in cats.iter().enumerate() {
            if !values[i].iter().any(|v| v == c[*k]) {
                values[i].push(c[*k].into());
            }
        }
    }
    let read = |t: &str| {
        let mut rows = vec![];
        let mut labels = vec![];
        for l in t.lines() {
            let c: Vec<&str> = l.split(',').collect();
            let mut r: Vec<f32> = vec![];
            for k in 0..41 {
                if let Some(i) = cats.iter().position(|x| *x == k) {
                    r.extend(values[i].iter().map(|v| f32::from(u8::from(v == c[k]))));
                } else {
                    r.push(c[k].parse().unwrap());
                }
            }
            labels.push(c[41] != "normal");
            rows.push(r);
        }
        let f = rows[0].len();
        L { rows: Array2::from_shape_fn((rows.len(), f), |(r, c)| rows[r][c]), labels }
    };
    (read(&train), read(&test))
}
#[derive(Clone, Copy, Debug, PartialEq)]
enum S {
    MinMax,
    Robust,
    LogRobust,
    Standard,
    LogStandard,
}
fn scale(train: &Array2<f32>, other: &Array2<f32>, s: S) -> (Array2<f32>, Array2<f32>) {
    let log = |v: f32| if matches!(s, S::LogRobust | S::LogStandard) { v.abs().ln_1p().copysign(v) } else { v };
    let (mut a, mut b) = (train.mapv(log), other.mapv(log));
    for (mut ca, mut cb) in a.columns_mut().into_iter().zip(b.columns_mut()) {
        match s {
            S::MinMax => {
                let lo = ca.iter().copied().fold(f32::INFINITY, f32::min);
                let hi = ca.iter().copied().fold(-f32::INFINITY, f32::max);
                let d = if hi > lo { hi - lo } else { 1.0 };
                ca.mapv_inplace(|v| (v - lo) / d);
                cb.mapv_inplace(|v| (v - lo) / d);
            }
            S::Robust | S::LogRobust => {
                let sc = Scaling::robust(&ca.to_vec());
                ca.mapv_inplace(|v| sc.apply(v));
                cb.mapv_inplace(|v| sc.apply(v));
            }
            S::Standard | S::LogStandard => {
                let m = ca.iter().map(|v| *v as f64).sum::<f64>() / ca.len() as f64;
                let sd = (ca.iter().map(|v| (*v as f64 - m).powi(2)).sum::<f64>() / ca.len() as f64).sqrt();
                let sd = if sd > 0.0 { sd } else { 1.0 };
                ca.mapv_inplace(|v| ((v as f64 - m) / sd) as f32);
                cb.mapv_inplace(|v| ((v as f64 - m) / sd) as f32);
            }
        }
    }
    (a, b)
}
fn area(train: &Array2<f32>, test: &L, s: S, p: &Params, cap: usize) -> (f64, f64, usize) {
    let (a, b) = scale(train, &test.rows, s);
    let a = if a.nrows() > cap {
        let step = a.nrows() / cap;
        a.select(Axis(0), &(0..a.nrows()).step_by(step).collect::<Vec<_>>())
    } else {
        a
    };
    let t = std::time::Instant::now();
    let mut tr = Training::new(p.clone().check().unwrap(), a.view()).unwrap();
    let mut cpu = Cpu::new(tr.network().clone(), p.learning_rate);
    if block_on(tr.run(&mut cpu, async |_: At<'_>| ControlFlow::Continue(()))).is_err() {
        return (f64::NAN, 0.0, 0);
    }
    let (n, h) = tr.finish();
    let sc = n.score(b.view());
    (roc_auc(&sc, &test.labels).unwrap_or(f64::NAN), t.elapsed().as_secs_f64(), h.epochs.len())
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let full = args.get(1).map_or("", |s| s.as_str());
    let names = ["http", "smtp", "shuttle", "mammography", "annthyroid", "cardio", "breastw", "Ionosphere"];
    let mut sets: Vec<(String, Array2<f32>, L)> = vec![];
    for n in names {
        let d = adbench(n);
        sets.push((n.into(), d.rows.clone(), d));
    }
    for n in ["shuttle", "mammography", "cardio"] {
        let d = adbench(n);
        let usual: Vec<usize> = (0..d.labels.len()).filter(|r| !d.labels[*r]).collect();
        let tr: Vec<usize> = usual.iter().copied().step_by(2).collect();
        let mut te: Vec<usize> = usual.iter().copied().skip(1).step_by(2).collect();
        te.extend((0..d.labels.len()).filter(|r| d.labels[*r]));
        sets.push((
            format!("{n}*"),
            d.rows.select(Axis(0), &tr),
            L { rows: d.rows.select(Axis(0), &te), labels: te.iter().map(|r| d.labels[*r]).collect() },
        ));
    }
    let (tr, te) = nsl();
    let usual: Vec<usize> = (0..tr.labels.len()).filter(|r| !tr.labels[*r]).collect();
    sets.push(("nsl*".into(), tr.rows.select(Axis(0), &usual), te));
    let r = Params::recommended();
    let mut tries: Vec<(String, S, Params)> = vec![("classic".into(), S::MinMax, Params::classic())];
    for s in [S::MinMax, S::Robust, S::LogRobust, S::Standard, S::LogStandard] {
        tries.push((format!("rec {s:?}"), s, r.clone()));
    }
    if full == "2" {
        tries.clear();
        let s = match args.get(2).map(|s| s.as_str()) {
            Some("lr") => S::LogRobust,
            Some("ls") => S::LogStandard,
            Some("st") => S::Standard,
            _ => S::Robust,
        };
        let r = Params { learning_rate: 1e-3, ..r };
        for (n, p) in [
            ("tanh 32-8-32 b128", r.clone()),
            ("20 epochs", Params { epochs: 20, ..r.clone() }),
            ("16-8-16", Params { hidden: vec![16, 8, 16], ..r.clone() }),
            ("16-4-16", Params { hidden: vec![16, 4, 16], ..r.clone() }),
            ("64-16-64 20", Params { hidden: vec![64, 16, 64], epochs: 20, ..r.clone() }),
            ("b256 30", Params { batch_size: 256, epochs: 30, ..r.clone() }),
            ("noise .2 30", Params { noise: 0.2, epochs: 30, ..r.clone() }),
        ] {
            tries.push((n.into(), s, p));
        }
    }
    print!("{:22}", "");
    for (n, ..) in &sets {
        print!("{n:>12}");
    }
    println!();
    for (n, s, p) in tries {
        print!("{n:22}");
        let mut secs = 0.0;
        for (_, train, test) in &sets {
            let mut v = vec![];
            for seed in 0..2 {
                let (a, t, _e) = area(train, test, s, &Params { seed, ..p.clone() }, 65_536);
                v.push(a);
                secs += t;
            }
            print!("{:12.4}", v.iter().sum::<f64>() / v.len() as f64);
        }
        println!("  {secs:.0} s");
    }
}
