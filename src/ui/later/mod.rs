//! Views whose code is in a part of the page that is loaded later, and what stands in their place until it is there.

mod extras;
mod history;
mod live;
mod load;

pub(in crate::ui) use self::load::{at_start, load};

use leptos::prelude::*;

use super::kit::{Button, Status, part};
use super::store::use_store;
use crate::app::parts::{Part, PartCode, PartState};
use crate::app::{Msg, Slice};
use crate::browser::driver::Driver;
use crate::browser::page;
use crate::domain::batch::BatchId;

/// A view of a later part.
#[derive(Clone, Debug, PartialEq)]
pub enum LaterView {
    CostPreview,
    RunningNow,
    LaunchDialog,
    CancelDialog,
    ProgressTracker,
    LiveBatch(BatchId),
    BatchHistory,
    BatchDetails(BatchId),
    BatchComparison([BatchId; 2]),
    ImportDialog,
    ViewsDialog,
    ShortcutsSheet,
    DebugPanel,
}

/// Makes the views of a part.
pub type Show = fn(LaterView) -> AnyView;

/// A part that has come.
#[derive(Clone, Copy)]
pub struct Loaded {
    /// What the model calls.
    pub code: PartCode,
    /// What the page shows.
    pub show: Show,
    /// What the driver needs for it.
    pub start: fn(&Driver),
}

impl LaterView {
    fn part(&self) -> Part {
        match self {
            Self::CostPreview
            | Self::RunningNow
            | Self::LaunchDialog
            | Self::CancelDialog
            | Self::ProgressTracker
            | Self::LiveBatch(_) => Part::Live,
            Self::BatchHistory | Self::BatchDetails(_) | Self::BatchComparison(_) => Part::History,
            Self::ImportDialog | Self::ViewsDialog | Self::ShortcutsSheet | Self::DebugPanel => {
                Part::Extras
            }
        }
    }

    /// It fills a place of the page, and people see that it is missing.
    fn is_place(&self) -> bool {
        matches!(
            self,
            Self::CostPreview
                | Self::ProgressTracker
                | Self::BatchHistory
                | Self::BatchDetails(_)
                | Self::BatchComparison(_)
        )
    }
}

/// A view of a part that may not be there yet. Until it is, its place says so; where the part cannot be had, how to go on.
#[component]
pub fn Later(
    /// What is to be shown.
    view: LaterView,
) -> AnyView {
    let store = use_store();
    let needed = view.part();
    let state = store.select(&[Slice::Parts], move |model| model.parts.state(needed));
    part(move || match (state.get(), store.shown_by(needed)) {
        (PartState::Loaded, Some(show)) => show(view.clone()),
        _ if !view.is_place() => ().into_any(),
        (PartState::Failed, _) => view! { <MissingPart part=needed /> }.into_any(),
        _ => view! { <Status class="muted" text="Loading…" /> }.into_any(),
    })
}

/// Says that a part could not be fetched, and how to go on.
#[component]
pub fn MissingPart(
    /// The part.
    part: Part,
) -> AnyView {
    let store = use_store();
    view! {
        <div class="fault" role="alert" data-testid="missing-part">
            <p>
                "This part of the page could not be loaded. You may be offline, or a newer version was installed. Nothing is lost."
            </p>
            <Button
                label="Try again"
                testid="load-part-again"
                on_press=move || store.send(Msg::PartRetried(part))
            />
            <Button label="Reload the page" class="button-link" on_press=page::reload />
        </div>
    }
    .into_any()
}

/// Says it where something was asked for whose part could not be fetched, and no place of the page shows that.
#[component]
pub fn MissingParts() -> AnyView {
    let missing = use_store().select(&[Slice::Parts, Slice::Route], |model| {
        Part::ALL.into_iter().find(|part| model.misses(*part))
    });
    part(move || {
        let notice = missing.get();
        notice
            .map(|part| view! { <MissingPart part /> }.into_any())
            .into_any()
    })
}
