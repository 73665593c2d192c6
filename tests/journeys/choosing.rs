//! Choosing leads at any size.

use std::rc::Rc;

use batch_runner::app::choice::Cut;
use batch_runner::app::compose::PriceView;
use batch_runner::app::rows::{BLOCK, Window};
use batch_runner::app::views::{ColumnChange, ViewChange};
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::lead::{LeadFilter, LeadId, LeadSort, NO_PAGES};
use batch_runner::domain::list::Fate;
use batch_runner::domain::selection::TriState;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};

use crate::server::Answer;
use crate::world::World;

/// Signed in with so many leads on the server, in one list to scroll through.
fn among(leads: u32) -> World {
    let mut world = World::new();
    world.server.leads = (1..=leads).map(lead).collect();
    world.stored.insert(StoreKey::PageSize, "0".into());
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world
}

fn lead(n: u32) -> Value {
    json!({"id": format!("lead-{n:05}"), "company_name": format!("Company {n}"), "email": format!("c{n}@x.example"),
        "domain": format!("c{n}.example"), "enrichment_status": "completed", "is_manual": false})
}

fn chosen(world: &World) -> usize {
    world.model.choice.selection.len()
}

fn runs(world: &World) -> Vec<String> {
    let runs = world.requests(Get, "sort_by=id");
    runs.into_iter().map(|sent| sent.http.path).collect()
}

fn toggle(world: &mut World, place: u32, range: bool) {
    let lead = world
        .model
        .leads
        .at(place)
        .cloned()
        .expect("a lead that was read");
    let chosen = !world.model.is_chosen(&lead.id);
    world.tell(Msg::LeadToggled {
        lead,
        chosen,
        range,
    });
}

/// Prevents: “all” means what was loaded, or misses leads because the server's pages overlap.
#[test]
fn all_that_match_are_read_by_identifier_and_counted_at_once() {
    let mut world = among(2_500);
    world.tell(Msg::AllMatchingAsked);
    assert_eq!(world.model.choice_words(), "2,500 leads chosen");
    assert_eq!(world.model.page_state(), TriState::All);
    assert_eq!(world.model.price_view(), PriceView::Gathering);
    world.run(2_000);
    assert_eq!(chosen(&world), 2_500);
    let runs = runs(&world);
    assert_eq!(runs.len(), 3);
    assert!(
        runs.iter()
            .all(|path| path.contains("sort_by=id&sort_order=asc"))
    );
    assert!(runs[2].contains("skip=2000"));
    assert_eq!(world.model.provenance_words(), "2,500 from all leads");
    assert!(
        world
            .toasts
            .iter()
            .any(|words| words.contains("All 2,500 matching leads are chosen"))
    );
}

/// Prevents: a batch is priced, reviewed or bought while its leads are still being read.
#[test]
fn nothing_is_priced_or_reviewed_while_the_leads_are_read() {
    let mut world = among(4_000);
    let slow = Answer::Late(5_000, Box::new(Answer::Usual));
    world.server.once(Get, "limit=1000", [slow]);
    toggle(&mut world, 0, false);
    world.run(2_000);
    let prices = world.requests(Post, "/preview").len();
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    assert!(matches!(world.model.compose.launch, Launch::Draft));
    assert!(
        world
            .model
            .compose
            .complaints
            .iter()
            .any(|it| it.text.contains("have been read"))
    );
    assert_eq!(world.requests(Post, "/preview").len(), prices);
    world.tell(Msg::GatheringStopped);
    assert_eq!(chosen(&world), 1);
    world.run(10_000);
    assert_eq!(chosen(&world), 1, "the late answer is ignored");
}

/// Prevents: a failure in the middle loses what was read, or reads it again.
#[test]
fn a_failed_run_is_repeated_where_it_failed() {
    let mut world = among(2_500);
    world.server.once(
        Get,
        "skip=1000&limit=1000",
        [Answer::Http(500, json!({"error": "boom"}))],
    );
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    let gathering = world.model.choice.gathering.as_ref().expect("still there");
    assert_eq!((gathering.read, gathering.error.is_some()), (1_000, true));
    world.tell(Msg::GatheringRetried);
    world.run(2_000);
    assert_eq!(chosen(&world), 2_500);
    let again = runs(&world)
        .iter()
        .filter(|path| path.contains("skip=0&"))
        .count();
    assert_eq!(again, 1);
}

