//! How this person likes the lead table: saved views, columns and density, kept in this browser. Likewise what was noted
//! of past batches, because both outlive a sign-out.

use crate::app::effect::{Effect, StoreKey};
use crate::app::notifications::messages::Tone;
use crate::app::{Ctx, Model};
use crate::domain::history::HiddenColumns;
use crate::domain::lead::LeadSort;
use crate::domain::marks::Marks;
use crate::domain::table::{Columns, SavedView};
use crate::route::Route;
use crate::wire::stored;

/// So many views are kept.
const VIEWS_KEPT: usize = 30;
/// The longest name of a view, in characters.
const NAME_MAX: usize = 60;

/// What is done to a saved view; views are named by their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewChange {
    Save(String),
    Apply(usize),
    Rename(usize, String),
    Delete(usize),
    /// Makes it the default, or no view if it was.
    Default(usize),
}

/// What is done to the columns; columns are named by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnChange {
    Show(usize, bool),
    /// One place towards the beginning.
    Move(usize),
    Dense(bool),
    Reset,
}

/// How the lead table and the past batches are looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    pub saved: Vec<SavedView>,
    pub columns: Columns,
    /// The columns that the list of past batches leaves out.
    pub hidden: HiddenColumns,
    /// What was noted of past batches.
    pub marks: Marks,
    /// The dialog of views and columns is open.
    pub is_open: bool,
    /// Running batches are lines of a list, or shown in full, where a person has said so.
    pub as_list: Option<bool>,
}

impl Model {
    pub(crate) fn restore_views(&mut self, views: Option<&str>, columns: Option<&str>) {
        self.views.saved = views.map(stored::read_views).unwrap_or_default();
        if let Some(columns) = columns.and_then(stored::read_columns) {
            self.views.columns = columns;
        }
        // An address that says how to look at the leads goes before the default.
        let default = self.views.saved.iter().find(|view| view.is_default);
        if let Some(query) = default.map(|view| view.query.clone())
            && self.lead_query_text().is_empty()
        {
            self.route.leads = Route::from_query(&query, self.route.usual_page_size).leads;
        }
    }

    /// The part of the address that says how the leads are looked at.
    fn lead_query_text(&self) -> String {
        let mut leads = self.route.leads.clone();
        leads.page = 0;
        leads.only_chosen = false;
        let route = Route {
            leads,
            usual_page_size: self.route.usual_page_size,
            ..Route::default()
        };
        route.to_query()
    }

    pub(crate) fn view_changed(&mut self, change: ViewChange, ctx: &mut Ctx) {
        let clean = |name: &str| name.trim().chars().take(NAME_MAX).collect::<String>();
        let saved = &mut self.views.saved;
        match change {
            ViewChange::Apply(place) => {
                let Some(view) = saved.get(place).cloned() else {
                    return;
                };
                self.views.is_open = false;
                let leads = Route::from_query(&view.query, self.route.usual_page_size).leads;
                self.leads.typed.clone_from(&leads.filter.search);
                self.requery(|query| *query = leads, false, ctx);
                return self.notices.announce(format!("View {}.", view.name));
            }
            ViewChange::Save(name) => {
                let (name, query) = (clean(&name), self.lead_query_text());
                if name.is_empty() {
                    return self.toast(Tone::Bad, "Name the view before you save it.", ctx);
                }
                let saved = &mut self.views.saved;
                match saved.iter().position(|view| view.name == name) {
                    Some(place) => saved[place].query = query,
                    None if saved.len() >= VIEWS_KEPT => {
                        let words = "30 views are kept at most. Delete one first.";
                        return self.toast(Tone::Bad, words, ctx);
                    }
                    None => saved.push(SavedView {
                        name,
                        query,
                        is_default: false,
                    }),
                }
            }
            ViewChange::Rename(place, name) => {
                let name = clean(&name);
                let taken = saved.iter().any(|view| view.name == name);
                if let Some(view) = saved.get_mut(place)
                    && !name.is_empty()
                    && !taken
                {
                    view.name = name;
                }
            }
            ViewChange::Delete(place) if place < saved.len() => drop(saved.remove(place)),
            ViewChange::Delete(_) => {}
            ViewChange::Default(place) => {
                for (other, view) in saved.iter_mut().enumerate() {
                    view.is_default = other == place && !view.is_default;
                }
            }
        }
        let kept = stored::write_views(&self.views.saved);
        ctx.emit(Effect::Store(StoreKey::Views, Some(kept)));
    }

    pub(crate) fn columns_changed(&mut self, change: ColumnChange, ctx: &mut Ctx) {
        let columns = &mut self.views.columns;
        match change {
            ColumnChange::Show(place, shown) => {
                if let Some((column, is_shown)) = columns.order.get_mut(place) {
                    *is_shown = shown || *column == LeadSort::Company;
                }
            }
            ColumnChange::Move(place) if (1..columns.order.len()).contains(&place) => {
                columns.order.swap(place, place - 1);
            }
            ColumnChange::Move(_) => {}
            ColumnChange::Dense(is_dense) => columns.is_dense = is_dense,
            ColumnChange::Reset => *columns = Columns::default(),
        }
        let kept = stored::write_columns(&self.views.columns);
        ctx.emit(Effect::Store(StoreKey::Columns, Some(kept)));
    }
}
