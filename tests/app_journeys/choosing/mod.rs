//! Choosing leads by the thousand, in virtual time: what goes on while they are read, and what comes back after it.

mod kept;
mod scroll;
mod select_all;
mod split;
mod steps;
mod words;

use crate::server::Answer;
use crate::world::World;
use batch_runner::app::lead_selector::scroll::Window;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::lead::{LeadFilter, LeadId, LeadSort, NO_PAGES};
use batch_runner::domain::plan::ClientReference;
use batch_runner::wire::rest::Method::Post;
use serde_json::{Value, json};

/// Signed in with so many leads on the server, and so many on a page of the table; 0 is one list to scroll through.
fn among(leads: u32, page_size: u32) -> World {
    let mut world = World::new();
    world.server.leads = (1..=leads).map(lead).collect();
    world
        .stored
        .insert(StoreKey::PageSize, page_size.to_string());
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world
}

fn lead(n: u32) -> Value {
    json!({"id": format!("lead-{n:05}"), "company_name": format!("Company {n:05}"), "email": format!("c{n:05}@x.example"),
        "enrichment_status": "completed", "is_manual": false, "created_at": "2026-11-20T10:00:00"})
}

fn id(n: u32) -> LeadId {
    LeadId(format!("lead-{n:05}"))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<LeadId> {
    numbers.into_iter().map(id).collect()
}

fn search(text: &str) -> LeadFilter {
    LeadFilter {
        search: text.into(),
        ..LeadFilter::default()
    }
}

fn chosen(world: &World) -> usize {
    world.model.choice.selection.len()
}

/// Short where it fails, unlike a comparison of thousands.
fn has_exactly(world: &World, numbers: impl IntoIterator<Item = u32>) -> bool {
    let (chosen, expected) = (world.model.choice.selection.ids(), ids(numbers));
    if chosen != expected {
        println!("{} are chosen, not {}", chosen.len(), expected.len());
    }
    chosen == expected
}

fn is_chosen(world: &World, n: u32) -> bool {
    world.model.is_chosen(&id(n))
}

/// A click on the box of a row.
fn toggle(world: &mut World, place: u32, range: bool) {
    let lead = world.model.leads.at(place).cloned().expect("a read row");
    let chosen = !world.model.is_chosen(&lead.id);
    world.tell(Msg::LeadToggled {
        lead,
        chosen,
        range,
    });
}

fn filter(world: &mut World, text: &str) {
    world.tell(Msg::LeadFilterChanged(search(text)));
    world.run(1_000);
}

fn all_matching(world: &mut World) {
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    assert_eq!(world.model.choice.gathering, None, "everything was read");
}

fn show(world: &mut World, first: u32) {
    world.tell(Msg::RowsShown(Window {
        first,
        last: first + 30,
    }));
}

fn place(path: &str) -> (u32, u32) {
    let number = |name: &str| {
        let rest = path.split_once(name).expect("a run").1;
        rest.split('&').next().and_then(|text| text.parse().ok())
    };
    (
        number("skip=").expect("a place"),
        number("limit=").expect("a length"),
    )
}

fn late(delay: i64) -> Answer {
    Answer::Late(delay, Box::new(Answer::Usual))
}

fn failure() -> Answer {
    Answer::Http(500, json!({"detail": "Internal server error"}))
}

fn progress(world: &World) -> Option<(u32, Option<u32>)> {
    let gathering = world.model.choice.gathering.as_ref()?;
    Some((gathering.read, gathering.total))
}

/// Loads the page again at an address and waits until everything has been read.
fn reloaded(world: World, query: &str) -> World {
    let mut world = world.reload();
    world.open(query);
    world.run(8_000);
    world
}

/// 2,300 leads, split by the company's name, descending.
fn split() -> World {
    let mut world = among(2_300, NO_PAGES);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    all_matching(&mut world);
    world.tell(Msg::SplitAsked(true));
    world
}

/// The leads of each batch that was asked for, in order, and its reference.
fn bought(world: &World) -> Vec<(Vec<LeadId>, ClientReference)> {
    let starts = world.requests(Post, "/batch/start");
    let read = |sent: &crate::world::Sent| {
        let body = sent.body();
        let leads: Vec<String> = serde_json::from_value(body["lead_ids"].clone()).unwrap();
        let (_, reference) = ClientReference::detach(body["description"].as_str().unwrap());
        (leads.into_iter().map(LeadId).collect(), reference.unwrap())
    };
    starts.iter().map(read).collect()
}