/// Prevents: what was taken out while the reading went on is chosen when it ends.
#[test]
fn a_lead_that_is_taken_out_meanwhile_stays_out() {
    let mut world = among(2_500);
    world.tell(Msg::AllMatchingAsked);
    toggle(&mut world, 4, false);
    assert!(!world.model.is_chosen(&LeadId("lead-00005".into())));
    world.run(2_000);
    assert_eq!(chosen(&world), 2_499);
    assert_eq!(
        world.model.provenance_words(),
        "2,499 from all leads, 1 taken out"
    );
}

/// Prevents: fewer leads than the server counts are chosen without a word.
#[test]
fn leads_that_the_pages_do_not_hold_are_told() {
    let mut world = among(4_000);
    let leads: Vec<_> = (1..=400).map(lead).collect();
    let short = Answer::Http(200, json!({"leads": leads, "total_count": 4_000}));
    world
        .server
        .once(Get, "skip=3000&limit=1000&sort_by=id", [short]);
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    assert_eq!(chosen(&world), 3_000);
    assert!(
        world
            .toasts
            .iter()
            .any(|words| words.starts_with("3,000 of 4,000 leads were found"))
    );
}

/// Prevents: a step cannot be taken back, or comes back after another was made.
#[test]
fn every_step_can_be_taken_back_and_made_again() {
    let mut world = among(2_000);
    toggle(&mut world, 0, false);
    toggle(&mut world, 9, true);
    assert_eq!(chosen(&world), 10);
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    world.tell(Msg::ChoiceCut(Cut::First(100)));
    assert_eq!(chosen(&world), 100);
    world.tell(Msg::ChoiceCleared);
    for expected in [100, 2_000, 10, 1, 0, 0] {
        world.tell(Msg::ChoiceUndone);
        assert_eq!(chosen(&world), expected);
    }
    for expected in [1, 10, 2_000, 100, 0, 0] {
        world.tell(Msg::ChoiceRedone);
        assert_eq!(chosen(&world), expected);
    }
    world.tell(Msg::ChoiceUndone);
    toggle(&mut world, 1_500 % 100, false);
    world.tell(Msg::ChoiceRedone);
    assert!(!world.model.choice.can_redo());
}

/// Prevents: “the first” are not those of the table, or a sample prefers some.
#[test]
fn too_many_are_cut_to_the_first_or_to_a_sample() {
    let mut world = among(1_200);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    assert_eq!(
        (world.model.surplus(), world.model.price_view()),
        (200, PriceView::TooMany(1_200))
    );
    world.tell(Msg::ChoiceCut(Cut::First(3)));
    let companies: Vec<_> = (world.model.choice.selection.iter())
        .map(|lead| lead.name().to_owned())
        .collect();
    assert_eq!(companies, ["Company 1", "Company 10", "Company 100"]);
    world.tell(Msg::ChoiceUndone);
    world.tell(Msg::ChoiceCut(Cut::Random(1_000)));
    assert_eq!((chosen(&world), world.model.surplus()), (1_000, 0));
    let first = world.model.choice.selection.ids();
    world.tell(Msg::ChoiceUndone);
    world.run(7);
    world.tell(Msg::ChoiceCut(Cut::Random(1_000)));
    assert_ne!(world.model.choice.selection.ids(), first);
}

/// Prevents: a range forgets where it began when the table is sorted, or takes rows that were never there.
#[test]
fn a_range_keeps_its_anchor_through_sort_and_reads_what_it_needs() {
    let mut world = among(4_000);
    toggle(&mut world, 2, false);
    world.tell(Msg::SortChosen(LeadSort::Email));
    world.run(1_000);
    toggle(&mut world, 6, true);
    assert_eq!(chosen(&world), 5);
    world.tell(Msg::SearchTyped("Company 39".into()));
    world.run(1_000);
    toggle(&mut world, 3, true);
    assert_eq!(chosen(&world), 6, "without its anchor it is a plain choice");
    world.tell(Msg::SearchTyped(String::new()));
    world.run(1_000);
    world.tell(Msg::ChoiceCleared);
    toggle(&mut world, 10, false);
    world.tell(Msg::RowsShown(Window {
        first: 3_000,
        last: 3_030,
    }));
    world.run(1_000);
    toggle(&mut world, 3_010, true);
    world.run(2_000);
    assert_eq!(chosen(&world), 3_001);
}

