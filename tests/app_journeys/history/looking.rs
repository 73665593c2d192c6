//! Searching, opening, noting and comparing.

use super::{ask, history, id, past, running, runs, shown, words};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::batch_history::list::PastRow;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::batch::BatchStatus;
use batch_runner::domain::day::Day;
use batch_runner::domain::history::{Grouping, HistoryColumn};
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use serde_json::{Value, json};

fn results(leads: &[&str]) -> Value {
    let lead = |id: &&str| json!({"lead_id": id, "status": "completed"});
    let leads: Vec<_> = leads.iter().map(lead).collect();
    json!({"leads": leads, "total_count": leads.len()})
}

/// Prevents: nobody who does not see the list learns what a filter found; or everybody hears of each quiet reading.
#[test]
fn what_a_filter_found_is_announced_and_a_quiet_reading_is_not() {
    let mut world = running(60, "");
    ask(&mut world, |query| query.from = Day::parse("2026-11-01"));
    world.run(100);
    assert_eq!(world.model.notices.polite.1, "61 batches");
    world.server.set("run", "completed", 10);
    world.server.batches.insert(0, past(0));
    world.server.batches[0]["id"] = json!("newer");
    world.run(40_000);
    assert!(world.model.history.is_outdated);
    assert!(!world.announced().contains("62 batches"));
}

/// Prevents: words that were just typed are lost with a click on something else, or the same search leads to page 1.
#[test]
fn typed_words_are_searched_with_whatever_else_is_asked() {
    let mut world = history(500, "");
    world.tell(Msg::PastSearchTyped(" B000 ".into()));
    ask(&mut world, |query| {
        query.status = Some(BatchStatus::Completed)
    });
    world.run(1_000);
    assert_eq!(world.model.route.history.search, "B000");
    assert_eq!(words(&world), "90 found among 500 batches.");
    ask(&mut world, |query| query.page = 2);
    world.tell(Msg::PastSearchTyped("B000".into()));
    world.run(1_000);
    assert_eq!(world.model.route.history.page, 2);
}

/// Prevents: a batch that is opened by its address has no name and no date because it is none of the newest.
#[test]
fn an_old_batch_is_known_from_its_address() {
    let status = |id: &str| {
        let mut status = Server::batch(id, "completed", 5, 5);
        for field in ["name", "created_at", "created_by"] {
            status.as_object_mut().unwrap().remove(field);
        }
        Answer::Http(200, status)
    };
    let open = |id: &'static str| {
        let mut world = World::new();
        world.server.batches = (0..900).map(past).collect();
        world.stored.insert(StoreKey::Token, "good".into());
        if id == "b00050" || id == "b00450" {
            world.server.always(Get, "/status", status(id));
        }
        world.open(&format!("view=history&batch={id}"));
        world.run(2_000);
        let details = world.model.history.details.as_ref().unwrap();
        let name = details.batch.value().and_then(|batch| batch.name.clone());
        (name, runs(&world))
    };
    assert_eq!(open("b00050"), (Some("Batch b00050".into()), 0));
    assert_eq!(open("b00450"), (Some("Batch b00450".into()), 3));
    assert_eq!(open("nowhere"), (None, 0));
}

/// Prevents: the focus is lost with what had it; trying again fills the browser's history; going back shows old rows.
#[test]
fn another_view_takes_the_focus_and_is_up_to_date() {
    let mut world = history(30, "");
    let focused = |world: &mut World| {
        let effects = std::mem::take(&mut world.effects);
        effects.contains(&Effect::Focus("view-heading"))
    };
    focused(&mut world);
    for msg in [
        Msg::BatchOpened(Some(id("b00001"))),
        Msg::BatchOpened(None),
        Msg::FiltersRemoved,
        Msg::Navigated("view=history&batch=b00001".into()),
        Msg::HistoryRetried,
    ] {
        world.tell(msg.clone());
        assert!(focused(&mut world), "{msg:?}");
    }
    world.run(500);
    world.tell(Msg::HistoryRetried);
    let is_step = |effect: &Effect| matches!(effect, Effect::Navigate { .. });
    assert!(!world.effects.iter().any(is_step));
    assert_eq!(world.model.route.batch, Some(id("b00001")));
    assert_eq!(world.requests(Get, "/batch/b00001/status").len(), 4);
    world.tell(Msg::Navigated(String::new()));
    world.server.batches.insert(0, past(0));
    world.server.batches[0]["id"] = json!("newer");
    world.tell(Msg::Navigated("view=history".into()));
    world.run(500);
    assert_eq!(shown(&world)[0], "newer");
}

/// Prevents: a shared link or a reload shows another list.
#[test]
fn the_address_restores_the_list() {
    let mut world = history(500, "");
    ask(&mut world, |query| {
        query.sort_by(HistoryColumn::Difference);
        query.group = Grouping::Creator;
        query.page = 2;
    });
    world.run(500);
    let (rows, query) = (world.model.past_rows(), world.model.route.to_query());
    assert!(matches!(&rows[0], PastRow::Heading(group, true) if group.label == "olive@example"));
    let mut again = world.reload();
    again.open(&query);
    again.run(500);
    assert_eq!(again.model.past_rows(), rows);
    again.tell(Msg::Navigated("view=history&hq=b00007".into()));
    assert_eq!(shown(&again), ["b00007"]);
    assert_eq!(again.model.history.typed, "b00007");
    again.tell(Msg::PastSearchTyped("B0000".into()));
    again.run(300);
    assert_eq!(shown(&again).len(), 10);
    assert!(again.effects.iter().any(|effect| matches!(effect,
        Effect::Navigate { query, replace: true } if query.contains("hq=B0000"))));
    again.tell(Msg::Navigated("view=history&hpage=900".into()));
    again.run(500);
    assert_eq!(
        (again.model.route.history.page, shown(&again).len()),
        (19, 25),
        "beyond the end is the last page"
    );
}

