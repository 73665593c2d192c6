//! The documented mistakes of the recorded server, each with a name, a sentence and a switch.
//!
//! The default mode has none of them. `--repaired` and `--as-is` are sets of them, and
//! `POST /dev/quirks` switches single ones. This table is the one place where they are listed.

use std::sync::atomic::{AtomicU64, Ordering};

/// Which server the process behaves like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A server without the mistakes.
    #[default]
    Default,
    /// The recorded server with its three small repairs.
    Repaired,
    /// The recorded server as it stands.
    AsIs,
}

/// Which modes have a quirk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    /// `--repaired` and `--as-is`.
    Both,
    /// `--as-is` only: one of the three repairs mends it.
    AsIsOnly,
    /// No mode; switched on by name.
    None,
}

macro_rules! quirks {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $shared:ident;)+) => {
        /// One documented mistake of the recorded server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Quirk { $($(#[doc = $doc])+ $variant,)+ }

        impl Quirk {
            /// Every quirk, in the order of the table.
            pub const ALL: &'static [Quirk] = &[$(Quirk::$variant,)+];

            /// The name by which `POST /dev/quirks` knows it.
            pub fn name(self) -> &'static str {
                match self { $(Quirk::$variant => $name,)+ }
            }

            /// What it does, in a sentence or two.
            pub fn description(self) -> &'static str {
                match self { $(Quirk::$variant => concat!($($doc,)+).trim_ascii(),)+ }
            }

            fn shared(self) -> Shared {
                match self { $(Quirk::$variant => Shared::$shared,)+ }
            }
        }
    };
}

quirks! {
    /// A body that is not JSON is never answered on POST.
    MalformedJsonHangs = "malformed_json_hangs", Both;
    /// A second sign-in of the same user in the same clock second answers 500.
    SameSecondLoginFails = "same_second_login_fails", Both;
    /// A refresh in the same clock second as the sign-in answers 401.
    SameSecondRefreshFails = "same_second_refresh_fails", Both;
    /// A token goes on working after its sign-out.
    LoggedOutTokenWorks = "logged_out_token_works", Both;
    /// A refresh token is accepted where an access token belongs.
    RefreshTokenIsBearer = "refresh_token_is_bearer", Both;
    /// After an INTERNAL_ERROR the kept-alive connection is dropped without notice.
    InternalErrorDropsConnection = "internal_error_drops_connection", Both;
    /// After a start, the next request on the same connection waits until the batch has ended.
    StartBlocksConnection = "start_blocks_connection", Both;
    /// Sorting by a column with equal values gives pages that overlap and miss rows.
    UnstableSort = "unstable_sort", Both;
    /// With `has_badges=true` the total counts lead-badge pairs and a page holds fewer rows than its limit.
    BadgeFilterCountsPairs = "badge_filter_counts_pairs", Both;
    /// The preview prices enriched leads as if they still had to be enriched, and counts every lead for dataaxle.
    PreviewIgnoresEnrichment = "preview_ignores_enrichment", Both;
    /// The preview tells minutes where seconds are needed.
    DurationFarTooLong = "duration_far_too_long", Both;
    /// Batches write no spend, so that the remaining budget never falls.
    SpendNeverRecorded = "spend_never_recorded", Both;
    /// A start with `cost_approved: false` is accepted and run.
    UnapprovedStartAccepted = "unapproved_start_accepted", Both;
    /// An estimate of 0 reads back as null.
    ZeroEstimateReadsNull = "zero_estimate_reads_null", Both;
    /// `max_concurrent` has no effect: five leads at a time.
    MaxConcurrentIgnored = "max_concurrent_ignored", Both;
    /// Every lead takes about a tenth of a second.
    InstantReports = "instant_reports", Both;
    /// A lead fails only when it was deleted after the start.
    OnlyDeletedLeadsFail = "only_deleted_leads_fail", Both;
    /// An enriched lead costs 0.55, another 0.70, whatever the template.
    FlatActualCost = "flat_actual_cost", Both;
    /// Cancel sets the status and does not stop the work, which later overwrites the status.
    CancelDoesNotStop = "cancel_does_not_stop", Both;
    /// Bodies name `/api/v1/batch/{id}/progress`, which refuses the handshake.
    WrongWebsocketUrl = "wrong_websocket_url", Both;
    /// The multiplexed socket refuses the handshake with 403.
    NoMultiplexedSocket = "no_multiplexed_socket", Both;
    /// There is no route for the results of single leads.
    NoPerLeadRoute = "no_per_lead_route", Both;
    /// A second socket of a batch takes its messages over; when the first closes, the second goes silent too.
    OneSocketPerBatch = "one_socket_per_batch", Both;
    /// `error_summary` is empty even with failures.
    ErrorSummaryEmpty = "error_summary_empty", Both;
    /// `recent_results` lists unfinished leads before finished ones.
    UnfinishedResultsFirst = "unfinished_results_first", Both;
    /// The row of a failed lead goes on saying `pending`, without its reason.
    FailedLeadStaysPending = "failed_lead_stays_pending", Both;
    /// A batch whose server died stays `running` and never moves again.
    OrphanedAfterRestart = "orphaned_after_restart", Both;
    /// The last progress message can stay below 100 %.
    LastProgressMissing = "last_progress_missing", Both;
    /// A frame that is JSON but not an object, or binary, gets one error; the socket never answers again.
    ZombieSocket = "zombie_socket", Both;
    /// A per-batch socket opened within 250 ms of the last one's end is dropped right after its greeting.
    QuickReconnectDropped = "quick_reconnect_dropped", Both;
    /// Every valid preview is refused with 422 and a text about an integer.
    PreviewRefused = "preview_refused", AsIsOnly;
    /// Every batch ends `failed` with a text about a property that has no setter, its cost unknown.
    BatchesEndFailed = "batches_end_failed", AsIsOnly;
    /// The status answers 500 once a lead has failed.
    StatusFailsWithFailedLeads = "status_fails_with_failed_leads", AsIsOnly;
    /// The analytics route answers 500.
    AnalyticsBroken = "analytics_broken", AsIsOnly;
    /// Sockets demand `{"type":"auth","token":…}` as the first message; close code 4401 otherwise.
    WsAuthRequired = "ws_auth_required", None;
}

