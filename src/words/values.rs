//! Values of columns, for reading: in their units, and what counts from 1970 as dates.

use crate::{
    detect::Expected,
    ingest::{Layout, Number, NumberStyle, parse_nanoseconds, read_cell},
    numeric::grouped::grouped,
    report::Typical,
    table::{Field, Kind, Role, Storage, TimeStyle, Unit},
    words::format,
};

/// Seconds from which on a number is a date (in 1973) and not a time since a capture began.
pub const DATES: f64 = 1e8;

/// A number of a column: a date where it counts from 1970, else in the column's unit.
pub fn amount(value: f64, field: &Field) -> String {
    match seconds(value, field) {
        Some(seconds) if seconds >= DATES => format::moment(seconds.round() as i64 * 1_000_000_000),
        Some(seconds) => of_seconds(seconds, field),
        None => format::quantity(value, field.unit),
    }
}

/// What a detector expected of a column, or the flow holds that it compares with.
pub fn expected(expected: &Expected, field: &Field) -> String {
    match expected {
        Expected::Amount(value) if matches!(field.role, Role::Measure | Role::Duration) => amount(*value, field),
        Expected::Amount(value) => value.to_string(),
        Expected::Text(text) => text.clone(),
    }
}

/// A cell holds just that.
pub fn is_expected(cell: &str, expected: &Expected) -> bool {
    match expected {
        // Numbers are compared as 32 bits hold them.
        Expected::Amount(value) => cell.trim().parse::<f64>().is_ok_and(|cell| cell as f32 == *value as f32),
        Expected::Text(text) => cell.trim() == text,
    }
}

/// Which neighbour counts, counted from 1.
pub fn neighbour(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if number == 1 { "the most alike flow".to_owned() } else { format!("the {number}{ending} most alike flow") }
}

/// The same on an axis that spans so much, where there is little room: dates to the minute, or in less than an hour the time of day.
pub fn tick(value: f64, span: f64, field: &Field) -> String {
    match seconds(value, field) {
        Some(at) if at >= DATES && seconds(span, field).is_some_and(|span| span < 3_600.0) => {
            let [day, second] = ["2024-03-05 ", "14:00:00"].map(str::len);
            amount(value, field).chars().skip(day).take(second).collect()
        }
        Some(seconds) if seconds >= DATES => amount(value, field).chars().take("2024-03-05 14:00".len()).collect(),
        Some(seconds) => format::short_quantity(seconds, Some(Unit::Seconds)),
        None => format::short_quantity(value, field.unit),
    }
}

/// The name of a column on an axis, with the unit where the labels of the axis leave it out.
pub fn axis_name(field: &Field) -> String {
    match field.unit {
        Some(unit @ (Unit::Packets | Unit::Flows | Unit::PacketsPerSecond)) => {
            format!("{} ({})", field.name, unit.symbol())
        }
        _ => field.name.clone(),
    }
}

/// A number of a column of points in time, in seconds.
fn seconds(value: f64, field: &Field) -> Option<f64> {
    let Storage::Time { per } = field.storage() else { return None };
    value.is_finite().then_some(value * per as f64 / 1e9)
}

/// The point in time that a cell of such a column says, in nanoseconds.
pub fn nanoseconds(cell: &str, field: &Field, layout: &Layout) -> Option<i64> {
    let Storage::Time { per } = field.storage() else { return None };
    let text = cell.trim().as_bytes();
    if let Some(time) = parse_nanoseconds(text, field.time?) {
        return Some(time);
    }
    match read_cell(text, field, NumberStyle::from(&layout.format.dialect())) {
        Number::Value(number) if field.kind == Kind::Number => Some((number * per as f64).round() as i64),
        _ => None,
    }
}

/// A point in time as a column that is kept exactly has it, in nanoseconds: a date, or a time since a capture began.
pub fn moment(nanoseconds: i64, field: &Field) -> String {
    let seconds = nanoseconds as f64 / 1e9;
    if seconds >= DATES { format::moment(nanoseconds) } else { of_seconds(seconds, field) }
}

fn of_seconds(seconds: f64, field: &Field) -> String {
    match seconds {
        seconds if field.time == Some(TimeStyle::TimeOfDay) => {
            format::moment((seconds * 1e9) as i64).split_off("1970-01-01 ".len())
        }
        // A time that is not set.
        0.0 => "0".to_owned(),
        seconds => format::quantity(seconds, Some(Unit::Seconds)),
    }
}

