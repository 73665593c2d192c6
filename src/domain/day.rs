//! Calendar days in a person's own time zone.

use super::time::{DAY, Duration, MINUTE, Millis, civil_from_days, days_from_civil};

/// Minutes by which local time is ahead of UTC at a moment (east is positive), daylight saving included.
pub type LocalOffset = fn(Millis) -> i32;

/// A calendar day: whole days since 1970-01-01, in whatever zone it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a moment.
    pub fn of(at: Millis, offset: LocalOffset) -> Self {
        Self((at.0 + minutes(offset(at))).div_euclid(DAY))
    }

    /// When it begins.
    pub fn start(self, offset: LocalOffset) -> Millis {
        let midnight = self.0 * DAY;
        // The offset of the moment itself, which is known only roughly before: clocks may be changed on that day.
        let roughly = Millis(midnight - minutes(offset(Millis(midnight))));
        let exactly = Millis(midnight - minutes(offset(roughly)));
        match Self::of(exactly, offset) == self {
            true => exactly,
            // Clocks that go forward at midnight leave no midnight out: the day begins an hour later.
            false => roughly,
        }
    }

    /// So many days later.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// From `2026-11-23`; `None` for what is no day of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        // Longer ones would be years that no calendar of ours reaches.
        let mut parts = text.get(..10)?.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let day = Self(days_from_civil(
            year.parse().ok()?,
            month
                .parse()
                .ok()
                .filter(|month| (1..=12).contains(month))?,
            day.parse().ok().filter(|day| (1..=31).contains(day))?,
        ));
        (day.code() == text).then_some(day)
    }

    /// `2026-11-23`, as dates stand in addresses and in the browser's date fields.
    pub fn code(self) -> String {
        let (year, month, day) = civil_from_days(self.0);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `23 Nov 2026`.
    pub fn words(self) -> String {
        Millis(self.0 * DAY).to_local_date(0)
    }
}

fn minutes(offset: i32) -> Duration {
    i64::from(offset) * MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin in the autumn of 2026: clocks go back on 25 October at 01:00 UTC.
    fn berlin(at: Millis) -> i32 {
        let change = Millis::parse_utc("2026-10-25T01:00:00").unwrap();
        if at < change { 120 } else { 60 }
    }

    #[test]
    fn a_day_begins_at_the_midnight_of_its_own_offset() {
        let start = |text| Day::parse(text).unwrap().start(berlin).to_utc_text();
        assert_eq!(start("2026-10-25"), "2026-10-24T22:00:00");
        assert_eq!(start("2026-10-26"), "2026-10-25T23:00:00");
    }

    /// Asunción in the spring of 2023: midnight of 1 October is left out.
    fn asuncion(at: Millis) -> i32 {
        let change = Millis::parse_utc("2023-10-01T04:00:00").unwrap();
        if at < change { -240 } else { -180 }
    }

    /// Prevents: a day whose clocks go forward at midnight begins in the day before.
    #[test]
    fn a_day_without_a_midnight_begins_an_hour_later() {
        let start = |text| Day::parse(text).unwrap().start(asuncion).to_utc_text();
        assert_eq!(start("2023-10-01"), "2023-10-01T04:00:00");
        assert_eq!(start("2023-10-02"), "2023-10-02T03:00:00");
    }

    #[test]
    fn the_day_of_a_moment_is_that_of_the_persons_clock() {
        let at = Millis::parse_utc("2026-11-23T23:30:00").unwrap();
        assert_eq!(Day::of(at, |_| 0).code(), "2026-11-23");
        assert_eq!(Day::of(at, berlin).code(), "2026-11-24");
        assert_eq!(Day::of(at, berlin).plus(-1).words(), "23 Nov 2026");
    }

    #[test]
    fn nonsense_is_no_day() {
        for text in [
            "",
            "2026-02-30",
            "2026-13-01",
            "2026-1-1",
            "tomorrow",
            "2026-11-23T00",
            "99999999999-01-01",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!(Day::parse("2028-02-29").unwrap().code(), "2028-02-29");
    }
}
