//! What a batch would cost: templates, the preview of its price, and today's budget.

use serde::Serialize;

use super::leads::texts_of;
use super::{Answer, Http, Reply, Request};
use crate::domain::budget::DailyBudget;
use crate::domain::cost::{CostLine, PriceSubject, ProviderCost, Receipt};
use crate::domain::money::Usd;
use crate::domain::template::{Template, TemplateVersion};
use crate::error::Error;
use crate::wire::json::Json;

#[derive(Serialize)]
struct Preview<'a> {
    lead_ids: Vec<&'a str>,
    template_version: &'a str,
}

pub(super) fn templates() -> Http {
    Http::get("/template-studio/templates".into(), 10)
}

pub(super) fn preview(subject: &PriceSubject) -> Http {
    Http::post("/batch/preview".into(), 10).with(&Preview {
        lead_ids: texts_of(&subject.lead_ids),
        template_version: &subject.template.0,
    })
}

pub(super) fn budget() -> Http {
    Http::get("/v1/gateway/guardrails/status".into(), 5)
}

/// Reads an answer about templates, prices or the budget; `None` where something else was asked.
pub fn read(request: &Request, answer: &Answer) -> Option<Result<Reply, Error>> {
    let task = request.task();
    Some(match request {
        Request::Templates => answer.read(task, &read_templates),
        Request::Preview(subject) => answer.read(task, &|json| {
            let receipt = read_receipt(json, subject)?;
            Ok(Reply::Preview(Box::new(receipt)))
        }),
        Request::Budget => answer.read(task, &|json| Ok(Reply::Budget(read_budget(json)?))),
        _ => return None,
    })
}

fn read_templates(json: Json) -> Result<Reply, String> {
    let templates = json.items().ok_or("no list of templates")?;
    Ok(Reply::Templates(
        templates.filter_map(read_template).collect(),
    ))
}

fn read_template(raw: Json) -> Option<Template> {
    if raw.flag("is_active") == Some(false) {
        // Not offered any more.
        return None;
    }
    let version = raw.text("version")?;
    let name = raw.text("name").unwrap_or_else(|| version.clone());
    Some(Template {
        display_name: raw.text("display_name").unwrap_or_else(|| name.clone()),
        name,
        description: raw.text("description"),
        version: TemplateVersion(version),
        git_sha: raw.text("git_sha"),
        modified: raw.time("last_modified"),
    })
}

/// The entry of the server's list of limits that all batches of a day come under; its amounts are written in strings.
const DAILY_LIMIT: &str = "global_daily";

fn read_budget(json: Json) -> Result<DailyBudget, String> {
    let mut limits = json.list("limits")?;
    let is_daily = |limit: &Json| limit.get("limit_name").0.as_str() == Some(DAILY_LIMIT);
    let daily = limits
        .find(is_daily)
        .ok_or_else(|| format!("no limit “{DAILY_LIMIT}”"))?;
    let amount = |name: &str| {
        let amount = daily.written_usd(name);
        amount.ok_or_else(|| format!("no amount “{name}” in “{DAILY_LIMIT}”"))
    };
    Ok(DailyBudget {
        limit: amount("limit_amount")?,
        left: amount("remaining_budget")?,
        ends: daily.time("period_end"),
    })
}

/// The steps of the server's calculation in its own order, and what people read for them.
const BREAKDOWN: [(&str, &str); 5] = [
    ("base_cost", CostLine::REPORTS),
    ("provider_costs", CostLine::PROVIDERS),
    ("volume_discount_amount", CostLine::DISCOUNT),
    ("overhead_cost", CostLine::OVERHEAD),
    ("total_cost", CostLine::TOTAL),
];

