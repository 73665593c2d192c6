//! What of the past batches is shown, and how: filters, order, groups and columns.

use leptos::prelude::{Get, RwSignal};

use crate::app::{Msg, Slice};
use crate::domain::batch::BatchStatus;
use crate::domain::day::Day;
use crate::domain::history::{Grouping, HiddenColumns, HistoryColumn, HistoryQuery};
use crate::domain::template::TemplateVersion;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::{Live, Watched, follow};
use crate::ui::parts::kit::{button, checkbox, labelled, typed, unfold};
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

/// Changes one thing of the query; everything but the page goes back to the first page.
pub fn change(store: Store, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = store.peek(|model| model.route.history.clone());
    query.page = 0;
    alter(&mut query);
    store.send(Msg::HistoryAsked(query));
}

/// All of them, with a way back to everything.
pub fn filters(store: Store) -> Element {
    let query = store.watch(&[Slice::Route], |model| model.route.history.clone());
    let any = || (String::new(), "Any".to_owned());
    let search = store.watch(&[Slice::History], |model| model.history.typed.clone());
    let search = el("input")
        .attr("id", "history-search")
        .testid("history-search")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("maxlength", "200")
        .attr("placeholder", "Name, description, person or id")
        .prop("value", search)
        .on(
            "input",
            typed(move |text| store.send(Msg::PastSearchTyped(text))),
        );
    let search = labelled(
        "field field-wide",
        "history-search",
        "Search batches",
        search,
    );
    let known = BatchStatus::KNOWN.map(|it| (it.code().to_owned(), it.label().to_owned()));
    let statuses: Vec<_> = std::iter::once(any()).chain(known).collect();
    let statuses = select(
        ("history-status", "history-filter-status", "Status"),
        follow(move || statuses.clone()),
        follow(move || query.with(|query| code(query.status.as_ref().map(BatchStatus::code)))),
        move |code| {
            let status = (!code.is_empty()).then(|| BatchStatus::from_code(&code));
            change(store, |query| query.status = status);
        },
    );
    let versions = store.watch(
        &[Slice::Compose, Slice::Route, Slice::History],
        move |model| {
            let versions = model.past_templates();
            let options = versions
                .into_iter()
                .map(|version| (version.0.clone(), version.0));
            std::iter::once(any()).chain(options).collect::<Vec<_>>()
        },
    );
    let templates = select(
        (
            "history-template",
            "history-filter-template",
            "Template version",
        ),
        versions.into(),
        follow(move || query.with(|query| code(query.template.as_ref().map(|it| it.0.as_str())))),
        move |version| {
            let version = (!version.is_empty()).then_some(TemplateVersion(version));
            change(store, |query| query.template = version);
        },
    );
    let groups = Grouping::ALL.map(|it| (it.code().to_owned(), it.label().to_owned()));
    let groups = select(
        ("history-group", "history-group-by", "Group by"),
        follow(move || groups.to_vec()),
        follow(move || query.with(|query| query.group.code().to_owned())),
        move |code| change(store, |query| query.group = Grouping::from_code(&code)),
    );
    let flag =
        |label: &'static str, read: fn(&HistoryQuery) -> bool, set: fn(&mut HistoryQuery, bool)| {
            let checked = follow(move || query.with(read));
            let input = checkbox(checked, move |so| change(store, |query| set(query, so)));
            let label = el("span").child(label);
            el("label")
                .class("check check-inline")
                .child(input)
                .child(label)
        };
    let mine = flag("Only mine", |query| query.mine, |query, so| query.mine = so);
    let pinned = flag(
        "Only pinned",
        |query| query.pinned,
        |query, so| query.pinned = so,
    );
    let remove = dynamic(move || {
        query.with(HistoryQuery::is_filtered).then(|| {
            let all = move || store.send(Msg::FiltersRemoved);
            button("Remove filters", all).class("button-link").view()
        })
    });
    let unfolded = RwSignal::new(false);
    el("div")
        .class("history-filters")
        .class_if("is-unfolded", follow(move || unfolded.get()))
        .child(search)
        .child(unfold(unfolded))
        .child([statuses, templates])
        .child([
            date(store, query, "history-from", "From", |query| {
                &mut query.from
            }),
            date(store, query, "history-to", "To", |query| &mut query.to),
            groups,
            order(store, query),
        ])
        .child(
            el("div")
                .class("history-flags")
                .child([mine, pinned])
                .child(remove),
        )
        .child(columns(store))
}

fn code(word: Option<&str>) -> String {
    word.unwrap_or_default().to_owned()
}

fn select(
    (id, testid, label): (&'static str, &'static str, &'static str),
    options: Live<Vec<(String, String)>>,
    value: Live<String>,
    on_change: impl Fn(String) + 'static,
) -> Node {
    let select = Select {
        id,
        testid: Some(testid),
        label,
        options,
        value,
        on_change: Box::new(on_change),
    };
    select.view()
}

/// A day in the person's own time zone.
fn date(
    store: Store,
    query: Watched<HistoryQuery>,
    id: &'static str,
    label: &'static str,
    field: fn(&mut HistoryQuery) -> &mut Option<Day>,
) -> Node {
    let value = follow(move || field(&mut query.get()).map(Day::code).unwrap_or_default());
    let input = el("input")
        .attr("id", id)
        .testid(id)
        .attr("type", "date")
        .prop("value", value)
        .on(
            "change",
            typed(move |text| change(store, |query| *field(query) = Day::parse(&text))),
        );
    labelled("field", id, label, input)
}

/// The order, where the headings of the table do not fit.
fn order(store: Store, query: Watched<HistoryQuery>) -> Node {
    let columns = HistoryColumn::ALL.map(|it| (it.code().to_owned(), it.label().to_owned()));
    let sort = select(
        ("history-sort", "history-sort", "Sort by"),
        follow(move || columns.to_vec()),
        follow(move || query.with(|query| query.sort.code().to_owned())),
        move |code| {
            let column = HistoryColumn::from_code(&code).unwrap_or_default();
            change(store, |query| query.sort_by(column));
        },
    );
    let words = follow(move || match query.with(|query| query.ascending) {
        true => "▲ Ascending".to_owned(),
        false => "▼ Descending".to_owned(),
    });
    let turn = button(words, move || {
        change(store, |query| query.ascending = !query.ascending)
    });
    el("div")
        .class("narrow-only")
        .child([sort, turn.view()])
        .into()
}

/// Which columns the table has.
fn columns(store: Store) -> Node {
    let hidden = store.watch(&[Slice::Views], |model| model.views.hidden.0);
    let item = move |column: HistoryColumn| {
        let checked = follow(move || HiddenColumns(hidden.get()).shows(column));
        let input = checkbox(checked, move |shown| {
            store.send(Msg::HistoryColumnShown(column, shown))
        });
        let label = el("label").class("check check-inline").child(input);
        el("li").child(label.child(el("span").child(column.label())))
    };
    let others = HistoryColumn::ALL.into_iter().skip(1);
    let items: Vec<_> = others.map(item).collect();
    el("details")
        .class("history-columns")
        .testid("history-columns")
        .child(el("summary").child("Columns"))
        .child(el("ul").child(items))
        .into()
}