impl Quirk {
    /// The quirk of the given name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|quirk| quirk.name() == name)
    }

    /// Whether the mode has this quirk when the server starts.
    pub fn is_in(self, mode: Mode) -> bool {
        match (self.shared(), mode) {
            (Shared::Both, Mode::Repaired | Mode::AsIs) | (Shared::AsIsOnly, Mode::AsIs) => true,
            (Shared::Both | Shared::AsIsOnly | Shared::None, _) => false,
        }
    }

    fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The quirks that are switched on. Readers never wait.
#[derive(Debug)]
pub struct Quirks {
    bits: AtomicU64,
}

impl Quirks {
    /// The quirks of a mode.
    pub fn of_mode(mode: Mode) -> Self {
        let bits = Quirk::ALL
            .iter()
            .filter(|quirk| quirk.is_in(mode))
            .map(|quirk| quirk.bit());
        Self {
            bits: AtomicU64::new(bits.sum()),
        }
    }

    /// Whether `quirk` is switched on.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.bits.load(Ordering::Relaxed) & quirk.bit() != 0
    }

    /// Switches `quirk` on or off.
    pub fn set(&self, quirk: Quirk, on: bool) {
        if on {
            self.bits.fetch_or(quirk.bit(), Ordering::Relaxed);
        } else {
            self.bits.fetch_and(!quirk.bit(), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_mode_has_none_and_as_is_includes_repaired() {
        for quirk in Quirk::ALL {
            assert!(!quirk.is_in(Mode::Default));
            assert!(!quirk.is_in(Mode::Repaired) || quirk.is_in(Mode::AsIs));
            assert_eq!(Quirk::from_name(quirk.name()), Some(*quirk));
            assert!(quirk.description().ends_with('.'), "{quirk:?}");
        }
        let quirks = Quirks::of_mode(Mode::Repaired);
        assert!(quirks.has(Quirk::ZombieSocket) && !quirks.has(Quirk::PreviewRefused));
        quirks.set(Quirk::ZombieSocket, false);
        assert!(!quirks.has(Quirk::ZombieSocket));
    }
}
