//! The rules of the house that no compiler keeps: which part may know which, and what no part may do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::Outcome;
use crate::paths;
use crate::problem::Result;
use crate::source::{self, Source};

/// For each part of `src/`, the parts that it may use besides itself; `a::b` allows only that module of `a`.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("error", &[]),
    ("config", &["error"]),
    ("domain", &["error"]),
    ("machine", &["domain", "error"]),
    ("route", &["domain", "error"]),
    ("wire", &["domain", "error"]),
    (
        "app",
        &["machine", "domain", "wire", "route", "config", "error"],
    ),
    (
        "browser",
        &[
            "app", "machine", "domain", "wire", "route", "config", "error", "mock",
        ],
    ),
    (
        "ui",
        &[
            "app",
            "machine",
            "domain",
            "route",
            "config",
            "error",
            "browser::driver",
            "browser::clock",
            "browser::page",
        ],
    ),
    // Built-in data in the driver's place, only with the feature of that name.
    (
        "mock",
        &["app", "machine", "domain", "wire", "browser::clock"],
    ),
    ("main", &["ui", "browser", "config"]),
];
/// `lib.rs` names every part, to make the module tree.
const TREE: &str = "lib";
/// Parts that run and are tested on the host, so they never name the browser or the view.
const PURE: [&str; 7] = [
    "domain", "machine", "app", "wire", "route", "config", "error",
];
const BROWSER_CRATES: [&str; 8] = [
    "leptos",
    "leptos_router",
    "web_sys",
    "js_sys",
    "gloo",
    "gloo_net",
    "gloo_timers",
    "wasm_bindgen",
];
/// The part whose folders are rooms.
const ROOMS: &str = "app";
/// The root's dispatcher: like `update` it knows every room, and every room knows of it what it may ask for.
const DISPATCHER: &str = "parts";
/// What ends the page without a word to the person.
const PANICS: [&str; 7] = [
    ".unwrap()",
    ".expect(",
    "panic!",
    "todo!",
    "unimplemented!",
    ".unwrap_err()",
    ".expect_err(",
];
/// What could make a server's words part of the page's code.
const RAW_HTML: [&str; 4] = [
    "inner_html",
    "outer_html",
    "insert_adjacent_html",
    "document_write",
];
/// Addresses that are names of formats and never loaded.
const NAMESPACES: [&str; 1] = ["http://www.w3.org/"];

type Rule = (&'static str, fn(&[Source]) -> Vec<String>);

const RULES: [Rule; 7] = [
    ("imports point the right way", wrong_imports),
    ("no circle of rooms", circles_of_rooms),
    (
        "the pure parts do not name the browser",
        browser_in_pure_parts,
    ),
    ("nothing panics outside tests", panics),
    ("no text becomes HTML", raw_html),
    ("no address of another server", addresses),
    ("no registry address in lock files", registry_addresses),
];

/// Checks every rule.
pub fn check() -> Result<Outcome> {
    let sources = source::of_the_app()?;
    let mut outcome = Outcome::default();
    for (name, rule) in RULES {
        let offences = rule(&sources);
        if offences.is_empty() {
            outcome.passed += 1;
        } else {
            outcome.failed += 1;
            outcome.details.push_str(&format!("Broken: {name}\n"));
            for offence in offences {
                outcome.details.push_str(&format!("  {offence}\n"));
            }
        }
    }
    outcome.note = format!("{} rules over {} files", RULES.len(), sources.len());
    Ok(outcome)
}

fn wrong_imports(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        let top = source.top();
        if top == TREE {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(part, _)| *part == top) else {
            offences.push(format!(
                "{}: the table in crates/xtask/src/checks/house.rs does not know the part `{top}`",
                source.place(0)
            ));
            continue;
        };
        for (offset, path) in uses(source) {
            let part = &path[0];
            let known = MAY_USE.iter().any(|(name, _)| name == part);
            let fine = *part == top
                || allowed.iter().any(|entry| {
                    let entry: Vec<&str> = entry.split("::").collect();
                    path.iter().zip(&entry).all(|(one, other)| one == other)
                        && path.len() >= entry.len()
                });
            if known && !fine {
                offences.push(format!(
                    "{}: `{top}` may not use `{}`",
                    source.place(offset),
                    path.join("::")
                ));
            }
        }
    }
    offences
}

