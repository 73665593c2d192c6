//! From what is chosen to a started batch: settings, the review of what is bought, and what became of it.

mod concerns;
mod dialog;
mod form;
mod review;
mod review_facts;
mod stages;

pub use self::dialog::LaunchDialog;
pub use self::form::LaunchForm;
