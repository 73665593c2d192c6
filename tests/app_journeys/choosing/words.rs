//! What is told of a selection and of the list, and lists, links and views.

use std::rc::Rc;

use super::{
    all_matching, among, chosen, filter, has_exactly, id, ids, late, lead, reloaded, toggle,
};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::lead_import::import::Stage;
use batch_runner::app::lead_selector::views::{ColumnChange, ViewChange};
use batch_runner::app::{Copied, Effect, Msg};
use batch_runner::domain::lead::{LeadSort, NO_PAGES};
use batch_runner::domain::list::Fate;
use batch_runner::domain::selection::TriState;
use batch_runner::wire::rest::Method::Get;

/// Prevents: nobody can tell why a lead is chosen, or the numbers do not add up.
#[test]
fn it_is_told_where_a_choice_comes_from() {
    let mut world = among(1_500, 50);
    assert_eq!(world.model.choice_words(), "No leads chosen");
    toggle(&mut world, 0, false);
    assert_eq!(world.model.choice_words(), "1 lead chosen");
    assert_eq!(world.model.provenance_words(), "", "what everybody expects");
    filter(&mut world, "Company 000");
    all_matching(&mut world);
    assert_eq!(
        world.model.provenance_words(),
        "1 by hand, 98 by filter “Company 000”"
    );
    toggle(&mut world, 1, false);
    toggle(&mut world, 2, false);
    toggle(&mut world, 0, false);
    let words = world.model.provenance_words();
    assert!(words.starts_with("96 by filter “Company 000”"), "{words}");
    toggle(&mut world, 1, false);
    filter(&mut world, "");
    all_matching(&mut world);
    let words = world.model.provenance_words();
    assert!(words.contains("by filter “Company 000”") && words.contains("from all leads"));
    assert!(!words.contains("taken out"), "{words}");
    assert_eq!(world.model.choice_words(), "1,500 leads chosen");
}

/// Prevents: a person pays for leads that they do not see and do not know of.
#[test]
fn chosen_leads_that_the_filter_hides_are_told() {
    let mut world = among(1_500, 50);
    for place in 0..12 {
        toggle(&mut world, place, false);
    }
    filter(&mut world, "Company 0000");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen, 3 hidden by this filter"
    );
    filter(&mut world, "nothing of the kind");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen, 12 hidden by this filter"
    );
    filter(&mut world, "_ompany");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen",
        "as LIKE does"
    );
    filter(&mut world, "שלום");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen",
        "nobody can tell"
    );
    filter(&mut world, "Company 0000");
    world.tell(Msg::OnlyChosenAsked(true));
    assert_eq!(world.model.choice_words(), "12 leads chosen");
    assert_eq!(world.model.leads.total(), Some(12), "the filter hides none");
}

/// Prevents: rows move under the pointer while leads are taken out, and a reload shows something else.
#[test]
fn the_chosen_alone_keep_their_rows_and_their_address() {
    for page_size in [50, NO_PAGES] {
        let mut world = among(3_000, page_size);
        for place in [5, 6, 7, 8] {
            toggle(&mut world, place, false);
        }
        world.tell(Msg::OnlyChosenAsked(true));
        let query = world.model.route.to_query();
        assert!(query.contains("chosen=1"), "{query}");
        let rows = |world: &World| {
            let rows = world.model.leads.loaded();
            rows.map(|lead| lead.id.clone()).collect::<Vec<_>>()
        };
        toggle(&mut world, 1, false);
        toggle(&mut world, 2, false);
        assert_eq!((chosen(&world), rows(&world)), (2, ids(6..=9)));
        toggle(&mut world, 2, false);
        assert!(has_exactly(&world, [6, 8, 9]));
        let mut world = reloaded(world, &query);
        assert_eq!(rows(&world), ids([6, 8, 9]));
        world.tell(Msg::OnlyChosenAsked(false));
        world.run(1_000);
        assert_eq!(world.model.leads.total(), Some(3_000));
        // What is kept by its rule is there a moment after the page.
        all_matching(&mut world);
        let world = reloaded(world, "chosen=1");
        assert_eq!(chosen(&world), 3_000);
        assert_eq!(world.model.leads.total(), Some(3_000));
    }
}

