//! Buying: review, approval, the ledger of launches, and what warns before one.

pub mod ledger;
pub mod others;
mod purchase;
mod readiness;
pub mod receipts;
mod records;
mod recovery;
mod review;
pub mod warnings;
