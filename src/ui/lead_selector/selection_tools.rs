//! Other ways of choosing: steps back and forth, the chosen ones alone, a list, a link; and how far reading all has come.

use leptos::prelude::*;

use super::oversize::Oversize;
use crate::app::lead_selector::selection::LINKED_UP_TO;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::text::grouped;
use crate::ui::kit::{Button, ErrorPanel, When};
use crate::ui::store::use_store;

/// The ways of choosing, and what is to be said about them.
#[component]
pub fn SelectionTools() -> AnyView {
    view! {
        <div class="choice-tools">
            <div class="choice-buttons" role="group" aria-label="Ways of choosing">
                <Steps />
                <OtherWays />
            </div>
            <Reading />
            <Oversize />
        </div>
    }
    .into_any()
}

/// One step back, and forth again.
#[component]
fn Steps() -> AnyView {
    let store = use_store();
    let no_undo = store.select(&[Slice::Choice], |model| !model.choice.can_undo());
    let no_redo = store.select(&[Slice::Choice], |model| !model.choice.can_redo());
    view! {
        <Button
            label="Undo"
            name="Undo the last step of choosing"
            testid="undo-choice"
            disabled=no_undo
            on_press=move || store.send(Msg::ChoiceUndone)
        />
        <Button
            label="Redo"
            name="Redo the step that was undone"
            testid="redo-choice"
            disabled=no_redo
            on_press=move || store.send(Msg::ChoiceRedone)
        />
    }
    .into_any()
}

/// The page the other way round, the chosen ones alone, a list, and a link.
#[component]
fn OtherWays() -> AnyView {
    let store = use_store();
    let paged = store.select(&[Slice::Leads], |model| !model.leads.is_scrolled());
    let only = store.select(&[Slice::Route], |model| model.route.leads.only_chosen);
    let linkable = store.select(&[Slice::Choice], |model| {
        (1..=LINKED_UP_TO).contains(&model.choice.selection.len())
    });
    let only_label = Signal::derive(move || {
        let label = match only.get() {
            true => "Show all leads",
            false => "Show only chosen",
        };
        label.to_owned()
    });
    view! {
        <When so=paged>
            <Button
                label="Invert page"
                testid="invert-page"
                on_press=move || store.send(Msg::PageInverted)
            />
        </When>
        <Button
            label=only_label
            testid="only-chosen"
            on_press=move || store.send(Msg::OnlyChosenAsked(!only.get_untracked()))
        />
        <Button
            label="Bring a list"
            testid="bring-list"
            on_press=move || store.send(Msg::BringOpened(true))
        />
        <When so=linkable>
            <Button
                label="Copy link"
                testid="copy-link"
                on_press=move || store.send(Msg::LinkAsked)
            />
        </When>
    }
    .into_any()
}

/// How far the reading of all matching leads has come.
#[component]
fn Reading() -> AnyView {
    let store = use_store();
    let busy = store.select(&[Slice::Choice], |model| model.choice.gathering.is_some());
    let progress = store.select(&[Slice::Choice], |model| {
        let Some(gathering) = &model.choice.gathering else {
            return String::new();
        };
        let read = grouped(gathering.read.into());
        match gathering.total {
            Some(total) => format!(
                "Reading which leads these are: {read} of {}.",
                grouped(total.into())
            ),
            None => "Reading which leads were chosen…".to_owned(),
        }
    });
    let error = store.select(&[Slice::Choice], |model| {
        model.choice.gathering.as_ref()?.error.clone()
    });
    view! {
        <When so=busy>
            <div class="notice choice-reading">
                <p class="">{progress}</p>
                <Button
                    label="Stop"
                    testid="stop-gathering"
                    on_press=move || store.send(Msg::GatheringStopped)
                />
            </div>
            <ErrorPanel
                of=Slot::Gathering
                error
                on_retry=move || store.send(Msg::GatheringRetried)
            />
        </When>
    }
    .into_any()
}
