//! Reading the list, page by page or in full.

use super::{ask, history, id, past, runs, shown, words};
use crate::server::Answer;
use batch_runner::app::Msg;
use batch_runner::domain::batch::BatchStatus;
use batch_runner::domain::day::Day;
use batch_runner::domain::history::{Grouping, HistoryColumn};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::wire::rest::Method::Get;
use serde_json::{Value, json};

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
