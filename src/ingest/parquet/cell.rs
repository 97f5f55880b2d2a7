//! A value → the text of its cell.

use std::io::Write;

use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type},
    schema::types::ColumnDescriptor,
};

use crate::ingest::{IngestError, time::civil};

const DAY: i64 = 86_400;
/// Digits that a decimal may have behind its point: as many as 32 bytes hold.
const MOST_SCALE: i32 = 77;

/// What a column's values stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What they are: numbers, or texts.
    Plain,
    /// Whole numbers without a sign.
    Unsigned,
    /// Days since 1970-01-01.
    Date,
    /// So many of them are a second, counted since midnight.
    Clock(i64),
    /// So many of them are a second, counted since 1970-01-01; in UTC if told so.
    Time(i64, bool),
    /// Whole numbers with a point before so many digits.
    Decimal(usize),
    /// Sixteen bytes, in hexadecimal digits with hyphens.
    Uuid,
    /// Two bytes.
    Half,
    /// Months, days and milliseconds.
    Interval,
}

impl Meaning {
    /// What the values of this column stand for.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if it is a decimal whose point is nowhere.
    pub fn of(column: &ColumnDescriptor) -> Result<Self, IngestError> {
        let per_second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let decimal = |scale: i32| match scale {
            0..=MOST_SCALE => Ok(Self::Decimal(scale as usize)),
            _ => Err(IngestError::Packed { reason: format!("a decimal has {scale} digits behind its point") }),
        };
        Ok(match (column.physical_type(), column.logical_type_ref(), column.converted_type()) {
            (Type::INT96, ..) => Self::Time(1_000_000_000, false),
            (_, Some(LogicalType::Integer(int)), _) if !int.is_signed => Self::Unsigned,
            (_, Some(LogicalType::Date), _) => Self::Date,
            (_, Some(LogicalType::Time(time)), _) => Self::Clock(per_second(&time.unit)),
            (_, Some(LogicalType::Timestamp(time)), _) => Self::Time(per_second(&time.unit), time.is_adjusted_to_u_t_c),
            (_, Some(LogicalType::Decimal(kind)), _) => decimal(kind.scale)?,
            (Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid), _) => Self::Uuid,
            (Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), _) => Self::Half,
            (_, Some(_), _) => Self::Plain,
            // Files from before logical types. Whatever those meant was in UTC.
            (_, None, kind) => match kind {
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
                    Self::Unsigned
                }
                ConvertedType::DATE => Self::Date,
                ConvertedType::TIME_MILLIS => Self::Clock(1_000),
                ConvertedType::TIME_MICROS => Self::Clock(1_000_000),
                ConvertedType::TIMESTAMP_MILLIS => Self::Time(1_000, true),
                ConvertedType::TIMESTAMP_MICROS => Self::Time(1_000_000, true),
                ConvertedType::DECIMAL => decimal(column.type_scale())?,
                ConvertedType::INTERVAL => Self::Interval,
                _ => Self::Plain,
            },
        })
    }

    /// A whole number; `unsigned` is what its bits are without a sign.
    pub fn whole(self, value: i64, unsigned: u64, out: &mut Vec<u8>) {
        match self {
            Self::Unsigned => digits(unsigned, out),
            Self::Date => date(value, out),
            Self::Clock(per_second) => {
                clock(value.div_euclid(per_second), value.rem_euclid(per_second), per_second, out)
            }
            Self::Time(per_second, utc) => {
                moment(value.div_euclid(per_second), value.rem_euclid(per_second), per_second, out);
                if utc {
                    out.push(b'Z');
                }
            }
            Self::Decimal(scale) => decimal(i128::from(value), scale, out),
            _ => signed(value, out),
        }
    }

    /// Bytes, of which most columns have text.
    pub fn bytes(self, value: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Decimal(scale) => match wide(value) {
                Some(whole) => decimal(whole, scale, out),
                None => hexadecimal(value, out),
            },
            Self::Uuid if value.len() == 16 => {
                for (at, &byte) in value.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        out.push(b'-');
                    }
                    hexadecimal(&[byte], out);
                }
            }
            Self::Half if value.len() == 2 => float(half(u16::from_le_bytes([value[0], value[1]])), out),
            Self::Interval if value.len() == 12 => {
                let part = |at: usize| u32::from_le_bytes([value[at], value[at + 1], value[at + 2], value[at + 3]]);
                let (months, days, millis) = (part(0), part(4), part(8));
                formatted(out, format_args!("P{months}M{days}DT{}.{:03}S", millis / 1_000, millis % 1_000));
            }
            // Some tools do not say that their bytes are text.
            _ => match std::str::from_utf8(value) {
                Ok(text) => quoted(text, out),
                Err(_) => hexadecimal(value, out),
            },
        }
    }
}

