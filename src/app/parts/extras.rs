//! The one way into what few need: import, saved views and columns.

use super::{PartCode, Task};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model, Msg};
use crate::wire::rest::{Http, Request};

/// The code of this part.
pub const CODE: PartCode = PartCode {
    take,
    write: |request| request.to_first_http().unwrap_or_else(Http::none),
    read: Request::read_first,
};

fn take(model: &mut Model, task: Task, ctx: &mut Ctx) {
    match task {
        Task::Msg(msg) => message(model, msg, ctx),
        Task::Answered(Slot::Bring, result) => model.lookup_answered(result, ctx),
        _ => {}
    }
}

fn message(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
    match msg {
        Msg::BringOpened(open) => model.bring_opened(open, ctx),
        Msg::ListTyped(text) => model.list_typed(text, ctx),
        Msg::ColumnChosen(column) => model.column_chosen(column, ctx),
        Msg::LookupAsked => model.lookup_asked(ctx),
        Msg::LookupRetried => model.look_up_next(ctx),
        Msg::LookupStopped => model.lookup_stopped(ctx),
        Msg::ListAdded { also_ambiguous } => model.list_added(also_ambiguous, ctx),
        Msg::ViewChanged(change) => model.view_changed(change, ctx),
        Msg::ColumnsChanged(change) => model.columns_changed(change, ctx),
        _ => {}
    }
}
