//! Points in time as the app uses them: milliseconds since the Unix epoch, always handed in.

use std::ops::{Add, Sub};

/// A point in time: whole milliseconds since 1970-01-01T00:00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

/// A length of time in milliseconds.
pub type Duration = i64;

/// One second as a [`Duration`].
pub const SECOND: Duration = 1_000;
/// One minute as a [`Duration`].
pub const MINUTE: Duration = 60 * SECOND;
/// One day as a [`Duration`].
pub const DAY: Duration = 24 * 60 * MINUTE;

impl Add<Duration> for Millis {
    type Output = Self;
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

impl Sub for Millis {
    type Output = Duration;
    fn sub(self, rhs: Self) -> Duration {
        self.0.saturating_sub(rhs.0)
    }
}

impl Millis {
    /// Reads the server's timestamps: ISO 8601, UTC even where the `Z` is missing (the server leaves it out for
    /// batches and leads), or with an offset. Anything else is `None`.
    pub fn parse_utc(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let mut ymd = date.split('-');
        let year: i64 = ymd.next()?.parse().ok()?;
        let month: u32 = ymd.next()?.parse().ok()?;
        let day: u32 = ymd.next()?.parse().ok()?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(zone_at);
        let mut hms = clock.split(':');
        let hour: i64 = hms.next()?.parse().ok()?;
        let minute: i64 = hms.next()?.parse().ok()?;
        let (second, fraction) = hms
            .next()
            .map_or(("0", ""), |text| text.split_once('.').unwrap_or((text, "")));
        let second: i64 = second.parse().ok()?;
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..61).contains(&second) {
            return None;
        }
        let mut millis = 0;
        for place in 0..3 {
            let digit = fraction.as_bytes().get(place).copied().unwrap_or(b'0');
            millis = millis * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        let clock_ms = (hour * 60 + minute) * MINUTE + second * SECOND + millis;
        Some(Self(
            days_from_civil(year, month, day) * DAY + clock_ms - zone_offset(zone)?,
        ))
    }

    /// The server's own way of writing a time, for its `created_after` and `created_before` parameters.
    pub fn to_utc_text(self) -> String {
        let (y, m, d) = civil_from_days(self.0.div_euclid(DAY));
        let s = self.0.rem_euclid(DAY) / SECOND;
        format!(
            "{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}",
            s / 3600,
            s / 60 % 60,
            s % 60
        )
    }

    /// `23 Nov 2026` at the given offset from UTC in minutes (east is positive).
    pub fn to_local_date(self, offset_minutes: i32) -> String {
        let text = self.to_local_text(offset_minutes);
        text.split(',').next().unwrap_or_default().to_owned()
    }

    /// `23 Nov 2026, 12:55` at the given offset from UTC in minutes (east is positive).
    pub fn to_local_text(self, offset_minutes: i32) -> String {
        let local = self.0 + i64::from(offset_minutes) * MINUTE;
        let (y, m, d) = civil_from_days(local.div_euclid(DAY));
        let minutes = local.rem_euclid(DAY) / MINUTE;
        let month = MONTHS.get(m as usize - 1).copied().unwrap_or("?");
        format!("{d} {month} {y}, {:02}:{:02}", minutes / 60, minutes % 60)
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A length of time in words: `8 s`, `4 min`, `1 h 05 min`, `2 d 3 h`. Negative lengths count as none.
pub fn duration_words(length: Duration) -> String {
    let s = length.max(0) / SECOND;
    match s {
        0..60 => format!("{s} s"),
        60..600 => match s % 60 {
            0 => format!("{} min", s / 60),
            rest => format!("{} min {rest} s", s / 60),
        },
        600..3600 => format!("{} min", s / 60),
        3600..86_400 => format!("{} h {:02} min", s / 3600, s / 60 % 60),
        _ => format!("{} d {} h", s / 86_400, s / 3600 % 24),
    }
}

fn zone_offset(zone: &str) -> Option<Duration> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i64 = digits.get(0..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).unwrap_or("00").parse().ok()?;
    Some(sign * (hours * 60 + minutes) * MINUTE)
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
pub(super) fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let shifted = i64::from((month + 9) % 12);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of so many days since 1970-01-01.
pub(super) fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let shifted = (5 * doy + 2) / 153;
    let day = (doy - (153 * shifted + 2) / 5 + 1) as u32;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    } as u32;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_without_a_z_are_utc() {
        let naive = Millis::parse_utc("2026-11-23T12:55:03.549304");
        assert_eq!(naive, Some(Millis(1_795_438_503_549)));
        assert_eq!(Millis::parse_utc("2026-11-23T12:55:03.549304Z"), naive);
        assert_eq!(Millis::parse_utc("2026-11-23T13:55:03.549304+01:00"), naive);
        assert_eq!(
            Millis::parse_utc("2026-11-23T12:55:03"),
            Some(Millis(1_795_438_503_000))
        );
    }

    #[test]
    fn nonsense_is_not_a_time() {
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00",
            "2026-11-23",
            "2026-11-23T99:00:00",
            "２０２６-11-23T00:00",
        ] {
            assert_eq!(Millis::parse_utc(text), None, "{text}");
        }
    }

    #[test]
    fn writing_and_reading_agree_over_a_century() {
        for day in (-3_000..40_000).step_by(13) {
            let t = Millis(day * DAY + 3_723_000);
            assert_eq!(Millis::parse_utc(&t.to_utc_text()), Some(t));
        }
    }

    #[test]
    fn local_text_moves_over_midnight() {
        let t = Millis::parse_utc("2026-12-31T23:30:00").unwrap();
        assert_eq!(t.to_local_text(60), "1 Jan 2027, 00:30");
        assert_eq!(t.to_local_date(60), "1 Jan 2027");
        assert_eq!(t.to_local_text(-300), "31 Dec 2026, 18:30");
    }

    #[test]
    fn lengths_in_words() {
        let cases = [
            (-5, "0 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (61_000, "1 min 1 s"),
            (700_000, "11 min"),
        ];
        for (length, words) in cases {
            assert_eq!(duration_words(length), words);
        }
        assert_eq!(duration_words(3_900_000), "1 h 05 min");
        assert_eq!(duration_words(2 * DAY + 3 * 3_600_000), "2 d 3 h");
    }
}
