//! The rows of the table of past batches. Each is made once; what changes in it follows its batch, so that ticks and pins
//! keep the focus.

use leptos::prelude::*;

use super::annotations::Star;
use crate::app::Msg;
use crate::app::batch_history::rerun::RerunWhat;
use crate::app::batch_history::rows;
use crate::domain::history::HistoryColumn;
use crate::ui::kit::{Button, Cell, Checkbox, Each, Foreign, StateBadge, Toggle, local_time, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// A batch and what can be done with it; nothing while it is taken away.
type Followed = Selected<Option<rows::BatchRow>>;

/// What the rows below have in common.
#[component]
pub fn GroupRow(
    /// What is told of it.
    row: Selected<rows::GroupRow>,
    /// The codes of the shown columns.
    columns: Selected<Vec<String>>,
) -> AnyView {
    let label = Signal::derive(move || row.get().label);
    let words = Signal::derive(move || row.get().words);
    // Besides the columns that can be chosen, the first and the last.
    let width = Signal::derive(move || (columns.with(Vec::len) + 2).to_string());
    view! {
        <tr role="row" class="group-row" data-testid="history-group">
            <th role="rowheader" scope="rowgroup" colspan=width translate="no">
                <Foreign text=label />
                {words}
            </th>
        </tr>
    }
    .into_any()
}

/// A batch.
#[component]
pub fn BatchRow(
    /// As it is when the row is made.
    first: rows::BatchRow,
    /// As it is now.
    row: Followed,
    /// The codes of the shown columns.
    columns: Selected<Vec<String>>,
) -> AnyView {
    let store = use_store();
    let title = first.title();
    let id = first.batch.id.clone();
    let [for_tick, for_pin, for_rerun] = [id.clone(), id.clone(), id.clone()];
    let ticked = select(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_ticked)));
    let pinned = select(move || row.with(|row| row.as_ref().is_some_and(|row| row.is_pinned)));
    let tick = move |ticked| store.send(Msg::BatchTicked(for_tick.clone(), ticked));
    let pin = move || {
        let pinned = !pinned.get_untracked();
        store.send(Msg::BatchPinned(for_pin.clone(), pinned));
    };
    let rerun = move || store.send(Msg::RerunAsked(for_rerun.clone(), RerunWhat::All));
    let [name_of_tick, name_of_pin, name_of_rerun] =
        ["Compare", "Pin", "Run again"].map(|what| format!("{what}: {title}"));
    let cell = {
        let first = first.clone();
        move |code: String| {
            let column = HistoryColumn::from_code(&code);
            let first = first.clone();
            let cell = column.map(|column| view! { <ColumnCell first row column /> }.into_any());
            cell.into_any()
        }
    };
    view! {
        <tr role="row" data-testid="history-row" data-batch-id=id.0 data-status=status_code(row)>
            <Cell class="cell-marks">
                <div class="row-marks">
                    <label class="check">
                        <Checkbox
                            checked=ticked
                            testid="tick-batch"
                            name=name_of_tick
                            on_change=tick
                        />
                    </label>
                    <Toggle
                        pressed=pinned
                        class="pin"
                        testid="pin-batch"
                        name=name_of_pin
                        on_press=pin
                    >
                        <Star pinned />
                    </Toggle>
                </div>
            </Cell>
            <Each keys=columns row=cell />
            <Cell class="cell-actions">
                <Button
                    label="Run again"
                    testid="rerun-batch"
                    name=name_of_rerun
                    on_press=rerun
                />
            </Cell>
        </tr>
    }
    .into_any()
}

fn status_code(row: Followed) -> Signal<String> {
    Signal::derive(move || {
        let row = row.get();
        row.map(|row| row.batch.status.code().to_owned())
            .unwrap_or_default()
    })
}

/// What a column tells of a batch.
#[component]
fn ColumnCell(
    /// The batch as it is when the row is made.
    first: rows::BatchRow,
    /// The batch as it is now.
    row: Followed,
    /// The column.
    column: HistoryColumn,
) -> AnyView {
    let words = Signal::derive(move || {
        let words = |row: rows::BatchRow| row.words(column, local_time);
        row.get().map(words).unwrap_or_default()
    });
    let class = match column.ascends_first() {
        true => "cell-words",
        false => "cell-figure",
    };
    match column {
        HistoryColumn::Name => view! { <NameCell first row /> }.into_any(),
        HistoryColumn::Status => view! {
            <Cell class label=column.label()>
                <StateBadge code=status_code(row) text=words />
            </Cell>
        }
        .into_any(),
        _ => view! {
            <Cell class label=column.label()>
                <Foreign text=words attr:translate="no" />
            </Cell>
        }
        .into_any(),
    }
}

/// The name of a batch, which leads to it, what was noted of it, and what is wrong with it.
#[component]
fn NameCell(
    /// The batch as it is when the row is made.
    first: rows::BatchRow,
    /// The batch as it is now.
    row: Followed,
) -> AnyView {
    let store = use_store();
    let title = first.title();
    let name = format!("{title}: open");
    let id = first.batch.id;
    // link
    let open = move || store.send(Msg::BatchOpened(Some(id.clone())));
    let note = select(move || row.with(|row| row.as_ref().map(|row| row.note.clone())));
    let trouble = select(move || row.get().and_then(|row| row.batch.contradiction()));
    let note = move || {
        let note = note.get().filter(|note| !note.is_empty());
        note.map(|note| view! { <p class="note-hint">{note}</p> }.into_any())
    };
    let trouble = move || {
        let trouble = trouble.get();
        trouble.map(|words| view! { <p class="card-trouble">{words}</p> }.into_any())
    };
    view! {
        <Cell class="cell-batch">
            <bdi translate="no">
                <Button label=title class="button-link" name on_press=open />
            </bdi>
            {part(move || note().into_any())}
            {part(move || trouble().into_any())}
        </Cell>
    }
    .into_any()
}
