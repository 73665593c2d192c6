//! What the selection costs with a template: the price, what past batches make one expect, and the budget.

pub mod budget;
pub mod complaints;
pub mod compose;
pub mod expected;
pub mod price;
pub mod rerun;
mod templates;
