//! The batches that one approval started, as one.

use super::card::{Extent, NAME_SHOWN, bar, batch_card, counts_words};
use crate::app::progress_tracker::groups::Group;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::shortened;
use crate::ui::dom::{Element, Node, dynamic, el, keyed};
use crate::ui::live::{Live, follow, watch};
use crate::ui::parts::kit::{button, facts, foreign, para};
use crate::ui::store::Store;

/// Of more batches than this the cards are folded away at first.
const CARDS_SHOWN: u32 = 3;

/// One heading and one bar over the batches of one approval, and their cards below.
pub fn group_card(store: Store, code: String, extent: Extent) -> Element {
    let (for_words, for_bar, for_cards) = (code.clone(), code.clone(), code.clone());
    let told = watch(move || {
        store.beat();
        store.peek(|model| model.group(&for_words))
    });
    let words =
        move |read: fn(&Group) -> String| -> Live<String> { follow(move || told.with(read)) };
    let counts = watch(move || told.with(|group| counts_words(group.counts)));
    let bar = bar(
        words(|group| format!("Progress of all: {}", title(group))),
        counts,
        move || {
            store.read(&[Slice::Batches, Slice::Compose], |model| {
                model.group_counts(&for_bar)
            })
        },
    );
    let header = el("header")
        .class("card-head")
        .child(el("h3").class("card-title").child(foreign(words(title))))
        .child(
            el("span")
                .class("muted")
                .child(words(|group| group.states.clone())),
        );
    let started = dynamic(move || {
        let group = told.get();
        let line = group
            .name
            .is_some()
            .then(|| para("muted", group.started_words()));
        line.into_iter()
            .chain(group.trouble.map(|words| para("card-trouble", words)))
            .collect::<Vec<_>>()
    });
    let figures = (extent == Extent::Full).then(|| {
        dynamic(move || {
            let group = told.get();
            let lines = [
                ("Approved in all", group.approved),
                ("Spent in all", group.spent),
            ];
            let known = |(label, value): (_, Option<String>)| Some((label, value?));
            facts("facts", lines.into_iter().filter_map(known).collect())
        })
    });
    let state = watch(move || told.with(|group| (group.can_cancel, group.is_ended)));
    let actions = dynamic(move || {
        let (can_cancel, is_ended) = state.get();
        let (for_cancel, for_dismiss) = (code.clone(), code.clone());
        let name = told.with(title);
        let cancel = can_cancel.then(|| {
            let ask = move || store.send(Msg::GroupCancelAsked(for_cancel.clone()));
            button("Cancel all that still run", ask)
                .testid("cancel-group")
                .named(format!("Cancel all that still run of {name}"))
                .view()
        });
        let dismiss = is_ended.then(|| {
            let put_away = move || store.send(Msg::GroupDismissed(for_dismiss.clone()));
            button("Put all away", put_away)
                .named(format!("Put all away: {name}"))
                .view()
        });
        cancel.into_iter().chain(dismiss).collect::<Vec<_>>()
    });
    let many = watch(move || told.with(|group| group.of > CARDS_SHOWN));
    let batches = dynamic(move || {
        let list = cards(store, for_cards.clone(), extent);
        if !many.get() {
            return list;
        }
        let summary = words(|group| format!("{} of {} batches", group.started, group.of));
        el("details")
            .child(el("summary").child(summary))
            .child(list)
    });
    let group = el("section")
        .class("group")
        .testid("batch-group")
        .attr("aria-label", words(title))
        .child(header)
        .child(bar)
        .child(para("card-counts", counts))
        .child([started].into_iter().chain(figures).collect::<Vec<_>>())
        .child(el("div").class("card-actions").child(actions))
        .child(batches);
    el("li").class("group-place").child(group)
}

fn title(group: &Group) -> String {
    shortened(&group.title(), NAME_SHOWN)
}

fn cards(store: Store, code: String, extent: Extent) -> Element {
    let ids = store.watch(&[Slice::Batches], move |model| model.batches.cards(&code));
    let card = move |id: &str| batch_card(store, BatchId(id.to_owned()), "h4", extent);
    let list: Node = keyed(move || ids.get(), card);
    let class = match extent {
        Extent::Glance => "cards cards-compact",
        _ => "cards",
    };
    el("ul").class(class).child(list)
}