/// Rooms that import each other, directly or by way of others: neither can be read, or loaded, without the other.
fn circles_of_rooms(sources: &[Source]) -> Vec<String> {
    let rooms: BTreeSet<String> = sources.iter().filter_map(room).collect();
    let mut imports: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for source in sources {
        let Some(here) = room(source) else { continue };
        for (offset, path) in uses(source) {
            let [part, there] = &path[..] else { continue };
            if part == ROOMS && *there != here && rooms.contains(there) {
                let known = imports.entry(here.clone()).or_default();
                let place = known.entry(there.clone());
                place.or_insert_with(|| source.place(offset));
            }
        }
    }
    let leads_to = |from: &String, to: &String| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(room) = next.pop() {
            if room == to {
                return true;
            }
            if seen.insert(room) {
                next.extend(imports.get(room).into_iter().flat_map(BTreeMap::keys));
            }
        }
        false
    };
    let edges = imports.iter().flat_map(|(from, known)| {
        let known = known.iter();
        known.map(move |(to, place)| (from, to, place))
    });
    edges
        .filter(|(from, to, _)| leads_to(to, from))
        .map(|(from, to, place)| format!("{place}: `{from}` imports `{to}`, which leads back"))
        .collect()
}

/// The room that a file is in; none for what stands beside the rooms.
fn room(source: &Source) -> Option<String> {
    let mut names = source.path.iter().map(|name| name.to_string_lossy());
    let (part, room, _file) = (names.next()?, names.next()?, names.next()?);
    (part == ROOMS && room != DISPATCHER).then(|| room.into_owned())
}

/// The crate's own paths that a file names, from the root on, at most two names deep.
fn uses(source: &Source) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let depth = depth(source);
    for (start, root) in roots(&source.code, depth) {
        let mut paths = Vec::new();
        expand(&source.code[start + root..], &mut Vec::new(), &mut paths);
        found.extend(paths.into_iter().map(|path| (start, path)));
    }
    if source.top() == "main" {
        for (start, name) in source.code.match_indices("batch_runner::") {
            let mut paths = Vec::new();
            expand(
                &source.code[start + name.len()..],
                &mut Vec::new(),
                &mut paths,
            );
            found.extend(paths.into_iter().map(|path| (start, path)));
        }
    }
    found
}

/// How many `super::` lead from a file to the crate's root.
fn depth(source: &Source) -> usize {
    let count = source.path.components().count();
    let is_mod = source.path.file_name().is_some_and(|name| name == "mod.rs");
    if is_mod { count - 1 } else { count }
}

/// Where a path starts at the crate's root, and how long that start is.
fn roots(code: &str, depth: usize) -> Vec<(usize, usize)> {
    let climb = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", climb.as_str()] {
        for (start, _) in code.match_indices(root) {
            let before = code[..start].chars().next_back().unwrap_or(' ');
            if !before.is_alphanumeric() && before != '_' && before != ':' {
                found.push((start, root.len()));
            }
        }
    }
    found
}

/// Reads `a::b`, `a::{b, c::d}` or `{a::b, c}` into paths of at most two names; returns how much was read.
fn expand(text: &str, prefix: &mut Vec<String>, out: &mut Vec<Vec<String>>) -> usize {
    let skipped = text.len() - text.trim_start().len();
    let rest = &text[skipped..];
    if rest.starts_with('{') {
        let mut at = 1;
        loop {
            at += expand(&rest[at..], prefix, out);
            at += rest[at..].len() - rest[at..].trim_start().len();
            if rest[at..].starts_with(',') {
                at += 1;
            } else {
                break;
            }
        }
        if rest[at..].starts_with('}') {
            at += 1;
        }
        return skipped + at;
    }
    let name: String = rest
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_' || *letter == '*')
        .collect();
    if name.is_empty() {
        return skipped;
    }
    let mut at = name.len();
    prefix.push(name);
    if let Some(behind) = rest[at..]
        .strip_prefix("::")
        .filter(|behind| !behind.starts_with('<'))
    {
        at += 2 + expand(behind, prefix, out);
    } else {
        out.push(prefix.iter().take(2).cloned().collect());
        // `as other` belongs to this name.
        let alias = rest[at..].trim_start();
        if alias.starts_with("as ") {
            at += rest[at..].find([',', '}', ';']).unwrap_or(0);
        }
    }
    prefix.pop();
    skipped + at
}

fn browser_in_pure_parts(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| PURE.contains(&source.top().as_str()))
        .flat_map(|source| {
            words(&source.code)
                .filter(|(_, word)| BROWSER_CRATES.contains(word))
                .map(|(offset, word)| format!("{}: names `{word}`", source.place(offset)))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn panics(sources: &[Source]) -> Vec<String> {
    find_each(sources, &PANICS)
}

fn raw_html(sources: &[Source]) -> Vec<String> {
    find_each(sources, &RAW_HTML)
}

fn find_each(sources: &[Source], patterns: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        for pattern in patterns {
            for (offset, _) in source.code.match_indices(pattern) {
                let before = source.code[..offset].chars().next_back().unwrap_or(' ');
                let is_part_of_a_name =
                    !pattern.starts_with('.') && (before.is_alphanumeric() || before == '_');
                if !is_part_of_a_name {
                    offences.push(format!("{}: `{pattern}`", source.place(offset)));
                }
            }
        }
    }
    offences
}

fn addresses(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        let text = &source.code_and_literals;
        for scheme in ["http://", "https://", "ws://", "wss://"] {
            for (offset, _) in text.match_indices(scheme) {
                let rest = &text[offset..];
                let names_a_server = rest[scheme.len()..]
                    .chars()
                    .next()
                    .is_some_and(|letter| letter.is_alphanumeric());
                if names_a_server && !NAMESPACES.iter().any(|known| rest.starts_with(known)) {
                    offences.push(format!("{}: an address", source.place(offset)));
                }
            }
        }
    }
    offences
}

