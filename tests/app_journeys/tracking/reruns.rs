//! Running leads again.

use super::{bought, chosen, ends, id};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::outcomes::Standing;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

/// Runs what is chosen.
fn buys(world: &mut World) {
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    world.tell(Msg::Approved);
    world.run(1_000);
}

fn attempts(world: &World, batch: &str) -> Vec<String> {
    let batch = id(batch);
    let all = world.model.attempts(&batch).into_iter();
    all.map(|attempt| attempt.batch.0.clone()).collect()
}

/// Prevents: after a rerun nobody can say what has become of a lead in the end.
#[test]
fn attempts_are_linked_and_the_best_outcome_of_each_lead_stands() {
    let mut world = bought();
    ends(
        &mut world,
        "batch-1",
        &[
            ("lead-001", "completed", None),
            ("lead-002", "failed", Some("Timeout")),
            ("lead-003", "failed", Some("Timeout")),
        ],
    );
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::Failed));
    world.run(500);
    assert_eq!(chosen(&world), ["2", "3"]);
    // Narrowed, it still is a rerun.
    world.choose([3], false);
    buys(&mut world);
    assert_eq!(world.ledger()[0].rerun_of, Some(id("batch-1")));
    assert_eq!(world.model.choice.rerun(), None);
    ends(&mut world, "batch-2", &[("lead-002", "completed", None)]);
    for batch in ["batch-1", "batch-2"] {
        assert_eq!(attempts(&world, batch), ["batch-1", "batch-2"]);
    }
    // It is known after a reload, and what came of each attempt is read, also where it takes long to tell whose they are.
    let mut world = world.reload();
    let late = Answer::Late(1_000, Box::new(Answer::Usual));
    world.server.once(Get, "/accounts/me", [late]);
    world.open("view=history&batch=batch-1");
    world.run(3_000);
    assert_eq!(world.requests(Get, "/batch/batch-2/leads").len(), 1);
    let best = world.model.best_outcomes(&id("batch-1"));
    let told: Vec<_> = (best.iter())
        .map(|it| {
            (
                it.outcome.lead.0.as_str(),
                it.outcome.standing,
                it.batch.0.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("lead-001", Standing::Completed, "batch-1"),
            ("lead-002", Standing::Completed, "batch-2"),
            ("lead-003", Standing::Failed, "batch-1"),
        ]
    );
}

/// Prevents: a batch with other leads among them is taken for a rerun.
#[test]
fn a_choice_with_other_leads_is_no_rerun() {
    let mut world = bought();
    ends(&mut world, "batch-1", &[("lead-001", "completed", None); 3]);
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    world.choose([7], true);
    assert_eq!(world.model.choice.rerun(), None);
    buys(&mut world);
    assert_eq!(world.ledger()[0].rerun_of, None);
    assert_eq!(attempts(&world, "batch-1"), ["batch-1"]);
}

