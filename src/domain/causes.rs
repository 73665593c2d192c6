//! Why leads failed: the server's words, without what differs from lead to lead, and how many leads failed for each.

use super::batch::{LeadResult, LeadStatus};
use super::lead::LeadId;
use super::text::{is_letter, shortened};

/// The words of a group whose leads failed without any.
pub const NO_REASON: &str = "The server gave no reason";
/// So much of the server's words is read, in characters; what follows is a dump.
const WORDS_READ: usize = 300;
/// The shortest word with a digit that is taken for an identifier.
const ID_MIN: usize = 6;
/// The shortest run of digits that is taken for one: so long is the beginning of a UUID.
const DIGITS_MIN: usize = 8;
/// What may stand behind a number without a space.
const UNITS: [&str; 6] = ["s", "ms", "sec", "kb", "mb", "gb"];
/// Words that say nothing.
const EMPTY_WORDS: [&str; 7] = [
    "error",
    "failed",
    "none",
    "null",
    "unknown",
    "unknown error",
    "unspecified error",
];
/// A number of three digits behind one of these says what happened, as in `HTTP 503`, and stays.
const CODE_WORDS: [&str; 4] = ["http", "status", "code", "error"];

/// Leads that failed for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The reason, with placeholders: `#` for numbers, and others in square brackets.
    pub words: String,
    pub leads: Vec<LeadId>,
    /// The server's own words about the first of them.
    pub example: Option<String>,
}

/// The failed ones of these results by cause, most leads first. A lead that is told twice counts once.
pub fn causes(results: &[LeadResult]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut seen: Vec<&LeadId> = Vec::new();
    for result in results {
        let place = seen.binary_search(&&result.lead);
        let (Err(place), LeadStatus::Failed) = (place, &result.status) else {
            continue;
        };
        seen.insert(place, &result.lead);
        let words = normalised(result.error.as_deref().unwrap_or_default());
        let same = |cause: &&mut Cause| cause.words.eq_ignore_ascii_case(&words);
        match causes.iter_mut().find(same) {
            Some(cause) => cause.leads.push(result.lead.clone()),
            None => causes.push(Cause {
                words,
                leads: vec![result.lead.clone()],
                example: result.error.clone(),
            }),
        }
    }
    // Stable: among equals the one that was told first.
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.leads.len()));
    causes
}

/// The server's words without what differs from lead to lead: identifiers, numbers, addresses, domains and quoted names.
pub fn normalised(words: &str) -> String {
    let unquoted = without_quotes(&shortened(words.trim(), WORDS_READ));
    let mut out = String::new();
    let mut before = String::new();
    for word in unquoted.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let is_code = CODE_WORDS.contains(&before.as_str());
        out += &plain_word(word, is_code);
        before = word
            .trim_matches(|letter: char| !letter.is_ascii_alphanumeric())
            .to_ascii_lowercase();
    }
    let out = out.trim_end_matches(['.', '!', ' ', '…']);
    let is_empty = out.is_empty()
        || EMPTY_WORDS
            .iter()
            .any(|word| out.eq_ignore_ascii_case(word));
    if is_empty {
        NO_REASON.to_owned()
    } else {
        out.to_owned()
    }
}

/// Puts `[name]` for whatever stands in quotation marks. An apostrophe within a word is none, and a mark that is never
/// closed stays.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(mark) = rest.chars().next() {
        let inside = &rest[mark.len_utf8()..];
        let close = match mark {
            '"' | '`' | '\'' => Some(mark),
            '“' => Some('”'),
            '‘' => Some('’'),
            '«' => Some('»'),
            _ => None,
        };
        let ends = |(at, found): &(usize, char)| {
            let after = inside[at + found.len_utf8()..].chars().next();
            Some(*found) == close && !after.is_some_and(is_word)
        };
        let end = close
            .filter(|_| !is_word(before))
            .and_then(|_| inside.char_indices().find(ends));
        match end {
            Some((at, found)) if at > 0 => {
                out += "[name]";
                rest = &inside[at + found.len_utf8()..];
            }
            _ => {
                out.push(mark);
                rest = inside;
            }
        }
        before = mark;
    }
    out
}

/// One word, without what differs; the punctuation around it stays.
fn plain_word(word: &str, is_code: bool) -> String {
    const AROUND: [char; 16] = [
        '(', ')', '[', ']', '{', '}', '<', '>', ',', ';', ':', '.', '!', '?', '"', '\'',
    ];
    if word.contains("[name]") {
        return word.to_owned();
    }
    let core = word.trim_start_matches(AROUND);
    let lead_in = &word[..word.len() - core.len()];
    let trimmed = core.trim_end_matches(AROUND);
    let tail = &core[trimmed.len()..];
    format!("{lead_in}{}{tail}", plain_core(trimmed, is_code))
}

fn plain_core(core: &str, is_code: bool) -> String {
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    if is_code && core.len() == 3 && digits == 3 {
        return core.to_owned();
    }
    if core.contains("://") {
        return "[address]".to_owned();
    }
    // `lead_id=123`, `timeout:30`: the name stays, the value is looked at by itself.
    if let Some((name, value)) = core.split_once(['=', ':'])
        && name.starts_with(is_letter)
        && !value.is_empty()
    {
        let mark = &core[name.len()..=name.len()];
        let is_code = CODE_WORDS.contains(&name.to_ascii_lowercase().as_str());
        return format!("{name}{mark}{}", plain_core(value, is_code));
    }
    if core
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && is_domain(host))
    {
        return "[e-mail]".to_owned();
    }
    if is_domain(core) {
        return "[domain]".to_owned();
    }
    if digits > 0 && is_identifier(core, digits) {
        return "[id]".to_owned();
    }
    without_numbers(core)
}