/// A cell for reading: a quantity in its unit, a point in time as a date, a long number with its thousands set apart, and
/// whatever names something as it is.
pub fn value(cell: &str, column: usize, layout: &Layout) -> String {
    let cell = cell.trim();
    let Some(field) = layout.schema.fields.get(column).filter(|_| !cell.is_empty()) else {
        return if cell.is_empty() { "missing".to_owned() } else { cell.to_owned() };
    };
    if let Some(date) = date(cell, field) {
        return date;
    }
    let measured = matches!(field.role, Role::Measure | Role::Duration | Role::Time | Role::Ignored);
    let style = NumberStyle::from(&layout.format.dialect());
    match read_cell(cell.as_bytes(), field, style) {
        Number::Value(number) if measured && field.kind == Kind::Number && (field.unit.is_some() || cell.len() > 6) => {
            amount(number, field)
        }
        _ => cell.to_owned(),
    }
}

/// The number that a cell holds, in the unit of its column.
pub fn number(cell: &str, column: usize, layout: &Layout) -> Option<f64> {
    let field = layout.schema.fields.get(column).filter(|field| field.kind == Kind::Number)?;
    match read_cell(cell.trim().as_bytes(), field, NumberStyle::from(&layout.format.dialect())) {
        Number::Value(number) => Some(number).filter(|number| number.is_finite()),
        _ => None,
    }
}

/// A cell as the file has it, with the unit behind plain digits; a point in time as a date.
pub fn in_full(cell: &str, field: &Field) -> String {
    let cell = cell.trim();
    let unit = field.unit.filter(|unit| field.kind == Kind::Number && *unit != Unit::Share);
    let plain = cell.starts_with(|first: char| first.is_ascii_digit())
        && cell.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    match (date(cell, field), unit) {
        (Some(date), _) => date,
        (None, Some(unit)) if plain => format!("{} {}", grouped(cell), unit.symbol()),
        _ => cell.to_owned(),
    }
}

/// A cell that counts from 1970 as a date.
fn date(cell: &str, field: &Field) -> Option<String> {
    seconds(cell.parse().ok()?, field).filter(|&seconds| field.kind == Kind::Number && seconds >= DATES)?;
    Some(format::moment(parse_nanoseconds(cell.as_bytes(), field.time?)?))
}

/// What is usual in a column, to stand behind a value, by its text and its number; it may be that itself.
pub fn usual(typical: &Typical, field: &Field, (text, number): (&str, Option<f64>)) -> Option<String> {
    if let Some(commonest) = &typical.commonest {
        let same = commonest == text || number.is_some_and(|number| commonest.parse() == Ok(number));
        return Some(if same { "the most frequent".to_owned() } else { format!("most often {commonest}") });
    }
    let median = typical.median?;
    let told = |value| amount(value, field);
    Some(match typical.range {
        Some([low, high]) if low < high => {
            format!("usually {} to {}, median {}", told(low), told(high), told(median))
        }
        // Numbers are compared as 32 bits hold them.
        _ if number.is_some_and(|number| number as f32 == median as f32) => "as usual".to_owned(),
        _ => format!("usually {}", told(median)),
    })
}

#[cfg(test)]
mod tests {
    use super::{super::tests::dataset_of, *};

    fn field(role: Role, unit: Option<Unit>, time: Option<TimeStyle>) -> Field {
        Field { unit, time, ..Field::new("it", Kind::Number, role) }
    }

    #[test]
    fn values_are_read_against_what_is_usual() {
        let plain = field(Role::Measure, None, None);
        let typical = Typical { median: Some(2.0), range: Some([1.0, 3.0]), ..Typical::default() };
        assert_eq!(usual(&typical, &plain, ("2", Some(2.0))).as_deref(), Some("usually 1 to 3, median 2"));
        assert_eq!(usual(&Typical::default(), &plain, ("2", Some(2.0))), None);
        let micros = field(Role::Duration, Some(Unit::Microseconds), None);
        assert_eq!(usual(&typical, &micros, ("4", Some(4.0))).as_deref(), Some("usually 1 µs to 3 µs, median 2 µs"));
        let one = Typical { range: None, ..typical };
        assert_eq!(usual(&one, &micros, ("4", Some(4.0))).as_deref(), Some("usually 2 µs"));
        assert_eq!(usual(&one, &micros, ("2.0", Some(2.0))).as_deref(), Some("as usual"));
        let port = Typical { commonest: Some("771".to_owned()), ..Typical::default() };
        assert_eq!(usual(&port, &plain, ("3", Some(3.0))).as_deref(), Some("most often 771"));
        assert_eq!(usual(&port, &plain, ("771", None)).as_deref(), Some("the most frequent"));
        assert_eq!(usual(&port, &plain, ("771.0", Some(771.0))).as_deref(), Some("the most frequent"));
    }