fn read_receipt(json: Json, subject: &PriceSubject) -> Result<Receipt, String> {
    let total = json
        .usd("estimated_cost_usd")
        .ok_or("no field “estimated_cost_usd”")?;
    let steps = json.get("cost_breakdown");
    let breakdown = BREAKDOWN
        .iter()
        .filter_map(|&(name, label)| {
            let sign = if name == "volume_discount_amount" {
                -1.0
            } else {
                1.0
            };
            let amount = steps
                .number(name)
                .and_then(|dollars| Usd::from_dollars(sign * dollars))?;
            Some(CostLine { label, amount })
        })
        .collect();
    // An object has no order of its own: what costs most comes first.
    let mut providers: Vec<_> = json
        .get("provider_breakdown")
        .0
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, raw)| {
            let raw = Json(raw);
            Some(ProviderCost {
                provider: name.clone(),
                leads: raw.count("leads_processed")?,
                each: raw.usd("cost_per_lead")?,
                total: raw.usd("total_cost")?,
            })
        })
        .collect();
    providers.sort_by_key(|provider| std::cmp::Reverse(provider.total));
    let duration = json.get("estimated_duration_minutes");
    let unknown_leads = match json.list("valid_lead_ids") {
        Ok(valid) => {
            let mut known: Vec<_> = valid.filter_map(Json::as_text).collect();
            known.sort_unstable();
            subject
                .lead_ids
                .iter()
                .filter(|id| known.binary_search(&id.0).is_err())
                .cloned()
                .collect()
        }
        Err(_) => Vec::new(),
    };
    Ok(Receipt {
        subject: subject.clone(),
        total,
        per_lead: json.usd("cost_per_lead"),
        breakdown,
        providers,
        duration_minutes: duration
            .as_count()
            .or_else(|| duration.count("estimated_minutes")),
        within_budget: json.flag("is_within_budget"),
        budget_warning: json.text("budget_warning"),
        accuracy_note: json.text("accuracy_note"),
        unknown_leads,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadId;
    use crate::domain::time::Millis;
    use crate::error::Kind;

    #[test]
    fn a_preview_names_the_leads_that_are_gone() {
        let id = |id: &str| LeadId(id.into());
        let subject = PriceSubject::new([id("a"), id("b")], TemplateVersion("v1".into()));
        let body = r#"{"estimated_cost_usd":1.5,"valid_lead_ids":["b"],"estimated_duration_minutes":{"estimated_minutes":3}}"#;
        let Ok(Reply::Preview(receipt)) = Request::Preview(subject).read(200, None, body) else {
            panic!()
        };
        assert_eq!(receipt.unknown_leads, [id("a")]);
        assert_eq!(receipt.duration_minutes, Some(3));
        assert_eq!(receipt.within_budget, None);
    }

    /// Prevents: a limit that is missing or written in another way is taken for no money, or for money without end.
    #[test]
    fn a_budget_is_read_exactly_or_refused_in_words() {
        let usd = |dollars| Usd::from_dollars(dollars).unwrap();
        let daily =
            |fields: &str| format!(r#"{{"limits":[7,{{"limit_name":"global_daily",{fields}}}]}}"#);
        let money = |limit: &str, left: &str| {
            daily(&format!(
                r#""limit_amount":{limit},"remaining_budget":{left}"#
            ))
        };
        let read = |body: &str| match Request::Budget.read(200, None, body) {
            Ok(Reply::Budget(budget)) => Ok((budget.limit, budget.left)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        };
        let good = [
            (r#""1000.0""#, r#""700.0000""#, 1000.0, 700.0),
            ("1000", "1000.0", 1000.0, 1000.0),
            (r#""0""#, r#""-12.5""#, 0.0, -12.5),
        ];
        for (limit, left, limit_read, left_read) in good {
            let told = read(&money(limit, left));
            assert_eq!(
                told,
                Ok((usd(limit_read), usd(left_read))),
                "{limit} {left}"
            );
        }
        let bad = [
            ("null".into(), "no list “limits”"),
            ("[]".into(), "no list “limits”"),
            (r#"{"limits":null}"#.into(), "no list “limits”"),
            (r#"{"limits":[]}"#.into(), "no limit “global_daily”"),
            (
                r#"{"limits":[{"limit_name":"openai_daily","limit_amount":"1","remaining_budget":"1"}]}"#.into(),
                "no limit “global_daily”",
            ),
            (daily(r#""limit_amount":"1000.0""#), "no amount “remaining_budget”"),
            (money("null", r#""1.0""#), "no amount “limit_amount”"),
            (money(r#""1.0""#, "null"), "no amount “remaining_budget”"),
            (money(r#""1,000""#, r#""1.0""#), "no amount “limit_amount”"),
            (money(r#""1.0""#, r#""NaN""#), "no amount “remaining_budget”"),
            (money(r#""1.0""#, "1e300"), "no amount “remaining_budget”"),
            (money(r#""1.0""#, "true"), "no amount “remaining_budget”"),
            (money(r#""1.0""#, r#"["1.0"]"#), "no amount “remaining_budget”"),
        ];
        for (body, words) in bad {
            let told = read(&body).unwrap_err();
            assert!(told.starts_with("Could not load the budget: "), "{told}");
            assert!(told.contains(words), "{body}: {told}");
        }
        // The end of the day is a help, not a need.
        let times = [
            ("null", None),
            (r#""tomorrow""#, None),
            (
                r#""2026-11-24T00:00:00""#,
                Millis::parse_utc("2026-11-24T00:00:00Z"),
            ),
        ];
        for (end, read) in times {
            let fields = format!(r#""limit_amount":"1","remaining_budget":"1","period_end":{end}"#);
            let Ok(Reply::Budget(budget)) = Request::Budget.read(200, None, &daily(&fields)) else {
                panic!("{end}")
            };
            assert_eq!(budget.ends, read, "{end}");
        }
    }

    #[test]
    fn a_price_that_is_missing_is_not_nothing() {
        let subject = PriceSubject::new([], TemplateVersion("v1".into()));
        for body in [
            "{}",
            r#"{"estimated_cost_usd":null}"#,
            r#"{"estimated_cost_usd":"free"}"#,
        ] {
            let read = Request::Preview(subject.clone()).read(200, None, body);
            assert!(matches!(read.unwrap_err().kind, Kind::Unreadable(_)));
        }
    }
}
