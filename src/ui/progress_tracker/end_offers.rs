//! How the end of a batch is told: offered while something runs, and never asked for by itself.

use leptos::prelude::*;

use crate::app::notifications::background::Permission;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, Toggle, When};
use crate::ui::selected::select;
use crate::ui::store::use_store;

/// Offers a notice of the browser and a sound for when a batch ends.
#[component]
pub fn EndOffers() -> AnyView {
    let store = use_store();
    let runs = store.select(&[Slice::Batches], |model| model.batches.running() > 0);
    let can_ask = store.select(&[Slice::Away], |model| {
        model.away.permission == Permission::Open
    });
    let sound = store.select(&[Slice::Away], |model| model.away.sound);
    // Whoever hears it can switch it off.
    let has_sound = select(move || runs.get() || sound.get());
    let has_notices = select(move || runs.get() && can_ask.get());
    view! {
        <When so=has_notices>
            <Button
                label="Tell me when a batch ends while this page is hidden"
                class="button-link"
                testid="ask-notices"
                on_press=move || store.send(Msg::NoticesAsked)
            />
        </When>
        <When so=has_sound>
            <SoundSwitch sound=sound />
        </When>
    }
    .into_any()
}

#[component]
fn SoundSwitch(
    /// Whether the end of a batch is heard.
    #[prop(into)]
    sound: Signal<bool>,
) -> AnyView {
    let store = use_store();
    let state = Signal::derive(move || if sound.get() { ": on" } else { ": off" }.to_owned());
    view! {
        <Toggle
            pressed=sound
            testid="sound"
            on_press=move || store.send(Msg::SoundSwitched(!sound.get_untracked()))
        >
            "Sound when a batch ends"
            // For the eye; who listens hears whether it is pressed.
            <span aria-hidden="true">{state}</span>
        </Toggle>
    }
    .into_any()
}
