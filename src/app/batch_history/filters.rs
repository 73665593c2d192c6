//! What the past batches can be filtered, grouped and sorted by: the values of each choice with their words.

use crate::app::Model;
use crate::domain::batch::BatchStatus;
use crate::domain::history::{Grouping, HistoryColumn};
use crate::domain::template::TemplateVersion;

/// Values and labels of a choice, in order.
pub type Choices = Vec<(String, String)>;

/// Every status, and any.
pub fn status_choices() -> Choices {
    let known = BatchStatus::KNOWN.iter();
    or_any(known.map(|status| (status.code(), status.label())))
}

/// The status of a choice.
pub fn status_chosen(code: &str) -> Option<BatchStatus> {
    (!code.is_empty()).then(|| BatchStatus::from_code(code))
}

/// The template version of a choice.
pub fn template_chosen(version: String) -> Option<TemplateVersion> {
    (!version.is_empty()).then_some(TemplateVersion(version))
}

/// What batches can be put together by.
pub fn group_choices() -> Choices {
    owned(Grouping::ALL.map(|group| (group.code(), group.label())))
}

/// What the list can be sorted by.
pub fn order_choices() -> Choices {
    owned(HistoryColumn::ALL.map(|column| (column.code(), column.label())))
}

impl Model {
    /// Every template version that there is or was, and any.
    pub fn template_choices(&self) -> Choices {
        let versions = self.past_templates();
        or_any(versions.iter().map(|it| (it.0.as_str(), it.0.as_str())))
    }
}

fn or_any<'a>(choices: impl Iterator<Item = (&'a str, &'a str)>) -> Choices {
    owned(std::iter::once(("", "Any")).chain(choices))
}

fn owned<'a>(choices: impl IntoIterator<Item = (&'a str, &'a str)>) -> Choices {
    let choices = choices.into_iter();
    choices
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// Prevents: a choice that cannot be taken back, or that leads to another than it says.
    #[test]
    fn choices_lead_back_to_what_they_name() {
        let statuses = status_choices();
        assert_eq!(statuses[0], (String::new(), "Any".to_owned()));
        assert_eq!(status_chosen(&statuses[0].0), None);
        for (known, (code, label)) in BatchStatus::KNOWN.iter().zip(&statuses[1..]) {
            assert_eq!(status_chosen(code).as_ref(), Some(known));
            assert_eq!(known.label(), label);
        }
        assert_eq!(template_chosen(String::new()), None);
        assert_eq!(
            template_chosen("v1".into()),
            Some(TemplateVersion("v1".into()))
        );
        assert_eq!(group_choices().len(), Grouping::ALL.len());
        let order = order_choices();
        assert_eq!(
            HistoryColumn::from_code(&order[2].0),
            Some(HistoryColumn::Leads)
        );
    }

    /// Prevents: a version in the address that is not on offer shows as “Any”.
    #[test]
    fn a_version_that_is_asked_for_can_be_chosen() {
        let mut model = Model::new(Config::default());
        assert_eq!(model.template_choices().len(), 1);
        model.route.history.template = template_chosen("v0".into());
        let versions = model.template_choices();
        assert_eq!(versions[1], ("v0".to_owned(), "v0".to_owned()));
    }
}