/// Days of Julius Caesar's calendar count and nanoseconds of the day, as Impala and older Sparks write points in time.
pub fn julian(parts: &[u32], out: &mut Vec<u8>) {
    const JULIAN_DAY_OF_1970: i64 = 2_440_588;
    const PER_SECOND: u64 = 1_000_000_000;
    let &[low, high, day] = parts else { return };
    let nanoseconds = (u64::from(high) << 32) | u64::from(low);
    let seconds = (i64::from(day) - JULIAN_DAY_OF_1970) * DAY + (nanoseconds / PER_SECOND) as i64;
    moment(seconds, (nanoseconds % PER_SECOND) as i64, PER_SECOND as i64, out);
}

/// The shortest text that reads as this number.
pub fn float<F: ryu::Float + Into<f64>>(value: F, out: &mut Vec<u8>) {
    let number: f64 = value.into();
    if number.abs() < 1e15 && number.trunc() == number {
        if number == 0.0 && number.is_sign_negative() {
            out.push(b'-');
        }
        signed(number as i64, out);
    } else {
        // `NaN`, `inf` and `-inf` for those.
        out.extend(ryu::Buffer::new().format(value).as_bytes());
    }
}

/// Text in quotes where it needs them.
pub fn quoted(text: &str, out: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'#' | b'\''));
    let bytes = text.as_bytes();
    if !edge(bytes.first()) && !edge(bytes.last()) && !bytes.iter().copied().any(special) {
        out.extend(bytes);
        return;
    }
    out.push(b'"');
    for &byte in bytes {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

fn signed(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    digits(value.unsigned_abs(), out);
}

fn digits(mut value: u64, out: &mut Vec<u8>) {
    let mut buffer = [b'0'; 20];
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            return out.extend(&buffer[at..]);
        }
    }
}

fn formatted(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes all that is written to it");
}

fn date(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(days);
    formatted(out, format_args!("{year:04}-{month:02}-{day:02}"));
}

fn clock(seconds: i64, parts: i64, per_second: i64, out: &mut Vec<u8>) {
    formatted(out, format_args!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    if parts > 0 {
        let width = per_second.ilog10() as usize;
        formatted(out, format_args!(".{parts:0width$}"));
        let zeros = out.iter().rev().take_while(|&&byte| byte == b'0').count();
        out.truncate(out.len() - zeros);
    }
}

fn moment(seconds: i64, parts: i64, per_second: i64, out: &mut Vec<u8>) {
    date(seconds.div_euclid(DAY), out);
    out.push(b' ');
    clock(seconds.rem_euclid(DAY), parts, per_second, out);
}

fn decimal(value: i128, scale: usize, out: &mut Vec<u8>) {
    let width = scale + 1;
    let digits = format!("{:0width$}", value.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    formatted(out, format_args!("{sign}{whole}{point}{fraction}"));
}

/// A number in two's complement, its highest byte first; none above 127 bits.
fn wide(value: &[u8]) -> Option<i128> {
    let negative = value.first().is_some_and(|byte| byte & 0x80 != 0);
    let sign = if negative { 0xff } else { 0 };
    let (spare, low) = value.split_at(value.len().saturating_sub(16));
    let mut bytes = [sign; 16];
    bytes[16 - low.len()..].copy_from_slice(low);
    let whole = i128::from_be_bytes(bytes);
    (spare.iter().all(|&byte| byte == sign) && (whole < 0) == negative).then_some(whole)
}

fn hexadecimal(value: &[u8], out: &mut Vec<u8>) {
    value.iter().for_each(|byte| formatted(out, format_args!("{byte:02x}")));
}

/// IEEE 754's binary16.
fn half(bits: u16) -> f32 {
    let fraction = u32::from(bits & 0x3ff);
    let size = match u32::from(bits >> 10 & 0x1f) {
        0 => fraction as f32 / (1 << 24) as f32,
        31 => f32::from_bits(0x7f80_0000 | fraction),
        // The exponent's middle is 15 there and 127 here.
        exponent => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}
