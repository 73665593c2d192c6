//! The components that every room of the page shares.
//!
//! They are written so that each is compiled once, whatever it holds: a changing part is one type, a list is one type, and
//! what a component is given is a [`Signal`](leptos::prelude::Signal) of a plain value. The first load of the page is
//! small because of it (ARCHITECTURE.md, “Bytes”).

mod announcer;
mod button;
mod chart;
mod controls;
mod dialog;
mod each;
mod error_panel;
mod field;
mod focus;
mod link;
mod pages;
mod part;
mod table;
mod text;
mod time;
mod toasts;

pub use self::announcer::Announcer;
pub use self::button::{Button, Toggle, UnfoldFilters};
pub use self::chart::{ProgressChart, TrendChart};
pub use self::controls::{Checkbox, Labelled, Select, options};
pub use self::dialog::Dialog;
pub use self::each::Each;
pub use self::error_panel::ErrorPanel;
pub use self::field::{FieldKind, SettingField};
pub use self::focus::go_to;
pub use self::link::{Destination, Link};
pub use self::pages::PageButtons;
pub use self::part::{Content, ContentFn, When, part};
pub use self::table::{Cell, Facts, Frame, Headings, SortHeading};
pub use self::text::{Foreign, StateBadge, Status, true_or_absent, true_or_false};
pub use self::time::{ago, local_date, local_time};
pub use self::toasts::Toasts;
