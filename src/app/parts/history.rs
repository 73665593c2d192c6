//! The one way into past batches.

use super::{PartCode, Task};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model, Msg, Timer};
use crate::error::Error;
use crate::route::View;
use crate::wire::rest::{Reply, Request};

/// The code of this part.
pub const CODE: PartCode = PartCode {
    take,
    write: Request::to_http,
    read: Request::read_any,
};

fn take(model: &mut Model, task: Task, ctx: &mut Ctx) {
    match task {
        Task::Msg(msg) => message(model, msg, ctx),
        Task::Answered(slot, result) => answered(model, slot, result, ctx),
        Task::TimerFired(Timer::PastSearch) => model.past_search_settled(ctx),
        Task::Started(facts) => model.restore_marks(facts.marks.as_deref()),
        Task::Shown => shown(model, ctx),
        Task::HistoryOpened if !model.is_history_unread() => model.read_history(ctx),
        Task::BatchOpened => {
            model.open_details(ctx);
            model.sync_archive(ctx);
        }
        Task::HistoryNavigated => model.read_history(ctx),
        Task::HistoryOutdated => model.history_outdated(ctx),
        Task::PersonAnswered(error) => model.person_answered(error, ctx),
        Task::ResultsOutdated(id) => model.results_outdated(&id, ctx),
        Task::BatchesListed(batches) => model.details_listed(&batches),
        Task::StatusTold(id, told) => match *told {
            Ok(batch) => model.details_told(&batch, ctx),
            Err(error) => model.details_failed(&id, &error, ctx),
        },
        Task::DetailsSynced => model.sync_details(ctx),
        Task::AttemptsChanged => model.read_attempts(ctx),
        _ => {}
    }
}

fn message(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
    match msg {
        Msg::HistoryAsked(query) => model.history_asked(query, ctx),
        Msg::FiltersRemoved => model.filters_removed(ctx),
        Msg::HistoryRetried => model.history_retried(ctx),
        Msg::PastSearchTyped(text) => model.past_search_typed(text, ctx),
        Msg::HistoryColumnShown(column, shown) => model.history_column_shown(column, shown, ctx),
        Msg::BatchTicked(id, ticked) => model.batch_ticked(id, ticked),
        Msg::TicksCleared => model.ticks_cleared(),
        Msg::ComparisonAsked(both) => model.comparison_asked(both, ctx),
        Msg::TrendAsked(days) => model.trend_asked(days, ctx),
        Msg::BatchPinned(id, pinned) => model.batch_pinned(&id, pinned, ctx),
        Msg::NoteWritten(id, note) => model.note_written(&id, note, ctx),
        Msg::MarksChanged(marks) => model.restore_marks(marks.as_deref()),
        Msg::RerunAsked(id, what) => model.rerun_asked(id, what, ctx),
        Msg::OutcomesAsked(id, form) => model.outcomes_asked(&id, form, ctx),
        _ => {}
    }
}

fn answered(model: &mut Model, slot: Slot, result: Result<Reply, Error>, ctx: &mut Ctx) {
    match slot {
        Slot::History => model.history_answered(result, ctx),
        Slot::Archive => model.archive_answered(result, ctx),
        Slot::Analytics => model.totals_answered(result, ctx),
        Slot::Results(id) => model.results_answered(&id, result, ctx),
        Slot::Rerun(id) => model.rerun_answered(&id, result, ctx),
        _ => {}
    }
}

fn shown(model: &mut Model, ctx: &mut Ctx) {
    if model.route.view == View::History && model.is_history_unread() {
        model.read_history(ctx);
    }
    model.open_details(ctx);
    model.open_comparison(ctx);
    model.read_trend(ctx);
    model.sync_archive(ctx);
}
