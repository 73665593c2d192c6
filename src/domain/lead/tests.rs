use std::rc::Rc;

use super::*;

#[test]
fn codes_and_states_agree() {
    for state in Enrichment::KNOWN {
        assert_eq!(Enrichment::from_code(state.code()), state);
    }
    assert_eq!(Enrichment::from_code("queued").label(), "queued");
    for sort in LeadSort::ALL {
        assert_eq!(LeadSort::from_code(sort.code()), Some(sort));
    }
}

#[test]
fn a_lead_without_company_still_has_a_name() {
    let lead = Lead {
        id: LeadId("x1".into()),
        company: Some("  ".into()),
        contact: None,
        email: Some("a@b.example".into()),
        domain: None,
        enrichment: Enrichment::Pending,
        is_manual: false,
        source: None,
        created: None,
    };
    assert_eq!(lead.name(), "a@b.example");
}

/// Prevents: a chosen lead is told as hidden although the table shows it, or the other way round.
#[test]
fn filters_match_as_the_server_does() {
    let lead = Lead {
        email: Some("Ann.Lee@Fair-Oak.example".into()),
        enrichment: Enrichment::Completed,
        ..Lead::known_by(LeadId("a".into()), "Fair Oak 50% Ltd")
    };
    let search = |text: &str| {
        let filter = LeadFilter {
            search: text.into(),
            ..LeadFilter::default()
        };
        filter.matches(&lead)
    };
    for found in [
        "", "fair", "OAK", "ann%oak", "f_ir", "%", "50%", "_", "l_e@f", "%ltd",
    ] {
        assert_eq!(search(found), Some(true), "{found}");
    }
    for missed in ["fairoak", "oak_ann", "ltd_", "q%", "a__x"] {
        assert_eq!(search(missed), Some(false), "{missed}");
    }
    let filter = |enrichment, is_manual, has_badges| LeadFilter {
        search: String::new(),
        enrichment,
        is_manual,
        has_badges,
    };
    assert_eq!(
        filter(Some(Enrichment::Completed), Some(false), None).matches(&lead),
        Some(true)
    );
    assert_eq!(
        filter(Some(Enrichment::Failed), None, None).matches(&lead),
        Some(false)
    );
    assert_eq!(filter(None, Some(true), None).matches(&lead), Some(false));
    assert_eq!(filter(None, None, Some(true)).matches(&lead), None);
    let little = Lead::known_by(LeadId("b".into()), "Little");
    assert_eq!(filter(None, Some(true), None).matches(&little), None);
    assert_eq!(
        search("").zip(LeadFilter::default().matches(&little)),
        Some((true, true))
    );
}

#[test]
fn leads_are_put_into_the_tables_order() {
    let lead = |id: &str, company: &str| Rc::new(Lead::known_by(LeadId(id.into()), company));
    let mut leads = [
        lead("3", "Birch"),
        lead("1", ""),
        lead("2", "Alder"),
        lead("0", "Birch"),
    ];
    let ids = |leads: &[Rc<Lead>]| {
        leads
            .iter()
            .map(|lead| lead.id.0.clone())
            .collect::<String>()
    };
    LeadSort::Company.sort(&mut leads, false);
    assert_eq!(ids(&leads), "2031");
    LeadSort::Company.sort(&mut leads, true);
    assert_eq!(ids(&leads), "1032");
    LeadSort::Id.sort(&mut leads, true);
    assert_eq!(ids(&leads), "0123");
}

#[test]
fn there_is_always_a_page() {
    assert_eq!(LeadPage::default().page_count(50), 1);
    assert_eq!(
        LeadPage {
            total: 101,
            ..LeadPage::default()
        }
        .page_count(50),
        3
    );
}
