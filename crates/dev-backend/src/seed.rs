//! Invented people, companies and two weeks of past batches.
//!
//! The same seed and number of leads give the same ids, names and outcomes; only the dates follow
//! the day of seeding.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::clock::{self, DAY, SECOND};
use crate::cost::{self, LeadFacts, Prices};
use crate::error::Result;
use crate::outcome::{self, Plan, Rules};
use crate::random::Random;
use crate::worker::SETTER_MESSAGE;

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

const USER_IDS: [&str; 3] = [
    "246fc94f-aa06-42a5-8139-57e7cca513c5",
    "8f1d0c4e-52a7-4c1b-9a36-0d3b7a5f4e21",
    "c07be0a9-6d4f-4f0a-8b55-3f2f0e9d7a10",
];

const BADGES: [(&str, &str, &str, &str); 3] = [
    (
        "cc3a2c2a-e028-442c-8664-5cf763b1a493",
        "Hot",
        "priority",
        "#dc3545",
    ),
    (
        "e9bd1c84-aa8d-426f-b5d6-dbd11b5a3c89",
        "Qualified",
        "qualified",
        "#198754",
    ),
    (
        "6da190ae-b46e-407d-a046-801aba09b78e",
        "Contacted",
        "contacted",
        "#007bff",
    ),
];

type Template = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    bool,
);

/// The four recorded templates, one retired (hidden) and one not yet released.
const TEMPLATES: [Template; 6] = [
    (
        "70975997-c284-4b49-85cb-a37f9e943b22",
        "audit_standard",
        "Standard Business Audit",
        Some("Balanced audit for most leads"),
        "v1",
        true,
    ),
    (
        "4d7ae827-eb3c-487d-b024-9f1c25b2ab5e",
        "audit_standard",
        "Standard Business Audit (2.0)",
        Some("Second edition of the audit"),
        "2.0.0",
        true,
    ),
    (
        "3e33954d-756c-4563-8445-a251f3571b93",
        "website_quick",
        "Website Quick Check",
        None,
        "simple",
        true,
    ),
    (
        "645b7761-a5e3-4947-9425-baf5d0990615",
        "growth_deep",
        "Comprehensive Growth Report",
        Some("Everything, with competitor section"),
        "comprehensive",
        true,
    ),
    (
        "0c4b3c38-8a6d-4f6b-9a0e-8c1d6d1e5f01",
        "audit_legacy",
        "Legacy Audit",
        Some("Retired edition"),
        "0.9.0",
        false,
    ),
    (
        "b8a5f0de-4a3e-4d0c-b0c7-2f5b9f8e6a02",
        "audit_standard",
        "Standard Business Audit (3.0 beta)",
        Some("Third edition, not yet released"),
        "3.0.0-beta.1",
        true,
    ),
];

const FIRST_WORDS: [&str; 24] = [
    "Amber",
    "Anchor",
    "Beacon",
    "Cedar",
    "Cobalt",
    "Copper",
    "Eastfield",
    "Falcon",
    "Golden",
    "Granite",
    "Harvest",
    "Ironwood",
    "Juniper",
    "Lakeside",
    "Meadow",
    "Northgate",
    "Orchard",
    "Pine",
    "Prairie",
    "Riverside",
    "Southport",
    "Summit",
    "Westbrook",
    "Willow",
];
const TRADES: [&str; 20] = [
    "Accounting",
    "Bakery",
    "Brewing",
    "Catering",
    "Clinic",
    "Cycles",
    "Dental",
    "Fitness",
    "Florist",
    "Landscaping",
    "Motors",
    "Optical",
    "Plumbing",
    "Realty",
    "Roofing",
    "Studio",
    "Tailoring",
    "Tutoring",
    "Veterinary",
    "Workshop",
];
const FORMS: [&str; 9] = [
    "",
    " Inc",
    " LLC",
    " Co",
    " Group",
    " Partners",
    " Works",
    " Services",
    " Associates",
];
const GIVEN: [&str; 20] = [
    "Ana", "Ben", "Carla", "Dmitri", "Elif", "Femi", "Grace", "Hiro", "Ines", "Jonas", "Kofi",
    "Mara", "Olga", "Priya", "Rosa", "Samir", "Victor", "Wren", "Xavier", "Zoe",
];
const FAMILY: [&str; 20] = [
    "Chen",
    "Dubois",
    "Eriksen",
    "Fofana",
    "Garcia",
    "Haddad",
    "Ivanov",
    "Johansson",
    "Khan",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quintero",
    "Rossi",
    "Sato",
    "Torres",
    "Varga",
    "Weiss",
];
const SOURCES: [Option<&str>; 6] = [
    Some("google_places"),
    Some("web_form"),
    Some("csv_upload"),
    Some("referral"),
    Some("quick_add"),
    None,
];

