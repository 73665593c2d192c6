//! What the server is asked for of the lead list, and what it answers.

use std::rc::Rc;

use super::{Lead, LeadFilter, LeadSort};

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
    /// The selected leads instead of those that match.
    pub only_chosen: bool,
    /// Leads that have been reported with the selected template are excluded where many are selected at once.
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
    /// Entries that could not be read, or that repeated a lead of the same answer. They are excluded, and the page says so.
    pub left_out: u32,
}

impl LeadPage {
    /// How many pages of `page_size` there are; at least one.
    pub fn page_count(&self, page_size: u32) -> u32 {
        self.total.div_ceil(page_size.max(1)).max(1)
    }
}
