//! Flows with labels that the detector never sees.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs::File, io::Read, path::PathBuf};

use flate2::read::MultiGzDecoder;

/// Draws that look random.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// Lines of a CSV file, and which of them are anomalies.
pub struct Labelled {
    pub header: String,
    pub lines: Vec<(String, bool)>,
}

impl Labelled {
    /// Reads a file; `usual` is what the last cell of usual rows says, and cells behind column `end` are left out. It is told
    /// that the file is absent.
    pub fn read(path: &str, header: Option<&str>, (label, end): (usize, usize), usual: &str) -> Option<Self> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
        let Ok(mut file) = File::open(&path) else {
            println!("skipped: there is no {}", path.display());
            return None;
        };
        let mut text = String::new();
        if path.extension().is_some_and(|extension| extension == "gz") {
            MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
        } else {
            file.read_to_string(&mut text).unwrap();
        }
        let cut = |line: &str| line.split(',').take(end).collect::<Vec<_>>().join(",");
        let mut lines = text.lines();
        let header = header.map_or_else(|| cut(lines.next().unwrap()), str::to_owned);
        let told = |line: &str| (cut(line), line.split(',').nth(label).unwrap().trim() != usual);
        Some(Self { header, lines: lines.map(told).collect() })
    }

    /// All usual lines, and as many anomalies, drawn by a seed, as make up 3 %; in the order of the file.
    pub fn drawn(&self, seed: u64) -> Self {
        let anomalies: Vec<usize> = (0..self.lines.len()).filter(|&line| self.lines[line].1).collect();
        let usual = self.lines.len() - anomalies.len();
        let wanted = (usual as f64 * 0.03 / 0.97).round() as usize;
        let (mut draws, mut left) = (Draws(seed), anomalies);
        (0..10).for_each(|_| _ = draws.below(2));
        let mut kept = BTreeSet::new();
        while kept.len() < wanted && !left.is_empty() {
            kept.insert(left.swap_remove(draws.below(left.len())));
        }
        let lines = self.lines.iter().enumerate().filter(|(line, of)| !of.1 || kept.contains(line));
        Self { header: self.header.clone(), lines: lines.map(|(_, line)| line.clone()).collect() }
    }

    /// As a file.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.0.as_str());
        std::iter::once(self.header.as_str()).chain(lines).collect::<Vec<_>>().join("\n")
    }

    pub fn share(&self) -> f64 {
        self.lines.iter().filter(|line| line.1).count() as f64 / self.lines.len() as f64
    }
}

/// The columns that KDD99 and NSL-KDD have.
pub const NSL_KDD: &str = "duration,protocol_type,service,flag,src_bytes,dst_bytes,land,wrong_fragment,urgent,hot,num_failed_logins,\
    logged_in,num_compromised,root_shell,su_attempted,num_root,num_file_creations,num_shells,num_access_files,\
    num_outbound_cmds,is_host_login,is_guest_login,count,srv_count,serror_rate,srv_serror_rate,rerror_rate,srv_rerror_rate,\
    same_srv_rate,diff_srv_rate,srv_diff_host_rate,dst_host_count,dst_host_srv_count,dst_host_same_srv_rate,\
    dst_host_diff_srv_rate,dst_host_same_src_port_rate,dst_host_srv_diff_host_rate,dst_host_serror_rate,\
    dst_host_srv_serror_rate,dst_host_rerror_rate,dst_host_srv_rerror_rate,label";

/// The network sets that the tables of groups are of, as far as they are there.
pub fn network_sets() -> Vec<(&'static str, Labelled)> {
    /// Where the label is in CSE-CIC-IDS2018.
    const LABEL_2018: usize = 79;
    let train = Labelled::read("nsl-kdd/KDDTrain+_20Percent.txt", Some(NSL_KDD), (41, 42), "normal");
    let test = Labelled::read("nsl-kdd/KDDTest+.txt", Some(NSL_KDD), (41, 42), "normal");
    let nsl = train.zip(test).map(|(mut train, test)| {
        train.lines.extend(test.lines);
        train
    });
    let cic = Labelled::read("cicids/Dicotomico23_cicids2017_sample_12000.csv", None, (52, 53), "Normal Traffic");
    let cse = Labelled::read("cicids/cicids2018_FTP-SSH-BruteForce.csv", None, (LABEL_2018, LABEL_2018 + 1), "Benign");
    [("NSL-KDD", nsl), ("CICIDS2017", cic), ("CSE-CIC-IDS2018", cse)]
        .into_iter()
        .filter_map(|(name, set)| Some((name, set?)))
        .collect()
}
