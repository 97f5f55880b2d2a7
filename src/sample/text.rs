//! Numbers, addresses and times as the text of CSV cells.

use crate::ingest::civil;

/// Writes the cells of rows to the end of a buffer.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    /// A cell of text that needs no quotes.
    pub(super) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b',');
    }

    /// A whole number.
    pub(super) fn int(&mut self, value: u64) {
        self.digits(value);
        self.out.push(b',');
    }

    /// A whole number, or −1 where there is none.
    pub(super) fn int_or_minus_one(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.int(value),
            None => self.text("-1"),
        }
    }

    /// A number that is not negative, with up to 15 significant digits and no exponent.
    pub(super) fn float(&mut self, value: f64) {
        self.decimal(value);
        self.out.push(b',');
    }

    /// An IPv4 address.
    pub(super) fn address(&mut self, address: [u8; 4]) {
        self.dotted(address);
        self.out.push(b',');
    }

    /// CICFlowMeter's name of a flow: both addresses, both ports and the protocol, joined by hyphens.
    pub(super) fn flow_id(&mut self, ends: [([u8; 4], u16); 2], protocol: u8) {
        for (address, _) in ends {
            self.dotted(address);
            self.out.push(b'-');
        }
        for (_, port) in ends {
            self.digits(u64::from(port));
            self.out.push(b'-');
        }
        self.int(u64::from(protocol));
    }

    /// A moment as CICFlowMeter and R left it in the original: `26/04/201711:11:17`, without a space. (There, on a 12-hour clock
    /// that does not say which half of the day it is, so that no tool can tell when anything was.)
    pub(super) fn timestamp(&mut self, unix_seconds: u64) {
        let (year, month, day) = civil((unix_seconds / 86_400) as i64);
        let (year, month, day) = (year as u64, month as u64, day as u64);
        let second = unix_seconds % 86_400;
        self.two_digits(day);
        self.out.push(b'/');
        self.two_digits(month);
        self.out.push(b'/');
        self.digits(year);
        self.two_digits(second / 3600);
        self.out.push(b':');
        self.two_digits(second / 60 % 60);
        self.out.push(b':');
        self.two_digits(second % 60);
        self.out.push(b',');
    }

    /// Ends the row: the comma after its last cell becomes the end of the line.
    pub(super) fn end_row(&mut self) {
        if let Some(last) = self.out.last_mut() {
            *last = b'\n';
        }
    }

    fn dotted(&mut self, address: [u8; 4]) {
        for (place, part) in address.into_iter().enumerate() {
            if place > 0 {
                self.out.push(b'.');
            }
            self.digits(u64::from(part));
        }
    }

    fn two_digits(&mut self, value: u64) {
        self.out.extend_from_slice(&[b'0' + (value / 10 % 10) as u8, b'0' + (value % 10) as u8]);
    }

    fn digits(&mut self, mut value: u64) {
        if value < 10 {
            self.out.push(b'0' + value as u8);
            return;
        }
        let mut text = [0; 20];
        let mut start = text.len();
        while value > 0 {
            start -= 1;
            text[start] = b'0' + (value % 10) as u8;
            value /= 10;
        }
        self.out.extend_from_slice(&text[start..]);
    }

    /// The value is scaled to 15 digits before the point, rounded, and written without its trailing zeros. One product
    /// is rounded on the way, so the 15th digit may be one off; what matters here is that it is the same everywhere.
    fn decimal(&mut self, value: f64) {
        debug_assert!(value.is_finite() && value >= 0.0, "{value}");
        if value == value.trunc() && value < 1e15 {
            return self.digits(value as u64);
        }
        let whole_digits = POWERS.iter().take_while(|&&power| power <= value).count();
        if whole_digits > 15 {
            return self.digits(value as u64);
        }
        let mut places = 15 - whole_digits;
        if whole_digits == 0 {
            // Zeros after the point do not count as digits.
            places += POWERS[1..7].iter().take_while(|&&power| value * power < 1.0).count();
        }
        let mut scaled = (value * POWERS[places]).round() as u64;
        while places > 0 && scaled.is_multiple_of(10) {
            scaled /= 10;
            places -= 1;
        }
        let unit = POWERS[places] as u64;
        self.digits(scaled / unit);
        if places > 0 {
            let from = self.out.len();
            self.digits(unit + scaled % unit);
            self.out[from] = b'.'; // in place of the 1 that kept the zeros after the point
        }
    }
}

/// The powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::draw::Draw;

    fn cell(write: impl FnOnce(&mut Cells<'_>)) -> String {
        let mut out = Vec::new();
        write(&mut Cells::new(&mut out));
        assert_eq!(out.pop(), Some(b','));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_are_written_as_r_does() {
        for (value, text) in [
            (0.0, "0"),
            (6.0, "6"),
            (0.5, "0.5"),
            (1e5, "100000"),
            (1.2e7, "12000000"),
            (7060.0 / 12.0, "588.333333333333"),
            (1.0 / 3.0, "0.333333333333333"),
            (0.08, "0.08"),
            (1.0 / 120.0, "0.00833333333333333"),
            (0.999_999_999_999_999_9, "1"),
            (887_000_000.000_000_1, "887000000"),
            (2.0 / 3.0 * 1e14, "66666666666666.7"),
            (1e17, "100000000000000000"),
        ] {
            assert_eq!(cell(|c| c.float(value)), text);
        }
    }

    #[test]
    fn floats_keep_15_digits() {
        let mut draw = Draw::new(5);
        for _ in 0..50_000 {
            let value = draw.log_uniform(1e-4, 1e14);
            let text = cell(|c| c.float(value));
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= value * 1.001e-14, "{value} {text}");
            let digits = text.trim_start_matches(['0', '.']).bytes().filter(|&b| b != b'.').count();
            assert!(digits <= 15 && !text.contains('e') && !(text.contains('.') && text.ends_with('0')), "{text}");
        }
    }

    #[test]
    fn whole_numbers_and_addresses() {
        assert_eq!(cell(|c| c.int(0)), "0");
        assert_eq!(cell(|c| c.int(u64::MAX)), u64::MAX.to_string());
        assert_eq!(cell(|c| c.int_or_minus_one(None)), "-1");
        let ends = [([172, 19, 1, 46], 52422), ([10, 200, 7, 7], 3128)];
        assert_eq!(cell(|c| c.flow_id(ends, 6)), "172.19.1.46-10.200.7.7-52422-3128-6");
    }

    #[test]
    fn timestamps_follow_the_calendar() {
        for (seconds, text) in [
            (1_493_205_077, "26/04/201711:11:17"),
            (1_493_205_077 + 7200, "26/04/201713:11:17"),
            (1_493_251_199, "26/04/201723:59:59"),
            (1_493_251_200, "27/04/201700:00:00"),
            (1_709_164_800, "29/02/202400:00:00"),
            (1_709_251_200 + 43_200, "01/03/202412:00:00"),
        ] {
            assert_eq!(cell(|c| c.timestamp(seconds)), text);
        }
    }
}
