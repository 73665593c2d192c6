use super::*;
use crate::domain::live::{ClientMessage, Frame, Health};
use crate::domain::time::SECOND;
use crate::machine::link::Epoch;

const NOW: Millis = Millis(1_000_000);

fn ids(names: &[&str]) -> Vec<BatchId> {
    names.iter().map(|name| BatchId((*name).into())).collect()
}

fn established(channel: Channel, epoch: u32) -> Input {
    Input::Frame {
        channel,
        epoch: Epoch(epoch),
        frame: Frame::Established,
    }
}

fn closed(channel: Channel, epoch: u32) -> Input {
    Input::Closed {
        channel,
        epoch: Epoch(epoch),
        code: 1006,
    }
}

fn live() -> Connection {
    let mut connection = Connection::default();
    connection.step(Input::Start, NOW, 1.0);
    connection.step(established(Channel::Multiplexed, 1), NOW, 1.0);
    connection
}

fn sent(actions: &[Action]) -> Vec<ClientMessage> {
    let message = |action: &Action| match action {
        Action::Send { message, .. } => Some(message.clone()),
        _ => None,
    };
    actions.iter().filter_map(message).collect()
}

fn opened(actions: &[Action]) -> Vec<Channel> {
    let channel = |action: &Action| match action {
        Action::Open { channel, .. } => Some(channel.clone()),
        _ => None,
    };
    actions.iter().filter_map(channel).collect()
}

#[test]
fn nothing_is_dialled_before_sign_in() {
    let mut connection = Connection::default();
    assert_eq!(connection.step(Input::Tick, NOW, 1.0), []);
    assert_eq!(
        opened(&connection.step(Input::Start, NOW, 1.0)),
        [Channel::Multiplexed]
    );
    assert_eq!(connection.health(), Health::Connecting);
}

#[test]
fn after_a_reconnect_every_followed_batch_is_subscribed_once_and_read() {
    let mut connection = live();
    connection.step(Input::Follow(ids(&["a", "b"])), NOW, 1.0);
    let seq = Frame::Gap(BatchId("zz".into()));
    connection.step(
        Input::Frame {
            channel: Channel::Multiplexed,
            epoch: Epoch(1),
            frame: seq,
        },
        NOW,
        1.0,
    );
    connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
    assert_eq!(connection.health(), Health::Waiting(NOW + 7_000));
    connection.step(Input::Follow(ids(&["b"])), NOW + 6_500, 1.0);
    assert_eq!(
        opened(&connection.step(Input::Tick, NOW + 7_000, 1.0)),
        [Channel::Multiplexed]
    );
    let actions = connection.step(established(Channel::Multiplexed, 2), NOW + 7_100, 1.0);
    assert_eq!(
        sent(&actions),
        [ClientMessage::Subscribe(vec![(BatchId("b".into()), None)])]
    );
    assert!(actions.contains(&Action::CatchUp(vec![BatchId("b".into())])));
}

#[test]
fn missed_messages_are_asked_for_by_number() {
    let mut connection = live();
    connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
    let news = |seq| Frame::CancelAnnounced {
        batch: BatchId("a".into()),
        seq: Some(seq),
    };
    for seq in [4, 9, 5] {
        connection.step(
            Input::Frame {
                channel: Channel::Multiplexed,
                epoch: Epoch(1),
                frame: news(seq),
            },
            NOW,
            1.0,
        );
    }
    connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
    connection.step(Input::Tick, NOW + 7_000, 1.0);
    let actions = connection.step(established(Channel::Multiplexed, 2), NOW + 7_100, 1.0);
    assert_eq!(
        sent(&actions),
        [ClientMessage::Subscribe(vec![(
            BatchId("a".into()),
            Some(9)
        )])]
    );
}

