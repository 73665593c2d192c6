//! Where links lead, as changes of the address that is open: what else it holds, such as filters, stays.

use super::{Route, View};
use crate::domain::batch::BatchId;

impl Route {
    /// A link's `href`: another query of the same page.
    pub fn href(&self) -> String {
        format!("?{}", self.to_query())
    }

    /// One of the views of the navigation.
    pub fn at_view(&self, view: View) -> Self {
        Self {
            view,
            batch: None,
            compare: None,
            ..self.clone()
        }
    }

    /// The page of a batch, or the way back from it.
    pub fn at_batch(&self, id: Option<BatchId>) -> Self {
        Self {
            batch: id,
            ..self.clone()
        }
    }

    /// Two batches side by side, or the way back from them.
    pub fn comparing(&self, both: Option<[BatchId; 2]>) -> Self {
        Self {
            compare: both,
            ..self.clone()
        }
    }

    /// Another page of past batches, counted from 0.
    pub fn at_history_page(&self, page: u32) -> Self {
        let mut there = self.clone();
        there.history.page = page;
        there
    }

    /// Another page of leads, counted from 0.
    pub fn at_lead_page(&self, page: u32) -> Self {
        let mut there = self.clone();
        there.leads.page = page;
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::NO_PAGES;

    fn id(id: &str) -> BatchId {
        BatchId(id.to_owned())
    }

    fn read(query: &str) -> Route {
        Route::from_query(query, NO_PAGES)
    }

    /// Prevents: a link forgets the filters, or takes the batch that is open along to another view.
    #[test]
    fn links_change_what_they_name_and_keep_the_rest() {
        let here = read("?view=history&q=acme&mine=1&hpage=3&batch=b&shell=1");
        assert_eq!(
            here.at_view(View::Running).href(),
            "?view=running&q=acme&mine=1&hpage=3&shell=1"
        );
        assert_eq!(
            here.at_batch(None).href(),
            "?view=history&q=acme&mine=1&hpage=3&shell=1"
        );
        assert_eq!(here.at_batch(Some(id("c"))).batch, Some(id("c")));
        let both = here.at_batch(None).comparing(Some([id("a"), id("b")]));
        assert_eq!(read(&both.href()), both);
        assert_eq!(both.comparing(None), here.at_batch(None));
        assert_eq!(here.at_history_page(0).history.page, 0);
        assert_eq!(
            here.at_lead_page(2).href(),
            "?view=history&q=acme&page=3&mine=1&hpage=3&batch=b&shell=1"
        );
    }

    /// Prevents: the way to the first view leads nowhere, because its address is empty.
    #[test]
    fn the_empty_address_is_an_address_too() {
        assert_eq!(read("view=running").at_view(View::New).href(), "?");
    }
}
