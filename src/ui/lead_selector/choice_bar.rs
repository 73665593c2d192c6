//! How many leads are chosen, and what can be done with all of them.

use crate::app::cost_preview::price::PriceView;
use crate::app::lead_selector::selection::{Cut, LINKED_UP_TO};
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::MAX_LEADS;
use crate::domain::plan::BATCHES_MAX;
use crate::domain::text::{counted, grouped};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::fault::fault;
use crate::ui::parts::focus::go_to;
use crate::ui::parts::kit::{button, para};
use crate::ui::store::Store;

const CHOICE: &[Slice] = &[Slice::Choice, Slice::Leads, Slice::Route];

/// The count, the way to the price, all at once and none.
pub fn choice_bar(store: Store) -> Element {
    let words = store.watch(CHOICE, |model| model.choice_words());
    let origin = store.watch(CHOICE, |model| model.provenance_words());
    let empty = store.watch(&[Slice::Choice], |model| model.choice.selection.is_empty());
    // While other leads are being read, the old count would be a wrong one.
    let counting = store.watch(&[Slice::Leads], |model| model.leads.page.is_loading());
    let total = store.watch(&[Slice::Leads], |model| model.leads.total().unwrap_or(0));
    let filtered = store.watch(&[Slice::Route], |model| {
        !model.route.leads.filter.is_empty()
    });
    let only_chosen = store.watch(&[Slice::Route], |model| model.route.leads.only_chosen);
    let busy = store.watch(&[Slice::Choice], |model| model.choice.gathering.is_some());
    let all_label = follow(move || {
        let noun = if filtered.get() {
            "matching lead"
        } else {
            "lead"
        };
        match (busy.get(), counting.get()) {
            (true, _) => "Choosing…".to_owned(),
            (_, true) => "Counting…".to_owned(),
            _ => format!("Select all {}", counted(total.get() as usize, noun)),
        }
    });
    let idle = move || busy.get() || counting.get() || only_chosen.get() || total.get() == 0;
    let all = button(all_label, move || store.send(Msg::AllMatchingAsked))
        .testid("select-all-matching")
        .disabled(follow(idle));
    // Beside the table the price is in view anyway; below it, on a narrow screen, it is a long way off.
    let price = store.watch(&[Slice::Choice, Slice::Compose], |model| {
        match model.price_view() {
            PriceView::Fresh(quote) => format!("Price: {}", quote.total()),
            PriceView::NothingChosen => String::new(),
            _ => "Price".to_owned(),
        }
    });
    let to_price = dynamic(move || {
        let to_price = || {
            button(price, || go_to("price"))
                .class("button button-primary to-price")
                .view()
        };
        (!empty.get()).then(to_price)
    });
    let clear = dynamic(move || {
        let clear = || {
            button("Clear", move || store.send(Msg::ChoiceCleared))
                .testid("clear-selection")
                .view()
        };
        (!empty.get()).then(clear)
    });
    let origin = dynamic(move || {
        let words = origin.get();
        (!words.is_empty()).then(|| {
            el("p")
                .class("choice-origin muted")
                .testid("choice-origin")
                .child(words)
        })
    });
    let count = el("p").class("choice-count").testid("selection-count");
    let told = el("div")
        .class("choice-told")
        .child(count.child(words))
        .child(origin);
    el("div")
        .class("choice-bar")
        .child(told)
        .child([to_price, all.view(), clear])
}

/// Steps back and forth, the chosen ones alone, and what to do about too many.
pub fn choice_tools(store: Store) -> Element {
    let can_undo = store.watch(&[Slice::Choice], |model| model.choice.can_undo());
    let can_redo = store.watch(&[Slice::Choice], |model| model.choice.can_redo());
    let only = store.watch(&[Slice::Route], |model| model.route.leads.only_chosen);
    let scrolled = store.watch(&[Slice::Leads], |model| model.leads.is_scrolled());
    let undo = button("Undo", move || store.send(Msg::ChoiceUndone))
        .testid("undo-choice")
        .named("Undo the last step of choosing".to_owned())
        .disabled(follow(move || !can_undo.get()));
    let redo = button("Redo", move || store.send(Msg::ChoiceRedone))
        .testid("redo-choice")
        .named("Redo the step that was undone".to_owned())
        .disabled(follow(move || !can_redo.get()));
    let invert = dynamic(move || {
        let invert = || {
            let invert = button("Invert page", move || store.send(Msg::PageInverted));
            invert.testid("invert-page").view()
        };
        (!scrolled.get()).then(invert)
    });
    let label = follow(move || match only.get() {
        true => "Show all leads".to_owned(),
        false => "Show only chosen".to_owned(),
    });
    let only = button(label, move || {
        store.send(Msg::OnlyChosenAsked(!only.get_untracked()))
    });
    let bring = button("Bring a list", move || store.send(Msg::BringOpened(true)));
    let small = store.watch(&[Slice::Choice], |model| {
        (1..=LINKED_UP_TO).contains(&model.choice.selection.len())
    });
    let link = dynamic(move || {
        let link = || button("Copy link", move || store.send(Msg::LinkAsked));
        small.get().then(|| link().testid("copy-link").view())
    });
    let buttons = el("div")
        .class("choice-buttons")
        .attr("role", "group")
        .attr("aria-label", "Ways of choosing")
        .child([undo.view(), redo.view(), invert])
        .child([
            only.testid("only-chosen").view(),
            bring.testid("bring-list").view(),
            link,
        ]);
    el("div")
        .class("choice-tools")
        .child(buttons)
        .child([reading(store), too_many(store)])
}

