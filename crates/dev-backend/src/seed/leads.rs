//! Invented companies.

use rusqlite::{Transaction, params};

use super::Seed;
use super::names::{FAMILY, FIRST_WORDS, FORMS, GIVEN, TRADES, awkward_name};
use super::people::BADGES;
use crate::clock::{self, DAY, SECOND};
use crate::error::Result;
use crate::random::Random;

const SOURCES: [Option<&str>; 6] = [
    Some("google_places"),
    Some("web_form"),
    Some("csv_upload"),
    Some("referral"),
    Some("quick_add"),
    None,
];

pub(super) fn fill_leads(transaction: &Transaction<'_>, seed: Seed, now: i64) -> Result<()> {
    let mut random = Random::for_parts(seed.number, &["leads"]);
    let mut insert = transaction.prepare(
        "INSERT INTO leads (id, created_at, updated_at, email, domain, company_name, contact_name,
            enrichment_status, enrichment_task_id, enrichment_error, is_manual, source, created_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'seed')",
    )?;
    let mut insert_badge = transaction.prepare(
        "INSERT INTO lead_badges (id, lead_id, badge_id, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let newest = clock::day_start(now);
    let gap = (60 * DAY / i64::try_from(seed.leads.max(1)).unwrap_or(i64::MAX)).max(SECOND);
    let mut created_at = newest - gap * i64::try_from(seed.leads).unwrap_or(0);
    for index in 0..seed.leads {
        // Every thirtieth lead shares its instant with the one before, as imports do.
        if index % 30 != 7 {
            created_at += gap / 2
                + i64::try_from(random.below(usize::try_from(gap / 2).unwrap_or(1))).unwrap_or(0);
        }
        let id = random.uuid();
        let (first, trade) = (random.pick(&FIRST_WORDS), random.pick(&TRADES));
        let number = index / (FIRST_WORDS.len() * TRADES.len()) + 1;
        let suffix = if number > 1 {
            format!(" #{number}")
        } else {
            String::new()
        };
        let company = awkward_name(index)
            .unwrap_or_else(|| format!("{first} {trade}{}{suffix}", random.pick(&FORMS)));
        let host = format!(
            "{}{}{}.example",
            first.to_lowercase(),
            trade.to_lowercase(),
            index + 1
        );
        let (given, family) = (random.pick(&GIVEN), random.pick(&FAMILY));
        let domain = (!random.chance(0.08)).then(|| host.clone());
        let email = (!random.chance(0.21)).then(|| format!("{}@{host}", given.to_lowercase()));
        let contact = (!random.chance(0.18)).then(|| format!("{given} {family}"));
        let status = match random.below(100) {
            0..50 => "completed",
            50..79 => "pending",
            79..91 => "failed",
            _ => "in_progress",
        };
        let task = (status != "pending").then(|| format!("enr-{:08x}", random.bits() >> 32));
        let error = (status == "failed").then_some("Provider timeout after 30s");
        let manual = random.chance(0.17);
        let source = if manual {
            Some("manual")
        } else {
            random.pick(&SOURCES)
        };
        let updated_at = created_at + i64::try_from(random.below(86_400)).unwrap_or(0) * SECOND;
        insert.execute(params![
            id, created_at, updated_at, email, domain, company, contact, status, task, error,
            manual, source
        ])?;
        if random.chance(0.12) {
            let first_badge = random.below(3);
            let badges = if random.chance(0.2) { 2 } else { 1 };
            for offset in 0..badges {
                let badge = BADGES[(first_badge + offset) % BADGES.len()].0;
                insert_badge.execute(params![random.uuid(), id, badge, updated_at])?;
            }
        }
    }
    transaction.execute(
        "INSERT INTO facts (name, value) VALUES ('leads', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
        [seed.leads.to_string()],
    )?;
    Ok(())
}
