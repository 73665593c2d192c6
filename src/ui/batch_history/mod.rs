//! BatchHistory: past batches, one of them in detail, two side by side, and running one again.

mod annotations;
mod attempts;
mod column_choice;
mod comparison;
mod details;
mod failures;
mod filters;
mod list;
mod list_bar;
mod receipts;
mod reruns;
mod results;
mod row;
mod table;
mod trend;

pub use self::comparison::BatchComparison;
pub use self::details::BatchDetails;
pub use self::list::BatchHistory;

use super::store::Store;
use crate::app::Msg;
use crate::domain::history::HistoryQuery;

/// Changes one thing of what is asked for; everything but the page goes back to the first page.
fn ask(store: Store, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = store.peek(|model| model.route.history.clone());
    query.page = 0;
    alter(&mut query);
    store.send(Msg::HistoryAsked(query));
}
