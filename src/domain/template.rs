//! Report templates and which of them is the newest.

use std::cmp::Ordering;

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
    pub is_active: bool,
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

    fn order(&self, other: &Self) -> Ordering {
        let finished = |version: &Self| version.pre_release.is_empty();
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

/// The newest active version that is not a pre-release: the default choice. Versions that are words (`simple`) are
/// ordered behind every number; among equals the first in the server's order wins.
pub fn newest(templates: &[Template]) -> Option<&Template> {
    let mut best: Option<(&Template, Option<Semantic>)> = None;
    for template in templates.iter().filter(|template| template.is_active) {
        let version = Semantic::parse(&template.version.0);
        if version
            .as_ref()
            .is_some_and(|version| !version.pre_release.is_empty())
        {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn template(version: &str, is_active: bool) -> Template {
        Template {
            name: "audit".into(),
            display_name: "Audit".into(),
            description: None,
            version: TemplateVersion(version.into()),
            is_active,
        }
    }

    fn newest_of(versions: &[&str]) -> Option<String> {
        let all: Vec<_> = versions
            .iter()
            .map(|version| template(version, true))
            .collect();
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
        assert_eq!(newest(&[template("1.0.0", false)]), None);
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
}
