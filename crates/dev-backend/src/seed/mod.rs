//! Invented people, companies and two weeks of past batches.
//!
//! The same seed and number of leads give the same ids, names and outcomes; only the dates follow
//! the day of seeding.

mod batches;
mod leads;
mod names;
mod people;

use rusqlite::{Connection, OptionalExtension};

use crate::clock;
use crate::error::Result;
use crate::worker::SETTER_MESSAGE;
use batches::fill_batches;
use leads::fill_leads;
use people::fill_people;

/// Everyone's password. Development data only: it is printed on start.
pub const PASSWORD: &str = "Batch-Runner-1";
/// The seeded people: email, username, full name, whether they belong to the organisation.
pub const USERS: [(&str, &str, &str, bool); 3] = [
    (
        "operator@harborlane.example",
        "operator",
        "Olive Perator",
        true,
    ),
    ("second@harborlane.example", "second", "Sam Econd", true),
    ("lonely@nowhere.example", "lonely", "Lo Nely", false),
];
/// The organisation of the first two.
pub const ORGANIZATION_ID: &str = "13a20b21-da17-48d3-9396-e73645e8ecdc";

/// How many leads are seeded and from which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// Companies to invent.
    pub leads: usize,
    /// The source of every choice.
    pub number: u64,
}

/// Fills what is missing. Returns a sentence when something was replaced.
///
/// The past of the server as it stands (`is_as_is`) has no batch that did not end as failed.
/// Leads are replaced only when `replace_leads` says that another number was asked for explicitly.
///
/// # Errors
/// Those of the database.
pub fn fill(
    connection: &mut Connection,
    seed: Seed,
    replace_leads: bool,
    is_as_is: bool,
) -> Result<Option<String>> {
    let transaction = connection.transaction()?;
    let now = clock::now();
    let found: Option<String> = transaction
        .query_row("SELECT value FROM facts WHERE name = 'leads'", [], |row| {
            row.get(0)
        })
        .optional()?;
    let wanted = seed.leads.to_string();
    let mut notice = None;
    match found {
        None => {
            fill_people(&transaction, now)?;
            fill_leads(&transaction, seed, now)?;
            fill_batches(&transaction, seed, now)?;
            if is_as_is {
                transaction.execute(
                    "UPDATE batches SET status = 'failed', actual_cost = NULL, error_message = ?1",
                    [SETTER_MESSAGE],
                )?;
            }
        }
        Some(found) if replace_leads && found != wanted => {
            transaction.execute_batch("DELETE FROM leads; DELETE FROM lead_badges;")?;
            fill_leads(&transaction, seed, now)?;
            notice = Some(format!("replaced {found} seeded leads by {wanted}"));
        }
        Some(_) => {}
    }
    transaction.commit()?;
    Ok(notice)
}
