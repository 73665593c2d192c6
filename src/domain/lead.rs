//! Leads: the businesses that reports are made about.

use std::cmp::Ordering;
use std::rc::Rc;

use super::text::shortened;
use super::time::Millis;

/// The server's identifier of a lead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadId(pub String);

/// How far the server has got with finding out more about a lead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Enrichment {
    Pending,
    InProgress,
    Completed,
    Failed,
    /// A word that this version of the app does not know; shown as it is.
    Other(String),
}

impl Enrichment {
    /// The states that the server can be asked to filter by.
    pub const KNOWN: [Self; 4] = [
        Self::Pending,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
    ];

    /// The server's word.
    pub fn code(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Other(word) => word,
        }
    }

    /// From the server's word.
    pub fn from_code(code: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|known| known.code() == code)
            .unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// What people read.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "Not enriched yet",
            Self::InProgress => "Being enriched",
            Self::Completed => "Enriched",
            Self::Failed => "Enrichment failed",
            Self::Other(word) => word,
        }
    }
}

/// One lead as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    pub id: LeadId,
    pub company: Option<String>,
    pub contact: Option<String>,
    pub email: Option<String>,
    pub domain: Option<String>,
    pub enrichment: Enrichment,
    /// Entered by hand rather than imported.
    pub is_manual: bool,
    pub source: Option<String>,
    pub created: Option<Millis>,
}

impl Lead {
    /// A lead of which only this much is known.
    pub fn known_by(id: LeadId, name: &str) -> Self {
        Self {
            id,
            company: (!name.is_empty()).then(|| name.to_owned()),
            contact: None,
            email: None,
            domain: None,
            enrichment: Enrichment::Other(String::new()),
            is_manual: false,
            source: None,
            created: None,
        }
    }

    /// The best name there is: company, contact, e-mail address, domain, or the identifier.
    pub fn name(&self) -> &str {
        [&self.company, &self.contact, &self.email, &self.domain]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.trim().is_empty())
            .unwrap_or(&self.id.0)
    }
}

/// Columns that the server can sort leads by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeadSort {
    Company,
    Contact,
    Email,
    Enrichment,
    Source,
    #[default]
    Created,
    /// No column of the table: the only order in which the server's pages neither overlap nor miss a lead.
    Id,
}

impl LeadSort {
    /// In the order of the table's columns.
    pub const ALL: [Self; 6] = [
        Self::Company,
        Self::Contact,
        Self::Email,
        Self::Enrichment,
        Self::Source,
        Self::Created,
    ];

    /// The server's name of the column.
    pub fn code(self) -> &'static str {
        match self {
            Self::Company => "company_name",
            Self::Contact => "contact_name",
            Self::Email => "email",
            Self::Enrichment => "enrichment_status",
            Self::Source => "source",
            Self::Created => "created_at",
            Self::Id => "id",
        }
    }

    /// From the server's name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }

    /// The column's heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Company => "Company",
            Self::Contact => "Contact",
            Self::Email => "E-mail",
            Self::Enrichment => "Enrichment",
            Self::Source => "Source",
            Self::Created => "Added",
            Self::Id => "Identifier",
        }
    }

    /// The way in which leads are ordered, in words.
    pub fn way(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Created, true) => "newest first",
            (Self::Created, false) => "oldest first",
            (_, true) => "Z to A",
            (_, false) => "A to Z",
        }
    }

    /// How two leads are ordered; nothing comes behind everything, as the server has it.
    fn compare(self, one: &Lead, other: &Lead) -> Ordering {
        let text = |of: fn(&Lead) -> Option<&String>| match (of(one), of(other)) {
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        };
        match self {
            Self::Company => text(|lead| lead.company.as_ref()),
            Self::Contact => text(|lead| lead.contact.as_ref()),
            Self::Email => text(|lead| lead.email.as_ref()),
            Self::Enrichment => one.enrichment.code().cmp(other.enrichment.code()),
            Self::Source => text(|lead| lead.source.as_ref()),
            Self::Created => one.created.cmp(&other.created),
            Self::Id => Ordering::Equal,
        }
    }

    /// Puts leads into this order; equal ones by identifier.
    pub fn sort(self, leads: &mut [Rc<Lead>], descending: bool) {
        leads.sort_unstable_by(|one, other| {
            let order = self.compare(one, other);
            let order = if descending { order.reverse() } else { order };
            order.then_with(|| one.id.cmp(&other.id))
        });
    }
}

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

/// A run of the lead list, as the server is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadRun {
    pub filter: LeadFilter,
    pub sort: LeadSort,
    pub descending: bool,
    pub skip: u32,
    /// From 1 to [`RUN_MAX`].
    pub limit: u32,
}

/// The longest run that the server answers; it fails on longer ones.
pub const RUN_MAX: u32 = 1_000;

/// What the table of leads shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadQuery {
    pub filter: LeadFilter,
    pub sort: LeadSort,
    pub descending: bool,
    /// Counted from 0.
    pub page: u32,
    /// One of [`PAGE_SIZES`], or [`NO_PAGES`].
    pub page_size: u32,
    /// The chosen leads instead of those that match.
    pub only_chosen: bool,
    /// Leads that have been reported with the chosen template are left out where many are chosen at once.
    pub not_reported: bool,
    /// The same for leads in a batch that runs now.
    pub not_running: bool,
}

