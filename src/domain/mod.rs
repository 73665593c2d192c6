//! Plain types and rules of the trade: leads, templates, prices, plans and batches.
//!
//! Nothing here knows of the browser, of the network or of the view.

pub mod archive;
pub mod attempts;
pub mod batch;
pub mod budget;
pub mod causes;
pub mod comparison;
pub mod cost;
pub mod day;
pub mod expected;
pub mod history;
pub mod lead;
pub mod ledger;
pub mod list;
pub mod listing;
pub mod live;
pub mod local_price;
pub mod marks;
pub mod money;
pub mod outcomes;
pub mod pace;
pub mod plan;
pub mod selection;
pub mod spent;
pub mod table;
pub mod template;
pub mod text;
pub mod time;
pub mod timeline;
pub mod trend;
pub mod warning;
