//! Amounts of US dollars, kept as whole millionths so that sums are exact.

use std::fmt;
use std::ops::Add;

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
    fn sums_are_exact_where_floats_are_not() {
        let tenth = Usd::from_dollars(0.1).unwrap();
        let fifth = Usd::from_dollars(0.2).unwrap();
        assert_eq!(tenth + fifth, Usd::from_dollars(0.3).unwrap());
        assert_eq!(tenth.ratio_to(Usd::ZERO), None);
    }
}