fn is_word(sign: char) -> bool {
    is_letter(sign) || sign.is_ascii_digit()
}

/// Names with a point between, the last of letters only.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|letter| is_word(letter) || letter == '-')
    };
    let Some((names, last)) = text.rsplit_once('.') else {
        return false;
    };
    last.chars().count() >= 2
        && last.chars().all(is_letter)
        && names.split('.').all(is_label)
        // `3.5MB` and the like are amounts, `e.g` is none at all.
        && names.chars().any(is_letter)
}

/// A long word of digits, hyphens, underscores and letters, or of hexadecimal digits; not a number with its unit, and not
/// the name of an error, which has capitals and hardly a digit.
fn is_identifier(word: &str, digits: usize) -> bool {
    let is_plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_error_name = word.contains('_')
        && digits <= 3
        && letters > digits
        && !word.bytes().any(|byte| byte.is_ascii_lowercase());
    let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_amount = UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known));
    // `OAuth2`, `lead042`: a name with its number.
    let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_name = word.len() - name.len() <= 3
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    // The beginning of an identifier may be digits only.
    let is_long = letters > 0 || word.len() >= DIGITS_MIN;
    is_plain && word.len() >= ID_MIN && is_long && !is_error_name && !is_amount && !is_name
}

/// A `#` for each number, with its points, commas, colons and what else stands within a date or a time.
fn without_numbers(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        if !letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('#') {
            out.push('#');
        }
        let within = matches!(letter, '.' | ',' | ':' | '-' | '/' | 'T');
        let between = letters.peek().is_some_and(char::is_ascii_digit);
        if within && between && out.len() > 1 && out[..out.len() - 1].ends_with('#') {
            out.pop();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(lead: &str, error: Option<&str>) -> LeadResult {
        LeadResult {
            lead: LeadId(lead.into()),
            status: LeadStatus::Failed,
            error: error.map(str::to_owned),
            cost: None,
            took: None,
            report_url: None,
        }
    }

    /// Prevents: three hundred leads that failed for one reason are three hundred reasons.
    #[test]
    fn what_differs_from_lead_to_lead_is_taken_out() {
        for (words, plain) in [
            // As the real server words it (recordings, ws-progress.failed-leads).
            (
                "property 'results_summary' of 'BatchReport' object has no setter",
                "property [name] of [name] object has no setter",
            ),
            // As seen in leads of the product and of the dev backend.
            ("Provider timeout after 30s", "Provider timeout after #s"),
            (
                "LEAD_NOT_FOUND: Lead 8327238a was deleted after the batch was started",
                "LEAD_NOT_FOUND: Lead [id] was deleted after the batch was started",
            ),
            ("Lead 83272381 was deleted", "Lead [id] was deleted"),
            (
                "Lead 3f2b8c1e-0000-4000-8000-1234567890ab not found.",
                "Lead [id] not found",
            ),
            ("no mailbox ann.o+x@fair-oak.co.uk!", "no mailbox [e-mail]"),
            (
                "DNS: www.fair-oak.example (NXDOMAIN)",
                "DNS: [domain] (NXDOMAIN)",
            ),
            ("GET https://x.example/a?b=1 failed", "GET [address] failed"),
            ("\"Fair Oak, Ltd\" can't be read", "[name] can't be read"),
            ("lead “שלום” isn't ours", "lead [name] isn't ours"),
            (
                "12,500 tokens of 8.192 in 1.5 s at 12:30:05",
                "# tokens of # in # s at #",
            ),
            (
                "since 2026-11-23T12:54:57.98 on 10.0.0.1:8080",
                "since # on #",
            ),
            ("lead_id=lead-0042, try=3/5", "lead_id=[id], try=#"),
            ("HTTP 503 from provider 17", "HTTP 503 from provider #"),
            ("status=429 after 3 tries", "status=429 after # tries"),
            ("error: 404", "error: 404"),
            ("RATE_LIMIT_10 reached", "RATE_LIMIT_# reached"),
            ("OAuth2 of lead7  expired", "OAuth# of lead# expired"),
            ("1500ms gone, 100000MB left", "#ms gone, #MB left"),
            ("open ' mark and \" mark", "open ' mark and \" mark"),
            ("", NO_REASON),
            (" Unknown error. ", NO_REASON),
            ("None", NO_REASON),
        ] {
            assert_eq!(normalised(words), plain, "{words}");
        }
    }

    #[test]
    fn words_without_end_are_cut_and_never_a_panic() {
        for piece in [
            "'", "“", "a.b@", "é", "=", ":", "1.", "[name]", "\u{202e}", "x'y ",
        ] {
            let words = piece.repeat(5_000);
            assert!(
                normalised(&words).chars().count() <= 6 * WORDS_READ,
                "{piece}"
            );
        }
    }

    #[test]
    fn the_largest_group_comes_first_with_its_leads_and_one_example() {
        let results = [
            failed("a", Some("Timeout after 30s")),
            failed("b", None),
            failed("c", Some("timeout after 45s")),
            LeadResult {
                status: LeadStatus::Completed,
                ..failed("d", None)
            },
            failed("a", Some("Timeout after 31s")),
            failed("e", Some("")),
            failed("f", Some("Timeout after 9s")),
        ];
        let told = causes(&results);
        let leads = |cause: &Cause| {
            cause
                .leads
                .iter()
                .map(|id| id.0.clone())
                .collect::<String>()
        };
        let told: Vec<_> = (told.iter())
            .map(|cause| (cause.words.as_str(), leads(cause), cause.example.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("Timeout after #s", "acf".into(), Some("Timeout after 30s")),
                (NO_REASON, "be".into(), None)
            ]
        );
    }
}
