use super::merge::RECENT_KEPT;
use super::*;

fn batch(status: BatchStatus, total: u32, processed: u32, failed: u32) -> Batch {
    Batch {
        status,
        counts: Counts {
            total,
            processed,
            successful: processed - failed,
            failed,
        },
        ..Batch::unknown(BatchId("b1".into()))
    }
}

fn result(lead: &str, status: LeadStatus) -> LeadResult {
    LeadResult {
        lead: LeadId(lead.into()),
        status,
        error: None,
        cost: None,
        took: None,
        report_url: None,
    }
}

/// Prevents: a report's address that runs a script in the page, or leads to somewhere that only looks like this server.
#[test]
fn only_pages_are_linked() {
    let mut result = result("a", LeadStatus::Completed);
    for (url, is_page) in [
        ("https://reports.example/1", true),
        ("/reports/1", true),
        ("//evil.example/1", false),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
    ] {
        result.report_url = Some(url.into());
        assert_eq!(result.report_link().is_some(), is_page, "{url}");
    }
}

#[test]
fn a_late_message_does_not_turn_counts_back() {
    let mut known = batch(BatchStatus::Running, 300, 92, 2);
    known.merge(batch(BatchStatus::Running, 300, 35, 0), Source::Live);
    assert_eq!(
        known.counts,
        Counts {
            total: 300,
            processed: 92,
            successful: 90,
            failed: 2
        }
    );
}

#[test]
fn counts_stay_within_the_total_whatever_the_server_sends() {
    let mut known = batch(BatchStatus::Running, 10, 5, 0);
    let wild = Counts {
        total: 0,
        processed: u32::MAX,
        successful: u32::MAX,
        failed: 3,
    };
    known.counts = known.counts.merge(wild);
    assert_eq!(
        known.counts,
        Counts {
            total: 10,
            processed: 10,
            successful: 10,
            failed: 3
        }
    );
    assert_eq!(Counts::default().percent(), 0.0);
}

#[test]
fn the_end_stays_the_end_for_live_messages() {
    let mut known = batch(BatchStatus::Cancelled, 300, 50, 0);
    known.merge(batch(BatchStatus::Running, 300, 91, 0), Source::Live);
    assert_eq!(known.status, BatchStatus::Cancelled);
    assert_eq!(known.counts.processed, 91);
}

#[test]
fn a_rest_answer_corrects_one_end_by_another() {
    let mut known = batch(BatchStatus::Cancelled, 300, 50, 0);
    known.merge(batch(BatchStatus::Running, 300, 60, 0), Source::Rest);
    assert_eq!(
        known.status,
        BatchStatus::Cancelled,
        "back to running would be an older answer"
    );
    known.merge(batch(BatchStatus::Completed, 300, 300, 0), Source::Rest);
    assert_eq!(known.status, BatchStatus::Completed);
}

#[test]
fn contradictions_are_told_counts_first() {
    let failed = batch(BatchStatus::Failed, 300, 300, 0);
    assert!(
        failed
            .contradiction()
            .unwrap()
            .starts_with("All 300 leads succeeded")
    );
    let mut cancelled = batch(BatchStatus::Completed, 300, 300, 0);
    assert_eq!(cancelled.contradiction(), None);
    cancelled.error = Some("Cancelled by user".into());
    assert!(cancelled.contradiction().unwrap().contains("did not stop"));
    assert_eq!(
        batch(BatchStatus::Failed, 300, 300, 7).contradiction(),
        None
    );
}

#[test]
fn the_newest_results_come_first_and_outcomes_stay() {
    let mut known = batch(BatchStatus::Running, 300, 5, 0);
    known.note_result(result("a", LeadStatus::Processing));
    known.note_result(result("a", LeadStatus::Completed));
    known.note_result(result("a", LeadStatus::Processing));
    known.note_result(result("b", LeadStatus::Pending));
    assert_eq!(known.recent, [result("a", LeadStatus::Completed)]);
    for n in 0..20 {
        known.note_result(result(&n.to_string(), LeadStatus::Completed));
    }
    assert_eq!(known.recent.len(), RECENT_KEPT);
    assert_eq!(known.recent[0].lead.0, "19");
}

#[test]
fn missing_facts_do_not_erase_known_ones() {
    let mut known = batch(BatchStatus::Running, 300, 5, 0);
    known.name = Some("Summer audit".into());
    known.estimated = Usd::from_dollars(3.0);
    known.merge(batch(BatchStatus::Running, 300, 6, 0), Source::Live);
    assert_eq!(known.title(), "Summer audit");
    assert_eq!(known.estimated, Usd::from_dollars(3.0));
}
