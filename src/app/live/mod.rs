//! The live link and its sharing among the tabs of a browser.

pub mod link;
pub mod report;
pub mod share;