/// Page sizes on offer.
pub const PAGE_SIZES: [u32; 3] = [25, 50, 100];

/// The page size that stands for one list to scroll through.
pub const NO_PAGES: u32 = 0;

impl LeadQuery {
    /// So many leads behind the first `skip`, in this order.
    pub fn run(&self, skip: u32, limit: u32) -> LeadRun {
        LeadRun {
            filter: self.filter.clone(),
            sort: self.sort,
            descending: self.descending,
            skip,
            limit,
        }
    }

    /// The shown page.
    pub fn page_run(&self) -> LeadRun {
        self.run(self.page.saturating_mul(self.page_size), self.page_size)
    }
}

impl Default for LeadQuery {
    fn default() -> Self {
        Self {
            filter: LeadFilter::default(),
            sort: LeadSort::Created,
            descending: true,
            page: 0,
            page_size: NO_PAGES,
            only_chosen: false,
            not_reported: false,
            not_running: false,
        }
    }
}

/// One page of the lead list, as answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadPage {
    pub leads: Vec<Rc<Lead>>,
    /// How many leads match, as the server counts. With `has_badges` it counts lead-badge pairs instead.
    pub total: u32,
    /// Entries that could not be read, or that repeated a lead of the same answer. They are left out and told.
    pub left_out: u32,
}

impl LeadPage {
    /// How many pages of `page_size` there are; at least one.
    pub fn page_count(&self, page_size: u32) -> u32 {
        self.total.div_ceil(page_size.max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_states_agree() {
        for state in Enrichment::KNOWN {
            assert_eq!(Enrichment::from_code(state.code()), state);
        }
        assert_eq!(Enrichment::from_code("queued").label(), "queued");
        for sort in LeadSort::ALL {
            assert_eq!(LeadSort::from_code(sort.code()), Some(sort));
        }
    }

    #[test]
    fn a_lead_without_company_still_has_a_name() {
        let lead = Lead {
            id: LeadId("x1".into()),
            company: Some("  ".into()),
            contact: None,
            email: Some("a@b.example".into()),
            domain: None,
            enrichment: Enrichment::Pending,
            is_manual: false,
            source: None,
            created: None,
        };
        assert_eq!(lead.name(), "a@b.example");
    }

    /// Prevents: a chosen lead is told as hidden although the table shows it, or the other way round.
    #[test]
    fn filters_match_as_the_server_does() {
        let lead = Lead {
            email: Some("Ann.Lee@Fair-Oak.example".into()),
            enrichment: Enrichment::Completed,
            ..Lead::known_by(LeadId("a".into()), "Fair Oak 50% Ltd")
        };
        let search = |text: &str| {
            let filter = LeadFilter {
                search: text.into(),
                ..LeadFilter::default()
            };
            filter.matches(&lead)
        };
        for found in [
            "", "fair", "OAK", "ann%oak", "f_ir", "%", "50%", "_", "l_e@f", "%ltd",
        ] {
            assert_eq!(search(found), Some(true), "{found}");
        }
        for missed in ["fairoak", "oak_ann", "ltd_", "q%", "a__x"] {
            assert_eq!(search(missed), Some(false), "{missed}");
        }
        let filter = |enrichment, is_manual, has_badges| LeadFilter {
            search: String::new(),
            enrichment,
            is_manual,
            has_badges,
        };
        assert_eq!(
            filter(Some(Enrichment::Completed), Some(false), None).matches(&lead),
            Some(true)
        );
        assert_eq!(
            filter(Some(Enrichment::Failed), None, None).matches(&lead),
            Some(false)
        );
        assert_eq!(filter(None, Some(true), None).matches(&lead), Some(false));
        assert_eq!(filter(None, None, Some(true)).matches(&lead), None);
        let little = Lead::known_by(LeadId("b".into()), "Little");
        assert_eq!(filter(None, Some(true), None).matches(&little), None);
        assert_eq!(
            search("").zip(LeadFilter::default().matches(&little)),
            Some((true, true))
        );
    }

    #[test]
    fn leads_are_put_into_the_tables_order() {
        let lead = |id: &str, company: &str| Rc::new(Lead::known_by(LeadId(id.into()), company));
        let mut leads = [
            lead("3", "Birch"),
            lead("1", ""),
            lead("2", "Alder"),
            lead("0", "Birch"),
        ];
        let ids = |leads: &[Rc<Lead>]| {
            leads
                .iter()
                .map(|lead| lead.id.0.clone())
                .collect::<String>()
        };
        LeadSort::Company.sort(&mut leads, false);
        assert_eq!(ids(&leads), "2031");
        LeadSort::Company.sort(&mut leads, true);
        assert_eq!(ids(&leads), "1032");
        LeadSort::Id.sort(&mut leads, true);
        assert_eq!(ids(&leads), "0123");
    }

    #[test]
    fn there_is_always_a_page() {
        assert_eq!(LeadPage::default().page_count(50), 1);
        assert_eq!(
            LeadPage {
                total: 101,
                ..LeadPage::default()
            }
            .page_count(50),
            3
        );
    }
}
