//! The ledger of launches, shared with other tabs.

use super::sign_in;
use crate::server::{Answer, Server};
use crate::world::{NOON, World};
use batch_runner::app::launch::ledger::Receipts;
use batch_runner::app::{Effect, Msg, StoreKey, TabEvent};
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::live::{OtherReview, Word};
use batch_runner::domain::money::Usd;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::Post;
use serde_json::json;

/// Prevents: a batch that was given up as not confirmed runs and is paid for, and nobody is told.
#[test]
fn what_was_not_confirmed_and_starts_after_all_is_told() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    world.tell(Msg::LaunchDismissed);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.outcome, Outcome::NotConfirmed);
    let mut late = Server::batch("late", "running", 3, 1);
    late["description"] = json!(entry.plan.reference.attach(None));
    world.server.batches.push(late);
    world.run(40_000);
    assert!(world.was_told("did start after all"), "{:?}", world.toasts);
    assert_eq!(world.ledger()[0].batch().unwrap().0, "late");
    assert_eq!(world.starts(), 1);
}

/// Prevents: a receipt that says what was approved and never what it came to.
#[test]
fn receipts_tell_what_was_approved_and_what_it_came_to() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    let done = &mut world.server.batches[0];
    done["status"] = json!("completed");
    for count in ["processed_leads", "successful_leads"] {
        done[count] = json!(3);
    }
    done["actual_cost_usd"] = json!(2.25);
    world.run(60_000);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.price(), Usd::from_dollars(3.0));
    assert_eq!(entry.end.unwrap().actual, Usd::from_dollars(2.25));
    world.tell(Msg::ReceiptsAsked(Receipts::Csv));
    let Some(Effect::Download { name, text, .. }) = world.effects.last() else {
        panic!()
    };
    assert_eq!(*name, "receipts.csv");
    assert!(
        text.contains("\"3\"") && text.contains("\"2.25\""),
        "{text}"
    );
}

/// Prevents: launches of versions before the ledger are lost with the update, or looked for twice.
#[test]
fn what_earlier_versions_kept_is_taken_over_once() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let launched = json!([{"batch": "old", "lead_ids": ["lead-001"], "template": "v1", "at": NOON.0 - 1_000, "enriched": 1}]);
    world.stored.insert(StoreKey::Ledger, launched.to_string());
    world.stored.insert(StoreKey::Journal, "{spoilt".into());
    world.open("");
    world.run(1_000);
    assert_eq!(world.ledger()[0].batch().unwrap().0, "old");
    let mut world = world.reload();
    world.open("");
    world.run(1_000);
    assert_eq!(world.model.ledger.entries().len(), 1);
    assert!(
        !world.stored.contains_key(&StoreKey::Ledger),
        "it is among the records now"
    );
}

/// Prevents: two tabs start the same leads, because each asks only itself.
#[test]
fn what_another_tab_is_starting_is_not_started_here_and_that_is_said() {
    let mut world = World::reviewing();
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let lock = format!("batch-runner-plan-{:016x}", review.plans[0].subject.hash());
    world.locked.push(lock);
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(
        (world.starts(), world.model.compose.launch.clone()),
        (0, Launch::Draft)
    );
    let words = &world.model.compose.complaints[0].text;
    assert!(
        words.contains("Another tab") && words.contains("It was not started here"),
        "{words}"
    );
    assert_eq!(
        (world.model.choice.selection.len(), world.ledger().len()),
        (3, 0)
    );
}

/// Prevents: a tab that was closed in the middle of a start leaves a batch that no other tab looks for, or two do.
#[test]
fn a_launch_is_looked_for_by_one_tab_once_the_other_is_gone() {
    let world = World::answer_lost();
    let entry = world.ledger().remove(0);
    let lock = entry.plan.lock();
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    assert_eq!(
        world.model.compose.launch,
        Launch::Draft,
        "another tab is at it"
    );
    world.locked.clear();
    let name = entry.plan.record();
    let record = Ok(world.records.get(&name).cloned());
    world.tell(Msg::LockGranted { lock, name, record });
    world.run(3_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
}

/// Prevents: between the click in one tab and the server's answer its money counts nowhere, and another tab goes over the
/// budget unwarned.
#[test]
fn what_is_being_started_still_counts_for_other_tabs() {
    let mut world = World::new();
    world.tab = Some(3);
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Late(5_000, Box::new(Answer::Usual))],
    );
    world.effects.clear();
    world.tell(Msg::Approved);
    world.run(2_000);
    let told = |world: &World, wanted: fn(&Word) -> bool| {
        let words = world.effects.iter().filter_map(|effect| match effect {
            Effect::TellTabs(word) => Some(word),
            _ => None,
        });
        words.filter(|word| wanted(word)).count()
    };
    let left = |word: &Word| matches!(word, Word::Reviews { review: None, .. });
    assert_eq!(told(&world, left), 0, "it is still on its way");
    // Put aside, perhaps for good, it counts by the ledger.
    world.tell(Msg::Frozen(true));
    assert_eq!(told(&world, |word| *word == Word::Started), 1);
    world.tell(Msg::Frozen(false));
    world.effects.clear();
    world.run(10_000);
    assert_eq!(told(&world, |word| *word == Word::Started), 1);
    assert_eq!(told(&world, left), 1);
    // The other tab buys nothing before it has read what was started.
    let mut other = World::reviewing();
    other.tell(Msg::Tabs(TabEvent::Heard(Word::Started)));
    assert!(!other.model.can_approve(other.now));
    other.run(1_000);
    assert!(other.model.can_approve(other.now));
}