/// Names that a page must show as text and in one piece, whatever they hold.
fn awkward_name(index: usize) -> Option<String> {
    Some(match index {
        3 => "<b>Bold & \"Quoted\"</b> Ltd".to_owned(),
        5 => "<script>alert('lead')</script> & Sons".to_owned(),
        8 => "شركة الميناء للتجارة".to_owned(),
        11 => "מאפיית הגליל בע\"מ".to_owned(),
        14 => "Bäckerei Müßig & Søn 🥐🍞 (家族経営)".to_owned(),
        17 => "👩‍👩‍👧‍👦 Family Clinic 🇳🇴".to_owned(),
        20 => format!("{} Holdings", "Extraordinarily Long ".repeat(40).trim_end()),
        23 => "O'Brien; DROP TABLE leads;--".to_owned(),
        26 => "100 % Organic_Farm".to_owned(),
        29 => "  Spaces   Inside \t Co ".to_owned(),
        _ => return None,
    })
}

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

fn fill_people(transaction: &Transaction<'_>, now: i64) -> Result<()> {
    let born = now - 90 * DAY;
    for ((email, username, name, member), id) in USERS.iter().zip(USER_IDS) {
        transaction.execute(
            "INSERT INTO users (id, email, username, full_name, password, organization_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            params![id, email, username, name, PASSWORD, member.then_some(ORGANIZATION_ID), born],
        )?;
    }
    for (id, name, kind, color) in BADGES {
        transaction.execute(
            "INSERT INTO badges (id, name, badge_type, color, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, name, kind, color, born],
        )?;
    }
    for (id, name, display_name, description, version, is_active) in TEMPLATES {
        transaction.execute(
            "INSERT INTO templates (id, name, display_name, description, version, is_active)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, name, display_name, description, version, is_active],
        )?;
    }
    Ok(())
}