/// A lock file with a registry's address would tie everyone to that registry.
fn registry_addresses(_: &[Source]) -> Vec<String> {
    let name = "e2e/package-lock.json";
    let text = fs::read_to_string(paths::workspace().join(name)).unwrap_or_default();
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.contains("\"resolved\"") && line.contains("://"))
        .map(|(number, _)| format!("{name}:{}: a registry's address", number + 1))
        .take(5)
        .collect()
}

fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .map(move |word| (word.as_ptr() as usize - code.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::new(path.into(), text)
    }

    #[test]
    fn imports_against_the_direction_are_found_in_every_form() {
        for text in [
            "use crate::app::Model;",
            "use crate::{error::Error, app};",
            "use crate::{domain::{lead, batch}, app::msg::Msg};",
            "fn a() { crate::app::update(); }",
            "use super::super::app::Model;",
        ] {
            let found = wrong_imports(&[source("machine/launch.rs", text)]);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
        }
    }

    #[test]
    fn imports_in_the_direction_are_fine() {
        for text in [
            "use crate::domain::lead::Lead; use crate::error::Error;",
            "use super::retry::Delay; use crate::machine::connection;",
            "use crate::{domain::{lead as l, batch}, error};",
            "// use crate::app::Model;",
            "#[cfg(test)] mod tests { use crate::wire::rest; }",
        ] {
            let found = wrong_imports(&[source("machine/launch.rs", text)]);
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_view_reaches_the_browser_only_through_the_driver() {
        assert!(
            wrong_imports(&[source("ui/app.rs", "use crate::browser::driver::Driver;")]).is_empty()
        );
        assert_eq!(
            wrong_imports(&[source("ui/app.rs", "use crate::browser::http;")]).len(),
            1
        );
    }

    #[test]
    fn rooms_that_import_each_other_are_found_also_by_way_of_a_third() {
        let pair = [
            source("app/launch/mod.rs", "use crate::app::price::quote::Quote;"),
            source("app/price/quote.rs", "use crate::app::launch::About;"),
        ];
        assert_eq!(
            circles_of_rooms(&pair),
            [
                "src/app/launch/mod.rs:1: `launch` imports `price`, which leads back",
                "src/app/price/quote.rs:1: `price` imports `launch`, which leads back",
            ]
        );
        let three = [
            source("app/a/mod.rs", "use crate::app::{Model, b::One};"),
            source("app/b/mod.rs", "fn f() { crate::app::c::go(); }"),
            source("app/c/deep/mod.rs", "use crate::app::a::Two;"),
            source("app/d/mod.rs", "use crate::app::a::Two;"),
        ];
        let found = circles_of_rooms(&three);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn rooms_may_know_each_other_one_way_and_the_root_and_its_dispatcher_know_all() {
        let fine = [
            source("app/model.rs", "use crate::app::launch::Ledger;"),
            source("app/parts/live.rs", "use crate::app::launch::Ledger;"),
            source(
                "app/launch/mod.rs",
                "use crate::app::price::Quote; use crate::app::parts::Task; use crate::app::model::Model;",
            ),
            source(
                "app/price/mod.rs",
                "use crate::app::Model; // crate::app::launch\n#[cfg(test)] mod tests { use crate::app::launch::About; }",
            ),
        ];
        let found = circles_of_rooms(&fine);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn pure_parts_that_name_the_browser_are_found() {
        assert_eq!(
            browser_in_pure_parts(&[source("app/mod.rs", "use leptos::prelude::*;")]).len(),
            1
        );
        assert!(
            browser_in_pure_parts(&[source("ui/mod.rs", "use leptos::prelude::*;")]).is_empty()
        );
    }

    #[test]
    fn panics_count_only_outside_tests() {
        let text = "fn a() { b.unwrap(); }\n#[test]\nfn c() {}\n#[cfg(test)]\nmod tests { fn d() { e.unwrap(); } }";
        assert_eq!(
            panics(&[source("app/mod.rs", text)]),
            ["src/app/mod.rs:1: `.unwrap()`"]
        );
        assert!(panics(&[source("app/mod.rs", "x.unwrap_or(1); debug_panic!()")]).is_empty());
    }
}
