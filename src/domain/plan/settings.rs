//! What a person sets besides leads and template, and what is wrong with it.

use crate::domain::cost::MAX_LEADS;
use crate::domain::text::grouped;

/// The longest name that the server keeps, in characters.
pub const NAME_MAX: usize = 255;

/// The longest description that the server keeps, less the room for the client reference.
pub const DESCRIPTION_MAX: usize = 1_000 - 32;

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
            grouped(MAX_LEADS as u64),
            grouped((count - MAX_LEADS) as u64)
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
