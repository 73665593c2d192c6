//! Takes messages: the only way to change the model.

use crate::app::parts::{Part, Task, part_of_message};
use crate::app::{Ctx, Effect, Model, Msg};
use crate::domain::time::Millis;

/// Takes one message and returns what is to be done, in order. `seed` is fresh randomness.
pub fn update(model: &mut Model, msg: Msg, now: Millis, seed: u64) -> Vec<Effect> {
    let mut ctx = Ctx::new(now, seed);
    match part_of_message(&msg) {
        Some(part) => model.ask(part, Task::Msg(msg), &mut ctx),
        None => message(model, msg, &mut ctx),
    }
    model.tell(Part::Live, Task::Synced, &mut ctx);
    model.sync_parts(&mut ctx);
    ctx.effects
}

/// What the first part takes.
fn message(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
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
        Msg::PartLoaded(part, code) => model.part_loaded(part, code, ctx),
        Msg::PartFailed(part) => model.part_failed(part),
        Msg::PartRetried(part) => model.part_retried(part),
        Msg::Navigated(query) => model.navigated(&query, ctx),
        Msg::ViewOpened(view) => model.open_view(view, ctx),
        Msg::BatchOpened(id) => model.batch_opened(id, ctx),
        Msg::SearchTyped(text) => model.search_typed(text, ctx),
        Msg::LeadFilterChanged(filter) => model.filter_changed(filter, ctx),
        Msg::SortChosen(sort) => model.sort_chosen(sort, ctx),
        Msg::PageChosen(page) => model.page_chosen(page, ctx),
        Msg::PageSizeChosen(size) => model.page_size_chosen(size, ctx),
        Msg::LeadsRetried => model.leads_retried(ctx),
        Msg::RowsShown(window) => model.rows_shown(window, ctx),
        Msg::LeaveOutAsked { reported, running } => model.leave_out_asked(reported, running, ctx),
        Msg::ViewsOpened(open) => model.views.is_open = open,
        Msg::OnlyChosenAsked(only) => model.only_chosen_asked(only, ctx),
        Msg::LeadToggled {
            lead,
            chosen,
            range,
        } => model.lead_toggled(&lead, chosen, range, ctx),
        Msg::PageToggled(chosen) => model.page_toggled(chosen, ctx),
        Msg::PageInverted => model.page_inverted(ctx),
        Msg::AllMatchingAsked => model.all_matching_asked(ctx),
        Msg::GatheringStopped => model.select_all_stopped(ctx),
        Msg::GatheringRetried => model.select_all_next(ctx),
        Msg::LinkAsked => model.link_asked(ctx),
        Msg::Copied(what, copied) => model.copied(what, copied, ctx),
        Msg::ChoiceCut(cut) => model.choice_cut(cut, ctx),
        Msg::SplitAsked(split) => model.split_asked(split, ctx),
        Msg::ChoiceCleared => model.choice_cleared(ctx),
        Msg::ChoiceUndone => model.choice_undone(ctx),
        Msg::ChoiceRedone => model.choice_redone(ctx),
        Msg::NoticesAsked => ctx.emit(Effect::AskNotices),
        Msg::NoticesAllowed(permission) => model.notices_allowed(permission),
        Msg::SoundSwitched(on) => model.sound_switched(on, ctx),
        Msg::SoundChanged(kept) => model.sound_changed(kept),
        Msg::ShortcutsAsked(open) => model.notices.shortcuts = open,
        Msg::ToastDismissed(id) => model.notices.dismiss(id),
        Msg::StorageFailed(why) => model.storage_failed(why),
        // Another part's.
        _ => {}
    }
}
