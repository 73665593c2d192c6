//! What was spent on which day.

use rusqlite::{Connection, params};

use crate::error::Result;

/// Adds to the daily spend (millionths of a dollar) of a provider.
///
/// # Errors
/// Those of the database.
pub fn add_spend(
    connection: &Connection,
    day: &str,
    provider: &str,
    operation: &str,
    amount: i64,
    requests: i64,
) -> Result<()> {
    connection.execute(
        "INSERT INTO spend (day, provider, operation, total, requests) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET total = total + ?4, requests = requests + ?5",
        params![day, provider, operation, amount, requests],
    )?;
    Ok(())
}
