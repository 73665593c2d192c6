//! Looking through thousands of past batches, in virtual time: reading them all, filters, order, groups, marks, comparing
//! and what they cost over time.

#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/world.rs"]
mod world;

use batch_runner::app::batch_history::list::PastRow;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::day::Day;
use batch_runner::domain::history::{Grouping, HistoryColumn, HistoryQuery};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use serde_json::{Value, json};
use server::{Answer, Server};
use world::{NOON, World};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// A past batch, `age` minutes old; every tenth has failed, every third is Sam's.
fn past(age: usize) -> Value {
    let status = if age.is_multiple_of(10) {
        "failed"
    } else {
        "completed"
    };
    let mut batch = Server::batch(&format!("b{age:05}"), status, 5, 5);
    let created = Millis(NOON.0 - (age as i64 + 60) * 60_000);
    batch["created_at"] = json!(created.to_utc_text());
    batch["actual_cost_usd"] = json!((age * 7_919 % 1_000) as f64 / 100.0);
    batch["estimated_cost_usd"] = json!(5.0);
    batch["template_version"] = json!(if age.is_multiple_of(2) { "v1" } else { "0.9.0" });
    if age.is_multiple_of(3) {
        batch["created_by"] = json!("sam@example");
    }
    batch
}

/// The history of so many batches, opened at an address below it.
fn history(count: usize, query: &str) -> World {
    let mut world = World::new();
    world.server.batches = (0..count).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open(&format!("view=history&{query}"));
    world.run(2_000);
    world
}

fn ask(world: &mut World, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = world.model.route.history.clone();
    query.page = 0;
    alter(&mut query);
    world.tell(Msg::HistoryAsked(query));
}

fn shown(world: &World) -> Vec<String> {
    let rows = world.model.past_rows().into_iter();
    let id = |row| match row {
        PastRow::Batch(batch) => Some(batch.id.0),
        PastRow::Heading(..) => None,
    };
    rows.filter_map(id).collect()
}

fn words(world: &World) -> String {
    world.model.past_words().unwrap_or_default()
}

/// How many pages of the whole list were asked for.
fn runs(world: &World) -> usize {
    world.requests(Get, "limit=200").len()
}

/// Prevents: everything is read where a page would do, or a filter of the server's is left to the app.
#[test]
fn what_the_server_answers_is_read_a_page_at_a_time() {
    let mut world = history(5_000, "");
    assert_eq!(shown(&world).len(), 25);
    assert_eq!(world.model.past_page_count(), 200);
    ask(&mut world, |query| {
        query.template = Some(TemplateVersion("v1".into()));
        query.from = Day::parse("2026-11-01");
        query.to = Day::parse("2026-11-23");
        query.page = 3;
    });
    world.run(500);
    let path = world.requests(Get, "/batch?").pop().unwrap().http.path;
    assert_eq!(
        path,
        "/batch?skip=75&limit=25&template_version=v1&created_after=2026-11-01T00%3A00%3A00&created_before=2026-11-24T00%3A00%3A00"
    );
    assert_eq!(runs(&world), 0);
    assert_eq!(world.model.past_words(), None);
}

/// Prevents: a list that is filtered here looks complete although only the newest were searched, or ids stand twice.
#[test]
fn a_filter_of_the_apps_reads_everything_and_says_how_far_it_is() {
    let mut world = history(1_250, "");
    ask(&mut world, |query| query.status = Some(BatchStatus::Failed));
    world.run(65);
    assert!(world.model.is_past_busy());
    assert_eq!(words(&world), "Read 600 of 1,250…");
    assert_eq!(
        shown(&world)[..2],
        ["b00000", "b00010"],
        "what was found so far is shown"
    );
    // One more batch appears meanwhile, so that all pages move by one.
    world.server.batches.insert(0, past(9_999));
    world.run(1_000);
    assert!(!world.model.is_past_busy());
    assert_eq!(words(&world), "125 found among 1,251 batches.");
    assert!(world.announced().contains("125 found"));
    assert_eq!(world.model.past_page_count(), 5);
    ask(&mut world, |query| query.page = 4);
    assert_eq!(shown(&world).last().map(String::as_str), Some("b01240"));
}

