//! Amounts of US dollars, kept as whole millionths so that sums are exact.

use std::fmt;
use std::ops::{Add, Sub};

/// An amount in millionths of a US dollar. The server sends up to five decimals (`0.75625`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(i64);

impl Usd {
    /// Nothing. Only for sums: an unknown price is `None`, never this.
    pub const ZERO: Self = Self(0);

    /// From the server's floating-point dollars; `None` for what is not a finite amount below a billion.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        (dollars.is_finite() && dollars.abs() < 1e9).then(|| Self((dollars * 1e6).round() as i64))
    }

    /// From dollars written with digits, as the server's budget has them (`1000.0`, `-3`, `700.0000`): millionths, what
    /// is finer is rounded. `None` for anything else, exponents and thousands set apart too, and from a billion on.
    /// Whole-number arithmetic, because reading floats takes much of the bundle.
    pub fn from_decimal(text: &str) -> Option<Self> {
        let text = text.trim();
        let (bare, sign) = match text.strip_prefix('-') {
            Some(bare) => (bare, -1),
            None => (text, 1),
        };
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 9 {
            return None;
        }
        let digit =
            |place: usize| i64::from(fraction.as_bytes().get(place).map_or(0, |b| b - b'0'));
        let micros = (0..6).fold(whole.parse().ok()?, |sum: i64, place| {
            sum * 10 + digit(place)
        });
        Some(Self(sign * (micros + i64::from(digit(6) >= 5))))
    }

    /// Whole millionths of a dollar.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Dollars as the server takes them.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// `self` as a multiple of `other`; `None` where `other` is nothing.
    pub fn ratio_to(self, other: Self) -> Option<f64> {
        (other.0 != 0).then(|| self.0 as f64 / other.0 as f64)
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Self(self.0.saturating_add(rhs.0))
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, rhs: Self) -> Self {
        Self(self.0.saturating_sub(rhs.0))
    }
}

/// `$1,234.50`; amounts under ten cents keep the digits that matter (`$0.0250`).
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        if micros > 0 && micros < 100_000 && !micros.is_multiple_of(10_000) {
            return write!(f, "{sign}$0.{:04}", (micros + 50) / 100);
        }
        let cents = (micros + 5_000) / 10_000;
        write!(
            f,
            "{sign}${}.{:02}",
            super::text::grouped(cents / 100),
            cents % 100
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        let cases = [
            (0.0, "$0.00"),
            (0.75625, "$0.76"),
            (6.924, "$6.92"),
            (634.179, "$634.18"),
            (1_234_567.5, "$1,234,567.50"),
            (0.025, "$0.0250"),
            (0.05, "$0.05"),
            (-3.5, "-$3.50"),
        ];
        for (dollars, text) in cases {
            assert_eq!(Usd::from_dollars(dollars).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e12] {
            assert_eq!(Usd::from_dollars(bad), None);
        }
    }

    #[test]
    fn written_amounts_are_read_exactly_or_not_at_all() {
        let cases = [
            ("1000.0", Some(1_000_000_000)),
            ("700.0000", Some(700_000_000)),
            ("0.00", Some(0)),
            ("5", Some(5_000_000)),
            (" -3.5 ", Some(-3_500_000)),
            ("0.1234565", Some(123_457)),
            ("0.1234564", Some(123_456)),
            ("999999999.999999", Some(999_999_999_999_999)),
            ("1000000000", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("5.", None),
            ("1,000", None),
            ("1E+3", None),
            ("0E-7", None),
            ("NaN", None),
            ("Infinity", None),
            ("--1", None),
            ("+1", None),
            ("$5.00", None),
            ("1.2.3", None),
            ("٣", None),
        ];
        for (text, micros) in cases {
            assert_eq!(Usd::from_decimal(text).map(Usd::micros), micros, "{text}");
        }
    }

    #[test]
    fn sums_are_exact_where_floats_are_not() {
        let tenth = Usd::from_dollars(0.1).unwrap();
        let fifth = Usd::from_dollars(0.2).unwrap();
        assert_eq!(tenth + fifth, Usd::from_dollars(0.3).unwrap());
        assert_eq!(tenth.ratio_to(Usd::ZERO), None);
    }
}
