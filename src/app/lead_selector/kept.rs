//! The selection beyond this page: kept in the browser, and handed on as a link.

use crate::app::effect::{Copied, Effect, StoreKey};
use crate::app::lead_selector::rerun_of::Rerun;
use crate::app::lead_selector::select_all::Gathering;
use crate::app::lead_selector::split::Split;
use crate::app::parts::{Part, Task};
use crate::app::{Ctx, Model, Msg};
use crate::route::{Route, View};
use crate::wire::stored::{self};

impl Model {
    pub(crate) fn restore_choice(&mut self, kept: Option<&str>, ctx: &mut Ctx) {
        let Some(kept) = kept.and_then(stored::read_selection) else {
            return;
        };
        self.choice.selection = kept.selection;
        self.session.suppose(kept.owner);
        // What was too much to keep lead by lead is read again by its rule.
        self.choice.unread = kept.rules;
        self.choice.split = kept.split.map(Split::by);
        // What was taken out of it before belongs to it no more.
        let leads = self.choice.selection.ids();
        self.choice.rerun = kept.rerun_of.map(|batch| Rerun::of(batch, leads));
        self.select_all_unread(ctx);
        self.choice.split_anew();
    }

    /// Keeps the choice in the browser, under the name of the person whose it is.
    pub(crate) fn keep_choice(&mut self, ctx: &mut Ctx) {
        let choice = &self.choice;
        let mut unread = choice.unread.clone();
        unread.extend(choice.gathering.as_ref().and_then(Gathering::rule));
        let split = choice.split.as_ref().map(|split| &split.order);
        let owner = self.session.owner();
        let kept = (!choice.selection.is_empty() || !unread.is_empty()).then(|| {
            stored::write_selection(&choice.selection, &unread, split, choice.rerun(), owner)
        });
        self.session.is_kept_unsigned |= owner.is_none();
        ctx.emit(Effect::Store(StoreKey::Selection, kept));
    }

    /// Puts a link to this choice into the clipboard; only a small one fits into an address.
    pub(crate) fn link_asked(&mut self, ctx: &mut Ctx) {
        let route = Route {
            view: View::New,
            shared: self.choice.selection.ids(),
            template: self.route.template.clone(),
            ..Route::default()
        };
        ctx.emit(Effect::Copy(Copied::Link, route.to_query()));
    }

    /// Looks up the leads of a link and offers to add them; the address forgets them then.
    pub(crate) fn take_shared(&mut self, ctx: &mut Ctx) {
        let ids = std::mem::take(&mut self.route.shared);
        if ids.is_empty() {
            return;
        }
        let lines: Vec<_> = ids.into_iter().map(|id| id.0).collect();
        let list = Msg::ListTyped(lines.join("\n"));
        self.ask(Part::Extras, Task::Msg(list), ctx);
        self.ask(Part::Extras, Task::Msg(Msg::LookupAsked), ctx);
        self.navigate(true, ctx);
    }
}
