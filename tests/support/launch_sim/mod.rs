//! Two tabs of one browser with its lock and ledger, and a server, as far as a launch goes.

mod run;
mod steps;
mod verdict;

use std::hash::{DefaultHasher, Hash, Hasher};

use batch_runner::domain::batch::{Batch, BatchId};
use batch_runner::domain::cost::PriceSubject;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Part, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::error::Kind;
use batch_runner::machine::launch::Launch;
use stateright::{Model, Property};
pub use steps::{STEPS, Step};

const START: Millis = Millis(1_000_000);

/// A fault put into the glue on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// What got no answer is sent again.
    SendsAgain,
    /// The intent is not written down before the request.
    LateJournal,
    /// The click is taken before price and template are confirmed.
    HastyClick,
    /// Tabs do not ask for the lock.
    NoLock,
    /// A reload forgets what was open.
    ForgetsOpen,
    /// What another tab has bought since the review opened is not looked for.
    IgnoresOthers,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub tabs: usize,
    /// So many batches are bought by one approval.
    pub batches: u32,
    /// A person reviews so often at most.
    pub reviews: u32,
    /// So many things go wrong at most: losses, refusals, failed reads, reloads, changed prices.
    pub faults: u32,
}

/// A request on its way: to the server, or back with its answer.
#[derive(Clone, Debug)]
enum Post {
    Going(Plan),
    Coming(Result<BatchId, Kind>),
}

#[derive(Clone, Debug, Default)]
struct Page {
    launch: Launch,
    /// What the browser is to take the lock for and write down.
    securing: Option<Plan>,
    posts: Vec<Post>,
    listing: bool,
    /// Entries of pages before, whose locks are waited for.
    awaited: Vec<Plan>,
    /// Locks of entries that are still to be looked for.
    recovered: Vec<Plan>,
    /// The purchases that were told when the review opened, and those that it is about.
    known: Vec<ClientReference>,
}

#[derive(Clone, Debug)]
pub struct State {
    pages: Vec<Page>,
    now: Millis,
    /// The ledger of the browser.
    entries: Vec<(Plan, Outcome)>,
    /// Which tab has the lock of all these plans, which have the same leads.
    lock: Option<usize>,
    /// Requests of pages that are gone: they may still arrive, and are answered to nobody.
    orphans: Vec<Plan>,
    /// What the database has.
    batches: Vec<Plan>,
    /// What a person approved.
    approved: Vec<Plan>,
    reviews: u32,
    faults: u32,
    pub wrong: Option<&'static str>,
}

pub struct World {
    pub bounds: Bounds,
    pub sabotage: Option<Sabotage>,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.key().hash(hasher);
    }
}

fn plans(number: u32, count: u32) -> Vec<Plan> {
    let common = ClientReference::from_random(number.into());
    let plan = |part| Plan {
        subject: PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into())),
        price: Usd::from_dollars(1.0).unwrap(),
        name: None,
        description: None,
        max_concurrent: 5,
        retry_count: 3,
        created_by: Some("olive@example".into()),
        reference: match count {
            1 => common.clone(),
            of => common.part(Part { number: part, of }, number.into()),
        },
    };
    (1..=count).map(plan).collect()
}

fn id(plan: &Plan) -> BatchId {
    BatchId(plan.reference.0.clone())
}

impl State {
    pub fn new(bounds: Bounds) -> Self {
        Self {
            pages: vec![Page::default(); bounds.tabs],
            now: START,
            entries: Vec::new(),
            lock: None,
            orphans: Vec::new(),
            batches: Vec::new(),
            approved: Vec::new(),
            reviews: 0,
            faults: 0,
            wrong: None,
        }
    }

    fn key(&self) -> u64 {
        let text = format!("{self:?}");
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    }

    fn listed(&self) -> Vec<Batch> {
        let batch = |plan: &Plan| {
            let mut batch = Batch::unknown(id(plan));
            batch.description = Some(plan.reference.attach(None));
            batch.created_by.clone_from(&plan.created_by);
            batch
        };
        self.batches.iter().map(batch).collect()
    }
}

impl Model for World {
    type State = State;
    type Action = (usize, Step);

    fn init_states(&self) -> Vec<State> {
        vec![State::new(self.bounds)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<(usize, Step)>) {
        let all = (0..state.pages.len()).flat_map(|tab| STEPS.map(|step| (tab, step)));
        actions.extend(all.filter(|(tab, step)| state.can(*tab, *step, self.bounds)));
    }

    fn next_state(&self, state: &State, (tab, step): (usize, Step)) -> Option<State> {
        let mut next = state.clone();
        next.step(tab, step, self);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is wrong", |_, state: &State| state.wrong.is_none()),
            Property::always(
                "the truth is told in the end",
                |world: &World, state: &State| state.clone().comes_to_the_truth(world),
            ),
        ]
    }
}
