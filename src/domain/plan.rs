//! A plan: what a person approves and what is then bought, once.

use super::cost::{MAX_LEADS, PriceSubject};
use super::money::Usd;

/// The longest name that the server keeps, in characters.
pub const NAME_MAX: usize = 255;
/// The longest description that the server keeps, less the room for the client reference.
pub const DESCRIPTION_MAX: usize = 1_000 - 24;
/// How many leads may be worked on at once.
pub const CONCURRENCY: std::ops::RangeInclusive<u8> = 1..=20;
/// How often a failed lead may be tried again.
pub const RETRIES: std::ops::RangeInclusive<u8> = 0..=5;

/// What a person sets besides leads and template, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub name: String,
    pub description: String,
    pub max_concurrent: String,
    pub retry_count: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            max_concurrent: "5".into(),
            retry_count: "3".into(),
        }
    }
}

/// A field of the launch form, for messages that belong to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Leads,
    Template,
    Name,
    Description,
    MaxConcurrent,
    RetryCount,
    Price,
}

impl Field {
    /// The identifier of the control in the page.
    pub fn control_id(self) -> &'static str {
        match self {
            Self::Leads => "lead-search",
            Self::Template => "template",
            Self::Name => "batch-name",
            Self::Description => "batch-description",
            Self::MaxConcurrent => "batch-concurrency",
            Self::RetryCount => "batch-retries",
            Self::Price => "price",
        }
    }

    /// From the name that the server uses in its answers.
    pub fn from_server(name: &str) -> Option<Self> {
        Some(match name {
            "lead_ids" => Self::Leads,
            "template_version" => Self::Template,
            "name" => Self::Name,
            "description" => Self::Description,
            "max_concurrent" => Self::MaxConcurrent,
            "retry_count" | "retry_failed" => Self::RetryCount,
            "estimated_cost_usd" | "cost_approved" => Self::Price,
            _ => return None,
        })
    }
}

/// Something that must be mended before a plan can be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub field: Field,
    /// What is wrong and what to do.
    pub text: String,
}

/// An approved purchase: exactly what is sent to the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub subject: PriceSubject,
    pub price: Usd,
    pub name: Option<String>,
    pub description: Option<String>,
    pub max_concurrent: u8,
    pub retry_count: u8,
    pub created_by: Option<String>,
    /// Random words by which this very launch is found again in the server's list.
    pub reference: ClientReference,
}

/// A reference that travels in the description, the only free field that the server keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientReference(pub String);

impl ClientReference {
    /// Twelve hexadecimal digits from 48 random bits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("{:012x}", bits & 0xffff_ffff_ffff))
    }

    /// The description with the reference behind it.
    pub fn attach(&self, description: Option<&str>) -> String {
        match description {
            Some(text) => format!("{text} [ref {}]", self.0),
            None => format!("[ref {}]", self.0),
        }
    }

    /// Takes a description apart into the person's words and the reference.
    pub fn detach(description: &str) -> (Option<String>, Option<Self>) {
        let found = description
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once("[ref "));
        match found {
            Some((words, code))
                if code.len() == 12 && code.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                let words = words.trim_end();
                (
                    (!words.is_empty()).then(|| words.to_owned()),
                    Some(Self(code.to_owned())),
                )
            }
            _ => (
                (!description.is_empty()).then(|| description.to_owned()),
                None,
            ),
        }
    }
}

