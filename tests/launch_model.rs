//! The launch under every order of clicks, lost answers, reloads and crashes, in two tabs of one browser: one batch per
//! approved batch, and none without.
//!
//! `LAUNCH_DEPTH` makes it longer than the everyday test needs, `LAUNCH_SCHEDULES` the random runs.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/explore.rs"]
mod explore;
#[path = "support/random.rs"]
mod random;

use std::hash::{DefaultHasher, Hash, Hasher};

use batch_runner::domain::batch::{Batch, BatchId};
use batch_runner::domain::cost::PriceSubject;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Part, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::error::{Error, Kind, Reason};
use batch_runner::machine::launch::{Action, Input, Launch};
use explore::explore;
use stateright::{Model, Property};

const START: Millis = Millis(1_000_000);
const TABS: usize = 2;

/// What can happen next in a tab, or to what it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Review,
    Confirm,
    /// Nobody has looked at the review for long.
    Outdates,
    /// The price is another one now.
    PriceChanges,
    /// A click on the button, or one too many.
    Approve,
    Dismiss,
    CheckAgain,
    /// The next of several batches.
    Next,
    /// No more of several batches are to be started.
    Hold,
    Time,
    /// The browser takes the lock and writes the intent down, or says that another tab has the lock.
    Secured,
    /// The request reaches the server, which does what it says.
    Arrives,
    /// The request reaches the server, which refuses it.
    IsRefused,
    /// The request is lost on its way.
    IsLost,
    AnswerComes,
    /// The answer is lost, or the time limit ends the waiting.
    AnswerIsLost,
    ListComes,
    ListFails,
    /// The page is loaded again, or crashed and was opened again.
    Reload,
    /// The browser gives the page a lock that it waited for, with the entry as it stands by now.
    LockComes,
    /// What a page before had sent reaches the server only now.
    OrphanArrives,
}

const STEPS: [Step; 21] = [
    Step::Review,
    Step::Confirm,
    Step::Outdates,
    Step::PriceChanges,
    Step::Approve,
    Step::Dismiss,
    Step::CheckAgain,
    Step::Next,
    Step::Hold,
    Step::Time,
    Step::Secured,
    Step::Arrives,
    Step::IsRefused,
    Step::IsLost,
    Step::AnswerComes,
    Step::AnswerIsLost,
    Step::ListComes,
    Step::ListFails,
    Step::Reload,
    Step::LockComes,
    Step::OrphanArrives,
];

