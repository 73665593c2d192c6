//! More than a batch takes: said here, before anybody waits for a price.

use leptos::prelude::*;

use crate::app::lead_selector::selection::Cut;
use crate::app::{Model, Msg, Slice};
use crate::domain::cost::MAX_LEADS;
use crate::domain::plan::BATCHES_MAX;
use crate::domain::text::{counted, grouped};
use crate::ui::kit::{Button, When};
use crate::ui::store::use_store;

/// A choice that is too large for one batch.
#[derive(Clone, Default, PartialEq)]
struct Excess {
    /// How many leads are chosen.
    leads: usize,
    /// In which order they are taken.
    order: String,
    /// Into what they are split, if somebody asked for that.
    split: Option<Split>,
}

/// Several batches in place of one.
#[derive(Clone, Default, PartialEq)]
struct Split {
    batches: usize,
    /// How many leads all batches take.
    taken: usize,
    /// How many batches were started already.
    begun: u32,
}

impl Excess {
    /// Nothing where all chosen leads fit into one batch.
    fn of(model: &Model) -> Option<Self> {
        let (choice, query) = (&model.choice, &model.route.leads);
        let split = choice.split.as_ref();
        let (sort, descending) = split.map_or((query.sort, query.descending), |split| {
            (split.order.sort, split.order.descending)
        });
        let excess = Self {
            leads: choice.selection.len(),
            order: format!("by “{}”, {}", sort.label(), sort.way(descending)),
            split: split.map(|split| Split {
                batches: choice.batch_count(),
                taken: choice.batch_len(),
                begun: split.order.begun.as_ref().map_or(0, |(_, begun)| *begun),
            }),
        };
        (excess.leads > MAX_LEADS || excess.split.is_some()).then_some(excess)
    }

    fn text(&self) -> String {
        let most = grouped(MAX_LEADS as u64);
        let Some(split) = &self.split else {
            let leads = counted(self.leads, "lead");
            return format!(
                "{leads} are chosen; a batch takes at most {most}. Split them into batches, keep some, or narrow the \
                 choice down."
            );
        };
        let begun = match split.begun {
            0 => String::new(),
            1 => "1 batch was started already; the rest: ".to_owned(),
            some => format!("{some} batches were started already; the rest: "),
        };
        let batches = match split.batches {
            1 => "1 batch".to_owned(),
            some => format!("{some} batches of up to {most}"),
        };
        let more = match self.leads - split.taken {
            0 => String::new(),
            more => format!(" The other {} stay chosen.", grouped(more as u64)),
        };
        let (taken, order) = (counted(split.taken, "lead"), &self.order);
        format!(
            "{begun}{taken} in {batches}, {order}. They are priced together, approved once and started one after the \
             other.{more}"
        )
    }
}

/// Says that more leads are chosen than a batch takes, and what can be done about it.
#[component]
pub fn Oversize() -> AnyView {
    let store = use_store();
    let excess = store.select(&[Slice::Choice, Slice::Route], Excess::of);
    let shown = Signal::derive(move || excess.with(Option::is_some));
    let is_split = Signal::derive(move || {
        let split = |excess: &Excess| excess.split.is_some();
        excess.with(|excess| excess.as_ref().is_some_and(split))
    });
    // The element stays while its words change: so a screen reader speaks them.
    let text = move || excess.with(|excess| excess.as_ref().map(Excess::text).unwrap_or_default());
    let text = Signal::derive(text);
    let order = Signal::derive(move || excess.get().unwrap_or_default().order);
    let batches = Signal::derive(move || {
        let leads = excess.get().unwrap_or_default().leads;
        leads.div_ceil(MAX_LEADS).min(BATCHES_MAX)
    });
    view! {
        <When so=shown>
            <div class="notice too-many" role="status" data-testid="too-many">
                <p class="">{text}</p>
                <When so=is_split otherwise=move || view! { <WaysOut order batches /> }.into_any()>
                    <Button
                        label="Do not split"
                        testid="split-off"
                        on_press=move || store.send(Msg::SplitAsked(false))
                    />
                </When>
            </div>
        </When>
    }
    .into_any()
}

/// Several batches, or fewer leads.
#[component]
fn WaysOut(
    /// In which order the leads are taken.
    order: Signal<String>,
    /// Into how many batches they would go.
    batches: Signal<usize>,
) -> AnyView {
    let store = use_store();
    let most = grouped(MAX_LEADS as u64);
    let random = format!("Keep a random {most}");
    let split = move || format!("Split into {} batches {}", batches.get(), order.get());
    let first = move || format!("Keep the first {most} {}", order.get());
    view! {
        <Button
            label=Signal::derive(split)
            testid="split"
            on_press=move || store.send(Msg::SplitAsked(true))
        />
        <Button
            label=Signal::derive(first)
            testid="keep-first"
            on_press=move || store.send(Msg::ChoiceCut(Cut::First(MAX_LEADS)))
        />
        <Button
            label=random
            testid="keep-random"
            on_press=move || store.send(Msg::ChoiceCut(Cut::Random(MAX_LEADS)))
        />
    }
    .into_any()
}
