//! Takes messages: the only way to change the model.

use crate::app::progress_tracker::batches::Asking;
use crate::app::{Ctx, Effect, Model, Msg};
use crate::domain::time::Millis;

/// Takes one fact and returns what is to be done, in order. `seed` is fresh randomness.
pub fn update(model: &mut Model, msg: Msg, now: Millis, seed: u64) -> Vec<Effect> {
    let mut ctx = Ctx::new(now, seed);
    dispatch(model, msg, &mut ctx);
    model.sync_link(&mut ctx);
    model.sync_review(&mut ctx);
    model.sync_title(&mut ctx);
    model.sync_watched(&mut ctx);
    ctx.effects
}

fn dispatch(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
    match msg {
        Msg::Started(facts) => model.start(*facts, ctx),
        Msg::SignInSubmitted { email, password } => model.sign_in(email, password, ctx),
        Msg::SignOutAsked => model.sign_out(ctx),
        Msg::RefreshChanged(refresh) => model.refresh_changed(refresh),
        Msg::TokenChanged(token) => model.token_changed(token, ctx),
        Msg::Answered { ticket, outcome } => model.answered(ticket, outcome, ctx),
        Msg::TimerFired(timer) => model.timer_fired(timer, ctx),
        Msg::Online(online) => model.online_changed(online, ctx),
        Msg::Visible(visible) => model.visibility_changed(visible, ctx),
        Msg::Navigated(query) => model.navigated(&query, ctx),
        Msg::ViewOpened(view) => model.open_view(view, ctx),
        Msg::SearchTyped(text) => model.search_typed(text, ctx),
        Msg::LeadFilterChanged(filter) => model.filter_changed(filter, ctx),
        Msg::SortChosen(sort) => model.sort_chosen(sort, ctx),
        Msg::PageChosen(page) => model.page_chosen(page, ctx),
        Msg::PageSizeChosen(size) => model.page_size_chosen(size, ctx),
        Msg::LeadsRetried => model.leads_retried(ctx),
        Msg::RowsShown(window) => model.rows_shown(window, ctx),
        Msg::LeaveOutAsked { reported, running } => model.leave_out_asked(reported, running, ctx),
        Msg::ViewsOpened(open) => model.views.is_open = open,
        Msg::ViewChanged(change) => model.view_changed(change, ctx),
        Msg::ColumnsChanged(change) => model.columns_changed(change, ctx),
        Msg::OnlyChosenAsked(only) => model.only_chosen_asked(only, ctx),
        Msg::LeadToggled {
            lead,
            chosen,
            range,
        } => model.lead_toggled(&lead, chosen, range, ctx),
        Msg::PageToggled(chosen) => model.page_toggled(chosen, ctx),
        Msg::PageInverted => model.page_inverted(ctx),
        Msg::AllMatchingAsked => model.all_matching_asked(ctx),
        Msg::GatheringStopped => model.gathering_stopped(ctx),
        Msg::GatheringRetried => model.gather_next(ctx),
        Msg::BringOpened(open) => model.bring_opened(open, ctx),
        Msg::ListTyped(text) => model.list_typed(text, ctx),
        Msg::ColumnChosen(column) => model.column_chosen(column, ctx),
        Msg::LookupAsked => model.lookup_asked(ctx),
        Msg::LookupRetried => model.look_up_next(ctx),
        Msg::LookupStopped => model.lookup_stopped(ctx),
        Msg::ListAdded { also_ambiguous } => model.list_added(also_ambiguous, ctx),
        Msg::LinkAsked => model.link_asked(ctx),
        Msg::LinkReportAsked => model.link_report_asked(ctx),
        Msg::Copied(what, copied) => model.copied(what, copied, ctx),
        Msg::ChoiceCut(cut) => model.choice_cut(cut, ctx),
        Msg::SplitAsked(split) => model.split_asked(split, ctx),
        Msg::ChoiceCleared => model.choice_cleared(ctx),
        Msg::ChoiceUndone => model.choice_undone(ctx),
        Msg::ChoiceRedone => model.choice_redone(ctx),
        Msg::TemplateChosen(version) => model.template_chosen(version, ctx),
        Msg::TemplatesRetried => model.read_templates(ctx),
        Msg::SettingTyped(field, text) => model.setting_typed(field, text, ctx),
        Msg::PriceRetried => model.read_price(ctx),
        Msg::GoneLeadsDropped => model.drop_gone_leads(ctx),
        Msg::ReviewAsked => model.review_asked(ctx),
        Msg::Approved => model.approved(ctx),
        Msg::LaunchCheckedAgain => {
            model.launch_input(crate::machine::launch::Input::CheckAgain, ctx)
        }
        Msg::LaunchDismissed => model.launch_dismissed(ctx),
        Msg::RestHeld => model.launch_input(crate::machine::launch::Input::HoldRest, ctx),
        Msg::OverlapLeftOut(leads) => model.overlap_left_out(&leads, ctx),
        Msg::ConcernAccepted(accepted) => model.concern_accepted(accepted, ctx),
        Msg::NoticesAsked => ctx.emit(Effect::AskNotices),
        Msg::NoticesAllowed(permission) => model.notices_allowed(permission),
        Msg::SoundSwitched(on) => model.sound_switched(on, ctx),
        Msg::RecordsRead(records) => model.records_read(records, ctx),
        Msg::LockGranted { lock, name, record } => model.lock_granted(record, &name, lock, ctx),
        Msg::PlanSecured {
            lock,
            record,
            elsewhere,
        } => model.plan_secured(lock, record, elsewhere, ctx),
        Msg::ReceiptsAsked(form) => model.receipts_asked(form, ctx),
        Msg::CancelAsked(id) => model.batches.asking = Some(Asking::Batch(id)),
        Msg::GroupCancelAsked(code) => model.batches.asking = Some(Asking::Group(code)),
        Msg::GroupCancelConfirmed(code) => model.group_cancel_confirmed(&code, ctx),
        Msg::GroupDismissed(code) => model.batches.put_group_away(&code),
        Msg::CancelDropped => model.batches.asking = None,
        Msg::CancelConfirmed(id) => model.cancel_confirmed(id, ctx),
        Msg::BatchDismissed(id) => model.batches.put_away(&id),
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
        Msg::SoundChanged(kept) => model.sound_changed(kept),
        Msg::ListSwitched(as_list) => model.views.as_list = Some(as_list),
        Msg::BatchOpened(id) => model.batch_opened(id, ctx),
        Msg::RerunAsked(id, what) => model.rerun_asked(id, what, ctx),
        Msg::OutcomesAsked(id, form) => model.outcomes_asked(&id, form, ctx),
        Msg::Sockets(events) => model.socket_events(events, ctx),
        Msg::Tabs(event) => model.tab_event(event, ctx),
        Msg::Frozen(frozen) => {
            model.put_aside(frozen, ctx);
            model.link_input(crate::machine::connection::Input::Frozen(frozen), ctx)
        }
        Msg::RetryNow => model.retry_now(ctx),
        Msg::ShortcutsAsked(open) => model.notices.shortcuts = open,
        Msg::ToastDismissed(id) => model.notices.dismiss(id),
        Msg::StorageFailed(why) => model.storage_failed(why),
    }
}
