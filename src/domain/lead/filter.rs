//! Which leads are meant, and whether one is, by the server's rules of searching.

use super::{Enrichment, Lead};
use crate::domain::text::shortened;

/// Which leads are meant; everything here is done by the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeadFilter {
    /// At most [`SEARCH_MAX`] characters reach the server, which fails on more.
    pub search: String,
    pub enrichment: Option<Enrichment>,
    pub is_manual: Option<bool>,
    pub has_badges: Option<bool>,
}

/// The longest search that the server answers; longer ones are 500 there.
pub const SEARCH_MAX: usize = 500;

impl LeadFilter {
    /// True where every lead matches.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// `“fair” · Enriched`; empty where every lead matches.
    pub fn words(&self) -> String {
        let words: Vec<String> = self.chips().into_iter().map(|(_, words)| words).collect();
        words.join(" · ")
    }

    /// Each condition in words, with the filter that is left without it.
    pub fn chips(&self) -> Vec<(Self, String)> {
        let mut chips = Vec::new();
        let mut put = |without: Self, words: String| chips.push((without, words));
        if !self.search.is_empty() {
            let without = Self {
                search: String::new(),
                ..self.clone()
            };
            put(without, format!("“{}”", shortened(&self.search, 40)));
        }
        if let Some(state) = &self.enrichment {
            let without = Self {
                enrichment: None,
                ..self.clone()
            };
            put(without, state.label().to_owned());
        }
        if let Some(manual) = self.is_manual {
            let without = Self {
                is_manual: None,
                ..self.clone()
            };
            let words = if manual {
                "Entered by hand"
            } else {
                "Imported"
            };
            put(without, words.to_owned());
        }
        if let Some(badges) = self.has_badges {
            let without = Self {
                has_badges: None,
                ..self.clone()
            };
            let words = if badges {
                "With badges"
            } else {
                "Without badges"
            };
            put(without, words.to_owned());
        }
        chips
    }

    /// Whether the server would list this lead; `None` where a lead's list entry does not tell (badges), where too
    /// little is known of the lead, or where letters outside ASCII are searched, whose cases would take 30 KB of
    /// tables. Searches as the server does: any of four fields, either case, `%` and `_` wild.
    pub fn matches(&self, lead: &Lead) -> Option<bool> {
        let unknown = lead.enrichment == Enrichment::Other(String::new());
        if self.has_badges.is_some() || (unknown && !self.is_empty()) || !self.search.is_ascii() {
            return None;
        }
        let search = self.search.trim().to_ascii_lowercase();
        let found = search.is_empty()
            || [&lead.email, &lead.domain, &lead.company, &lead.contact]
                .into_iter()
                .flatten()
                .any(|text| is_like(&text.to_ascii_lowercase(), &search));
        let enrichment = self.enrichment.as_ref();
        Some(
            found
                && enrichment.is_none_or(|state| *state == lead.enrichment)
                && self.is_manual.is_none_or(|manual| manual == lead.is_manual),
        )
    }
}

/// SQL's `text LIKE '%pattern%'`.
fn is_like(text: &str, pattern: &str) -> bool {
    if !pattern.contains(['%', '_']) {
        return text.contains(pattern);
    }
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = format!("%{pattern}%").chars().collect();
    // Where the last `%` stands, and up to where the text was given to it.
    let (mut at, mut place, mut star, mut given) = (0, 0, None, 0);
    while at < text.len() {
        match pattern.get(place) {
            Some('%') => {
                star = Some(place);
                given = at;
                place += 1;
            }
            Some(wanted) if *wanted == '_' || *wanted == text[at] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some(star) => {
                    given += 1;
                    at = given;
                    place = star + 1;
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|left| *left == '%')
}
