//! The one way into what follows a choice: price, launch, ledger, live link and tracker.

use super::{Part, PartCode, Task};
use crate::app::progress_tracker::batches::Asking;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model, Msg, StartFacts, Timer};
use crate::domain::batch::Source;
use crate::error::Error;
use crate::machine::connection::Input as Link;
use crate::machine::launch::Input as Launch;
use crate::machine::share;
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
        Task::TimerFired(timer) => timer_fired(model, timer, ctx),
        Task::Started(facts) => started(model, &facts, ctx),
        Task::Shown => model.load_what_is_chosen(ctx),
        Task::Synced => {
            model.sync_link(ctx);
            model.sync_review(ctx);
            model.sync_title(ctx);
            model.sync_tracked_ids(ctx);
        }
        Task::PriceChanged => model.price_changed(ctx),
        Task::SelectionRests => model.announce_priced(),
        Task::TemplateNamed(version) => model.template_named(version, ctx),
        Task::Visible(visible) => {
            model.review_looked_at(ctx);
            model.link_input(Link::Visible(visible), ctx);
            model.share_input(share::Input::Visible(visible), ctx);
        }
        Task::Online(online) => model.link_input(Link::Online(online), ctx),
        Task::TokenGiven => {
            let token = model.session.access_token();
            model.link_input(Link::Token(token), ctx);
            model.link_input(Link::Start, ctx);
        }
        Task::Entered => {
            model.read_batch_list(ctx);
            model.resume_launch(ctx);
        }
        Task::WorkForgotten => model.forget_compose(ctx),
        Task::Left => model.link_input(Link::Stop, ctx),
        Task::PersonKnown(is_other) => model.launches_of_person(is_other, ctx),
        Task::TokenSettled => model.secured_for(ctx),
        Task::DraftKept => model.keep_draft(ctx),
        Task::ReviewLeft => model.leave_old_review(ctx),
        Task::ReadBatches => model.read_batch_list(ctx),
        Task::ReadPrice => model.read_price(ctx),
        Task::News(batch) => model.take_news(*batch, Source::Rest, ctx),
        _ => {}
    }
}

fn message(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
    match msg {
        Msg::TemplateChosen(version) => model.template_chosen(version, ctx),
        Msg::TemplatesRetried => model.read_templates(ctx),
        Msg::SettingTyped(field, text) => model.setting_typed(field, text, ctx),
        Msg::PriceRetried => model.read_price(ctx),
        Msg::GoneLeadsDropped => model.drop_gone_leads(ctx),
        Msg::ReviewAsked => model.review_asked(ctx),
        Msg::Approved => model.approved(ctx),
        Msg::LaunchCheckedAgain => model.launch_input(Launch::CheckAgain, ctx),
        Msg::LaunchDismissed => model.launch_dismissed(ctx),
        Msg::RestHeld => model.launch_input(Launch::HoldRest, ctx),
        Msg::OverlapLeftOut(leads) => model.overlap_left_out(&leads, ctx),
        Msg::ConcernAccepted(accepted) => model.concern_accepted(accepted, ctx),
        Msg::RecordsRead(records) => model.records_read(records, ctx),
        Msg::LockGranted { lock, name, record } => model.lock_granted(record, &name, lock, ctx),
        Msg::PlanSecured {
            lock,
            record,
            elsewhere,
        } => model.plan_secured(lock, record, elsewhere, ctx),
        Msg::ReceiptsAsked(form) => model.receipts_asked(form, ctx),
        Msg::CancelAsked(id) => model.batches.asking = Some(Asking::Batch(id)),
        Msg::CancelDropped => model.batches.asking = None,
        Msg::CancelConfirmed(id) => model.cancel_confirmed(id, ctx),
        Msg::GroupCancelAsked(code) => model.batches.asking = Some(Asking::Group(code)),
        Msg::GroupCancelConfirmed(code) => model.group_cancel_confirmed(&code, ctx),
        Msg::GroupDismissed(code) => model.batches.dismiss_group(&code),
        Msg::BatchDismissed(id) => model.batches.dismiss_card(&id),
        Msg::ListSwitched(as_list) => model.views.as_list = Some(as_list),
        Msg::Sockets(events) => model.socket_events(events, ctx),
        Msg::Tabs(event) => model.tab_event(event, ctx),
        Msg::Frozen(frozen) => {
            model.put_aside(frozen, ctx);
            model.link_input(Link::Frozen(frozen), ctx);
        }
        Msg::RetryNow => {
            model.link_input(Link::RetryNow, ctx);
            model.share_input(share::Input::RetryNow, ctx);
            model.read_batch_list(ctx);
        }
        Msg::LinkReportAsked => model.link_report_asked(ctx),
        _ => {}
    }
}

fn answered(model: &mut Model, slot: Slot, result: Result<Reply, Error>, ctx: &mut Ctx) {
    match slot {
        Slot::Templates => model.templates_answered(result, ctx),
        Slot::Price => model.price_answered(result, ctx),
        Slot::Budget => model.budget_answered(result),
        Slot::Start => model.start_answered(result, ctx),
        Slot::BatchList => model.batch_list_answered(result, ctx),
        Slot::Sought => model.sought_answered(result, ctx),
        Slot::Status(id) => model.status_answered(&id, result, ctx),
        Slot::Cancel(id) => model.cancel_answered(&id, result, ctx),
        Slot::Others(id) => model.others_answered(id, result, ctx),
        _ => {}
    }
}

fn timer_fired(model: &mut Model, timer: Timer, ctx: &mut Ctx) {
    match timer {
        Timer::Price => model.read_price(ctx),
        Timer::Link => model.link_tick(ctx),
        Timer::Launch => model.launch_input(Launch::Tick, ctx),
        Timer::Review => model.review_looked_at(ctx),
        _ => {}
    }
}

fn started(model: &mut Model, facts: &StartFacts, ctx: &mut Ctx) {
    model.restore_compose(facts);
    model.restore_ledger(facts, ctx);
    model.restore_tracked_ids(facts.watched.clone());
    model.others.tab = facts.tab;
    model.restore_link(facts);
}

impl Model {
    /// What became of the batches that were listed or read is told to the history, where it is open.
    pub(in crate::app) fn tell_history(&mut self, task: Task, ctx: &mut Ctx) {
        self.tell(Part::History, task, ctx);
    }
}
