//! The page's address: one path, everything that survives a refresh in the query.

mod links;

use crate::domain::batch::{BatchId, BatchStatus};
use crate::domain::day::Day;
use crate::domain::history::{Grouping, HistoryColumn, HistoryQuery, SEARCH_MAX};
use crate::domain::lead::{Enrichment, LeadId, LeadQuery, LeadSort, NO_PAGES, PAGE_SIZES};
use crate::domain::template::TemplateVersion;
use crate::domain::text::{escaped, unescaped};
use crate::domain::trend::PERIODS;

/// Which view is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// Choose leads, see the price, start.
    #[default]
    New,
    /// What runs now and what has just ended.
    Running,
    /// Past batches.
    History,
}

impl View {
    const ALL: [Self; 3] = [Self::New, Self::Running, Self::History];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Running => "running",
            Self::History => "history",
        }
    }

    /// The name in the navigation.
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "New batch",
            Self::Running => "Running",
            Self::History => "History",
        }
    }
}

/// The page's address, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    pub view: View,
    pub leads: LeadQuery,
    pub template: Option<TemplateVersion>,
    pub history: HistoryQuery,
    /// The batch whose details are open.
    pub batch: Option<BatchId>,
    /// Two batches that stand side by side.
    pub compare: Option<[BatchId; 2]>,
    /// So many days of cost and success are looked at; one of [`PERIODS`].
    pub trend: Option<u32>,
    /// The page size of the lead table where the address names none: what this person chose last.
    pub usual_page_size: u32,
    /// Leads that somebody shared by this address; asked about once and then taken out of it.
    pub shared: Vec<LeadId>,
    /// Parameters that are not ours, kept as they are: development flags, and what the shell around the page adds.
    pub foreign: Vec<(String, String)>,
}