#[test]
fn a_refused_multiplexed_socket_leads_to_one_socket_a_batch() {
    let mut connection = Connection::default();
    connection.step(Input::Start, NOW, 1.0);
    connection.step(Input::Follow(ids(&["a", "b"])), NOW, 1.0);
    let actions = connection.step(closed(Channel::Multiplexed, 1), NOW + 10, 1.0);
    assert_eq!(connection.transport(), Transport::PerBatch);
    assert_eq!(
        opened(&actions),
        [
            Channel::Batch(BatchId("a".into())),
            Channel::Batch(BatchId("b".into()))
        ]
    );
    for name in ["a", "b"] {
        connection.step(
            established(Channel::Batch(BatchId(name.into())), 1),
            NOW + 20,
            1.0,
        );
    }
    assert_eq!(connection.health(), Health::Live);
}

#[test]
fn without_any_socket_running_batches_are_read_every_two_seconds() {
    let mut connection = Connection::default();
    connection.step(Input::Start, NOW, 1.0);
    connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
    connection.step(closed(Channel::Multiplexed, 1), NOW, 1.0);
    let batch = || Channel::Batch(BatchId("a".into()));
    connection.step(closed(batch(), 1), NOW, 1.0);
    connection.step(Input::Tick, NOW + 1_000, 1.0);
    connection.step(closed(batch(), 2), NOW + 1_000, 1.0);
    assert_eq!(connection.health(), Health::Polling(POLL_EVERY));
    let mut reads = 0;
    for ms in (1_000..21_000).step_by(100) {
        let actions = connection.step(Input::Tick, NOW + ms, 1.0);
        reads += actions
            .iter()
            .filter(|action| matches!(action, Action::CatchUp(_)))
            .count();
    }
    assert!((9..=11).contains(&reads), "{reads} reads in 20 s");
}

#[test]
fn a_better_way_is_tried_again_later() {
    let mut connection = Connection::new(Transport::Polling);
    connection.step(Input::Start, NOW, 1.0);
    let actions = connection.step(Input::Tick, NOW + UPGRADE_EVERY, 1.0);
    assert_eq!(opened(&actions), [Channel::Multiplexed]);
}

#[test]
fn looking_for_a_better_way_leaves_the_present_one_alone() {
    let mut connection = Connection::new(Transport::PerBatch);
    connection.step(Input::Start, NOW, 1.0);
    connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
    let batch = || Channel::Batch(BatchId("a".into()));
    connection.step(established(batch(), 1), NOW, 1.0);
    let later = NOW + UPGRADE_EVERY;
    connection.step(
        Input::Noise {
            channel: batch(),
            epoch: Epoch(1),
        },
        later,
        1.0,
    );
    let closes = |actions: &[Action]| {
        actions
            .iter()
            .any(|action| matches!(action, Action::Close { .. }))
    };
    let actions = connection.step(Input::Tick, later, 1.0);
    assert_eq!(opened(&actions), [Channel::Multiplexed]);
    assert!(!closes(&actions));
    assert!(
        !closes(&connection.step(closed(Channel::Multiplexed, 1), later, 1.0)),
        "refused again"
    );
    assert_eq!(
        (connection.transport(), connection.health()),
        (Transport::PerBatch, Health::Live)
    );
    connection.step(Input::Tick, later + UPGRADE_EVERY, 1.0);
    let actions = connection.step(
        established(Channel::Multiplexed, 2),
        later + UPGRADE_EVERY,
        1.0,
    );
    assert!(closes(&actions), "now the batch's own socket is not needed");
    assert_eq!(connection.transport(), Transport::Multiplexed);
}

#[test]
fn a_socket_that_has_worked_is_waited_for_and_polling_bridges_the_gap() {
    let mut connection = live();
    connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
    connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
    for epoch in 2..6 {
        let until = connection.deadline().unwrap();
        connection.step(Input::Tick, until, 1.0);
        connection.step(closed(Channel::Multiplexed, epoch), until, 1.0);
    }
    assert_eq!(connection.transport(), Transport::Multiplexed);
}