/// Prevents: pins and notes are lost with a reload or a sign-out, or by another tab.
#[test]
fn pins_and_notes_stay_in_the_browser() {
    let mut world = history(30, "");
    world.tell(Msg::BatchPinned(id("b00003"), true));
    world.tell(Msg::NoteWritten(id("b00004"), "ask Sam".into()));
    world.tell(Msg::SignOutAsked);
    let mut world = world.reload();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=history&pinned=1");
    world.run(500);
    assert_eq!(shown(&world), ["b00003"]);
    assert_eq!(world.model.views.marks.note(&id("b00004")), "ask Sam");
    let kept = world.stored.get(&StoreKey::Marks).cloned();
    world.tell(Msg::MarksChanged(None));
    assert!(!world.model.views.marks.is_pinned(&id("b00003")));
    world.tell(Msg::MarksChanged(kept));
    assert!(world.model.views.marks.is_pinned(&id("b00003")));
    for n in 0..400 {
        world.tell(Msg::BatchPinned(id(&format!("many{n}")), true));
    }
    assert!(world.was_told("300 batches at most"));
    world.tell(Msg::HistoryColumnShown(HistoryColumn::Creator, false));
    let hidden = &world.stored[&StoreKey::HistoryColumns];
    assert!(hidden.contains("creator"));
}

/// Prevents: a comparison from an address stays empty, or counts leads that nobody knows.
#[test]
fn two_batches_are_compared_from_their_address() {
    let mut world = history(900, "");
    world.tell(Msg::BatchTicked(id("b00000"), true));
    world.tell(Msg::BatchTicked(id("b00001"), true));
    world.tell(Msg::BatchTicked(id("b00002"), true));
    assert_eq!(world.model.history.ticked, [id("b00001"), id("b00002")]);
    let both = [id("b00001"), id("b00002")];
    world.tell(Msg::ComparisonAsked(Some(both.clone())));
    world.run(500);
    assert_eq!(runs(&world), 0, "both are on the page");
    assert!(world.model.common_words(&both).contains("is not known"));
    let query = world.model.route.to_query();
    assert!(query.contains("compare=b00001%2Cb00002"), "{query}");
    world.tell(Msg::ComparisonAsked(None));
    assert_eq!(shown(&world).len(), 25);

    let both = [id("b00250"), id("b00001")];
    world
        .server
        .results
        .insert("b00250".into(), results(&["x", "y", "z"]));
    world
        .server
        .results
        .insert("b00001".into(), results(&["z", "y", "w"]));
    let mut world = world.reload();
    world.open("view=history&compare=b00250,b00001");
    world.run(500);
    let names = both
        .each_ref()
        .map(|id| world.model.compared(id).and_then(|it| it.name));
    assert_eq!(
        names,
        [Some("Batch b00250".into()), Some("Batch b00001".into())]
    );
    assert_eq!(runs(&world), 2, "no more is read than is needed");
    assert_eq!(
        world.model.common_words(&both),
        "They have 2 leads in common."
    );
    world.tell(Msg::ViewOpened(View::History));
    assert_eq!(world.model.route.compare, None);
}

/// Prevents: the server's totals and what was worked out here pass for each other.
#[test]
fn cost_over_time_says_where_its_figures_come_from() {
    let mut world = history(3_000, "trend=7");
    let days = world.model.trend_days(world.now).unwrap();
    assert_eq!(
        (days.len(), days.iter().map(|day| day.batches).sum::<u32>()),
        (7, 3_000)
    );
    let words = world.model.trend_words(&days).join(" ");
    assert!(
        words.contains("The server does not tell its own totals."),
        "{words}"
    );
    assert!(
        words.contains("Worked out here from the 3,000 batches"),
        "{words}"
    );
    let path = world.requests(Get, "limit=200")[0].http.path.clone();
    assert!(
        path.contains("created_after=2026-11-17T00%3A00%3A00"),
        "{path}"
    );
    let totals = json!({"statistics": {"total_batches": 28, "total_cost_usd": 1291.35, "average_successful_leads": 73.82}});
    world
        .server
        .always(Get, "/batch/analytics?days=30", Answer::Http(200, totals));
    world.tell(Msg::TrendAsked(Some(30)));
    world.run(1_000);
    let days = world.model.trend_days(world.now).unwrap();
    let words = world.model.trend_words(&days).join(" ");
    assert!(
        words.contains(
            "own books say for the last 30 days: 28 batches, $1,291.35 spent, 73.8 leads"
        ),
        "{words}"
    );
    world.tell(Msg::TrendAsked(None));
    assert!(world.model.trend_days(world.now).is_none());
    assert_eq!(world.model.route.to_query(), "view=history");
}