/// Prevents: the page is turned round, and with it what stands on other pages.
#[test]
fn a_page_is_inverted_alone() {
    let mut world = World::signed_in();
    world.choose([1, 2, 90], true);
    world.tell(Msg::PageInverted);
    assert_eq!(chosen(&world), 48 + 1);
    assert!(world.model.is_chosen(&LeadId("lead-090".into())));
    assert!(!world.model.is_chosen(&LeadId("lead-001".into())));
}

/// Prevents: nobody tells that the filter hides chosen leads, or the rows move under the pointer.
#[test]
fn hidden_leads_are_counted_and_the_chosen_can_be_seen_alone() {
    let mut world = among(500);
    toggle(&mut world, 1, false);
    toggle(&mut world, 2, false);
    world.tell(Msg::SearchTyped("Company 3".into()));
    world.run(1_000);
    assert_eq!(
        world.model.choice_words(),
        "2 leads chosen, 1 hidden by this filter"
    );
    world.tell(Msg::OnlyChosenAsked(true));
    assert_eq!(world.model.leads.total(), Some(2));
    toggle(&mut world, 0, false);
    assert_eq!((chosen(&world), world.model.leads.total()), (1, Some(2)));
    let mut world = world.reload();
    world.open("chosen=1");
    world.run(1_000);
    assert_eq!(world.model.leads.total(), Some(1));
}

/// Prevents: a large choice does not fit into the storage and is lost with the page.
#[test]
fn a_large_choice_is_read_again_by_its_rule() {
    let mut world = among(3_000);
    world.tell(Msg::AllMatchingAsked);
    world.run(2_000);
    toggle(&mut world, 7, false);
    assert!(world.stored[&StoreKey::Selection].len() < 1_000);
    let mut world = world.reload();
    world.open("");
    world.run(3_000);
    assert_eq!(chosen(&world), 2_999);
    assert!(!world.model.is_chosen(&LeadId("lead-00008".into())));
}

/// Prevents: scrolling reads everything, or rows that were scrolled past hold up those in view.
#[test]
fn scrolling_reads_what_is_in_view() {
    let mut world = among(50_000);
    assert!(world.model.leads.is_scrolled());
    assert_eq!(world.model.leads.total(), Some(50_000));
    for first in [10_000, 20_000, 30_000] {
        world.tell(Msg::RowsShown(Window {
            first,
            last: first + 30,
        }));
    }
    let under_way = world.model.net.slots().count();
    assert!(under_way <= 3, "{under_way} at once");
    world.run(2_000);
    assert!(world.model.leads.at(30_010).is_some());
    assert!(world.model.leads.at(20_010).is_none());
    let longest = world.requests(Get, &format!("limit={BLOCK}")).len();
    assert!(longest < 30, "{longest} reads");
    let failure = || Answer::Http(500, json!({}));
    world
        .server
        .once(Get, "limit=250", [failure(), failure(), failure()]);
    world.tell(Msg::RowsShown(Window {
        first: 40_000,
        last: 40_030,
    }));
    world.run(1_000);
    assert!(world.model.leads.page.error().is_some());
    world.tell(Msg::LeadsRetried);
    world.run(1_000);
    assert!(world.model.leads.page.error().is_none());
    assert!(world.model.leads.at(40_010).is_some());
}

/// Prevents: each click is announced, so that a screen reader never ends.
#[test]
fn a_choice_is_announced_once_it_rests() {
    let mut world = World::signed_in();
    world.run(2_000);
    let before = world.model.notices.polite.0;
    world.choose(1..=5, true);
    world.run(500);
    assert_eq!(world.model.notices.polite.0, before);
    world.run(1_500);
    let (count, words) = &world.model.notices.polite;
    assert_eq!(
        (count - before, words.as_str()),
        (1, "5 leads chosen, $5.00.")
    );
}

