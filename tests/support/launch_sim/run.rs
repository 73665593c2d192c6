//! Lets one thing happen, as the app, the browser and the server do.

use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::Plan;
use batch_runner::error::{Error, Kind, Reason};
use batch_runner::machine::launch::{Action, Input, Launch};

use super::{Page, Post, START, Sabotage, State, Step, World, id, plans};

impl State {
    pub fn step(&mut self, tab: usize, step: Step, world: &World) {
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
}
