//! Report templates and which of them is the newest.

use std::cmp::Ordering;

use super::text::counted;
use super::time::Millis;

/// The free string by which a batch names its template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateVersion(pub String);

/// One version of one report template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub name: String,
    pub display_name: String,
    pub description: Option<String>,
    pub version: TemplateVersion,
    /// The revision that its text has in the makers' repository, where the server tells it.
    pub git_sha: Option<String>,
    /// When its text was changed last, where the server tells it.
    pub modified: Option<Millis>,
}

impl Template {
    /// What is another one once the text was changed under the same version: the revision, else the time of the last
    /// change. `None` where the server tells neither; then no change can be seen.
    pub fn mark(&self) -> Option<String> {
        let modified = || self.modified.map(Millis::to_utc_text);
        self.git_sha.clone().or_else(modified)
    }
}

/// The last batch of this browser, as far as its template goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    pub version: TemplateVersion,
    /// [`Template::mark`] as it was then.
    pub mark: Option<String>,
    pub at: Millis,
    pub leads: usize,
}

/// A version string taken apart as Semantic Versioning 2.0.0 orders it; `v` in front and missing parts are forgiven.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Semantic {
    numbers: [u64; 3],
    pre_release: Vec<String>,
}

impl Semantic {
    fn parse(version: &str) -> Option<Self> {
        let bare = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let bare = bare.split('+').next().unwrap_or(bare);
        let (core, pre) = bare.split_once('-').unwrap_or((bare, ""));
        let mut numbers = [0; 3];
        let mut parts = core.split('.');
        for (slot, part) in numbers.iter_mut().zip(parts.by_ref()) {
            *slot = part.parse().ok()?;
        }
        let pre_release = pre
            .split('.')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        parts.next().is_none().then_some(Self {
            numbers,
            pre_release,
        })
    }

    fn is_pre_release(&self) -> bool {
        !self.pre_release.is_empty()
    }

    fn order(&self, other: &Self) -> Ordering {
        let finished = |version: &Self| !version.is_pre_release();
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| finished(self).cmp(&finished(other)))
            .then_with(|| {
                let by_part = self
                    .pre_release
                    .iter()
                    .zip(&other.pre_release)
                    .map(|(a, b)| pre_release_order(a, b));
                by_part
                    .into_iter()
                    .find(|order| order.is_ne())
                    .unwrap_or(self.pre_release.len().cmp(&other.pre_release.len()))
            })
    }
}

fn pre_release_order(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// The newest version that is not a pre-release: the default choice. Versions that are words (`simple`) are
/// ordered behind every number; among equals the first in the server's order wins.
pub fn newest(templates: &[Template]) -> Option<&Template> {
    newest_among(templates, None)
}

/// The newest of all templates, or of those with a name.
fn newest_among<'a>(templates: &'a [Template], name: Option<&str>) -> Option<&'a Template> {
    let mut best: Option<(&Template, Option<Semantic>)> = None;
    for template in templates {
        let version = Semantic::parse(&template.version.0);
        let passed_over = name.is_some_and(|name| name != template.name)
            || version.as_ref().is_some_and(Semantic::is_pre_release);
        if passed_over {
            continue;
        }
        let newer = match (&best, &version) {
            (None, _) => true,
            (Some((_, None)), Some(_)) => true,
            (Some((_, Some(old))), Some(new)) => new.order(old).is_gt(),
            (Some(_), None) => false,
        };
        if newer {
            best = Some((template, version));
        }
    }
    best.map(|(template, _)| template)
}

/// How two versions are ordered; `None` where one of them is a word.
fn compared(one: &TemplateVersion, other: &TemplateVersion) -> Option<Ordering> {
    Some(Semantic::parse(&one.0)?.order(&Semantic::parse(&other.0)?))
}

/// The newest version of this template, where it is newer than this one.
pub fn newer_than<'a>(chosen: &Template, offered: &'a [Template]) -> Option<&'a Template> {
    let newest = newest_among(offered, Some(&chosen.name));
    newest.filter(|newest| compared(&chosen.version, &newest.version).is_some_and(Ordering::is_lt))
}

/// What a person should know before choosing this template, as sentences: how it stands to the one that was used last
/// and to the others that are offered. Only versions of one template, by its name, are older or newer than another.
/// `date` writes a day as the page writes it.
pub fn notes(
    chosen: &Template,
    offered: &[Template],
    last: Option<&LastUse>,
    date: &dyn Fn(Millis) -> String,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(last) = last {
        notes.push(since_last_use(chosen, offered, last, date));
    }
    if Semantic::parse(&chosen.version.0).is_some_and(|version| version.is_pre_release()) {
        notes.push("A pre-release: it may change, and its reports may not be finished.".to_owned());
    }
    if let Some(newest) = newer_than(chosen, offered) {
        notes.push(format!(
            "Older than the newest version, {}.",
            newest.version.0
        ));
    }
    notes
}

/// How the chosen template stands to the one that was used last.
fn since_last_use(
    chosen: &Template,
    offered: &[Template],
    last: &LastUse,
    date: &dyn Fn(Millis) -> String,
) -> String {
    let on = date(last.at);
    let leads = counted(last.leads, "lead");
    let version = &last.version.0;
    if last.version == chosen.version {
        // Where one of the marks is missing nobody can tell.
        let changed = chosen
            .mark()
            .zip(last.mark.as_ref())
            .is_some_and(|(now, then)| now != *then);
        return match changed {
            true => format!("Changed since you used it last, on {on} for {leads}."),
            false => format!("You used it last on {on}, for {leads}."),
        };
    }
    match offered.iter().find(|one| one.version == last.version) {
        None => format!(
            "You used version {version} last, on {on} for {leads}; it is not offered any more."
        ),
        Some(used) if used.name != chosen.name => {
            format!(
                "You used {} ({version}) last, on {on} for {leads}.",
                used.display_name
            )
        }
        Some(_) => match compared(&chosen.version, &last.version) {
            Some(Ordering::Greater) => {
                format!("Newer than version {version}, which you used last, on {on} for {leads}.")
            }
            _ => format!("You used version {version} last, on {on} for {leads}."),
        },
    }
}

#[cfg(test)]
mod tests {
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
}
