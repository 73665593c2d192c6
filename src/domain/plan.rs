//! A plan: what a person approves and what is then bought, once.

use super::cost::{MAX_LEADS, PriceSubject};
use super::lead::LeadSort;
use super::money::Usd;

/// The longest name that the server keeps, in characters.
pub const NAME_MAX: usize = 255;
/// The longest description that the server keeps, less the room for the client reference.
pub const DESCRIPTION_MAX: usize = 1_000 - 32;
/// So many batches can be started by one approval.
pub const BATCHES_MAX: usize = 20;
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

impl Plan {
    /// A number by which this plan is told from any other: its leads, template, settings and price.
    pub fn hash(&self) -> u64 {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        // A line for each, as in the subject's number.
        let settings = format!(
            "{}\n{}\n{}\n{}\n{}",
            self.price.micros(),
            self.max_concurrent,
            self.retry_count,
            words(&self.name),
            words(&self.description)
        );
        fnv(self.subject.hash(), settings.as_bytes())
    }

    /// The name of its lock: equal leads with an equal template are started by one tab at a time.
    pub fn lock(&self) -> String {
        format!("batch-runner-plan-{:016x}", self.subject.hash())
    }

    /// The name of its record: of all approvals of the same leads and template it begins alike.
    pub fn record(&self) -> String {
        format!("{}{}", self.records(), self.reference.0)
    }

    /// What the records' names of all approvals of these leads and this template begin with.
    pub fn records(&self) -> String {
        format!("{:016x} ", self.subject.hash())
    }
}

impl PriceSubject {
    /// A number by which equal leads with an equal template are known, whatever they cost and are called.
    pub fn hash(&self) -> u64 {
        let ids = self.lead_ids.iter().map(|id| &id.0);
        // A line for each, so that no two lists run together into the same text.
        std::iter::once(&self.template.0)
            .chain(ids)
            .fold(FNV_START, |hash, text| {
                fnv(fnv(hash, text.as_bytes()), b"\n")
            })
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a. Source: Fowler, Noll and Vo, <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A reference that travels in the description, the only free field that the server keeps: twelve hexadecimal digits,
/// and behind them which one it is of the batches that belong together, and six digits of this approval alone, as in
/// `0123456789ab 2/3 4f01c2`: what was not confirmed and is approved again is told from what was lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientReference(pub String);

/// Which one it is of several batches that one approval started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Counted from 1.
    pub number: u32,
    pub of: u32,
}

/// How leads that are too many for one batch are divided among several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitOrder {
    pub sort: LeadSort,
    pub descending: bool,
    /// What its batches have in common, and the number of the last one that was started.
    pub begun: Option<(ClientReference, u32)>,
}

const CODE_DIGITS: usize = 12;

impl ClientReference {
    /// Twelve hexadecimal digits from 48 random bits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("{:012x}", bits & 0xffff_ffff_ffff))
    }

    /// The reference of one batch of several, with 24 random bits of its approval.
    pub fn part(&self, part: Part, bits: u64) -> Self {
        let Part { number, of } = part;
        let bits = bits & 0xff_ffff;
        Self(format!("{} {number}/{of} {bits:06x}", self.code()))
    }

    /// What all batches of one approval have in common.
    pub fn code(&self) -> &str {
        self.0.get(..CODE_DIGITS).unwrap_or(&self.0)
    }

    /// Which one it is, where one approval started several.
    pub fn as_part(&self) -> Option<Part> {
        let (number, rest) = self.0.get(CODE_DIGITS + 1..)?.split_once('/')?;
        let (of, approval) = rest.split_once(' ')?;
        u32::from_str_radix(approval, 16).ok()?;
        let (number, of) = (number.parse().ok()?, of.parse().ok()?);
        (1 <= number && number <= of).then_some(Part { number, of })
    }

    fn read(text: &str) -> Option<Self> {
        let code = text.get(..CODE_DIGITS)?;
        let reference = Self(text.to_owned());
        let is_whole = text.len() == CODE_DIGITS || reference.as_part().is_some();
        (is_whole && code.bytes().all(|b| b.is_ascii_hexdigit())).then_some(reference)
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
            .and_then(|rest| rest.rsplit_once("[ref "))
            .and_then(|(words, text)| Some((words.trim_end(), Self::read(text)?)));
        let (words, reference) = match found {
            Some((words, reference)) => (words, Some(reference)),
            None => (description, None),
        };
        ((!words.is_empty()).then(|| words.to_owned()), reference)
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
    use crate::domain::lead::LeadId;
    use crate::domain::template::TemplateVersion;

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
        let alone = ClientReference::from_random(0x1234_5678_9abc_def0);
        let second = alone.part(Part { number: 2, of: 3 }, 0x1234_5678);
        for reference in [alone.clone(), second.clone()] {
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
        }
        assert_eq!((alone.code(), alone.as_part()), (second.code(), None));
        assert_eq!(second.as_part(), Some(Part { number: 2, of: 3 }));
        for no_reference in [
            "zz",
            "0123456789ab 2/3",
            "0123456789ab 0/3 4f01c2",
            "0123456789ab 4/3 4f01c2",
            "0123456789ab 2/3 words",
            "0123456789abc",
        ] {
            let text = format!("July [ref {no_reference}]");
            assert_eq!(ClientReference::detach(&text), (Some(text.clone()), None));
        }
    }

    #[test]
    fn a_plan_has_a_number_of_its_own_and_the_same_leads_are_known_again() {
        let plan = |ids: &[&str], price| Plan {
            subject: PriceSubject::new(
                ids.iter().map(|id| LeadId((*id).into())),
                TemplateVersion("v1".into()),
            ),
            price: Usd::from_dollars(price).unwrap(),
            name: None,
            description: None,
            max_concurrent: 5,
            retry_count: 3,
            created_by: None,
            reference: ClientReference::from_random(7),
        };
        let first = plan(&["a", "bc"], 1.0);
        assert_eq!(first.hash(), plan(&["bc", "a"], 1.0).hash());
        let dearer = plan(&["a", "bc"], 2.0);
        assert_ne!(first.hash(), dearer.hash());
        assert_eq!(first.subject.hash(), dearer.subject.hash());
        assert_ne!(first.subject.hash(), plan(&["ab", "c"], 1.0).subject.hash());
        let named = Plan {
            name: Some("July".into()),
            ..first.clone()
        };
        assert_ne!(first.hash(), named.hash());
    }

    #[test]
    fn the_longest_description_still_fits_with_its_reference() {
        let most = BATCHES_MAX as u32;
        let part = Part {
            number: most,
            of: most,
        };
        let reference = ClientReference::from_random(7).part(part, u64::MAX);
        let sent = reference.attach(Some(&"d".repeat(DESCRIPTION_MAX)));
        assert!(sent.chars().count() <= 1_000);
    }

    #[test]
    fn a_nul_in_a_name_does_not_reach_the_server() {
        assert_eq!(clean_text("a\0b "), Some("ab".into()));
        assert_eq!(clean_text(" \u{7} "), None);
    }
}