/// Prevents: the same leads are bought again without a word about another template, leads that are gone, or the price.
#[test]
fn what_has_changed_since_is_said() {
    let mut world = World::new();
    let template = |version: &str, sha: &str| json!({"name": "audit", "display_name": version, "version": version, "git_sha": sha, "is_active": true});
    world.server.templates = vec![template("1.0.0", "abc")];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    buys(&mut world);
    assert_eq!(world.model.template_notes(&id("batch-1")), [""; 0]);
    assert_eq!(world.model.rerun_comparison(), None);
    world.server.templates = vec![template("1.0.0", "def"), template("1.1.0", "ghi")];
    world.server.price_each = 0.75;
    world.server.gone = vec!["lead-002".into()];
    world.tell(Msg::TemplatesRetried);
    world.run(500);
    let of_template = [
        "Its template, 1.0.0, was changed since.",
        "Its template is 1.0.0; there is a newer version, 1.1.0.",
    ];
    assert_eq!(world.model.template_notes(&id("batch-1")), of_template);
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    world.run(1_000);
    let comparison = world.model.rerun_comparison().unwrap();
    assert_eq!(comparison.notes, of_template);
    let told = |world: &World| -> Vec<String> {
        let comparison = world.model.rerun_comparison().unwrap();
        let lines = comparison.lines.iter();
        lines
            .map(|(label, words)| format!("{label}: {words}"))
            .collect()
    };
    assert_eq!(
        told(&world),
        [
            "Leads: all 3",
            "Gone since: 1, cannot be reported on any more",
            "Template: 1.0.0, as then",
            "Price per lead: $0.50 then, $0.75 now (+50\u{a0}%)",
        ]
    );
    // Some of them, with another template, after a reload.
    world.server.gone.clear();
    world.server.price_each = 0.5;
    world.choose([1], false);
    world.tell(Msg::TemplateChosen(TemplateVersion("1.1.0".into())));
    let mut world = world.reload();
    world.open("template=1.1.0");
    world.run(2_000);
    assert_eq!(
        told(&world),
        [
            "Leads: 2 of 3 leads",
            "Template: 1.0.0 then, 1.1.0 now",
            "Price per lead: $0.50, as then",
        ]
    );
    world.server.templates = vec![template("1.1.0", "ghi")];
    world.tell(Msg::TemplatesRetried);
    world.run(1_000);
    assert_eq!(
        world.model.template_notes(&id("batch-1")),
        ["Its template, 1.0.0, is not offered any more."]
    );
}

/// Prevents: a lead whose batch this browser started is left out of the file because the server does not tell of it.
#[test]
fn leads_of_the_plan_are_known_without_the_server() {
    let mut world = bought();
    world.server.set("batch-1", "completed", 2);
    world.run(40_000);
    let outcomes = world.model.outcomes(&id("batch-1"));
    let told: Vec<(&LeadId, Standing)> = (outcomes.iter())
        .map(|outcome| (&outcome.lead, outcome.standing))
        .collect();
    assert_eq!(told.len(), 3);
    assert!(
        told.iter()
            .all(|(_, standing)| *standing == Standing::Unknown),
        "two of three were done, and nobody says which"
    );
}

/// Prevents: what ended while nobody looked is a row of messages that had gone before they could be read.
#[test]
fn what_ends_while_nobody_looks_is_told_by_the_browser_and_summed_up() {
    let mut world = World::signed_in();
    for id in ["a", "b"] {
        world
            .server
            .batches
            .push(Server::batch(id, "running", 4, 1));
    }
    world.run(40_000);
    let icons = |world: &World| -> Vec<Option<u32>> {
        let icon = |effect: &Effect| match effect {
            Effect::SetIcon(percent) => Some(*percent),
            _ => None,
        };
        world.effects.iter().filter_map(icon).collect()
    };
    assert_eq!(icons(&world).last(), Some(&Some(25)));
    let told = world.toasts.len();
    let chimes = |world: &World| {
        let chimes = world.effects.iter().filter(|it| **it == Effect::Chime);
        chimes.count()
    };
    world.tell(Msg::SoundSwitched(true));
    assert_eq!(chimes(&world), 1, "so that a person knows it");
    world.tell(Msg::Visible(false));
    world.server.set("a", "completed", 4);
    world.server.set("b", "completed", 4);
    world.run(70_000);
    assert_eq!(world.toasts.len(), told, "nobody would read them");
    let notices = world
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Notify(_)));
    assert_eq!(notices.count(), 2);
    assert_eq!(chimes(&world), 3);
    assert!(
        world
            .effects
            .contains(&Effect::SetTitle("(2) Batch Runner".into()))
    );
    world.tell(Msg::Visible(true));
    assert!(
        world.was_told("While you were away: Batch "),
        "{:?}",
        world.toasts
    );
    assert_eq!(icons(&world).last(), Some(&None));
    assert!(
        world
            .effects
            .contains(&Effect::SetTitle("Batch Runner".into()))
    );
}
