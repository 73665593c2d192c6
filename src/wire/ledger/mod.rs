//! The ledger as text: how it is kept in the browser, record by record, and how it is handed out as receipts.

mod earlier;
mod receipts;
mod record;
#[cfg(test)]
mod samples;

pub use earlier::read_earlier;
pub use receipts::{receipts_csv, receipts_json};
pub use record::{read_entry, write_entry};
