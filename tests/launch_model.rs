//! The launch under every order of clicks, lost answers and reloads: one batch per approval, and none without.
//!
//! `LAUNCH_DEPTH` makes it longer than the everyday test needs.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/explore.rs"]
mod explore;

use std::hash::{DefaultHasher, Hash, Hasher};

use batch_runner::domain::batch::{Batch, BatchId};
use batch_runner::domain::cost::PriceSubject;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::error::{Error, Kind, Reason};
use batch_runner::machine::launch::{Action, Input, Launch};
use explore::explore;
use stateright::{Model, Property};

const START: Millis = Millis(1_000_000);
/// A person approves so often at most.
const APPROVALS: u32 = 2;

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Review,
    Confirm,
    /// The price is another one now.
    PriceChanges,
    /// A click on the button, or one too many.
    Approve,
    Dismiss,
    CheckAgain,
    Time,
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
    /// What the page before had sent reaches the server only now.
    OrphanArrives,
}

const STEPS: [Step; 16] = [
    Step::Review,
    Step::Confirm,
    Step::PriceChanges,
    Step::Approve,
    Step::Dismiss,
    Step::CheckAgain,
    Step::Time,
    Step::Arrives,
    Step::IsRefused,
    Step::IsLost,
    Step::AnswerComes,
    Step::AnswerIsLost,
    Step::ListComes,
    Step::ListFails,
    Step::Reload,
    Step::OrphanArrives,
];

/// A fault put into the glue on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sabotage {
    /// What got no answer is sent again.
    SendsAgain,
    /// The intent is written only once the answer is there.
    LateJournal,
    /// The click is taken before price and template are confirmed.
    HastyClick,
}

/// A request on its way: to the server, or back with its answer.
#[derive(Clone, Debug)]
enum Post {
    Going(Plan),
    Coming(Result<BatchId, Kind>),
}

#[derive(Clone, Debug)]
struct State {
    launch: Launch,
    now: Millis,
    /// The intent, as the browser keeps it.
    journal: Option<(Plan, Millis)>,
    posts: Vec<Post>,
    /// Requests of pages that are gone: they may still arrive, and are answered to nobody.
    orphans: Vec<Plan>,
    listing: bool,
    /// What the database has.
    batches: Vec<Plan>,
    /// What a person approved.
    approved: Vec<Plan>,
    reviews: u32,
    wrong: Option<&'static str>,
}

struct World {
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

fn plan(number: u32) -> Plan {
    Plan {
        subject: PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into())),
        price: Usd::from_dollars(1.0).unwrap(),
        name: None,
        description: None,
        max_concurrent: 5,
        retry_count: 3,
        created_by: Some("olive@example".into()),
        reference: ClientReference::from_random(number.into()),
    }
}

fn id(plan: &Plan) -> BatchId {
    BatchId(plan.reference.0.clone())
}