/// Prevents: what another tab took back before it was sent is looked for, and counted as perhaps paid.
#[test]
fn what_another_tab_took_back_is_not_looked_for() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(10);
    let entry = world.ledger().remove(0);
    let (lock, name) = (entry.plan.lock(), entry.plan.record());
    // This tab reads the other one's record while that has the lock.
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    assert!(world.has_open_entry());
    world.records.clear();
    world.tell(Msg::LockGranted {
        lock: lock.clone(),
        name,
        record: Ok(None),
    });
    world.run(3_000);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    assert_eq!(world.model.ledger.entries(), []);
    assert!(world.effects.contains(&Effect::Unlock(lock)));
}

/// Prevents: a browser that hands its lock out and then cannot read the record leaves the launch open until a reload.
#[test]
fn a_record_that_cannot_be_read_is_looked_for_as_this_tab_knows_it() {
    let world = World::answer_lost();
    let entry = world.ledger().remove(0);
    let (lock, name) = (entry.plan.lock(), entry.plan.record());
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    let record = Err("blocked");
    world.tell(Msg::LockGranted { lock, name, record });
    world.run(3_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
}

/// Prevents: what another tab has bought is not known here, and the same is bought again without a word.
#[test]
fn what_another_tab_has_bought_is_known_before_the_next_approval() {
    let mut first = World::reviewing();
    first.tell(Msg::Approved);
    first.run(1_000);
    let mut second = World::reviewing();
    second.server.batches = first.server.batches.clone();
    second.records = first.records.clone();
    assert_eq!(second.model.concerns(second.now), []);
    second.tell(Msg::Tabs(TabEvent::Heard(Word::Started)));
    second.run(500);
    assert!(
        second.model.concerns(second.now)[0]
            .words
            .contains("exactly these 3 leads"),
        "{:?}",
        second.model.concerns(second.now)
    );
    second.tell(Msg::Approved);
    second.run(1_000);
    assert_eq!(second.starts(), 0, "it must be meant");
}

/// Prevents: two tabs review the same leads, and neither says so before the money is spent.
#[test]
fn tabs_tell_each_other_what_they_review() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.model.others = Default::default();
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let plan = Some(format!("{:016x}", review.plans[0].subject.hash()));
    let sharing = |plan: &Option<String>, leads: &[&str]| {
        let high = Usd::from_dollars(9_999.0).unwrap();
        let leads = leads.iter().map(|id| LeadId((*id).into())).collect();
        let review = plan.clone();
        let review = review.map(|plan| OtherReview { plan, high, leads });
        Msg::Tabs(TabEvent::Heard(Word::Reviews { tab: 7, review }))
    };
    let heard = |plan: &Option<String>| sharing(plan, &["lead-009"]);
    let other = Some("other".into());
    world.tell(heard(&other));
    assert_eq!(world.model.concerns(world.now), []);
    world.tell(sharing(&other, &["lead-001", "lead-003", "lead-009"]));
    let concern = world.model.concerns(world.now).remove(0);
    assert!(
        concern.words.starts_with(
            "2 of these leads are under review in another tab of this browser, or being started there."
        ),
        "{}",
        concern.words
    );
    assert_eq!(concern.leave_out.len(), 2);
    world.tell(Msg::ConcernAccepted(true));
    assert!(world.model.can_approve(world.now));
    world.tell(heard(&plan));
    assert!(
        !world.model.can_approve(world.now),
        "that was meant for another review"
    );
    assert!(
        world.model.concerns(world.now)[0]
            .words
            .contains("Another tab")
    );
    world.tell(heard(&None));
    assert_eq!(world.model.concerns(world.now), []);
}

/// Prevents: a launch that is being looked for is forgotten because the session ended or the page was opened signed out.
#[test]
fn a_journal_waits_for_the_sign_in() {
    let mut world = World::answer_lost();
    world.tell(Msg::SignOutAsked);
    let mut world = world.reload();
    world.open("");
    world.run(10_000);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    sign_in(&mut world);
    world.run(3_000);
    assert!(world.was_told("did start"), "{}", world.announced());
}