/// Checks the settings and reads the numbers; every complaint at once.
///
/// # Errors
/// One [`Complaint`] for each field that needs a person.
pub fn check_settings(settings: &Settings) -> Result<(u8, u8), Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut complain = |field, text: String| complaints.push(Complaint { field, text });
    let name_length = settings.name.trim().chars().count();
    if name_length > NAME_MAX {
        complain(
            Field::Name,
            format!("Shorten the name to {NAME_MAX} characters: it has {name_length}."),
        );
    }
    let description_length = settings.description.trim().chars().count();
    if description_length > DESCRIPTION_MAX {
        let text = format!(
            "Shorten the description to {DESCRIPTION_MAX} characters: it has {description_length}."
        );
        complain(Field::Description, text);
    }
    let mut number = |text: &str, range: std::ops::RangeInclusive<u8>, field, label: &str| {
        let read = text.trim().parse::<u8>().ok().filter(|n| range.contains(n));
        if read.is_none() {
            complain(
                field,
                format!(
                    "Enter a whole number from {} to {} for “{label}”.",
                    range.start(),
                    range.end()
                ),
            );
        }
        read.unwrap_or(*range.start())
    };
    let max_concurrent = number(
        &settings.max_concurrent,
        CONCURRENCY,
        Field::MaxConcurrent,
        "Leads at once",
    );
    let retry_count = number(
        &settings.retry_count,
        RETRIES,
        Field::RetryCount,
        "Tries again per lead",
    );
    if complaints.is_empty() {
        Ok((max_concurrent, retry_count))
    } else {
        Err(complaints)
    }
}

/// Checks how many leads are chosen.
///
/// # Errors
/// What to do where there are none or more than the server takes.
pub fn check_lead_count(count: usize) -> Result<(), Complaint> {
    let text = if count == 0 {
        "Choose at least one lead in the table.".to_owned()
    } else if count > MAX_LEADS {
        format!(
            "A batch takes at most {} leads: take {} out.",
            super::text::grouped(MAX_LEADS as u64),
            super::text::grouped((count - MAX_LEADS) as u64)
        )
    } else {
        return Ok(());
    };
    Err(Complaint {
        field: Field::Leads,
        text,
    })
}

/// Removes what the server cannot store (control characters end in a 500 there) and outer white space.
pub fn clean_text(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let settings = Settings {
            name: "n".repeat(256),
            description: "d".repeat(1_001),
            max_concurrent: "21".into(),
            retry_count: "-1".into(),
        };
        let complaints = check_settings(&settings).unwrap_err();
        let fields: Vec<_> = complaints.iter().map(|complaint| complaint.field).collect();
        assert_eq!(
            fields,
            [
                Field::Name,
                Field::Description,
                Field::MaxConcurrent,
                Field::RetryCount
            ]
        );
    }

    #[test]
    fn good_settings_give_their_numbers() {
        assert_eq!(check_settings(&Settings::default()), Ok((5, 3)));
    }

    #[test]
    fn an_empty_choice_says_what_to_do() {
        assert_eq!(
            check_lead_count(0).unwrap_err().text,
            "Choose at least one lead in the table."
        );
        assert_eq!(
            check_lead_count(1_001).unwrap_err().text,
            "A batch takes at most 1,000 leads: take 1 out."
        );
        assert_eq!(check_lead_count(1_000), Ok(()));
    }

    #[test]
    fn a_reference_survives_the_way_through_the_description() {
        let reference = ClientReference::from_random(0x1234_5678_9abc_def0);
        for words in [
            None,
            Some("July outreach"),
            Some("ends with a bracket]"),
            Some("[ref no]"),
        ] {
            let sent = reference.attach(words);
            assert_eq!(
                ClientReference::detach(&sent),
                (words.map(str::to_owned), Some(reference.clone()))
            );
        }
        assert_eq!(
            ClientReference::detach("July [ref zz]"),
            (Some("July [ref zz]".into()), None)
        );
    }

    #[test]
    fn the_longest_description_still_fits_with_its_reference() {
        let reference = ClientReference::from_random(7);
        let sent = reference.attach(Some(&"d".repeat(DESCRIPTION_MAX)));
        assert!(sent.chars().count() <= 1_000);
    }

    #[test]
    fn a_nul_in_a_name_does_not_reach_the_server() {
        assert_eq!(clean_text("a\0b "), Some("ab".into()));
        assert_eq!(clean_text(" \u{7} "), None);
    }
}
