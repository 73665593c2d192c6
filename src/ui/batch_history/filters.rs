//! Which of the past batches are shown, and in which order.

use leptos::prelude::*;

use super::ask;
use super::column_choice::ColumnChoice;
use crate::app::batch_history::filters::{
    group_choices, order_choices, status_choices, status_chosen, template_chosen,
};
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::BatchStatus;
use crate::domain::day::Day;
use crate::domain::history::{Grouping, HistoryColumn, HistoryQuery};
use crate::ui::kit::{Button, Checkbox, Labelled, Select, UnfoldFilters, When};
use crate::ui::selected::select;
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route];

/// All filters, with a way back to everything.
#[component]
pub fn Filters() -> AnyView {
    let unfolded = RwSignal::new(false);
    view! {
        <div class="history-filters" class:is-unfolded=unfolded>
            <Search />
            <UnfoldFilters unfolded />
            <StatusFilter />
            <TemplateFilter />
            <DateFilter id="history-from" label="From" day=|query| &mut query.from />
            <DateFilter id="history-to" label="To" day=|query| &mut query.to />
            <GroupBy />
            <Order />
            <div class="history-flags">
                <Flag label="Only mine" flag=|query| &mut query.mine />
                <Flag label="Only pinned" flag=|query| &mut query.pinned />
                <RemoveFilters />
            </div>
            <ColumnChoice />
        </div>
    }
    .into_any()
}

/// A search that begins when nothing was typed for a while.
#[component]
fn Search() -> AnyView {
    let store = use_store();
    let typed = store.select(&[Slice::History], |model| model.history.typed.clone());
    view! {
        <Labelled class="field field-wide" id="history-search" label="Search batches">
            <input
                id="history-search"
                data-testid="history-search"
                type="search"
                autocomplete="off"
                maxlength="200"
                placeholder="Name, description, person or id"
                prop:value=typed.signal()
                on:input=move |event| store.send(Msg::PastSearchTyped(event_target_value(&event)))
            />
        </Labelled>
    }
    .into_any()
}

#[component]
fn StatusFilter() -> AnyView {
    let store = use_store();
    let chosen = store.select(READS, |model| {
        let status = model.route.history.status.as_ref();
        status.map(BatchStatus::code).unwrap_or_default().to_owned()
    });
    view! {
        <Select
            id="history-status"
            testid="history-filter-status"
            label="Status"
            options=Signal::derive(status_choices)
            value=chosen
            on_change=move |code: String| ask(store, |query| query.status = status_chosen(&code))
        />
    }
    .into_any()
}

#[component]
fn TemplateFilter() -> AnyView {
    let store = use_store();
    let versions = store.select(
        &[Slice::Compose, Slice::Route, Slice::History],
        Model::template_choices,
    );
    let chosen = store.select(READS, |model| {
        let version = model.route.history.template.as_ref();
        version.map(|version| version.0.clone()).unwrap_or_default()
    });
    let choose = move |version| ask(store, |query| query.template = template_chosen(version));
    view! {
        <Select
            id="history-template"
            testid="history-filter-template"
            label="Template version"
            options=versions
            value=chosen
            on_change=choose
        />
    }
    .into_any()
}

/// A bound of the period, as a day in the person's own time zone.
#[component]
fn DateFilter(
    /// Identifier of the control, and the name by which tests find it.
    id: &'static str,
    /// Its words.
    label: &'static str,
    /// Where its day stands in what is asked for.
    day: fn(&mut HistoryQuery) -> &mut Option<Day>,
) -> AnyView {
    let store = use_store();
    let chosen = store.select(READS, move |model| {
        let mut query = model.route.history.clone();
        day(&mut query).map(Day::code).unwrap_or_default()
    });
    let choose = move |text: String| ask(store, |query| *day(query) = Day::parse(&text));
    view! {
        <Labelled id label>
            <input
                id=id
                data-testid=id
                type="date"
                prop:value=chosen.signal()
                on:change=move |event| choose(event_target_value(&event))
            />
        </Labelled>
    }
    .into_any()
}

#[component]
fn GroupBy() -> AnyView {
    let store = use_store();
    let chosen = store.select(READS, |model| model.route.history.group.code().to_owned());
    let choose = move |code: String| ask(store, |query| query.group = Grouping::from_code(&code));
    view! {
        <Select
            id="history-group"
            testid="history-group-by"
            label="Group by"
            options=Signal::derive(group_choices)
            value=chosen
            on_change=choose
        />
    }
    .into_any()
}

/// The order, where the headings of the table do not fit.
#[component]
fn Order() -> AnyView {
    let store = use_store();
    let chosen = store.select(READS, |model| model.route.history.sort.code().to_owned());
    let ascending = store.select(READS, |model| model.route.history.ascending);
    let choose = move |code: String| {
        let column = HistoryColumn::from_code(&code).unwrap_or_default();
        ask(store, |query| query.sort_by(column));
    };
    let words = Signal::derive(move || match ascending.get() {
        true => "▲ Ascending".to_owned(),
        false => "▼ Descending".to_owned(),
    });
    view! {
        <div class="narrow-only">
            <Select
                id="history-sort"
                testid="history-sort"
                label="Sort by"
                options=Signal::derive(order_choices)
                value=chosen
                on_change=choose
            />
            <Button
                label=words
                on_press=move || ask(store, |query| query.ascending = !query.ascending)
            />
        </div>
    }
    .into_any()
}

/// Something that is so of every batch that is shown.
#[component]
fn Flag(
    /// Its words.
    label: &'static str,
    /// Where it stands in what is asked for.
    flag: fn(&mut HistoryQuery) -> &mut bool,
) -> AnyView {
    let store = use_store();
    let checked = store.select(READS, move |model| {
        let mut query = model.route.history.clone();
        *flag(&mut query)
    });
    view! {
        <label class="check check-inline">
            <Checkbox
                checked
                on_change=move |so: bool| ask(store, |query| *flag(query) = so)
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

#[component]
fn RemoveFilters() -> AnyView {
    let store = use_store();
    let query = store.select(READS, |model| model.route.history.clone());
    let is_filtered = select(move || query.with(HistoryQuery::is_filtered));
    view! {
        <When so=is_filtered>
            <Button
                label="Remove filters"
                class="button-link"
                on_press=move || store.send(Msg::FiltersRemoved)
            />
        </When>
    }
    .into_any()
}
