use std::cmp::Ordering;

use super::version::Semantic;
use super::*;

fn template(version: &str) -> Template {
    Template {
        name: "audit".into(),
        display_name: "Audit".into(),
        description: None,
        version: TemplateVersion(version.into()),
        git_sha: None,
        modified: None,
    }
}

fn newest_of(versions: &[&str]) -> Option<String> {
    let all: Vec<_> = versions.iter().map(|version| template(version)).collect();
    newest(&all).map(|template| template.version.0.clone())
}

#[test]
fn numbers_are_ordered_as_numbers() {
    assert_eq!(
        newest_of(&["v1", "2.0.0", "simple", "10.0.0", "9.9.9"]).as_deref(),
        Some("10.0.0")
    );
    assert_eq!(newest_of(&["1.2.0", "1.10.0"]).as_deref(), Some("1.10.0"));
}

#[test]
fn a_pre_release_is_never_the_default() {
    assert_eq!(
        newest_of(&["2.0.0", "3.0.0-beta.1"]).as_deref(),
        Some("2.0.0")
    );
    assert_eq!(newest_of(&["3.0.0-beta.1"]), None);
}

#[test]
fn words_are_taken_when_there_are_no_numbers() {
    assert_eq!(
        newest_of(&["simple", "comprehensive"]).as_deref(),
        Some("simple")
    );
}

#[test]
fn pre_releases_are_ordered_as_semver_orders_them() {
    let ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
    ];
    for pair in ordered.windows(2) {
        let [a, b] = [
            Semantic::parse(pair[0]).unwrap(),
            Semantic::parse(pair[1]).unwrap(),
        ];
        assert_eq!(a.order(&b), Ordering::Less, "{pair:?}");
    }
}

fn last_use(version: &str, mark: Option<&str>) -> LastUse {
    LastUse {
        version: TemplateVersion(version.into()),
        mark: mark.map(str::to_owned),
        at: Millis(1_795_438_503_549),
        leads: 120,
    }
}

fn date(at: Millis) -> String {
    at.to_local_date(0)
}

#[test]
fn the_mark_is_the_revision_else_the_time() {
    let modified = Some(Millis(1_795_438_503_000));
    let cases = [
        (None, None, None),
        (Some("9f2c"), modified, Some("9f2c")),
        (None, modified, Some("2026-11-23T12:55:03")),
    ];
    for (git_sha, modified, mark) in cases {
        let one = Template {
            git_sha: git_sha.map(str::to_owned),
            modified,
            ..template("2.0.0")
        };
        assert_eq!(one.mark().as_deref(), mark);
    }
}

#[test]
fn the_last_use_is_told_as_it_stands_to_the_choice() {
    let quick = Template {
        name: "quick".into(),
        display_name: "Quick Check".into(),
        ..template("simple")
    };
    let offered = [template("v1"), template("2.0.0"), template("words"), quick];
    let cases = [
        // Chosen, its revision, used last, the revision then.
        (
            "2.0.0",
            None,
            "2.0.0",
            None,
            "You used it last on 23 Nov 2026, for 120 leads.",
        ),
        (
            "2.0.0",
            Some("a"),
            "2.0.0",
            Some("a"),
            "You used it last on 23 Nov 2026, for 120 leads.",
        ),
        (
            "2.0.0",
            Some("b"),
            "2.0.0",
            Some("a"),
            "Changed since you used it last, on 23 Nov 2026 for 120 leads.",
        ),
        // A server that has only begun to tell revisions.
        (
            "2.0.0",
            Some("b"),
            "2.0.0",
            None,
            "You used it last on 23 Nov 2026, for 120 leads.",
        ),
        (
            "2.0.0",
            None,
            "2.0.0",
            Some("a"),
            "You used it last on 23 Nov 2026, for 120 leads.",
        ),
        // Another revision of another version is no change.
        (
            "2.0.0",
            Some("b"),
            "v1",
            Some("a"),
            "Newer than version v1, which you used last, on 23 Nov 2026 for 120 leads.",
        ),
        (
            "v1",
            None,
            "2.0.0",
            None,
            "You used version 2.0.0 last, on 23 Nov 2026 for 120 leads.",
        ),
        (
            "2.0.0",
            None,
            "words",
            None,
            "You used version words last, on 23 Nov 2026 for 120 leads.",
        ),
        (
            "2.0.0",
            None,
            "simple",
            None,
            "You used Quick Check (simple) last, on 23 Nov 2026 for 120 leads.",
        ),
        (
            "2.0.0",
            None,
            "1.5.0",
            None,
            "You used version 1.5.0 last, on 23 Nov 2026 for 120 leads; it is not offered any more.",
        ),
    ];
    for (version, git_sha, used, mark, first) in cases {
        let chosen = Template {
            git_sha: git_sha.map(str::to_owned),
            ..template(version)
        };
        let told = notes(&chosen, &offered, Some(&last_use(used, mark)), &date);
        assert_eq!(told.first().map(String::as_str), Some(first));
    }
}

#[test]
fn old_and_unfinished_versions_are_said_to_be_so() {
    let other = Template {
        name: "quick".into(),
        ..template("9.0.0")
    };
    let mut offered: Vec<_> = ["v1", "2.0.0", "3.0.0-beta.1", "simple"]
        .map(template)
        .into();
    offered.push(other);
    let older = "Older than the newest version, 2.0.0.";
    let unfinished = "A pre-release: it may change, and its reports may not be finished.";
    let cases: [(&str, &[&str]); 5] = [
        ("2.0.0", &[]),
        ("v1", &[older]),
        ("3.0.0-beta.1", &[unfinished]),
        ("2.0.0-rc.1", &[unfinished, older]),
        // Nobody can tell a word's age.
        ("simple", &[]),
    ];
    for (version, expected) in cases {
        assert_eq!(
            notes(&template(version), &offered, None, &date),
            expected,
            "{version}"
        );
    }
}