/// A fault put into the glue on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sabotage {
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
struct Bounds {
    tabs: usize,
    /// So many batches are bought by one approval.
    batches: u32,
    /// A person reviews so often at most.
    reviews: u32,
    /// So many things go wrong at most: losses, refusals, failed reads, reloads, changed prices.
    faults: u32,
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
struct State {
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
    wrong: Option<&'static str>,
}

struct World {
    bounds: Bounds,
    sabotage: Option<Sabotage>,
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
    fn new(bounds: Bounds) -> Self {
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

    fn can(&self, tab: usize, step: Step, bounds: Bounds) -> bool {
        let page = &self.pages[tab];
        let going = page.posts.iter().any(|post| matches!(post, Post::Going(_)));
        let coming = page
            .posts
            .iter()
            .any(|post| matches!(post, Post::Coming(_)));
        let may_fail = self.faults < bounds.faults;
        match step {
            Step::Review => self.reviews < bounds.reviews && !page.launch.is_busy(),
            Step::Confirm | Step::Outdates => matches!(page.launch, Launch::Reviewing(_)),
            Step::PriceChanges => may_fail && matches!(page.launch, Launch::Reviewing(_)),
            Step::Approve => matches!(
                page.launch,
                Launch::Reviewing(_) | Launch::Submitting { .. }
            ),
            Step::Dismiss => page.launch != Launch::Draft,
            Step::CheckAgain => {
                matches!(
                    page.launch,
                    Launch::NotConfirmed { .. } | Launch::Unknown { .. }
                )
            }
            Step::Next => matches!(page.launch, Launch::Started { .. }),
            Step::Hold => page.launch.run().is_some_and(|run| !run.rest.is_empty()),
            Step::Time => page.launch.deadline().is_some(),
            Step::Secured => page.securing.is_some(),
            Step::Arrives => going,
            Step::IsRefused | Step::IsLost => going && may_fail,
            Step::AnswerComes => coming,
            Step::AnswerIsLost => coming && may_fail,
            Step::ListComes => page.listing,
            Step::ListFails => page.listing && may_fail,
            Step::Reload => may_fail,
            Step::LockComes => !page.awaited.is_empty() && self.lock.is_none(),
            // Of one tab only: they belong to nobody any more.
            Step::OrphanArrives => tab == 0 && !self.orphans.is_empty(),
        }
    }

    fn step(&mut self, tab: usize, step: Step, world: &World) {
        let sabotage = world.sabotage;
        if matches!(
            step,
            Step::PriceChanges
                | Step::IsRefused
                | Step::IsLost
                | Step::AnswerIsLost
                | Step::ListFails
                | Step::Reload
        ) {
            self.faults += 1;
        }
        match step {
            Step::Review => {
                self.reviews += 1;
                let plans = plans(self.reviews, world.bounds.batches);
                let told = self.entries.iter().map(|(plan, _)| plan);
                let known = told.chain(&plans).map(|plan| plan.reference.clone());
                self.pages[tab].known = known.collect();
                self.input(tab, Input::Review(plans));
            }
            Step::Confirm => {
                self.input(tab, Input::TemplateConfirmed);
                if let Launch::Reviewing(review) = &self.pages[tab].launch {
                    let prices = review.plans.iter().map(|plan| plan.price).collect();
                    self.input(tab, Input::PricesRenewed(prices));
                }
            }
            Step::Outdates => self.input(tab, Input::Outdated),
            Step::PriceChanges => {
                let price = Usd::from_dollars(2.0).unwrap();
                let prices = vec![price; world.bounds.batches as usize];
                self.input(tab, Input::PricesRenewed(prices));
            }
            Step::Approve => {
                if sabotage == Some(Sabotage::HastyClick) {
                    let prices =
                        vec![Usd::from_dollars(1.0).unwrap(); world.bounds.batches as usize];
                    self.input(tab, Input::TemplateConfirmed);
                    self.input(tab, Input::PricesRenewed(prices));
                } else if let Launch::Reviewing(review) = &self.pages[tab].launch
                    && review.is_ready()
                {
                    self.approved.extend(review.plans.iter().cloned());
                }
                self.input(tab, Input::Approve);
            }
            Step::Dismiss => {
                // As the app does: what was started elsewhere leaves no trace here.
                self.input(tab, Input::Dismiss);
                self.resume(tab);
            }
            Step::CheckAgain => self.input(tab, Input::CheckAgain),
            Step::Hold => self.input(tab, Input::HoldRest),
            Step::Next => {
                self.input(tab, Input::Next);
                self.resume(tab);
            }
            Step::Time => {
                let deadline = self.pages[tab].launch.deadline();
                self.now = deadline.map_or(self.now, |at| self.now.max(at));
                self.input(tab, Input::Tick);
            }
            Step::Secured => {
                let Some(plan) = self.pages[tab].securing.take() else {
                    return;
                };
                let is_locked = self.lock.is_some_and(|holder| holder != tab)
                    && sabotage != Some(Sabotage::NoLock);
                let is_new =
                    !self.unknown_to(tab).is_empty() && sabotage != Some(Sabotage::IgnoresOthers);
                let elsewhere = is_locked || is_new;
                if !elsewhere {
                    self.lock = Some(tab);
                    if sabotage != Some(Sabotage::LateJournal) {
                        self.entries.push((plan, Outcome::Open));
                    }
                }
                self.input(tab, Input::Secured { elsewhere });
            }
            Step::Arrives | Step::IsRefused | Step::IsLost => {
                let posts = &mut self.pages[tab].posts;
                let place = posts.iter().position(|post| matches!(post, Post::Going(_)));
                if let Some(Post::Going(plan)) = place.map(|place| posts.remove(place)) {
                    posts.push(Post::Coming(match step {
                        Step::Arrives => {
                            let id = id(&plan);
                            self.batches.push(plan);
                            Ok(id)
                        }
                        Step::IsRefused => Err(Kind::Refused(vec![Reason {
                            field: None,
                            text: "no".into(),
                        }])),
                        _ => Err(Kind::Network),
                    }));
                }
            }
            Step::AnswerComes | Step::AnswerIsLost => {
                let page = &mut self.pages[tab];
                let place = (page.posts.iter()).position(|post| matches!(post, Post::Coming(_)));
                if let Some(Post::Coming(answer)) = place.map(|place| page.posts.remove(place)) {
                    let answer = match step {
                        Step::AnswerComes => answer,
                        _ => Err(Kind::Timeout(30)),
                    };
                    let again = match &page.launch {
                        Launch::Submitting { run, .. } if answer.is_err() => Some(run.plan.clone()),
                        _ => None,
                    };
                    let answer = answer.map_err(|kind| Error {
                        kind,
                        task: "start the batch",
                    });
                    self.input(tab, Input::Answered(answer));
                    if let (Some(plan), Some(Sabotage::SendsAgain)) = (again, sabotage) {
                        self.pages[tab].posts.push(Post::Going(plan));
                    }
                }
            }
            Step::ListComes => {
                self.pages[tab].listing = false;
                let listed = self.listed();
                self.input(tab, Input::Listed(Ok(listed)));
            }
            Step::ListFails => {
                self.pages[tab].listing = false;
                self.input(tab, Input::Listed(Err(())));
            }
            Step::Reload => {
                let old = std::mem::take(&mut self.pages[tab]);
                let going = |post| match post {
                    Post::Going(plan) => Some(plan),
                    Post::Coming(_) => None,
                };
                self.orphans.extend(old.posts.into_iter().filter_map(going));
                if self.lock == Some(tab) {
                    self.lock = None;
                }
                if sabotage == Some(Sabotage::ForgetsOpen) {
                    self.entries
                        .retain(|(_, outcome)| *outcome != Outcome::Open);
                }
                let open = |(plan, outcome): &(Plan, Outcome)| {
                    (*outcome == Outcome::Open).then(|| plan.clone())
                };
                self.pages[tab].awaited = self.entries.iter().filter_map(open).collect();
            }
            Step::LockComes => {
                let plan = self.pages[tab].awaited.remove(0);
                let is_open = |(known, outcome): &(Plan, Outcome)| {
                    known.reference == plan.reference && *outcome == Outcome::Open
                };
                if self.entries.iter().any(is_open) {
                    self.lock = Some(tab);
                    self.pages[tab].recovered.push(plan);
                    self.resume(tab);
                }
            }
            Step::OrphanArrives => {
                let plan = self.orphans.remove(0);
                self.batches.push(plan);
            }
        }
        self.check();
    }

    /// Purchases of the same leads that nobody was told of in the review of this tab.
    fn unknown_to(&self, tab: usize) -> Vec<&Plan> {
        let entries = self.entries.iter().map(|(plan, _)| plan);
        let known = &self.pages[tab].known;
        entries
            .filter(|plan| !known.contains(&plan.reference))
            .collect()
    }

    /// As the app does: what a page before had sent is looked for once nothing else is under way.
    fn resume(&mut self, tab: usize) {
        let page = &mut self.pages[tab];
        if page.launch == Launch::Draft && !page.recovered.is_empty() {
            let plan = Box::new(page.recovered.remove(0));
            self.input(tab, Input::Recovered { plan, sent: START });
        }
    }

    fn input(&mut self, tab: usize, input: Input) {
        let actions = self.pages[tab].launch.step(input, self.now);
        for action in actions {
            match action {
                Action::Secure(plan) => self.pages[tab].securing = Some(*plan),
                Action::Settle(plan, outcome) => {
                    for entry in &mut self.entries {
                        if entry.0.reference == plan.reference {
                            entry.1 = outcome.clone();
                        }
                    }
                    // An open entry that waits to be looked for keeps the lock.
                    if self.lock == Some(tab) && self.pages[tab].recovered.is_empty() {
                        self.lock = None;
                    }
                }
                Action::Post(plan) => {
                    let is_open = |(known, outcome): &(Plan, Outcome)| {
                        known == &*plan && *outcome == Outcome::Open
                    };
                    if !self.entries.iter().any(is_open) {
                        self.wrong = Some("sent before it was written down");
                    }
                    let others = self.pages.iter().enumerate();
                    let busy = |(other, page): (usize, &Page)| {
                        other != tab
                            && matches!(
                                page.launch,
                                Launch::Submitting { .. } | Launch::Checking(_)
                            )
                    };
                    if others.into_iter().any(busy) {
                        self.wrong = Some("sent while another tab was at it");
                    }
                    if !self.unknown_to(tab).is_empty() {
                        self.wrong = Some("bought again without a word");
                    }
                    self.pages[tab].posts.push(Post::Going(*plan));
                }
                Action::ReadList => self.pages[tab].listing = true,
            }
        }
    }

    fn check(&mut self) {
        let of = |plan: &Plan| {
            let same = |batch: &&Plan| batch.reference == plan.reference;
            self.batches.iter().filter(same).count()
        };
        if self.batches.iter().any(|plan| of(plan) > 1) {
            self.wrong = Some("two batches of one approval");
        }
        if self
            .batches
            .iter()
            .any(|plan| !self.approved.contains(plan))
        {
            self.wrong = Some("a batch that nobody approved as it is");
        }
        for (plan, outcome) in &self.entries {
            match outcome {
                Outcome::Started { .. } if of(plan) == 0 => {
                    self.wrong = Some("told as started, and it is not");
                }
                Outcome::Refused(_) if of(plan) > 0 => {
                    self.wrong = Some("told as refused, and it runs");
                }
                _ => {}
            }
        }
        if self.batches.iter().any(|plan| {
            self.entries
                .iter()
                .all(|(known, _)| known.reference != plan.reference)
        }) {
            self.wrong = Some("a batch that the ledger does not know");
        }
    }

    /// From now on everything is answered. Whatever was under way comes to an end that tells the truth.
    fn comes_to_the_truth(mut self, world: &World) -> bool {
        let quiet = World {
            bounds: world.bounds,
            sabotage: None,
        };
        for _ in 0..200 {
            let next = [
                Step::LockComes,
                Step::Secured,
                Step::Arrives,
                Step::AnswerComes,
                Step::ListComes,
                Step::Time,
                Step::Next,
            ];
            let next = (0..self.pages.len())
                .flat_map(|tab| next.map(|step| (tab, step)))
                .find(|(tab, step)| self.can(*tab, *step, quiet.bounds));
            let Some((tab, step)) = next else { break };
            self.step(tab, step, &quiet);
        }
        let on_server = |plan: &Plan| self.batches.iter().any(|batch| batch == plan);
        let told = |page: &Page| match &page.launch {
            Launch::Approved(_) | Launch::Submitting { .. } | Launch::Checking(_) => false,
            Launch::Started { run, .. } => on_server(&run.plan),
            Launch::Refused { run, .. } => !on_server(&run.plan),
            _ => true,
        };
        let settled = |(plan, outcome): &(Plan, Outcome)| match outcome {
            Outcome::Started { .. } => on_server(plan),
            Outcome::Refused(_) => !on_server(plan),
            // A person is asked, in one tab or in the next page.
            _ => true,
        };
        self.wrong.is_none() && self.pages.iter().all(told) && self.entries.iter().all(settled)
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

fn visit(bounds: Bounds, sabotage: Option<Sabotage>, depth: usize) -> Result<(), String> {
    let name = format!("{bounds:?} {sabotage:?}");
    let wrong = |state: &State| state.wrong.map(str::to_owned);
    explore(World { bounds, sabotage }, &name, depth, wrong)
}

/// From a variable of the environment, else what the everyday test takes.
fn setting(name: &str, everyday: usize) -> usize {
    std::env::var(name).map_or(everyday, |text| text.parse().expect("a number"))
}

const ALONE: Bounds = Bounds {
    tabs: 1,
    batches: 1,
    reviews: 2,
    faults: 3,
};
const TOGETHER: Bounds = Bounds {
    tabs: TABS,
    batches: 1,
    reviews: 2,
    faults: 2,
};
const SEVERAL: Bounds = Bounds {
    tabs: 1,
    batches: 3,
    reviews: 2,
    faults: 2,
};

/// Prevents: money that is spent twice, or without an approval, or behind a person's back.
#[test]
fn one_approval_is_one_batch_and_everything_is_told_as_it_is() {
    let deeper = setting("LAUNCH_DEPTH", 0);
    for (bounds, depth) in [(ALONE, 22), (TOGETHER, 16), (SEVERAL, 20)] {
        visit(bounds, None, depth + deeper).unwrap();
    }
}

/// Prevents: the same beyond the depth that can be visited whole.
#[test]
fn random_schedules_spend_nothing_twice() {
    for number in 0..setting("LAUNCH_SCHEDULES", 5_000) {
        let mut random = random::Random(number as u64);
        let bounds = Bounds {
            tabs: TABS,
            batches: 1 + (number % 3) as u32,
            reviews: 4,
            faults: 6,
        };
        let world = World {
            bounds,
            sabotage: None,
        };
        let mut state = State::new(bounds);
        let mut taken = Vec::new();
        for _ in 0..80 {
            let mut actions = Vec::new();
            world.actions(&state, &mut actions);
            let Some(action) = actions.get((random.next() * actions.len() as f64) as usize) else {
                break;
            };
            taken.push(*action);
            state.step(action.0, action.1, &world);
            assert_eq!(state.wrong, None, "schedule {number}: {taken:?}");
        }
        assert!(
            state.comes_to_the_truth(&world),
            "schedule {number}: {taken:?}"
        );
    }
}

/// Prevents: a check that finds nothing because it looks at nothing.
#[test]
fn every_kind_of_sabotage_is_found() {
    for (bounds, sabotage, word) in [
        (ALONE, Sabotage::SendsAgain, "two batches of one approval"),
        (
            ALONE,
            Sabotage::LateJournal,
            "sent before it was written down",
        ),
        (ALONE, Sabotage::HastyClick, "nobody approved"),
        (TOGETHER, Sabotage::NoLock, "while another tab was at it"),
        (ALONE, Sabotage::ForgetsOpen, "the ledger does not know"),
        (
            TOGETHER,
            Sabotage::IgnoresOthers,
            "bought again without a word",
        ),
    ] {
        let why = visit(bounds, Some(sabotage), 11).expect_err("sabotage is found");
        assert!(why.contains(word), "{sabotage:?}: {why}");
    }
}