/// Prevents: batches that the server’s pages leave out pass for read, in the list or in cost over time.
#[test]
fn what_the_servers_pages_leave_out_is_told() {
    let mut world = history(400, "");
    let page: Vec<Value> = (0..200).map(past).collect();
    let overlap = json!({"batches": page, "total_count": 400});
    world
        .server
        .always(Get, "skip=200&limit=200", Answer::Http(200, overlap));
    ask(&mut world, |query| query.search = "b".into());
    world.run(1_000);
    let told = "200 of 400 batches; the server’s pages overlap and left the others out.";
    assert_eq!(words(&world), format!("200 found among {told}"));
    world.tell(Msg::TrendAsked(Some(30)));
    world.run(1_000);
    let days = world.model.trend_days(world.now).unwrap();
    let words = world.model.trend_words(&days).join(" ");
    assert!(words.contains(&format!("Read were {told}")), "{words}");
}

/// Prevents: a hole that is never filled where more than a page of batches came since everything was read.
#[test]
fn any_number_of_new_batches_is_read_later() {
    let mut world = history(1_000, "hstatus=completed");
    assert_eq!(words(&world), "900 found among 1,000 batches.");
    let newer = (1_000..1_450).map(|n| {
        let mut batch = past(0);
        batch["id"] = json!(format!("n{n:05}"));
        batch
    });
    world.server.batches.splice(0..0, newer);
    world.run(30_000);
    ask(&mut world, |query| query.status = None);
    ask(&mut world, |query| query.search = "n0".into());
    world.run(1_000);
    assert_eq!(words(&world), "450 found among 1,450 batches.");
    assert_eq!(runs(&world), 5 + 3, "until none is missing");
}

/// Prevents: everything is read again at each click.
#[test]
fn what_was_read_in_full_answers_later_questions() {
    let mut world = history(1_000, "hstatus=failed");
    assert_eq!((runs(&world), shown(&world).len()), (5, 25));
    ask(&mut world, |query| query.status = None);
    ask(&mut world, |query| query.sort_by(HistoryColumn::Actual));
    assert_eq!(shown(&world)[0], "b00321", "at once, the dearest first");
    ask(&mut world, |query| {
        query.template = Some(TemplateVersion("v1".into()));
        query.mine = true;
        query.search = "B009".into();
    });
    assert_eq!(words(&world), "33 found among 1,000 batches.");
    assert!(world.announced().contains("33 found among 1,000 batches."));
    assert_eq!(runs(&world), 5);
    world.run(60_000);
    ask(&mut world, |query| query.ascending = true);
    world.run(500);
    assert_eq!(runs(&world), 6, "only the newest are read again");
}

/// Prevents: a sorted list of the first pages passes for the sorted list, and its rows jump with every page.
#[test]
fn a_sorted_list_waits_until_everything_is_there() {
    let world = history(1_000, "hsort=name&hdir=asc");
    assert_eq!(shown(&world)[0], "b00000");
    let mut world = world.reload();
    world.open("view=history&hsort=name");
    world.run(65);
    assert!(shown(&world).is_empty());
    assert_eq!(world.model.past_count(), None, "nobody knows how many");
    assert!(words(&world).contains("put in order when all are there"));
    world.run(500);
    assert_eq!(shown(&world)[0], "b00999");
}

/// Prevents: a page that fails throws away what was read, or the list is stuck.
#[test]
fn a_page_that_fails_keeps_what_was_read_and_goes_on_when_asked() {
    let mut world = history(1_000, "");
    world.server.once(
        Get,
        "skip=400&limit=200",
        [Answer::Http(500, json!({"message": "boom"}))],
    );
    ask(&mut world, |query| query.group = Grouping::Status);
    world.run(500);
    let error = world.model.past_error().map(ToString::to_string);
    assert!(error.unwrap().contains("boom"));
    assert_eq!(
        words(&world),
        "400 found among the newest 400 of 1,000 batches; the others have not been read."
    );
    world.tell(Msg::HistoryRetried);
    world.run(500);
    assert_eq!(words(&world), "1,000 found among 1,000 batches.");
    assert_eq!(world.requests(Get, "skip=0&limit=200").len(), 1);
    assert_eq!(world.model.past_error(), None);
}

/// Prevents: a reading that nobody wants any more goes on for thousands of batches.
#[test]
fn a_reading_can_be_left_and_is_gone_on_with() {
    let mut world = history(5_000, "");
    ask(&mut world, |query| query.status = Some(BatchStatus::Failed));
    world.run(45);
    ask(&mut world, |query| query.status = None);
    let asked = runs(&world);
    world.run(2_000);
    assert_eq!((runs(&world), shown(&world).len()), (asked, 25));
    ask(&mut world, |query| query.status = Some(BatchStatus::Failed));
    world.run(2_000);
    assert_eq!(words(&world), "500 found among 5,000 batches.");
    assert!(runs(&world) <= 26, "{}", runs(&world));
    // Also when somebody looks at a batch, or at another view.
    let mut world = history(5_000, "");
    ask(&mut world, |query| query.pinned = true);
    world.run(45);
    world.tell(Msg::BatchOpened(Some(id("b00001"))));
    let asked = runs(&world);
    world.run(1_000);
    assert_eq!(runs(&world), asked);
    world.tell(Msg::BatchOpened(None));
    world.run(2_000);
    assert_eq!(words(&world), "0 found among 5,000 batches.");
}

