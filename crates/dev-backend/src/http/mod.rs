//! The HTTP routes of the contract, one file per resource.

pub mod accounts;
pub mod badges;
pub mod batch;
pub mod budget;
pub mod errors;
pub mod health;
pub mod leads;
pub mod shell;
pub mod statics;
pub mod templates;
pub mod validation;
