//! Small pieces that several components use.

pub mod announcer;
pub mod chart;
pub mod dialog;
pub mod fault;
pub mod field;
pub mod kit;
pub mod select;
pub mod toasts;

pub use super::kit::{ago, local_date, local_time};

pub mod focus {
    //! Moving to another place of the page.
    pub use crate::ui::kit::go_to;
}
