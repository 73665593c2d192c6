//! What a review tells of the batches that are about to be bought.

use crate::app::Model;
use crate::domain::cost::Quote;
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::text::counted;
use crate::machine::launch::{Launch, Review};
use crate::ui::cost_preview::range_words;

/// What is shown of a review.
#[derive(Clone, Default, PartialEq)]
pub struct Shown {
    /// How many batches it is.
    count: usize,
    pub total: Usd,
    /// Labels and values.
    pub facts: Vec<(&'static str, String)>,
    pub parts: Vec<PartRow>,
    price_before: Option<Usd>,
    /// What the server says to the price.
    pub warnings: String,
    /// An earlier attempt was not confirmed.
    again: bool,
}

/// One of several batches: which, what it takes, what it costs.
#[derive(Clone, Default, PartialEq)]
pub struct PartRow {
    pub number: String,
    pub leads: String,
    pub price: String,
}

impl Shown {
    /// What is shown of the review that is open.
    pub fn of(model: &Model) -> Option<Self> {
        let Launch::Reviewing(review) = &model.compose.launch else {
            return None;
        };
        let warnings = model.compose.quote.as_ref().map(Quote::warnings);
        Some(Self {
            count: review.plans.len(),
            total: review.total(),
            facts: facts(model, review, review.plans.first()?),
            parts: review.plans.iter().map(part_row).collect(),
            price_before: review.price_before,
            warnings: warnings.unwrap_or_default().join(". "),
            again: review.again,
        })
    }

    /// The heading.
    pub fn title(&self) -> String {
        let title = match self.count {
            1 => "Review this batch",
            _ => "Review these batches",
        };
        title.to_owned()
    }

    /// The words of the button that buys.
    pub fn start_words(&self) -> String {
        let Self { count, total, .. } = self;
        match count {
            1 => format!("Start for {total}"),
            _ => format!("Start {count} batches for {total} in total"),
        }
    }

    /// That the price has changed since the review was opened; empty where it has not.
    pub fn price_change(&self) -> String {
        self.price_before.map_or_else(String::new, |before| {
            format!("The price has changed from {before} to {}.", self.total)
        })
    }

    /// That both may have to be paid for; empty where nothing was tried before.
    pub fn risk(&self) -> String {
        let risk = match self.again {
            true => {
                "An earlier attempt was not confirmed. If it did start after all, you pay for both."
            }
            false => "",
        };
        risk.to_owned()
    }
}

fn facts(model: &Model, review: &Review, plan: &Plan) -> Vec<(&'static str, String)> {
    let template = model.compose.chosen_template().map_or_else(
        || plan.subject.template.0.clone(),
        |template| format!("{} – {}", template.display_name, template.version.0),
    );
    let part = plan.reference.as_part();
    let mut facts = vec![
        ("Leads", counted(review.leads(), "lead")),
        ("Report", template),
    ];
    if let Some(part) = part {
        let count = review.plans.len();
        let batches = match part.number > 1 {
            true => format!("{count}, the last of {} that belong together", part.of),
            false => count.to_string(),
        };
        facts.push(("Batches", batches));
    }
    let quote = model.compose.quote.as_ref();
    let expected = quote.and_then(|quote| model.expected_cost(quote));
    facts.extend(expected.map(|expected| ("Expected to cost", range_words(expected))));
    let again_of = model.rerun_comparison();
    facts.extend(again_of.map(|comparison| ("Runs again", comparison.title)));
    // Each of several batches has its number behind the name.
    let name = plan.name.as_deref().map(|name| match part {
        Some(_) => name.rsplit_once(" (").map_or(name, |(common, _)| common),
        None => name,
    });
    facts.extend(name.map(|name| ("Name", name.to_owned())));
    facts.extend(plan.description.clone().map(|text| ("Description", text)));
    facts.push(("At once", counted(plan.max_concurrent.into(), "lead")));
    let tries = format!("up to {} times per lead", plan.retry_count);
    facts.push(("Tries again", tries));
    facts
}

fn part_row(plan: &Plan) -> PartRow {
    let number = plan.reference.as_part().map_or(1, |part| part.number);
    PartRow {
        number: number.to_string(),
        leads: counted(plan.subject.lead_ids.len(), "lead"),
        price: plan.price.to_string(),
    }
}
