//! Entries that the tests of this room share.

use crate::domain::batch::{BatchId, BatchStatus, Counts};
use crate::domain::cost::PriceSubject;
use crate::domain::lead::LeadId;
use crate::domain::ledger::{End, Entry, Outcome, Told};
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Plan};
use crate::domain::template::TemplateVersion;
use crate::domain::time::Millis;

pub fn entry() -> Entry {
    Entry {
        plan: Plan {
            subject: PriceSubject::new(
                ["b", "a"].map(|id| LeadId(id.into())),
                TemplateVersion("v1".into()),
            ),
            price: Usd::from_dollars(0.75625).unwrap(),
            name: Some("שלום, <b> \"x\"".into()),
            description: None,
            max_concurrent: 5,
            retry_count: 0,
            created_by: Some("olive@example".into()),
            reference: ClientReference::from_random(42),
        },
        approved: Millis(1_795_438_400_000),
        told: Some(Told {
            expected: Usd::from_dollars(0.6).zip(Usd::from_dollars(0.9)),
            warning: Some("Batch will use 63.4% of daily budget".into()),
        }),
        enriched: Some(1),
        template_mark: Some("abc".into()),
        outcome: Outcome::Open,
        end: None,
        rerun_of: None,
    }
}

pub fn ended() -> Entry {
    let counts = Counts {
        total: 2,
        processed: 2,
        successful: 1,
        failed: 1,
    };
    let batch = BatchId("x-1".into());
    Entry {
        outcome: Outcome::Started {
            batch,
            adopted: true,
        },
        end: Some(End {
            status: BatchStatus::Completed,
            counts,
            actual: Usd::from_dollars(0.7),
        }),
        rerun_of: Some(BatchId("x-0".into())),
        ..entry()
    }
}