/// Prevents: a line of a list is looked up wrongly, or 1,000 lines are 1,000 requests.
#[test]
fn a_list_is_matched_and_added() {
    let mut world = among(2_500);
    let before = world.sent.len();
    world.tell(Msg::BringOpened(true));
    let lines: Vec<_> = (1..=1_000).map(|n| format!("C{n}@x.example")).collect();
    world.tell(Msg::ListTyped(lines.join("\n") + "\nnobody@y.example"));
    world.tell(Msg::LookupAsked);
    world.run(3_000);
    assert_eq!(world.sent.len() - before, 3);
    let bring = world.model.choice.bring.clone().expect("open");
    let batch_runner::app::bring::Stage::Done(list) = bring.stage else {
        panic!("not done")
    };
    assert_eq!(
        (list.count(Fate::Matched), list.count(Fate::Missing)),
        (1_000, 1)
    );
    world.tell(Msg::ListAdded {
        also_ambiguous: false,
    });
    assert_eq!(
        (chosen(&world), world.model.provenance_words()),
        (1_000, "1,000 from a list".into())
    );
}

/// Prevents: a shared choice is not found, or asked about again at each reload.
#[test]
fn a_small_choice_travels_in_a_link() {
    let mut world = among(300);
    toggle(&mut world, 3, false);
    world.tell(Msg::LinkAsked);
    let link = world.effects.iter().rev().find_map(|effect| match effect {
        Effect::CopyLink(query) => Some(query.clone()),
        _ => None,
    });
    assert_eq!(link.as_deref(), Some("leads=lead-00004"));
    let mut other = among(300);
    other
        .server
        .always(Get, "/v1/leads/lead-00004", Answer::Http(200, lead(4)));
    let mut other = other.reload();
    other.open("leads=lead-00004");
    other.run(2_000);
    assert!(other.model.route.shared.is_empty());
    other.tell(Msg::ListAdded {
        also_ambiguous: false,
    });
    assert_eq!(
        other.model.choice.selection.ids(),
        [LeadId("lead-00004".into())]
    );
}

/// Prevents: a view, a column or a page size is forgotten, or goes before what the address says.
#[test]
fn views_columns_and_page_size_are_kept() {
    let mut world = among(300);
    world.tell(Msg::SearchTyped("Company 2".into()));
    world.run(1_000);
    world.tell(Msg::ViewChanged(ViewChange::Save("Twos".into())));
    world.tell(Msg::ViewChanged(ViewChange::Default(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Show(3, false)));
    world.tell(Msg::PageSizeChosen(100));
    world.run(1_000);
    assert!(!world.model.leads.is_scrolled());
    let mut world = world.reload();
    world.open("");
    assert_eq!(world.model.route.leads.filter.search, "Company 2");
    assert_eq!(world.model.route.leads.page_size, 100);
    assert!(
        !world
            .model
            .views
            .columns
            .shown()
            .contains(&LeadSort::Enrichment)
    );
    world.tell(Msg::ViewChanged(ViewChange::Rename(0, " ".into())));
    world.tell(Msg::ViewChanged(ViewChange::Rename(0, "Second".into())));
    assert_eq!(world.model.views.saved[0].name, "Second");
    let mut world = world.reload();
    world.open("q=other&size=all");
    assert_eq!(world.model.route.leads.filter.search, "other");
    assert_eq!(world.model.route.leads.page_size, NO_PAGES);
    world.tell(Msg::ViewChanged(ViewChange::Delete(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Reset));
    assert!(world.model.views.saved.is_empty());
    assert_eq!(world.model.views.columns.shown(), LeadSort::ALL);
}

/// Prevents: the rule of another filter counts as the present one's, or its leads are lost.
#[test]
fn choices_by_several_filters_are_one_union() {
    let mut world = among(120);
    let search = |text: &str| LeadFilter {
        search: text.into(),
        ..LeadFilter::default()
    };
    for text in ["Company 1", "Company 11"] {
        world.tell(Msg::LeadFilterChanged(search(text)));
        world.run(1_000);
        world.tell(Msg::AllMatchingAsked);
        world.run(1_000);
    }
    assert_eq!(world.model.provenance_words(), "32 by filter “Company 1”");
    world.tell(Msg::LeadFilterChanged(search("Company 2")));
    world.run(1_000);
    let rows: Vec<Rc<_>> = world.model.leads.loaded().cloned().collect();
    assert_eq!(
        world.model.choice.selection.state_of(&mut rows.iter()),
        TriState::None
    );
    toggle(&mut world, 0, false);
    assert_eq!(
        world.model.provenance_words(),
        "32 by filter “Company 1”, 1 by hand"
    );
}
