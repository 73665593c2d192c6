//! An arbitrary message of a person or of the browser.

use batch_runner::app::Msg;
use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::lead_selector::scroll::Window;
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::day::Day;
use batch_runner::domain::history::{Grouping, HistoryColumn, HistoryQuery};
use batch_runner::domain::lead::{Enrichment, LeadFilter, LeadSort};
use batch_runner::domain::plan::Field;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::route::View;

use super::random::Random;
use super::{VERSIONS, batch_id};
use crate::world::World;

pub(super) fn a_message(random: &mut Random, world: &World) -> Msg {
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
