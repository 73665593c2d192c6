//! Buying: review, approval, the ledger of launches, and what warns before one.

pub mod ledger;
pub mod purchase;
pub mod receipts;
pub mod warnings;
