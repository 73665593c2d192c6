use super::takeover::GRANTED_WITHIN;
use super::*;

const NOW: Millis = Millis(1_000_000);
const OWN: u32 = 1;
const OTHER: u32 = 2;

fn leads(health: Health, sleeps: bool) -> Input {
    Input::Heard(Word::Leads {
        tab: OTHER,
        health,
        transport: Transport::Multiplexed,
        sleeps,
    })
}

/// A tab that wants a link and waits for the lock.
fn following() -> Share {
    let mut share = Share::new(Some(OWN));
    let actions = share.step(Input::Want(true), NOW);
    assert!(actions.contains(&Action::Claim { steal: false }));
    share
}

fn leading() -> Share {
    let mut share = following();
    share.step(Input::Granted, NOW);
    share
}

fn steals(actions: &[Action]) -> bool {
    actions.contains(&Action::Claim { steal: true })
}

#[test]
fn who_has_the_lock_leads_and_says_so() {
    let mut share = following();
    assert!(!share.leads());
    let actions = share.step(Input::Granted, NOW);
    assert!(share.leads());
    assert!(matches!(
        actions[..],
        [Action::Say(Word::Leads { tab: OWN, .. })]
    ));
}

#[test]
fn without_locks_a_tab_is_alone_and_says_nothing() {
    let mut share = Share::new(None);
    assert_eq!(share.step(Input::Want(true), NOW), []);
    assert!(share.leads());
    assert_eq!(share.deadline(), None);
}

#[test]
fn a_seen_tab_asks_a_silent_leader_and_then_takes_the_lock() {
    let mut share = following();
    assert_eq!(share.step(Input::Tick, NOW + (ASK_AFTER - 1)), []);
    let asked = share.step(Input::Tick, NOW + ASK_AFTER);
    assert!(matches!(asked[..], [Action::Say(Word::Wants { .. })]));
    let late = NOW + ASK_AFTER + ANSWER_WITHIN;
    assert!(!steals(
        &share.step(Input::Tick, NOW + (ASK_AFTER + ANSWER_WITHIN - 1))
    ));
    assert!(steals(&share.step(Input::Tick, late)));
    // As promised.
    const { assert!(ASK_AFTER + ANSWER_WITHIN < 2 * SECOND) };
}

#[test]
fn a_leader_that_answers_keeps_the_lock() {
    let mut share = following();
    share.step(Input::Tick, NOW + ASK_AFTER);
    share.step(leads(Health::Live, false), NOW + ASK_AFTER + 10);
    let actions = share.step(Input::Tick, NOW + ASK_AFTER + ANSWER_WITHIN);
    assert!(!steals(&actions), "{actions:?}");
}

#[test]
fn what_the_leader_passes_on_shows_that_it_lives() {
    let mut share = following();
    for tick in 1..20 {
        let now = NOW + tick * (ASK_AFTER - 50);
        share.relayed(now);
        assert_eq!(share.step(Input::Tick, now), []);
    }
}

#[test]
fn a_hidden_tab_asks_nothing() {
    let mut share = following();
    share.step(Input::Visible(false), NOW);
    assert_eq!(share.deadline(), None);
}

#[test]
fn a_sleeping_leader_is_asked_to_give_way_once_and_then_loses_the_lock() {
    let mut share = following();
    let asked = share.step(leads(Health::Connecting, true), NOW);
    assert_eq!(asked, [Action::Say(Word::Yield)]);
    assert_eq!(share.step(leads(Health::Connecting, true), NOW + 10), []);
    assert!(steals(&share.step(Input::Tick, NOW + ANSWER_WITHIN)));
}

#[test]
fn a_leader_gives_way_unless_its_link_is_live() {
    let mut share = leading();
    share.step(Input::Link(Health::Live, Transport::Multiplexed), NOW);
    share.step(Input::Heard(Word::Yield), NOW);
    assert!(share.leads());
    share.step(Input::Link(Health::Connecting, Transport::Multiplexed), NOW);
    let actions = share.step(Input::Heard(Word::Yield), NOW);
    assert!(!share.leads());
    assert_eq!(actions[0], Action::Release);
    assert!(actions.contains(&Action::Claim { steal: false }));
}

#[test]
fn a_leader_carries_what_others_want_until_they_go() {
    let ids = |names: &[&str]| -> Vec<BatchId> {
        names.iter().map(|name| BatchId((*name).into())).collect()
    };
    let wants = |batches| {
        Input::Heard(Word::Wants {
            tab: OTHER,
            batches,
        })
    };
    let mut share = leading();
    share.step(Input::Follow(ids(&["a"])), NOW);
    assert!(!share.relays());
    let answer = share.step(wants(ids(&["a", "b"])), NOW);
    assert!(matches!(answer[..], [Action::Say(Word::Leads { .. })]));
    assert!(share.relays());
    assert_eq!(share.others(), ids(&["b"]));
    share.step(Input::Heard(Word::Gone { tab: OTHER }), NOW);
    assert!(!share.relays());
    assert!(share.others().is_empty());
}

#[test]
fn a_follower_that_is_not_heard_of_again_is_forgotten() {
    let mut share = leading();
    let wants = |tab| {
        Input::Heard(Word::Wants {
            tab,
            batches: vec![BatchId(tab.to_string())],
        })
    };
    share.step(wants(OTHER), NOW);
    share.step(wants(3), NOW + FORGET_AFTER);
    assert_eq!(share.others(), [BatchId("3".into())]);
}

#[test]
fn a_browser_that_gives_no_lock_at_all_leaves_each_tab_alone() {
    let mut share = following();
    share.step(Input::Tick, NOW + ASK_AFTER);
    let stolen = NOW + ASK_AFTER + ANSWER_WITHIN;
    assert!(steals(&share.step(Input::Tick, stolen)));
    let actions = share.step(Input::Tick, stolen + GRANTED_WITHIN);
    assert_eq!(actions, [Action::Release]);
    assert_eq!(share.role(), Role::Alone);
}

#[test]
fn who_lost_the_lock_follows_and_waits_for_it() {
    let mut share = leading();
    let actions = share.step(Input::Lost, NOW);
    assert_eq!(share.role(), Role::Following);
    assert!(actions.contains(&Action::Claim { steal: false }));
}

#[test]
fn who_wants_no_link_gives_the_lock_back_and_a_late_grant_too() {
    let mut share = leading();
    assert_eq!(share.step(Input::Want(false), NOW), [Action::Release]);
    assert_eq!(share.step(Input::Granted, NOW), [Action::Release]);
    assert_eq!(share.role(), Role::Idle);
    let mut waiting = following();
    let actions = waiting.step(Input::Want(false), NOW);
    assert!(actions.contains(&Action::Say(Word::Gone { tab: OWN })));
}
