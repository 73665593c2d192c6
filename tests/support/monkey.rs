//! Arbitrary facts in arbitrary order. Nothing is expected but what must always hold; [`World`] checks it at each step.

use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::lead_selector::scroll::Window;
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::app::{Msg, SocketEvent};
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::day::Day;
use batch_runner::domain::history::{Grouping, HistoryColumn, HistoryQuery};
use batch_runner::domain::lead::{Enrichment, LeadFilter, LeadSort};
use batch_runner::domain::plan::Field;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::machine::link::Epoch;
use batch_runner::route::View;
use batch_runner::wire::rest::Method;
use serde_json::{Value, json};

use super::server::{Answer, Server};
use super::world::World;

const SEEDS: u64 = 50;
const STEPS: u32 = 2_000;

/// A linear congruential generator (Knuth's MMIX constants): the same seed is the same walk on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn small(&mut self, end: u32) -> u32 {
        u32::try_from(self.below(u64::from(end))).unwrap_or_default()
    }

    fn of<T: Clone>(&mut self, items: &[T]) -> T {
        let at = usize::try_from(self.below(items.len() as u64)).unwrap_or_default();
        items[at].clone()
    }
}

const VERSIONS: [&str; 4] = ["v1", "2.0.0", "simple", "no-such"];

fn batch_id(random: &mut Random, world: &World) -> String {
    let known: Vec<_> = world
        .server
        .batches
        .iter()
        .filter_map(|batch| batch["id"].as_str())
        .collect();
    if known.is_empty() || random.one_in(8) {
        "stranger".into()
    } else {
        random.of(&known).to_owned()
    }
}

fn a_message(random: &mut Random, world: &World) -> Msg {
    let batch = BatchId(batch_id(random, world));
    let flag = random.one_in(2);
    let version = TemplateVersion(random.of(&VERSIONS).into());
    let view = random.of(&[View::New, View::Running, View::History]);
    match random.below(46) {
        0 => Msg::SignInSubmitted {
            email: "olive@example".into(),
            password: "x".into(),
        },
        1 if random.one_in(10) => Msg::SignOutAsked,
        2 => Msg::TokenChanged(flag.then(|| "good".into())),
        3 => Msg::Online(!random.one_in(3)),
        4 => Msg::Visible(!random.one_in(3)),
        5 => Msg::Navigated(
            random
                .of(&[
                    "",
                    "template=v1",
                    "view=history&hpage=2",
                    "q=7&batch=b1",
                    "page=3",
                ])
                .into(),
        ),
        6 => Msg::ViewOpened(view),
        7 => Msg::SearchTyped(random.of(&["", "Company 1", "7", "%", "שלום"]).into()),
        8 => {
            let enrichment = flag.then_some(Enrichment::Failed);
            Msg::LeadFilterChanged(LeadFilter {
                enrichment,
                ..LeadFilter::default()
            })
        }
        9 => Msg::SortChosen(random.of(&LeadSort::ALL)),
        10 => Msg::PageChosen(random.small(9)),
        11 => Msg::PageSizeChosen(random.of(&[25, 50, 100, 7, 0])),
        12 => Msg::LeadsRetried,
        13..=17 => Msg::LeadToggled {
            lead: World::lead(1 + random.small(30)),
            chosen: flag,
            range: random.one_in(4),
        },
        18 => Msg::PageToggled(flag),
        19 => random.of(&[
            Msg::AllMatchingAsked,
            Msg::GatheringStopped,
            Msg::GatheringRetried,
            Msg::PageInverted,
            Msg::OnlyChosenAsked(flag),
        ]),
        20 => random.of(&[
            Msg::ChoiceCleared,
            Msg::ChoiceCut(Cut::First(5)),
            Msg::ChoiceCut(Cut::Random(7)),
        ]),
        21 => random.of(&[
            Msg::ChoiceUndone,
            Msg::ChoiceRedone,
            Msg::RowsShown(Window {
                first: 40,
                last: 70,
            }),
        ]),
        22 => Msg::TemplateChosen(version),
        23 => Msg::TemplatesRetried,
        24 => {
            let field = random.of(&[
                Field::Name,
                Field::Description,
                Field::MaxConcurrent,
                Field::RetryCount,
                Field::Price,
            ]);
            Msg::SettingTyped(field, random.of(&["3", "", "a\u{0}b", "99"]).into())
        }
        25 => Msg::PriceRetried,
        26 => Msg::GoneLeadsDropped,
        27..=29 => Msg::ReviewAsked,
        30..=32 => Msg::Approved,
        33 => Msg::LaunchCheckedAgain,
        34 => Msg::LaunchDismissed,
        35 => Msg::CancelAsked(batch),
        36 => Msg::CancelConfirmed(batch),
        37 => Msg::BatchDismissed(batch),
        38 => {
            let status = flag.then_some(BatchStatus::Failed);
            let template = random.one_in(3).then_some(version);
            Msg::HistoryAsked(HistoryQuery {
                status,
                template,
                mine: random.one_in(2),
                pinned: random.one_in(4),
                search: random.of(&["", "", "b", "olive"]).into(),
                from: random.one_in(4).then_some(Day(20_780)),
                to: random.one_in(4).then_some(Day(20_800)),
                sort: random.of(&HistoryColumn::ALL),
                ascending: random.one_in(3),
                group: random.of(&Grouping::ALL),
                page: random.small(4),
            })
        }
        39 => random.of(&[
            Msg::HistoryRetried,
            Msg::PastSearchTyped("b".into()),
            Msg::BatchTicked(batch.clone(), flag),
            Msg::ComparisonAsked(flag.then(|| [batch.clone(), BatchId("b1".into())])),
            Msg::TrendAsked(flag.then_some(30)),
            Msg::BatchPinned(batch.clone(), flag),
            Msg::NoteWritten(batch.clone(), "n".into()),
        ]),
        40 => Msg::BatchOpened(flag.then_some(batch)),
        41 => Msg::RerunAsked(batch, RerunWhat::All),
        42 => Msg::RetryNow,
        43 => Msg::ToastDismissed(random.small(50)),
        44 => Msg::StorageFailed("full".into()),
        _ => Msg::CancelDropped,
    }
}

