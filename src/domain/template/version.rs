//! Versions in the order of Semantic Versioning, and the newest of several.

use std::cmp::Ordering;

use super::{Template, TemplateVersion};

/// A version string taken apart as Semantic Versioning 2.0.0 orders it; `v` in front and missing parts are forgiven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Semantic {
    numbers: [u64; 3],
    pre_release: Vec<String>,
}

impl Semantic {
    pub(super) fn parse(version: &str) -> Option<Self> {
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

    pub(super) fn is_pre_release(&self) -> bool {
        !self.pre_release.is_empty()
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
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
pub(super) fn compared(one: &TemplateVersion, other: &TemplateVersion) -> Option<Ordering> {
    Some(Semantic::parse(&one.0)?.order(&Semantic::parse(&other.0)?))
}

/// The newest version of this template, where it is newer than this one.
pub fn newer_than<'a>(chosen: &Template, offered: &'a [Template]) -> Option<&'a Template> {
    let newest = newest_among(offered, Some(&chosen.name));
    newest.filter(|newest| compared(&chosen.version, &newest.version).is_some_and(Ordering::is_lt))
}
