//! What is to come, before it comes.

use crate::{engine::Outlook, ui::format};

/// What reading will take, for files that were opened: `milliseconds` is how long one pass over them should last.
pub fn outlook(outlook: &Outlook, milliseconds: f64) -> String {
    let Outlook { rows, bytes, held } = *outlook;
    let (flows, memory, time) = (about(rows), format::bytes(bytes), rough(milliseconds));
    if held {
        format!("About {flows} flows, {memory} of memory: kept in memory. Reading takes {time}.")
    } else {
        format!(
            "About {flows} flows would need {memory} of memory, which is too much: the file is read again for every \
             run (streaming), {time} each time."
        )
    }
}

/// Where the rows are, once they were read.
pub fn kept(outlook: &Outlook, held: bool, milliseconds: f64) -> String {
    let memory = format::bytes(outlook.bytes);
    if held {
        format!("Kept in memory, about {memory}.")
    } else {
        let time = rough(milliseconds);
        format!(
            "Too large for memory (about {memory}): read again for every run and download (streaming), {time} each time."
        )
    }
}

/// A number of flows that is only an estimate: two digits of it.
fn about(rows: u64) -> String {
    let unit = 10_u64.pow(rows.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let rounded = (rows + unit / 2) / unit * unit;
    if rounded < 1_000_000 {
        return format::count(rounded);
    }
    let millions = rounded as f64 / 1e6;
    if millions < 10.0 {
        format!("{millions:.1} million")
    } else {
        format!("{} million", format::count(millions as u64))
    }
}

fn rough(milliseconds: f64) -> String {
    let seconds = milliseconds / 1_000.0;
    match seconds {
        _ if seconds < 1.0 => "less than a second".to_owned(),
        _ if seconds < 90.0 => format!("about {seconds:.0} s"),
        _ => format!("about {:.0} min", seconds / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_have_two_digits() {
        assert_eq!(
            [0, 7, 512, 11_950, 999_600, 3_577_296, 41_000_000].map(about),
            ["0", "7", "510", "12,000", "1.0 million", "3.6 million", "41 million"]
        );
        assert_eq!([300.0, 9_400.0, 150_000.0].map(rough), ["less than a second", "about 9 s", "about 2 min"]);
    }

    #[test]
    fn it_is_said_whether_the_rows_stay_in_memory() {
        let held = Outlook { rows: 3_577_296, bytes: 700_000_000, held: true };
        assert_eq!(
            outlook(&held, 9_000.0),
            "About 3.6 million flows, 700 MB of memory: kept in memory. Reading takes about 9 s."
        );
        let streamed = Outlook { held: false, ..held };
        assert!(outlook(&streamed, 9_000.0).contains("read again for every run (streaming), about 9 s each time"));
        assert!(kept(&held, true, 0.0).starts_with("Kept in memory"));
        assert!(kept(&held, false, 0.0).contains("streaming"), "memory may turn out to be too small");
    }
}