impl Route {
    /// Reads a query with or without its question mark. What makes no sense is left at its default.
    pub fn from_query(query: &str, usual_page_size: u32) -> Self {
        let mut route = Self {
            usual_page_size,
            ..Self::default()
        };
        route.leads.page_size = usual_page_size;
        for part in query
            .trim_start_matches('?')
            .split('&')
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (unescaped(key), unescaped(value));
            route.take(&key, value);
        }
        route
    }

    /// A page size as it is kept; without one, one list to scroll through.
    pub fn read_page_size(kept: Option<&str>) -> u32 {
        kept.and_then(page_size).unwrap_or(NO_PAGES)
    }

    fn take(&mut self, key: &str, value: String) {
        let flag = |value: &str| match value {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        };
        let page = |value: &str| {
            value
                .parse::<u32>()
                .ok()
                .filter(|n| *n >= 1)
                .map_or(0, |n| n - 1)
        };
        let filter = &mut self.leads.filter;
        match key {
            "view" => {
                self.view = View::ALL
                    .into_iter()
                    .find(|view| view.code() == value)
                    .unwrap_or_default()
            }
            "q" => filter.search = value,
            "enrichment" => {
                filter.enrichment = (!value.is_empty()).then(|| Enrichment::from_code(&value))
            }
            "manual" => filter.is_manual = flag(&value),
            "badges" => filter.has_badges = flag(&value),
            "sort" => self.leads.sort = LeadSort::from_code(&value).unwrap_or_default(),
            "dir" => self.leads.descending = value != "asc",
            "page" => self.leads.page = page(&value),
            "size" => {
                let size = if value == "all" {
                    Some(NO_PAGES)
                } else {
                    page_size(&value)
                };
                self.leads.page_size = size.unwrap_or(self.usual_page_size);
            }
            "unreported" => self.leads.not_reported = value == "1",
            "idle" => self.leads.not_running = value == "1",
            "chosen" => self.leads.only_chosen = value == "1",
            "leads" => {
                let ids = value.split(',').filter(|id| !id.is_empty());
                self.shared = ids.map(|id| LeadId(id.to_owned())).collect();
            }
            "template" => self.template = (!value.is_empty()).then_some(TemplateVersion(value)),
            "batch" => self.batch = (!value.is_empty()).then_some(BatchId(value)),
            "hstatus" => {
                self.history.status = (!value.is_empty()).then(|| BatchStatus::from_code(&value))
            }
            "htemplate" => {
                self.history.template = (!value.is_empty()).then_some(TemplateVersion(value))
            }
            "mine" => self.history.mine = value == "1",
            "pinned" => self.history.pinned = value == "1",
            "hq" => self.history.search = value.trim().chars().take(SEARCH_MAX).collect(),
            "hfrom" => self.history.from = Day::parse(&value),
            "hto" => self.history.to = Day::parse(&value),
            "hsort" => self.history.sort = HistoryColumn::from_code(&value).unwrap_or_default(),
            "hdir" => self.history.ascending = value == "asc",
            "hgroup" => self.history.group = Grouping::from_code(&value),
            "hpage" => self.history.page = page(&value),
            "compare" => {
                let both = value.split_once(',').filter(|(one, other)| one != other);
                let both = both.filter(|(one, other)| !one.is_empty() && !other.is_empty());
                self.compare =
                    both.map(|(one, other)| [one, other].map(|id| BatchId(id.to_owned())));
            }
            "trend" => self.trend = value.parse().ok().filter(|days| PERIODS.contains(days)),
            _ => self.foreign.push((key.to_owned(), value)),
        }
    }

    /// Writes the query without its question mark; defaults are left out.
    pub fn to_query(&self) -> String {
        let standard = Self::default();
        let mut parts: Vec<(&str, String)> = Vec::new();
        let mut put = |key, value: String, wanted: bool| {
            if wanted {
                parts.push((key, value));
            }
        };
        let flag = |flag: Option<bool>| {
            if flag == Some(true) {
                "1".to_owned()
            } else {
                "0".to_owned()
            }
        };
        let leads = &self.leads;
        let filter = &leads.filter;
        put("view", self.view.code().into(), self.view != View::New);
        put("q", filter.search.clone(), !filter.search.is_empty());
        let state = filter
            .enrichment
            .as_ref()
            .map(|state| state.code().to_owned());
        put(
            "enrichment",
            state.unwrap_or_default(),
            filter.enrichment.is_some(),
        );
        put("manual", flag(filter.is_manual), filter.is_manual.is_some());
        put(
            "badges",
            flag(filter.has_badges),
            filter.has_badges.is_some(),
        );
        put(
            "sort",
            leads.sort.code().into(),
            leads.sort != standard.leads.sort,
        );
        put("dir", "asc".into(), !leads.descending);
        put("page", (leads.page + 1).to_string(), leads.page > 0);
        let size = match leads.page_size {
            NO_PAGES => "all".to_owned(),
            size => size.to_string(),
        };
        put("size", size, leads.page_size != self.usual_page_size);
        put("unreported", "1".into(), leads.not_reported);
        put("idle", "1".into(), leads.not_running);
        put("chosen", "1".into(), leads.only_chosen);
        let shared: Vec<_> = self.shared.iter().map(|id| id.0.as_str()).collect();
        put("leads", shared.join(","), !shared.is_empty());
        let text = |version: &Option<TemplateVersion>| {
            version.as_ref().map(|v| v.0.clone()).unwrap_or_default()
        };
        put("template", text(&self.template), self.template.is_some());
        let history = &self.history;
        let status = history
            .status
            .as_ref()
            .map(|status| status.code().to_owned());
        put(
            "hstatus",
            status.unwrap_or_default(),
            history.status.is_some(),
        );
        put(
            "htemplate",
            text(&history.template),
            history.template.is_some(),
        );
        put("mine", "1".into(), history.mine);
        put("pinned", "1".into(), history.pinned);
        put("hq", history.search.clone(), !history.search.is_empty());
        for (key, day) in [("hfrom", history.from), ("hto", history.to)] {
            put(key, day.map(Day::code).unwrap_or_default(), day.is_some());
        }
        let sort = history.sort;
        put("hsort", sort.code().into(), sort != HistoryColumn::Created);
        put("hdir", "asc".into(), history.ascending);
        let group = history.group;
        put("hgroup", group.code().into(), group != Grouping::None);
        put(
            "hpage",
            (u64::from(history.page) + 1).to_string(),
            history.page > 0,
        );
        let both = self
            .compare
            .as_ref()
            .map(|[one, other]| format!("{},{}", one.0, other.0));
        put("compare", both.unwrap_or_default(), self.compare.is_some());
        let trend = self.trend.map(|days| days.to_string());
        put("trend", trend.unwrap_or_default(), self.trend.is_some());
        put(
            "batch",
            self.batch
                .as_ref()
                .map(|id| id.0.clone())
                .unwrap_or_default(),
            self.batch.is_some(),
        );
        let own = parts.iter().map(|(key, value)| (*key, value.as_str()));
        let foreign = self
            .foreign
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let all: Vec<_> = own
            .chain(foreign)
            .map(|(key, value)| format!("{}={}", escaped(key), escaped(value)))
            .collect();
        all.join("&")
    }
}

