//! One batch as it runs.

use leptos::prelude::*;

use super::Extent;
use super::bar::{ProgressBar, counts_words};
use super::figures::Figures;
use super::news::{Freshness, Troubles};
use crate::app::progress_tracker::batches::Tracking;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::shortened;
use crate::route::Route;
use crate::ui::kit::{Button, Foreign, Link, StateBadge, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::{Store, use_store};

/// The longest name that a card shows, in characters.
pub const NAME_SHOWN: usize = 90;

/// One batch: how far it is, what it does, and how to stop it.
#[component]
pub fn BatchCard(
    /// The batch.
    id: BatchId,
    /// How much is told of it.
    extent: Extent,
    /// Whether it stands below the heading of a group.
    #[prop(optional)]
    in_group: bool,
) -> AnyView {
    let store = use_store();
    let (for_bar, for_words) = (id.clone(), id.clone());
    // The bar moves with every message; what is read in words waits for the beat.
    let done = store.select(&[Slice::Batches], move |model| {
        let tracking = model.batches.get(&for_bar);
        tracking.map_or_else(Default::default, |tracking| tracking.batch.counts)
    });
    let told = select(move || {
        store.beat();
        store.peek(|model| model.batches.get(&for_words).cloned())
    });
    let head = select(move || {
        told.with(|told| {
            let head = |tracking| Head::of(store, tracking);
            told.as_deref().map(head).unwrap_or_default()
        })
    });
    let words =
        |read: fn(&Head) -> &String| Signal::derive(move || head.with(|head| read(head).clone()));
    let counts = select(move || {
        let words = |tracking: &Tracking| counts_words(tracking.batch.counts);
        told.with(|told| told.as_deref().map(words).unwrap_or_default())
    });
    let is_ended = Signal::derive(move || head.with(|head| head.is_ended));
    let bar_label = Signal::derive(move || head.with(|head| format!("Progress of {}", head.title)));
    let data_id = id.0.clone();
    let is_page = extent == Extent::Page;
    let title = (!is_page).then(|| {
        let title = words(|head| &head.title);
        view! { <CardTitle title in_group /> }.into_any()
    });
    let more = match extent {
        Extent::Glance => {
            let starter = words(|head| &head.starter);
            view! { <p class="card-starter muted">{starter}</p> }.into_any()
        }
        Extent::Full | Extent::Page => view! { <Figures told /> }.into_any(),
    };
    view! {
        <article
            class="card"
            class:is-ended=is_ended
            data-testid="active-batch"
            data-batch-id=data_id
        >
            <header class="card-head">
                {title} <StateBadge code=words(|head| &head.code) text=words(|head| &head.words) />
            </header>
            <ProgressBar label=bar_label words=counts counts=done testid="progress-bar" />
            <p class="card-counts" data-testid="batch-counts" translate="no">
                {counts}
            </p>
            <Freshness told extent />
            <Troubles told extent />
            {more}
            <CardActions id head is_page />
        </article>
    }
    .into_any()
}

/// The heading of a card.
#[component]
fn CardTitle(
    /// The name of the batch.
    title: Signal<String>,
    /// Whether it stands below the heading of a group.
    in_group: bool,
) -> AnyView {
    let name = view! { <Foreign text=title /> };
    match in_group {
        true => view! {
            <h4 class="card-title" translate="no">
                {name}
            </h4>
        }
        .into_any(),
        false => view! {
            <h3 class="card-title" translate="no">
                {name}
            </h3>
        }
        .into_any(),
    }
}

/// What can be done with the batch.
#[component]
fn CardActions(
    /// The batch.
    id: BatchId,
    /// What is told of it.
    head: Selected<Head>,
    /// Whether this is the batch's own page.
    is_page: bool,
) -> AnyView {
    let store = use_store();
    let named = select(move || head.with(|head| (head.title.clone(), head.is_ended)));
    let cannot_cancel = Signal::derive(move || head.with(|head| !head.can_cancel));
    let actions = move || {
        let (title, is_ended) = named.get();
        let (for_open, for_cancel, for_dismiss) = (id.clone(), id.clone(), id.clone());
        let open = (!is_page).then(|| {
            let to = move |here: &Route| here.at_batch(Some(for_open.clone()));
            let name = format!("Details of {title}");
            view! {
                <Link to class="button" name>
                    {"Details"}
                </Link>
            }
            .into_any()
        });
        // It stays while it does nothing, and keeps the focus.
        let cancel = (!is_ended).then(|| {
            let ask = move || store.send(Msg::CancelAsked(for_cancel.clone()));
            let name = format!("Cancel {title}");
            view! {
                <Button
                    label="Cancel"
                    name
                    testid="cancel-batch"
                    disabled=cannot_cancel
                    on_press=ask
                />
            }
            .into_any()
        });
        let dismiss = (is_ended && !is_page).then(|| {
            let put_away = move || store.send(Msg::BatchDismissed(for_dismiss.clone()));
            let name = format!("Put away: {title}");
            view! { <Button label="Put away" name on_press=put_away /> }.into_any()
        });
        view! {
            {open}
            {cancel}
            {dismiss}
        }
        .into_any()
    };
    view! { <div class="card-actions">{part(actions)}</div> }.into_any()
}

/// What changes seldom on a card.
#[derive(Clone, Default, PartialEq)]
struct Head {
    title: String,
    words: String,
    code: String,
    is_ended: bool,
    can_cancel: bool,
    /// Who started it, where that is somebody else.
    starter: String,
}

impl Head {
    fn of(store: Store, tracking: &Tracking) -> Self {
        let starter = store.peek(|model| model.starter(&tracking.batch));
        Self {
            starter: starter.map_or_else(String::new, |name| format!("Started by {name}")),
            title: shortened(&tracking.batch.title(), NAME_SHOWN),
            words: tracking.state_words().to_owned(),
            code: tracking.batch.status.code().to_owned(),
            is_ended: tracking.batch.status.is_terminal(),
            can_cancel: tracking.can_cancel(),
        }
    }
}
