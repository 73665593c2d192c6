//! Time as the contract writes it: UTC, microseconds, with and without a `Z`.
//!
//! Instants are microseconds since the Unix epoch (`i64`) everywhere inside the server, so that they
//! sort and subtract; text exists only at the edges.

use std::time::{SystemTime, UNIX_EPOCH};

/// One second in the unit of this module.
pub const SECOND: i64 = 1_000_000;
/// One day in the unit of this module.
pub const DAY: i64 = 86_400 * SECOND;

/// The present instant, in microseconds since the Unix epoch. A clock before 1970 reads as 0.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| {
            i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX)
        })
}

/// The midnight (UTC) that began the day of `instant`.
pub fn day_start(instant: i64) -> i64 {
    instant.div_euclid(DAY) * DAY
}

/// The first midnight (UTC) of the month of `instant`, and of the month after it.
pub fn month_bounds(instant: i64) -> (i64, i64) {
    let (year, month, _) = civil_from_days(instant.div_euclid(DAY));
    let (next_year, next_month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    (
        days_from_civil(year, month, 1) * DAY,
        days_from_civil(next_year, next_month, 1) * DAY,
    )
}

/// `2026-11-23T12:36:58.404742`, the fraction left out when it is zero: how the recorded server
/// writes the times of batches and leads (Python's `isoformat`).
pub fn naive(instant: i64) -> String {
    let (year, month, day) = civil_from_days(instant.div_euclid(DAY));
    let in_day = instant.rem_euclid(DAY);
    let (seconds, micros) = (in_day / SECOND, in_day % SECOND);
    let text = format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if micros == 0 {
        text
    } else {
        format!("{text}.{micros:06}")
    }
}

/// As [`naive`] with a `Z`: how the recorded server writes the times of users and organisations.
pub fn zulu(instant: i64) -> String {
    naive(instant) + "Z"
}

/// `2026-11-23`.
pub fn date(instant: i64) -> String {
    let (year, month, day) = civil_from_days(instant.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `Mon, 23 Nov 2026 12:30:54 GMT`, the form of `Last-Modified` (RFC 9110, section 5.6.7).
pub fn http_date(instant: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let days = instant.div_euclid(DAY);
    let (year, month, day) = civil_from_days(days);
    let seconds = instant.rem_euclid(DAY) / SECOND;
    let weekday = DAYS[usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
    let month = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
    format!(
        "{weekday}, {day:02} {month} {year:04} {:02}:{:02}:{:02} GMT",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Reads a query parameter that holds a date with a time, as pydantic 2.5 does.
///
/// Accepted: `2026-01-01T00:00[:00[.ffffff]]` with `T`, `t`, `_` or a space, then nothing (UTC), `Z`
/// or an offset; and a bare number of seconds (milliseconds from 2e10 on) since the epoch.
///
/// # Errors
/// The explanation in pydantic's words, as recorded in `batch-list.created-after-*.json`.
pub fn parse_datetime(text: &str) -> Result<i64, &'static str> {
    if let Ok(number) = text.parse::<f64>() {
        let seconds = if number.abs() >= 2e10 {
            number / 1000.0
        } else {
            number
        };
        // Float-to-integer casts saturate, which is what a far-off instant needs.
        #[allow(clippy::cast_possible_truncation)]
        return Ok((seconds * 1e6) as i64);
    }
    let bytes = text.as_bytes();
    if bytes.len() < 10 {
        return Err("input is too short");
    }
    let number = |from: usize, to: usize, error: &'static str| -> Result<i64, &'static str> {
        let part = text.get(from..to).ok_or("input is too short")?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().map_err(|_| error)
        } else {
            Err(error)
        }
    };
    let year = number(0, 4, "invalid character in year")?;
    if bytes[4] != b'-' {
        return Err("invalid date separator, expected `-`");
    }
    let month = number(5, 7, "invalid character in month")?;
    if bytes[7] != b'-' {
        return Err("invalid date separator, expected `-`");
    }
    let day = number(8, 10, "invalid character in day")?;
    if !(1..=12).contains(&month) {
        return Err("month value is outside expected range of 1-12");
    }
    let (_, month_end) = month_bounds(days_from_civil(year, month, 1) * DAY);
    if day < 1 || days_from_civil(year, month, day) * DAY >= month_end {
        return Err("day value is outside expected range");
    }
    if !matches!(bytes.get(10), Some(b'T' | b't' | b'_' | b' ')) {
        return Err("invalid datetime separator, expected `T`, `t`, `_` or space");
    }
    let hour = number(11, 13, "invalid character in hour")?;
    if bytes.get(13) != Some(&b':') {
        return Err("invalid time separator, expected `:`");
    }
    let minute = number(14, 16, "invalid character in minute")?;
    if hour > 23 {
        return Err("hour value is outside expected range of 0-23");
    }
    if minute > 59 {
        return Err("minute value is outside expected range of 0-59");
    }
    let mut at = 16;
    let mut second = 0;
    let mut micros = 0;
    if bytes.get(at) == Some(&b':') {
        second = number(at + 1, at + 3, "invalid character in second")?;
        if second > 59 {
            return Err("second value is outside expected range of 0-59");
        }
        at += 3;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            let digits = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if digits == 0 {
                return Err("second fraction value is empty");
            }
            let mut scale = SECOND / 10;
            for byte in &bytes[at..at + digits] {
                micros += i64::from(byte - b'0') * scale;
                scale /= 10;
            }
            at += digits;
        }
    }
    let offset_minutes = match bytes.get(at) {
        None => 0,
        Some(b'Z' | b'z') if bytes.len() == at + 1 => 0,
        Some(sign @ (b'+' | b'-')) => {
            let hours = number(at + 1, at + 3, "invalid character in hour")?;
            let colon = usize::from(bytes.get(at + 3) == Some(&b':'));
            let minutes = number(
                at + 3 + colon,
                at + 5 + colon,
                "invalid character in minute",
            )?;
            let total = hours * 60 + minutes;
            if *sign == b'+' { total } else { -total }
        }
        Some(b'Z' | b'z') => return Err("unexpected extra characters at the end of the input"),
        Some(_) => return Err("invalid timezone sign"),
    };
    let seconds = hour * 3600 + (minute - offset_minutes) * 60 + second;
    Ok(days_from_civil(year, month, day) * DAY + seconds * SECOND + micros)
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in 400-year eras
/// that begin in March, so that the leap day is the last day of a year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`]: year, month (1–12), day (1–31).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_and_write_the_same_text() {
        for text in [
            "2026-11-23T12:36:58.404742",
            "2000-02-29T00:00:00",
            "1969-12-31T23:59:59.5",
        ] {
            let instant = parse_datetime(text).expect(text);
            assert_eq!(parse_datetime(&naive(instant)), Ok(instant));
        }
        assert_eq!(naive(1_795_437_418_404_742), "2026-11-23T12:36:58.404742");
        assert_eq!(
            http_date(1_795_437_054_000_000),
            "Mon, 23 Nov 2026 12:30:54 GMT"
        );
        assert_eq!(
            parse_datetime("2026-01-01T01:00:00+01:00"),
            parse_datetime("2026-01-01T00:00")
        );
        assert_eq!(
            parse_datetime("1767225600"),
            parse_datetime("2026-01-01T00:00:00Z")
        );
        assert_eq!(
            parse_datetime("1767225600000"),
            parse_datetime("2026-01-01 00:00:00Z")
        );
    }

    #[test]
    fn refusals_use_the_recorded_words() {
        assert_eq!(parse_datetime("yesterday"), Err("input is too short"));
        assert_eq!(
            parse_datetime("2026-01-01"),
            Err("invalid datetime separator, expected `T`, `t`, `_` or space")
        );
        assert_eq!(
            parse_datetime("2026-01-01T00:00:00 00:00"),
            Err("invalid timezone sign")
        );
        assert!(parse_datetime("2026-02-30T00:00").is_err());
        assert!(parse_datetime("2026-01-01Té0:00:00").is_err());
    }

    #[test]
    fn months_end_where_the_next_begins() {
        let december = parse_datetime("2026-12-31T23:00").expect("a date");
        let (from, to) = month_bounds(december);
        assert_eq!(
            (naive(from), naive(to)),
            ("2026-12-01T00:00:00".into(), "2027-01-01T00:00:00".into())
        );
        assert_eq!(date(day_start(december)), "2026-12-31");
    }
}