/// Frames may be late, repeated, foreign or rubbish; only the total of a batch is what it is.
fn a_frame(random: &mut Random, world: &World) -> String {
    let id = batch_id(random, world);
    let total = world
        .server
        .batches
        .iter()
        .find(|batch| batch["id"] == id.as_str());
    let total = total
        .and_then(|batch| batch["total_leads"].as_u64())
        .unwrap_or(5);
    let done = random.below(total + 2);
    let seq = random.below(100);
    let frame: Value = match random.below(12) {
        0 => json!({"type": "connection_established"}),
        1 => json!({"type": "auth_required"}),
        2 => json!({"type": "subscribed", "batch_ids": [], "unknown": [id]}),
        3 => json!({"type": "gap", "batch_id": id}),
        4 => {
            json!({"type": "batch_completed", "batch_id": id, "total_leads": total, "successful": done, "failed": 0})
        }
        5 => {
            json!({"type": "batch_error", "batch_id": id, "error_code": "USER_CANCELLED", "error_message": "x"})
        }
        6 => {
            json!({"type": "batch_error", "batch_id": id, "error_code": "BATCH_PROCESSING_ERROR", "error_message": "x"})
        }
        7 => {
            json!({"type": "lead_update", "batch_id": id, "lead_id": "lead-001", "status": "failed", "error_code": "E"})
        }
        8 => {
            json!({"type": "progress_update", "batch_id": id, "processed": 1e99, "total": null, "failed": -3})
        }
        9 => {
            return random
                .of(&["", "{", "[]", "null", r#"{"type":7}"#])
                .to_owned();
        }
        _ => json!({"type": "progress_update", "batch_id": id, "total": total, "processed": done,
            "successful": done, "failed": 0, "seq": seq}),
    };
    frame.to_string()
}

fn an_answer(random: &mut Random) -> Answer {
    let detail = json!({"detail": "Internal server error"});
    let answer = match random.below(13) {
        0 => Answer::Http(500, detail),
        1 => Answer::Http(502, detail),
        2 => Answer::Http(503, detail),
        3 => Answer::Http(401, detail),
        4 => Answer::Http(403, detail),
        5 => Answer::Http(404, detail),
        6 => Answer::Http(
            422,
            json!({"detail": [{"loc": ["body", "name"], "msg": "no"}]}),
        ),
        7 => Answer::Limited(random.one_in(2).then_some(2)),
        8 => Answer::LostAfterActing,
        9 => Answer::Lost,
        10 => Answer::Timeout,
        11 => Answer::Offline,
        _ => Answer::Text(
            200,
            random.of(&[
                "",
                "{}",
                "[]",
                "<html>",
                r#"{"leads":[{}],"total_count":1}"#,
            ]),
        ),
    };
    let delay = i64::from(random.small(8_000));
    if random.one_in(2) {
        Answer::Late(delay, Box::new(answer))
    } else {
        answer
    }
}

fn the_server_changes(random: &mut Random, world: &mut World) {
    let version = random.of(&VERSIONS).to_owned();
    let server = &mut world.server;
    match random.below(9) {
        0 => server
            .templates
            .retain(|template| template["version"] != version.as_str() || server_keeps(&version)),
        1 => server.templates = Server::default().templates,
        2 => server.price_each = 0.25 * (1 + random.below(4)) as f64,
        3 => server.within_budget = !random.one_in(3),
        4 => {
            server.gone = (0..random.below(3))
                .map(|n| format!("lead-{:03}", n + 1))
                .collect()
        }
        5 => server.good_token = random.of(&["good", "good", "newer"]).into(),
        6 => server.has_multiplexed = !random.one_in(3),
        7 => server.has_per_batch = !random.one_in(3),
        _ => {
            let total = server.batches.len();
            if total > 0 {
                let at = usize::try_from(random.below(total as u64)).unwrap_or_default();
                let leads = server.batches[at]["total_leads"]
                    .as_u64()
                    .unwrap_or_default();
                let id = server.batches[at]["id"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                let done = u32::try_from(random.below(leads + 1)).unwrap_or_default();
                server.set(
                    &id,
                    random.of(&["running", "running", "completed", "failed", "cancelled"]),
                    done,
                );
            }
        }
    }
}

/// One template always stays, so that something can be started.
fn server_keeps(version: &str) -> bool {
    version == "v1"
}

/// What people mean to do, with something in between at any point.
fn a_purchase(random: &mut Random, world: &mut World) {
    let steps = [
        Msg::SignInSubmitted {
            email: "olive@example".into(),
            password: "x".into(),
        },
        Msg::Online(true),
        Msg::TemplatesRetried,
        Msg::TemplateChosen(TemplateVersion("v1".into())),
        Msg::LeadToggled {
            lead: World::lead(20),
            chosen: true,
            range: false,
        },
        Msg::GoneLeadsDropped,
        Msg::ReviewAsked,
        Msg::Approved,
        Msg::Approved,
    ];
    for step in steps {
        world.tell(step);
        if random.one_in(12) {
            let msg = a_message(random, world);
            world.tell(msg);
        }
        world.run(i64::from(random.small(1_500)));
    }
}

fn walk(seed: u64) -> usize {
    let mut random = Random(seed);
    let mut world = World::new();
    world.server.leads.truncate(30);
    world.server.batches = vec![
        Server::batch("b1", "running", 20, 3),
        Server::batch("b2", "completed", 5, 5),
    ];
    world.open("");
    let parts = [
        "/",
        "/v1/leads",
        "/preview",
        "/batch/start",
        "/batch?",
        "/status",
        "/cancel",
        "/templates",
        "/login",
    ];
    for _ in 0..STEPS {
        match random.below(20) {
            0..=9 => {
                let msg = a_message(&mut random, &world);
                world.tell(msg);
            }
            10..=11 => {
                let open: Vec<_> = world.sockets.iter().rev().take(4).cloned().collect();
                if !open.is_empty() {
                    let socket = random.of(&open);
                    let epoch = if random.one_in(10) {
                        Epoch(99)
                    } else {
                        socket.epoch
                    };
                    let channel = socket.channel;
                    let event = match random.below(8) {
                        0 => SocketEvent::Closed {
                            channel,
                            epoch,
                            code: if random.one_in(9) { 4401 } else { 1006 },
                        },
                        1 => SocketEvent::Binary { channel, epoch },
                        _ => SocketEvent::Message {
                            channel,
                            epoch,
                            text: a_frame(&mut random, &world),
                        },
                    };
                    world.tell(Msg::Sockets(vec![event]));
                }
            }
            12 => the_server_changes(&mut random, &mut world),
            13 => {
                let method = if random.one_in(2) {
                    Method::Get
                } else {
                    Method::Post
                };
                let answer = an_answer(&mut random);
                world.server.once(method, random.of(&parts), [answer]);
            }
            14 if random.one_in(4) => world.server.mend(),
            15 => {
                let timers = world.timers();
                if !timers.is_empty() {
                    let timer = random.of(&timers);
                    world.fire(timer);
                }
            }
            16 if random.one_in(40) => {
                world = world.reload();
                world.open(random.of(&["", "view=history", "batch=b1"]));
            }
            17 if random.one_in(5) => a_purchase(&mut random, &mut world),
            _ => world.run(i64::from(random.small(2_000))),
        }
    }
    world.server.batches.len() - 2
}

/// Prevents: some order of clicks, answers, frames and faults that nobody thought of panics, buys twice, buys for a price
/// of something else, or turns counts back.
#[test]
fn no_order_of_events_breaks_what_must_always_hold() {
    let mut started = 0;
    for seed in 0..SEEDS {
        // The output of a failing test names the walk to repeat.
        println!("seed {seed}");
        started += walk(seed);
    }
    println!("{started} batches were started");
    assert!(
        started > SEEDS as usize,
        "the walks start batches: {started}"
    );
}