impl State {
    fn new() -> Self {
        Self {
            launch: Launch::default(),
            now: START,
            journal: None,
            posts: Vec::new(),
            orphans: Vec::new(),
            listing: false,
            batches: Vec::new(),
            approved: Vec::new(),
            reviews: 0,
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

    fn can(&self, step: Step) -> bool {
        let going = self.posts.iter().any(|post| matches!(post, Post::Going(_)));
        let coming = (self.posts.iter()).any(|post| matches!(post, Post::Coming(_)));
        match step {
            Step::Review => self.reviews < APPROVALS && !self.launch.is_busy(),
            Step::Confirm | Step::PriceChanges => matches!(self.launch, Launch::Reviewing(_)),
            Step::Approve | Step::Dismiss | Step::CheckAgain | Step::Reload => true,
            Step::Time => self.launch.deadline().is_some(),
            Step::Arrives | Step::IsRefused | Step::IsLost => going,
            Step::AnswerComes | Step::AnswerIsLost => coming,
            Step::ListComes | Step::ListFails => self.listing,
            Step::OrphanArrives => !self.orphans.is_empty(),
        }
    }

    fn step(&mut self, step: Step, sabotage: Option<Sabotage>) {
        match step {
            Step::Review => {
                self.reviews += 1;
                let plan = plan(self.reviews);
                self.input(Input::Review(Box::new(plan)), sabotage);
            }
            Step::Confirm => {
                self.input(Input::TemplateConfirmed, sabotage);
                if let Launch::Reviewing(review) = &self.launch {
                    let price = review.plan.price;
                    self.input(Input::PriceRenewed(price), sabotage);
                }
            }
            Step::PriceChanges => {
                let price = Usd::from_dollars(2.0).unwrap();
                self.input(Input::PriceRenewed(price), sabotage);
            }
            Step::Approve => {
                if sabotage == Some(Sabotage::HastyClick) {
                    self.input(Input::TemplateConfirmed, sabotage);
                    self.input(
                        Input::PriceRenewed(Usd::from_dollars(1.0).unwrap()),
                        sabotage,
                    );
                } else if let Launch::Reviewing(review) = &self.launch
                    && review.is_ready()
                {
                    self.approved.push(review.plan.clone());
                }
                self.input(Input::Approve, sabotage);
            }
            Step::Dismiss => self.input(Input::Dismiss, sabotage),
            Step::CheckAgain => self.input(Input::CheckAgain, sabotage),
            Step::Time => {
                self.now = self
                    .launch
                    .deadline()
                    .map_or(self.now, |at| self.now.max(at));
                self.input(Input::Tick, sabotage);
            }
            Step::Arrives | Step::IsRefused | Step::IsLost => {
                let going = |post: &Post| matches!(post, Post::Going(_));
                let place = self.posts.iter().position(going);
                if let Some(Post::Going(plan)) = place.map(|place| self.posts.remove(place)) {
                    self.posts.push(Post::Coming(match step {
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
                let coming = |post: &Post| matches!(post, Post::Coming(_));
                let place = self.posts.iter().position(coming);
                if let Some(Post::Coming(answer)) = place.map(|place| self.posts.remove(place)) {
                    let answer = match step {
                        Step::AnswerComes => answer,
                        _ => Err(Kind::Timeout(30)),
                    };
                    let lost = answer.is_err();
                    let again = match &self.launch {
                        Launch::Submitting { plan, .. } => Some(plan.clone()),
                        _ => None,
                    };
                    self.input(
                        Input::Answered(answer.map_err(|kind| Error {
                            kind,
                            task: "start the batch",
                        })),
                        sabotage,
                    );
                    if let (Some(plan), true, Some(Sabotage::SendsAgain)) = (again, lost, sabotage)
                    {
                        self.posts.push(Post::Going(plan));
                    }
                }
            }
            Step::ListComes => {
                self.listing = false;
                self.input(Input::Listed(Ok(self.listed())), sabotage);
            }
            Step::ListFails => {
                self.listing = false;
                self.input(Input::Listed(Err(())), sabotage);
            }
            Step::Reload => {
                self.launch = Launch::default();
                self.listing = false;
                for post in std::mem::take(&mut self.posts) {
                    if let Post::Going(plan) = post {
                        self.orphans.push(plan);
                    }
                }
                if let Some((plan, sent)) = self.journal.clone() {
                    let plan = Box::new(plan);
                    self.input(Input::Recovered { plan, sent }, sabotage);
                }
            }
            Step::OrphanArrives => {
                let plan = self.orphans.remove(0);
                self.batches.push(plan);
            }
        }
        self.check();
    }

    fn input(&mut self, input: Input, sabotage: Option<Sabotage>) {
        for action in self.launch.step(input, self.now) {
            match action {
                Action::Journal { plan, sent } => {
                    if sabotage != Some(Sabotage::LateJournal) {
                        self.journal = Some((*plan, sent));
                    }
                }
                Action::ForgetJournal => self.journal = None,
                Action::Post(plan) => {
                    let kept = self
                        .journal
                        .as_ref()
                        .is_some_and(|(kept, _)| kept == &*plan);
                    if !kept {
                        self.wrong = Some("sent before it was written down");
                    }
                    self.posts.push(Post::Going(*plan));
                }
                Action::ReadList => self.listing = true,
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
        match &self.launch {
            Launch::Started { plan, .. } if of(plan) == 0 => {
                self.wrong = Some("told as started, and it is not");
            }
            Launch::Refused { plan, .. } if of(plan) > 0 => {
                self.wrong = Some("told as refused, and it runs");
            }
            _ => {}
        }
    }

    /// From now on everything is answered. Whatever was under way comes to an end that tells the truth.
    fn comes_to_the_truth(mut self) -> bool {
        for _ in 0..100 {
            let next = [
                Step::Arrives,
                Step::AnswerComes,
                Step::ListComes,
                Step::Time,
            ]
            .into_iter()
            .find(|step| self.can(*step));
            let Some(step) = next else { break };
            self.step(step, None);
        }
        let on_server = |plan: &Plan| self.batches.iter().any(|batch| batch == plan);
        self.wrong.is_none()
            && match &self.launch {
                Launch::Submitting { .. } | Launch::Checking(_) => false,
                Launch::Started { plan, .. } => on_server(plan),
                Launch::Refused { plan, .. } => !on_server(plan),
                _ => true,
            }
    }
}

impl Model for World {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::new()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        actions.extend(STEPS.into_iter().filter(|step| state.can(*step)));
    }

    fn next_state(&self, state: &State, step: Step) -> Option<State> {
        let mut next = state.clone();
        next.step(step, self.sabotage);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is wrong", |_, state: &State| state.wrong.is_none()),
            Property::always("the truth is told in the end", |_, state: &State| {
                state.clone().comes_to_the_truth()
            }),
        ]
    }
}

fn visit(sabotage: Option<Sabotage>, depth: usize) -> Result<(), String> {
    let name = format!("{sabotage:?}");
    let wrong = |state: &State| state.wrong.map(str::to_owned);
    explore(World { sabotage }, &name, depth, wrong)
}

/// Prevents: money that is spent twice, or without an approval, or behind a person's back.
#[test]
fn one_approval_is_one_batch_and_everything_is_told_as_it_is() {
    let depth = std::env::var("LAUNCH_DEPTH").map_or(18, |text| text.parse().expect("a number"));
    visit(None, depth).unwrap();
}

/// Prevents: a check that finds nothing because it looks at nothing.
#[test]
fn every_kind_of_sabotage_is_found() {
    for (sabotage, word) in [
        (Sabotage::SendsAgain, "two batches of one approval"),
        (Sabotage::LateJournal, "sent before it was written down"),
        (Sabotage::HastyClick, "nobody approved"),
    ] {
        let why = visit(Some(sabotage), 10).expect_err("sabotage is found");
        assert!(why.contains(word), "{sabotage:?}: {why}");
    }
}
