//! A choice among a few, as the browser offers it.

use super::kit::{choice, labelled, typed};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::Live;

/// A labelled choice.
pub struct Select {
    /// Identifier of the control in the page.
    pub id: &'static str,
    pub testid: Option<&'static str>,
    pub label: &'static str,
    /// Values and labels, in order.
    pub options: Live<Vec<(String, String)>>,
    pub value: Live<String>,
    pub on_change: Box<dyn Fn(String)>,
}

impl Select {
    /// Puts it into the view.
    pub fn view(self) -> Node {
        let Self {
            id,
            testid,
            label,
            options,
            value,
            on_change,
        } = self;
        let now = value.clone();
        let offered = dynamic(move || {
            let now = now.get_untracked();
            let option = |(value, label): (String, String)| {
                let selected = value == now;
                choice(value, label, selected)
            };
            options.get().into_iter().map(option).collect::<Vec<_>>()
        });
        let control = el("select")
            .attr("id", id)
            .testid(testid)
            .prop("value", value)
            .on("change", typed(on_change))
            .child(offered);
        labelled("field", id, label, control)
    }
}