/// How far the reading of all matching leads has come.
fn reading(store: Store) -> Node {
    let progress = store.watch(&[Slice::Choice], |model| {
        let gathering = model.choice.gathering.as_ref()?;
        let read = grouped(gathering.read.into());
        Some(match gathering.total {
            Some(total) => format!(
                "Reading which leads these are: {read} of {}.",
                grouped(total.into())
            ),
            None => "Reading which leads were chosen…".to_owned(),
        })
    });
    let error = store.watch(&[Slice::Choice], |model| {
        model.choice.gathering.as_ref()?.error.clone()
    });
    let busy = follow(move || progress.get().is_some());
    dynamic(move || {
        busy.get()
            .then(|| {
                let words = follow(move || progress.get().unwrap_or_default());
                let stop = button("Stop", move || store.send(Msg::GatheringStopped));
                let line = el("div")
                    .class("notice choice-reading")
                    .child(para("", words))
                    .child(stop.testid("stop-gathering").view());
                let retry = move || store.send(Msg::GatheringRetried);
                [line.into(), fault(store, Slot::Gathering, error, retry)]
            })
            .map(Vec::from)
    })
}

/// More than a batch takes: said here, before anybody waits for a price.
fn too_many(store: Store) -> Node {
    let chosen = store.watch(&[Slice::Choice, Slice::Route], |model| {
        let choice = &model.choice;
        let query = &model.route.leads;
        let split = choice.split.as_ref();
        let (sort, descending) = split.map_or((query.sort, query.descending), |split| {
            (split.order.sort, split.order.descending)
        });
        let order = format!("by “{}”, {}", sort.label(), sort.way(descending));
        let count = choice.selection.len();
        let batches = split.map(|split| {
            let begun = split
                .order
                .begun
                .as_ref()
                .map_or(0, |(_, started)| *started);
            (choice.batch_count(), choice.batch_len(), begun)
        });
        (count > MAX_LEADS || batches.is_some()).then_some((count, batches, order))
    });
    dynamic(move || {
        chosen.get().map(|(count, split, order)| {
            let most = grouped(MAX_LEADS as u64);
            let batches = count.div_ceil(MAX_LEADS).min(BATCHES_MAX);
            let leads = counted(count, "lead");
            let notice = el("div")
                .class("notice too-many")
                .attr("role", "status")
                .testid("too-many");
            if let Some((batches, taken, begun)) = split {
                let begun = match begun {
                    0 => String::new(),
                    1 => "1 batch was started already; the rest: ".to_owned(),
                    some => format!("{some} batches were started already; the rest: "),
                };
                let batches = match batches {
                    1 => "1 batch".to_owned(),
                    some => format!("{some} batches of up to {most}"),
                };
                let more = match count - taken {
                    0 => String::new(),
                    more => format!(" The other {} stay chosen.", grouped(more as u64)),
                };
                let words = format!(
                    "{begun}{} in {batches}, {order}. They are priced together, approved once and started one after the \
                     other.{more}",
                    counted(taken, "lead")
                );
                let whole = button("Do not split", move || store.send(Msg::SplitAsked(false)));
                return notice
                    .child(para("", words))
                    .child(whole.testid("split-off").view());
            }
            let words = format!(
                "{leads} are chosen; a batch takes at most {most}. Split them into batches, keep some, or narrow the \
                 choice down."
            );
            let split = button(format!("Split into {batches} batches {order}"), move || {
                store.send(Msg::SplitAsked(true))
            });
            let first = button(format!("Keep the first {most} {order}"), move || {
                store.send(Msg::ChoiceCut(Cut::First(MAX_LEADS)))
            });
            let random = button(format!("Keep a random {most}"), move || {
                store.send(Msg::ChoiceCut(Cut::Random(MAX_LEADS)))
            });
            notice.child(para("", words)).child([
                split.testid("split").view(),
                first.testid("keep-first").view(),
                random.testid("keep-random").view(),
            ])
        })
    })
}