fn page_size(text: &str) -> Option<u32> {
    text.parse().ok().filter(|size| PAGE_SIZES.contains(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadFilter;

    #[test]
    fn an_empty_address_is_the_default_and_stays_empty() {
        assert_eq!(Route::from_query("?", NO_PAGES), Route::default());
        assert_eq!(Route::default().to_query(), "");
    }

    #[test]
    fn writing_and_reading_agree() {
        let mut route = Route {
            view: View::History,
            ..Route::default()
        };
        route.leads.filter = LeadFilter {
            search: "a&b = 100% שלום".into(),
            enrichment: Some(Enrichment::InProgress),
            is_manual: Some(false),
            has_badges: Some(true),
        };
        route.leads = LeadQuery {
            sort: LeadSort::Company,
            descending: false,
            page: 6,
            page_size: 100,
            only_chosen: true,
            not_reported: true,
            not_running: true,
            ..route.leads
        };
        route.shared = vec![LeadId("a-1".into()), LeadId("b".into())];
        route.template = Some(TemplateVersion("2.0.0".into()));
        route.history = HistoryQuery {
            status: Some(BatchStatus::Failed),
            template: Some(TemplateVersion("v1".into())),
            mine: true,
            pinned: true,
            search: "fair & co".into(),
            from: Day::parse("2026-11-01"),
            to: Day::parse("2026-11-30"),
            sort: HistoryColumn::Difference,
            ascending: true,
            group: Grouping::Creator,
            page: 2,
        };
        route.compare = Some([BatchId("a-1".into()), BatchId("b-2".into())]);
        route.trend = Some(30);
        route.batch = Some(BatchId("abc".into()));
        route.foreign = vec![("BATCH_RUNNER_WS_DEBUG".into(), "1".into())];
        assert_eq!(Route::from_query(&route.to_query(), NO_PAGES), route);
    }

    /// Prevents: an address means another page to somebody who usually has larger ones.
    #[test]
    fn the_usual_page_size_is_left_out_and_another_is_named() {
        let mut route = Route::from_query("page=3", 50);
        assert_eq!((route.leads.page, route.leads.page_size), (2, 50));
        assert_eq!(route.to_query(), "page=3");
        route.leads.page_size = NO_PAGES;
        assert_eq!(route.to_query(), "page=3&size=all");
        assert_eq!(Route::from_query("size=all", 50).leads.page_size, NO_PAGES);
        assert_eq!(Route::read_page_size(Some("100")), 100);
        assert_eq!(Route::read_page_size(Some("7")), NO_PAGES);
    }

    #[test]
    fn nonsense_is_left_at_its_default() {
        let route = Route::from_query(
            "view=moon&page=-3&size=7&sort=password&dir=up&manual=maybe&q=%zz%",
            50,
        );
        assert_eq!(route.leads.filter.search, "%zz%");
        assert_eq!(route.view, View::New);
        assert_eq!((route.leads.page, route.leads.page_size), (0, 50));
        assert_eq!(route.leads.filter.is_manual, None);
        let query = "hfrom=2026-02-30&hto=x&hsort=moon&hdir=up&hgroup=sky&compare=a&trend=8";
        assert_eq!(Route::from_query(query, NO_PAGES), Route::default());
        for query in ["compare=a,a", "compare=,b", "compare=a,"] {
            assert_eq!(Route::from_query(query, NO_PAGES).compare, None, "{query}");
        }
    }
}