    #[test]
    fn cells_are_told_in_the_units_of_their_columns() {
        let row = |n: usize| format!("1647513012.{n:03},{n}.5 kB,{n} ms,{},10.0.0.{n},1234567\n", 118_000_000 + n % 7);
        let rows: String = (0..60).map(row).collect();
        let (_, dataset) = dataset_of(&format!("ts,size,wait,total,src_ip,label\n{rows}"));
        let told = |column: usize, cell: &str| value(cell, column, &dataset.layout);
        assert_eq!(told(0, "1647513012.345"), "2022-03-17 10:30:12.345");
        assert_eq!(told(1, "1.5 kB"), "1.5 kB");
        assert_eq!(told(1, "0.5 MiB"), "524 kB");
        assert_eq!(told(2, "1500 ms"), "1.5 s");
        assert_eq!(told(3, "118000000"), "118,000,000");
        assert_eq!(told(3, "tcp"), "tcp");
        assert_eq!(told(4, "10.0.0.1"), "10.0.0.1");
        assert_eq!(told(5, "1234567"), "1234567", "a name is no number");
        assert_eq!((told(3, " ").as_str(), told(9, "x").as_str()), ("missing", "x"));
        let held = |column: usize, cell: &str| number(cell, column, &dataset.layout);
        assert_eq!((held(1, "1.5 kB"), held(3, " 7 ")), (Some(1_500.0), Some(7.0)));
        assert_eq!((held(3, "tcp"), held(4, "10.0.0.1"), held(9, "1")), (None, None, None));
    }

    #[test]
    fn points_in_time_are_dates_where_they_count_from_1970() {
        let epoch = |style| field(Role::Time, None, Some(style));
        assert_eq!(amount(1_647_513_012.0, &epoch(TimeStyle::Seconds)), "2022-03-17 10:30:12");
        assert_eq!(amount(1_647_513_012_000.0, &epoch(TimeStyle::Milliseconds)), "2022-03-17 10:30:12");
        assert_eq!(amount(90.5, &epoch(TimeStyle::Seconds)), "1 min 31 s", "since the capture began");
        assert_eq!(amount(0.0, &epoch(TimeStyle::Seconds)), "0");
        assert_eq!(tick(1_647_513_012.0, 86_400.0, &epoch(TimeStyle::Seconds)), "2022-03-17 10:30");
        assert_eq!(tick(1_647_513_012.25, 90.0, &epoch(TimeStyle::Seconds)), "10:30:12");
        assert_eq!(in_full("1647513012000001", &epoch(TimeStyle::Microseconds)), "2022-03-17 10:30:12.000001");
        assert_eq!(amount(1_647_513_012.0, &field(Role::Measure, None, Some(TimeStyle::Seconds))), "1,647,513,012");
    }

    #[test]
    fn in_full_digits_stay_as_they_are() {
        let of = |unit| field(Role::Measure, Some(unit), None);
        assert_eq!(in_full("117999000", &of(Unit::Microseconds)), "117,999,000 µs");
        assert_eq!(in_full("3.4 ms", &of(Unit::Seconds)), "3.4 ms");
        assert_eq!(in_full("0.5", &of(Unit::Share)), "0.5");
        assert_eq!(in_full("", &of(Unit::Bytes)), "");
        assert_eq!(in_full("12", &field(Role::Port, None, None)), "12");
    }

    #[test]
    fn axes_have_units() {
        let of = |unit| field(Role::Measure, Some(unit), None);
        let ticks = |unit, values: [f64; 3]| values.map(|value| tick(value, 1e9, &of(unit)));
        assert_eq!(ticks(Unit::Microseconds, [10.0, 1e6, 118e6]), ["10 µs", "1 s", "1.97 min"]);
        assert_eq!(ticks(Unit::Bytes, [0.0, 1e3, 1.35e9]), ["0 B", "1 kB", "1.35 GB"]);
        assert_eq!(ticks(Unit::Packets, [0.0, 1e3, 1.35e9]), ["0", "1,000", "1.35 G"]);
        assert_eq!(axis_name(&of(Unit::Packets)), "it (packets)");
        assert_eq!(axis_name(&of(Unit::Bytes)), "it");
    }
}
