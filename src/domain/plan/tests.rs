use super::*;
use crate::domain::lead::LeadId;
use crate::domain::template::TemplateVersion;

#[test]
fn every_wrong_field_is_named_at_once() {
    let settings = Settings {
        name: "n".repeat(256),
        description: "d".repeat(1_001),
        max_concurrent: "21".into(),
        retry_count: "-1".into(),
    };
    let complaints = check_settings(&settings).unwrap_err();
    let fields: Vec<_> = complaints.iter().map(|complaint| complaint.field).collect();
    assert_eq!(
        fields,
        [
            Field::Name,
            Field::Description,
            Field::MaxConcurrent,
            Field::RetryCount
        ]
    );
}

#[test]
fn good_settings_give_their_numbers() {
    assert_eq!(check_settings(&Settings::default()), Ok((5, 3)));
}

#[test]
fn an_empty_choice_says_what_to_do() {
    assert_eq!(
        check_lead_count(0).unwrap_err().text,
        "Choose at least one lead in the table."
    );
    assert_eq!(
        check_lead_count(1_001).unwrap_err().text,
        "A batch takes at most 1,000 leads: take 1 out."
    );
    assert_eq!(check_lead_count(1_000), Ok(()));
}

#[test]
fn a_reference_survives_the_way_through_the_description() {
    let alone = ClientReference::from_random(0x1234_5678_9abc_def0);
    let second = alone.part(Part { number: 2, of: 3 }, 0x1234_5678);
    for reference in [alone.clone(), second.clone()] {
        for words in [
            None,
            Some("July outreach"),
            Some("ends with a bracket]"),
            Some("[ref no]"),
        ] {
            let sent = reference.attach(words);
            assert_eq!(
                ClientReference::detach(&sent),
                (words.map(str::to_owned), Some(reference.clone()))
            );
        }
    }
    assert_eq!((alone.code(), alone.as_part()), (second.code(), None));
    assert_eq!(second.as_part(), Some(Part { number: 2, of: 3 }));
    for no_reference in [
        "zz",
        "0123456789ab 2/3",
        "0123456789ab 0/3 4f01c2",
        "0123456789ab 4/3 4f01c2",
        "0123456789ab 2/3 words",
        "0123456789abc",
    ] {
        let text = format!("July [ref {no_reference}]");
        assert_eq!(ClientReference::detach(&text), (Some(text.clone()), None));
    }
}

#[test]
fn a_plan_has_a_number_of_its_own_and_the_same_leads_are_known_again() {
    let plan = |ids: &[&str], price| Plan {
        subject: PriceSubject::new(
            ids.iter().map(|id| LeadId((*id).into())),
            TemplateVersion("v1".into()),
        ),
        price: Usd::from_dollars(price).unwrap(),
        name: None,
        description: None,
        max_concurrent: 5,
        retry_count: 3,
        created_by: None,
        reference: ClientReference::from_random(7),
    };
    let first = plan(&["a", "bc"], 1.0);
    assert_eq!(first.hash(), plan(&["bc", "a"], 1.0).hash());
    let dearer = plan(&["a", "bc"], 2.0);
    assert_ne!(first.hash(), dearer.hash());
    assert_eq!(first.subject.hash(), dearer.subject.hash());
    assert_ne!(first.subject.hash(), plan(&["ab", "c"], 1.0).subject.hash());
    let named = Plan {
        name: Some("July".into()),
        ..first.clone()
    };
    assert_ne!(first.hash(), named.hash());
}

#[test]
fn the_longest_description_still_fits_with_its_reference() {
    let most = BATCHES_MAX as u32;
    let part = Part {
        number: most,
        of: most,
    };
    let reference = ClientReference::from_random(7).part(part, u64::MAX);
    let sent = reference.attach(Some(&"d".repeat(DESCRIPTION_MAX)));
    assert!(sent.chars().count() <= 1_000);
}

#[test]
fn a_nul_in_a_name_does_not_reach_the_server() {
    assert_eq!(clean_text("a\0b "), Some("ab".into()));
    assert_eq!(clean_text(" \u{7} "), None);
}
