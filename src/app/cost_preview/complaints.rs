//! Why the present selection cannot be bought at the price that is shown.

use crate::domain::cost::Quote;
use crate::domain::plan::{Complaint, Field};
use crate::domain::text::counted;

/// Said where the choice changed under the review.
pub(crate) fn choice_changed() -> Complaint {
    let text = "The choice has changed meanwhile. Check the price and review the batch again.";
    Complaint {
        field: Field::Price,
        text: text.into(),
    }
}

/// Why these prices cannot be approved.
pub(crate) fn quote_complaint(quote: &Quote) -> Option<Complaint> {
    let unknown = quote.unknown_leads().count();
    if unknown > 0 {
        let count = counted(unknown, "chosen lead");
        let text = format!("{count} cannot be reported on any more: take them out to go on.");
        return Some(Complaint {
            field: Field::Leads,
            text,
        });
    }
    if quote.is_over_budget() {
        let warning = match quote.warnings()[..] {
            [] => "The server gives no figure".to_owned(),
            ref words => words.join(". "),
        };
        let warning = warning.trim_end_matches('.');
        let text = format!("Over budget. {warning}. Take leads out to go on.");
        return Some(Complaint {
            field: Field::Price,
            text,
        });
    }
    None
}