fn fill_leads(transaction: &Transaction<'_>, seed: Seed, now: i64) -> Result<()> {
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

const BATCH_NAMES: [Option<&str>; 8] = [
    Some("Spring audit"),
    Some("Dentists, north side"),
    Some("Referrals of last week"),
    Some("Web forms"),
    None,
    Some("Second attempt"),
    Some("<i>Trial</i> & error"),
    Some("Growth reports for the quarter"),
];

/// About forty batches over the last two weeks, with a row for every lead of theirs.
fn fill_batches(transaction: &Transaction<'_>, seed: Seed, now: i64) -> Result<()> {
    let mut random = Random::for_parts(seed.number, &["batches"]);
    let prices = Prices::default();
    let pool: Vec<(String, LeadFacts)> = transaction
        .prepare(
            "SELECT id, email IS NOT NULL, domain IS NOT NULL, enrichment_status = 'completed'
             FROM leads ORDER BY position LIMIT 2000",
        )?
        .query_map([], |row| {
            let facts = LeadFacts {
                has_email: row.get(1)?,
                has_domain: row.get(2)?,
                is_enriched: row.get(3)?,
            };
            Ok((row.get(0)?, facts))
        })?
        .collect::<rusqlite::Result<_>>()?;
    if pool.is_empty() {
        return Ok(());
    }
    let batches = 40;
    for index in 0..batches {
        let size = (3 + random.below(if index % 5 == 0 { 118 } else { 40 })).min(pool.len());
        let from = random.below(pool.len() - size + 1);
        let leads = &pool[from..from + size];
        let template = random.pick(&["v1", "2.0.0", "simple", "comprehensive", "v1", "0.9.0"]);
        let id = random.uuid();
        let age = (14 * DAY - 3 * 3600 * SECOND) * i64::from(batches - index) / i64::from(batches);
        let created_at =
            now - 3 * 3600 * SECOND - age + i64::try_from(random.below(3600)).unwrap_or(0) * SECOND;
        let started_at = created_at + 40_000;
        let is_cancelled = index % 9 == 4;
        let stop_after = if is_cancelled {
            size / 3 + random.below(size / 3 + 1)
        } else {
            size
        };
        let facts: Vec<LeadFacts> = leads.iter().map(|(_, facts)| *facts).collect();
        let estimate = cost::estimate(&prices, &facts, template, false).total;
        let rules = Rules {
            flat_cost: false,
            instant: false,
            never_fails: false,
        };
        let plan = Plan {
            seed: seed.number,
            batch_id: &id,
            template_version: template,
            batch_size: size,
            retries: 3,
        };
        let (mut successful, mut failed, mut actual, mut elapsed, mut last) =
            (0, 0, 0_i64, 0_i64, None);
        let mut insert = transaction.prepare_cached(
            "INSERT INTO batch_leads (batch_id, position, lead_id, status, attempts, actual_cost, error_code,
                error_message, report_url, duration_ms, completed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for (position, (lead_id, facts)) in leads.iter().enumerate() {
            let position_number = i64::try_from(position).unwrap_or(0);
            if position >= stop_after {
                insert.execute(params![
                    id,
                    position_number,
                    lead_id,
                    "skipped",
                    0,
                    None::<i64>,
                    None::<String>,
                    None::<String>,
                    None::<String>,
                    None::<i64>,
                    None::<i64>
                ])?;
                continue;
            }
            let outcome = outcome::draw(&plan, &prices, lead_id, *facts, rules);
            let duration = outcome.duration_ms;
            // Five at a time.
            elapsed += duration * 1000 / 5;
            let (code, message) = outcome.failure.clone().unzip();
            if code.is_some() {
                failed += 1
            } else {
                successful += 1
            }
            actual += outcome.cost;
            last = Some(lead_id.clone());
            insert.execute(params![
                id,
                position_number,
                lead_id,
                if code.is_some() {
                    "failed"
                } else {
                    "completed"
                },
                outcome.attempts,
                outcome.cost,
                code,
                message,
                code.is_none().then(|| outcome::report_url(&id, lead_id)),
                duration,
                started_at + elapsed
            ])?;
        }
        let (email, ..) = USERS[usize::from(index % 3 == 1)];
        transaction.execute(
            "INSERT INTO batches (id, name, description, template_version, status, total_leads, processed_leads,
                successful_leads, failed_leads, estimated_cost, actual_cost, created_by, current_lead_id,
                error_message, cancel_requested_at, created_at, started_at, completed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                id,
                random.pick(&BATCH_NAMES),
                random.chance(0.5).then_some("Prepared for the weekly call"),
                template,
                if is_cancelled { "cancelled" } else { "completed" },
                i64::try_from(size).unwrap_or(0),
                successful + failed,
                successful,
                failed,
                cost::micros(estimate),
                actual,
                email,
                last,
                is_cancelled.then_some("Cancelled by user"),
                is_cancelled.then_some(started_at + elapsed),
                created_at,
                started_at,
                started_at + elapsed
            ],
        )?;
        add_spend(
            transaction,
            &clock::date(started_at + elapsed),
            "openai",
            "batch_report",
            actual,
            successful + failed,
        )?;
    }
    Ok(())
}

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