/// Prevents: fifty thousand batches are read into a browser, or it is not said that older ones were not searched.
#[test]
fn more_than_ten_thousand_are_not_read_and_that_is_said() {
    let mut world = history(0, "");
    let page: Vec<Value> = (0..200).map(past).collect();
    world.server.always(
        Get,
        "limit=200",
        Answer::Http(200, json!({"batches": page, "total_count": 52_000})),
    );
    ask(&mut world, |query| query.search = "b000".into());
    world.run(45);
    assert!(
        words(&world).contains("of 52,000… No more than the newest 10,000 are read."),
        "{}",
        words(&world)
    );
    world.run(5_000);
    assert_eq!(runs(&world), 51, "the newest once more at the end");
    assert!(
        words(&world).contains("of 52,000 batches; older ones are not searched."),
        "{}",
        words(&world)
    );
}

/// Prevents: rows move under the pointer because a figure that they are sorted by has changed.
#[test]
fn news_change_rows_in_place_and_the_order_only_when_asked() {
    let mut world = history(300, "");
    let mut running = Server::batch("run", "running", 10, 1);
    running["created_at"] = json!(Millis(NOON.0 - 3_900_000).to_utc_text());
    world.server.batches.insert(0, running);
    let mut world = world.reload();
    world.open("view=history&hsort=status&hdir=asc");
    world.run(2_000);
    assert_eq!(shown(&world)[..2], ["run", "b00001"]);
    let before = shown(&world);
    world.server.set("run", "completed", 10);
    world.server.batches.insert(0, past(0));
    world.server.batches[0]["id"] = json!("newer");
    world.run(40_000);
    let row = world.model.past_rows().remove(0);
    assert!(matches!(row, PastRow::Batch(batch) if batch.status == BatchStatus::Completed));
    assert_eq!(shown(&world), before);
    assert!(world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    assert!(!world.model.history.is_outdated);
    assert_ne!(shown(&world), before);
    assert!(
        words(&world).contains("302 found among 302"),
        "{}",
        words(&world)
    );
}

/// The same where the server's own page is shown.
#[test]
fn a_batch_that_ends_moves_no_row_of_the_servers_page() {
    let mut world = history(40, "");
    world
        .server
        .batches
        .insert(0, Server::batch("run", "running", 10, 1));
    let mut world = world.reload();
    world.open("view=history");
    world.run(1_000);
    let before = shown(&world);
    assert_eq!(before[0], "run");
    world.server.set("run", "completed", 10);
    world
        .server
        .batches
        .insert(0, Server::batch("other", "completed", 1, 1));
    world.run(40_000);
    assert_eq!(shown(&world), before);
    assert!(world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    world.run(100);
    assert_eq!(shown(&world)[..2], ["other", "run"]);
}

/// A batch is running at the top of so many others, on a page opened at an address below the history.
fn running(count: usize, query: &str) -> World {
    let mut world = history(count, "");
    let mut batch = Server::batch("run", "running", 10, 1);
    batch["created_at"] = json!(Millis(NOON.0 - 3_500_000).to_utc_text());
    world.server.batches.insert(0, batch);
    let mut world = world.reload();
    world.open(&format!("view=history&{query}"));
    world.run(1_000);
    assert_eq!(world.model.batches.shown().len(), 1);
    world
}

/// Prevents: rows of the page or the filter before stand under the new one, because a batch ended while that was read.
#[test]
fn a_batch_that_ends_while_a_page_is_read_keeps_no_rows_of_the_page_before() {
    let mut world = running(60, "");
    let late = Answer::Late(60_000, Box::new(Answer::Usual));
    world.server.once(Get, "skip=25&limit=25", [late]);
    ask(&mut world, |query| query.page = 1);
    world.server.set("run", "completed", 10);
    world.run(40_000);
    assert_eq!(shown(&world)[0], "b00024");
    assert!(!world.model.history.is_outdated);
    // A page that was read again by itself and failed stays where it is.
    assert_eq!(world.model.past_error(), None);
}

/// Prevents: the rows of the filter before pass for those of a filter that could not be read.
#[test]
fn a_filter_that_cannot_be_read_shows_no_rows_of_the_filter_before() {
    let mut world = running(60, "");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.once(Get, "template_version=v1", [failure]);
    ask(&mut world, |query| {
        query.template = Some(TemplateVersion("v1".into()))
    });
    assert_eq!(
        shown(&world).len(),
        25,
        "dimmed while the new ones are read"
    );
    world.run(500);
    assert!(world.model.past_error().is_some());
    assert_eq!(
        (shown(&world).len(), world.model.past_count()),
        (0, None),
        "nothing is known of it"
    );
    world.server.set("run", "completed", 10);
    world.run(40_000);
    assert_eq!((shown(&world).len(), world.model.past_error()), (25, None));
    assert!(!world.model.history.is_outdated);
}

/// Prevents: everybody’s batches stand under “Only mine” because it is not known yet whose those are.
#[test]
fn only_mine_never_shows_everybodys_batches() {
    let mut world = World::new();
    world.server.batches = (0..60).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    let late = Answer::Late(500, Box::new(Answer::Usual));
    world.server.once(Get, "limit=25", [late]);
    world.open("view=history");
    world.run(100);
    ask(&mut world, |query| query.mine = true);
    assert!(world.model.is_past_busy());
    world.run(1_000);
    assert!(shown(&world).is_empty(), "asked for before, told after");
    assert!(world.model.past_error().is_some());
    ask(&mut world, |query| query.mine = false);
    world.run(100);
    ask(&mut world, |query| {
        query.status = Some(BatchStatus::Completed)
    });
    world.run(500);
    assert_eq!(shown(&world).len(), 25);
    ask(&mut world, |query| query.mine = true);
    world.run(500);
    assert_eq!((shown(&world).len(), world.model.past_count()), (0, None));
    assert!(world.model.past_error().is_some());
    world.server.mend();
    world.run(120_000);
    assert!(
        words(&world).starts_with("36 found among"),
        "{}",
        words(&world)
    );
}

/// Prevents: a batch that ends has everybody’s batches read as mine while it is not known who is signed in.
#[test]
fn the_end_of_a_batch_reads_nobody_elses_batches_as_mine() {
    let mut world = running(60, "mine=1");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    world.server.good_token = "other".into();
    world.tell(Msg::TokenChanged(Some("other".into())));
    world.run(100);
    assert_eq!(world.model.session.user, None);
    world.server.set("run", "completed", 10);
    world.run(40_000);
    let pages = world.requests(Get, "limit=25");
    let is_mine = |path: &str| path.contains("created_by=olive");
    assert!(pages.iter().all(|page| is_mine(&page.http.path)));
    world.server.mend();
    world.run(120_000);
    assert_eq!(world.model.past_error(), None);
    assert_eq!(shown(&world).len(), 25);
}

/// Prevents: a reading of one's own batches that a failed answer about the person has stopped is never gone on with, and
/// the list says that there are none.
#[test]
fn my_batches_are_read_to_the_end_once_the_person_is_told() {
    let mut world = World::new();
    world.server.batches = (0..2_000).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=history&mine=1&hstatus=completed");
    world.run(100);
    assert!(runs(&world) > 1, "the reading is under way");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    world.server.good_token = "other".into();
    world.tell(Msg::TokenChanged(Some("other".into())));
    world.run(1_000);
    assert_eq!(world.model.past_count(), None);
    assert!(world.model.past_error().is_some());
    world.server.mend();
    world.run(120_000);
    assert_eq!(world.model.past_error(), None);
    let found = "1,200 found among";
    assert!(words(&world).starts_with(found), "{}", words(&world));
}

/// Prevents: the sum of a group is older than the rows below it, and nothing says so.
#[test]
fn what_a_group_comes_to_is_as_new_as_its_rows() {
    let mut world = running(30, "hgroup=creator");
    let before = world.model.past_rows();
    world.server.set("run", "completed", 10);
    world.server.batches[0]["actual_cost_usd"] = json!(2.5);
    world.run(40_000);
    let after = world.model.past_rows();
    assert_ne!(after[0], before[0]);
    assert!(!world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    world.run(100);
    assert_eq!(world.model.past_rows(), after);
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

fn results(leads: &[&str]) -> Value {
    let lead = |id: &&str| json!({"lead_id": id, "status": "completed"});
    let leads: Vec<_> = leads.iter().map(lead).collect();
    json!({"leads": leads, "total_count": leads.len()})
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