#[test]
fn hidden_or_offline_nothing_is_dialled_and_coming_back_dials_at_once() {
    let mut connection = live();
    connection.step(Input::Visible(false), NOW, 1.0);
    connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
    assert_eq!(opened(&connection.step(Input::Tick, NOW + 60_000, 1.0)), []);
    assert_eq!(
        opened(&connection.step(Input::Visible(true), NOW + 60_001, 1.0)),
        [Channel::Multiplexed]
    );
    connection.step(Input::Online(false), NOW + 60_002, 1.0);
    assert_eq!(connection.health(), Health::Offline);
    assert_eq!(
        opened(&connection.step(Input::Tick, NOW + 120_000, 1.0)),
        []
    );
    assert_eq!(
        opened(&connection.step(Input::Online(true), NOW + 120_001, 1.0)),
        [Channel::Multiplexed]
    );
}

#[test]
fn online_after_a_deliberate_stop_does_nothing() {
    let mut connection = live();
    connection.step(Input::Stop, NOW, 1.0);
    connection.step(Input::Online(false), NOW, 1.0);
    assert_eq!(opened(&connection.step(Input::Online(true), NOW, 1.0)), []);
}

#[test]
fn a_bad_token_stops_and_says_why_until_a_new_one_comes() {
    let mut connection = live();
    let refused = Input::Closed {
        channel: Channel::Multiplexed,
        epoch: Epoch(1),
        code: 4401,
    };
    let actions = connection.step(refused, NOW, 1.0);
    assert!(actions.contains(&Action::RenewToken));
    assert!(matches!(connection.health(), Health::Stopped(_)));
    assert_eq!(opened(&connection.step(Input::Tick, NOW + 60_000, 1.0)), []);
    let actions = connection.step(Input::Token(Some("new".into())), NOW + 60_000, 1.0);
    assert_eq!(opened(&actions), [Channel::Multiplexed]);
}

#[test]
fn a_server_that_likes_no_token_is_not_asked_for_one_after_another() {
    let mut connection = live();
    let refused = |epoch| Input::Closed {
        channel: Channel::Multiplexed,
        epoch: Epoch(epoch),
        code: 4401,
    };
    connection.step(refused(1), NOW, 1.0);
    connection.step(Input::Token(Some("new".into())), NOW, 1.0);
    let actions = connection.step(refused(2), NOW, 1.0);
    assert!(!actions.contains(&Action::RenewToken));
    assert!(matches!(connection.health(), Health::Stopped(_)));
}

#[test]
fn a_no_for_good_is_not_dialled_again_but_for_a_person() {
    for code in [1008, 3003, 4403] {
        let mut connection = live();
        let closed = Input::Closed {
            channel: Channel::Multiplexed,
            epoch: Epoch(1),
            code,
        };
        let actions = connection.step(closed, NOW, 1.0);
        assert!(!actions.contains(&Action::RenewToken), "{code}");
        assert!(matches!(connection.health(), Health::Stopped(_)), "{code}");
        let later = NOW + 10 * UPGRADE_EVERY;
        assert_eq!(opened(&connection.step(Input::Tick, later, 1.0)), []);
        let wanted = connection.step(Input::RetryNow, later, 1.0);
        assert_eq!(opened(&wanted), [Channel::Multiplexed]);
    }
}

#[test]
fn a_healthy_link_is_checked_by_a_slow_sweep() {
    let mut connection = live();
    connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
    let mut sweeps = 0;
    for second in 1..=60 {
        let now = NOW + second * SECOND;
        connection.step(
            Input::Noise {
                channel: Channel::Multiplexed,
                epoch: Epoch(1),
            },
            now,
            1.0,
        );
        let actions = connection.step(Input::Tick, now, 1.0);
        sweeps += actions
            .iter()
            .filter(|action| matches!(action, Action::CatchUp(_)))
            .count();
    }
    assert_eq!(sweeps, 2);
}