/// Prevents: a screen reader reads out every click, or says that nothing is chosen while everything is.
#[test]
fn a_choice_is_announced_once_when_it_rests() {
    let mut world = among(2_500, 50);
    world.run(5_000);
    let heard = |world: &World| world.model.notices.polite.0;
    let before = heard(&world);
    for place in 0..8 {
        toggle(&mut world, place, false);
        world.run(999);
    }
    assert_eq!(heard(&world), before, "it does not rest");
    world.run(1);
    assert_eq!(heard(&world), before + 1);
    assert_eq!(world.model.notices.polite.1, "8 leads chosen, $8.00.");
    world.run(60_000);
    assert_eq!(heard(&world), before + 1, "said once");
    world.server.once(Get, "sort_by=id", [late(5_000)]);
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    let words = &world.model.notices.polite.1;
    assert!(
        words.contains("2,500") || heard(&world) == before + 1,
        "while they are read: {words}"
    );
}

/// Prevents: a line of a list is looked up wrongly, or 1,000 lines are 1,000 requests.
#[test]
fn a_list_is_matched_and_added() {
    let mut world = among(2_500, NO_PAGES);
    let before = world.sent.len();
    world.tell(Msg::BringOpened(true));
    let lines: Vec<_> = (1..=1_000).map(|n| format!("C{n:05}@x.example")).collect();
    world.tell(Msg::ListTyped(lines.join("\n") + "\nnobody@y.example"));
    world.tell(Msg::LookupAsked);
    world.run(3_000);
    assert_eq!(world.sent.len() - before, 3);
    let bring = world.model.choice.bring.clone().expect("open");
    let Stage::Done(list) = bring.stage else {
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
    let mut world = among(300, NO_PAGES);
    toggle(&mut world, 3, false);
    world.tell(Msg::LinkAsked);
    let link = world.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(Copied::Link, query) => Some(query.clone()),
        _ => None,
    });
    assert_eq!(link.as_deref(), Some("leads=lead-00004"));
    let mut other = among(300, NO_PAGES);
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
    assert_eq!(other.model.choice.selection.ids(), [id(4)]);
}

/// Prevents: a view, a column or a page size is forgotten, or goes before what the address says.
#[test]
fn views_columns_and_page_size_are_kept() {
    let mut world = among(300, NO_PAGES);
    world.tell(Msg::SearchTyped("Company 002".into()));
    world.run(1_000);
    world.tell(Msg::ViewChanged(ViewChange::Save("Twos".into())));
    world.tell(Msg::ViewChanged(ViewChange::Default(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Show(3, false)));
    world.tell(Msg::PageSizeChosen(100));
    world.run(1_000);
    assert!(!world.model.leads.is_scrolled());
    let mut world = world.reload();
    world.open("");
    assert_eq!(world.model.route.leads.filter.search, "Company 002");
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
    world.run(1_000);
    assert_eq!(world.model.views.saved[0].name, "Second");
    let mut world = world.reload();
    world.open("q=other&size=all");
    assert_eq!(world.model.route.leads.filter.search, "other");
    assert_eq!(world.model.route.leads.page_size, NO_PAGES);
    world.tell(Msg::ViewChanged(ViewChange::Delete(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Reset));
    world.run(1_000);
    assert!(world.model.views.saved.is_empty());
    assert_eq!(world.model.views.columns.shown(), LeadSort::ALL);
}

/// Prevents: the rule of another filter counts as the present one's, or its leads are lost.
#[test]
fn choices_by_several_filters_are_one_union() {
    let mut world = among(120, NO_PAGES);
    for text in ["Company 001", "Company 0011"] {
        filter(&mut world, text);
        all_matching(&mut world);
    }
    assert_eq!(world.model.provenance_words(), "21 by filter “Company 001”");
    filter(&mut world, "Company 0002");
    let rows: Vec<Rc<_>> = world.model.leads.loaded().cloned().collect();
    assert_eq!(
        world.model.choice.selection.state_of(&mut rows.iter()),
        TriState::None
    );
    toggle(&mut world, 0, false);
    assert_eq!(
        world.model.provenance_words(),
        "21 by filter “Company 001”, 1 by hand"
    );
}
