//! One list to scroll through.

use super::{among, failure, id, late, place, reloaded, show};
use crate::world::World;
use batch_runner::app::lead_selector::scroll::BLOCK;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::lead::NO_PAGES;
use batch_runner::wire::rest::Method::Get;

fn blocks_under_way(world: &World) -> usize {
    let slots = world.model.net.slots();
    slots.filter(|slot| matches!(slot, Slot::Rows(_))).count()
}

/// Prevents: a flick through the list is hundreds of requests, and the rows in view come last.
#[test]
fn scrolling_reads_at_most_three_blocks_at_once_and_gives_up_far_ones() {
    let mut world = among(60_000, NO_PAGES);
    world.server.always(Get, "limit=250", late(400));
    let before = world.sent.len();
    for first in (0..50_000).step_by(1_000) {
        show(&mut world, first);
        assert!(blocks_under_way(&world) <= 3);
        world.run(16);
    }
    show(&mut world, 49_990);
    let given_up = |effect: &&Effect| matches!(effect, Effect::Abort(Slot::Rows(_)));
    assert!(world.effects.iter().filter(given_up).count() > 20);
    world.run(2_000);
    for place in [49_990, 50_020, 50_900] {
        assert_eq!(
            world.model.leads.at(place).map(|lead| lead.id.clone()),
            Some(id(place + 1))
        );
    }
    assert!(world.model.leads.at(20_010).is_none(), "scrolled past");
    let read = &world.sent[before..];
    assert!(read.iter().all(|sent| place(&sent.http.path).1 == BLOCK));
    let sent = world.sent.len();
    show(&mut world, 49_980);
    show(&mut world, 49_990);
    world.run(1_000);
    assert!(
        world.sent.len() <= sent + 2,
        "what is there is not read again"
    );
}

/// Prevents: a failed block is asked for again and again, or never.
#[test]
fn a_failed_block_waits_for_a_person() {
    let mut world = among(60_000, NO_PAGES);
    world.run(2_000);
    world.server.always(Get, "limit=250", failure());
    show(&mut world, 30_000);
    world.run(1_000);
    assert!(world.model.leads.page.error().is_some());
    let sent = world.sent.len();
    show(&mut world, 30_001);
    world.run(5_000);
    assert_eq!(world.requests(Get, "limit=250").len(), {
        let before = &world.sent[..sent];
        before
            .iter()
            .filter(|sent| sent.http.path.contains("limit=250"))
            .count()
    });
    assert_eq!(
        world.model.leads.at(0).map(|lead| lead.id.clone()),
        Some(id(1))
    );
    world.server.mend();
    world.tell(Msg::LeadsRetried);
    world.run(1_000);
    assert!(world.model.leads.page.error().is_none());
    assert!(world.model.leads.at(30_010).is_some());
    assert_eq!(world.model.leads.window().first, 30_001, "the view stays");
}

/// Prevents: everybody has to choose the page size at each visit, or rubbish in the storage breaks the table.
#[test]
fn the_page_size_is_kept_and_used() {
    let mut world = among(300, 50);
    world.tell(Msg::PageSizeChosen(7));
    assert_eq!(world.model.route.leads.page_size, 50, "no size of ours");
    world.tell(Msg::PageSizeChosen(100));
    assert_eq!(world.stored[&StoreKey::PageSize], "100");
    let mut world = reloaded(world, "");
    assert_eq!(world.model.leads.loaded().count(), 100);
    assert!(!world.model.route.to_query().contains("size"));
    world.tell(Msg::PageSizeChosen(NO_PAGES));
    let mut world = reloaded(world, "");
    assert!(world.model.leads.is_scrolled());
    assert_eq!(world.model.leads.loaded().count(), 300);
    for rubbish in ["", "-1", "7", "many"] {
        world.stored.insert(StoreKey::PageSize, rubbish.into());
        world = reloaded(world, "");
        assert!(world.model.leads.page.error().is_none());
        assert!(world.model.leads.loaded().count() > 0, "{rubbish:?}");
    }
}
