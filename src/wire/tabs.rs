//! What the tabs of one browser tell each other, as text: a word of a tab, or a frame of the server passed on.

use crate::json::{self, Value, json};

use super::json::Json;
use crate::domain::batch::BatchId;
use crate::domain::lead::LeadId;
use crate::domain::live::{Health, OtherReview, Transport, Word};
use crate::domain::time::Millis;

/// What another tab told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Word(Word),
    /// A frame as the server sent it; `batch` is that of a per-batch socket.
    Frame {
        batch: Option<BatchId>,
        text: String,
    },
}

/// A frame passed on.
pub fn write_relayed(batch: Option<&BatchId>, text: &str) -> String {
    // The frame stays as it is: it is passed on often, and a copy within JSON would be escaped and read twice.
    format!("{}\n{text}", batch.map_or("", |id| &id.0))
}

/// A word of this tab.
pub fn write_word(word: &Word) -> String {
    let value = match word {
        Word::Wants { tab, batches } => {
            let ids: Vec<_> = batches.iter().map(|id| id.0.as_str()).collect();
            json!({ "wants": ids, "tab": tab })
        }
        Word::Gone { tab } => json!({ "gone": true, "tab": tab }),
        Word::Yield => json!({ "yield": true }),
        Word::Started => json!({ "started": true }),
        Word::Held { code } => json!({ "held": code }),
        Word::Reviews { tab, review } => {
            let plan = review.as_ref().map_or("", |review| review.plan.as_str());
            let high = review.as_ref().map_or(0.0, |review| review.high.dollars());
            let leads = review.iter().flat_map(|review| review.leads.iter());
            let leads: Vec<_> = leads.map(|id| id.0.as_str()).collect();
            json!({ "reviews": plan, "high": high, "ids": leads, "tab": tab })
        }
        Word::Leads {
            tab,
            health,
            transport,
            sleeps,
        } => {
            let detail = match health {
                Health::Waiting(until) => json!(until.0),
                Health::Polling(every) => json!(every),
                Health::Stopped(why) => json!(why),
                _ => Value::Null,
            };
            json!({
                "leads": health.code(),
                "detail": detail,
                "transport": transport.code(),
                "sleeps": sleeps,
                "tab": tab,
            })
        }
    };
    format!("\n\n{value}")
}

/// Reads what another tab told; `None` where it is of no use, as from another version of the page.
pub fn read_told(text: &str) -> Option<Told> {
    let Some(word) = text.strip_prefix("\n\n") else {
        let (batch, text) = text.split_once('\n')?;
        return Some(Told::Frame {
            batch: (!batch.is_empty()).then(|| BatchId(batch.to_owned())),
            text: text.to_owned(),
        });
    };
    let value: Value = json::from_str(word).ok()?;
    let told = Json(&value);
    for (name, word) in [("started", Word::Started), ("yield", Word::Yield)] {
        if told.flag(name) == Some(true) {
            return Some(Told::Word(word));
        }
    }
    if let Some(code) = told.text("held") {
        return Some(Told::Word(Word::Held { code }));
    }
    let tab = told.count("tab")?;
    let word = if let Ok(ids) = told.list("wants") {
        let batches = ids.filter_map(Json::as_text).map(BatchId).collect();
        Word::Wants { tab, batches }
    } else if told.flag("gone") == Some(true) {
        Word::Gone { tab }
    } else if let Some(plan) = told.get("reviews").0.as_str() {
        let high = told.usd("high");
        let high = high.unwrap_or_default();
        let plan = (!plan.is_empty()).then(|| plan.to_owned());
        let leads = told.get("ids").items().into_iter().flatten();
        let leads = leads.filter_map(Json::as_text).map(LeadId).collect();
        let review = plan.map(|plan| OtherReview { plan, high, leads });
        Word::Reviews { tab, review }
    } else {
        let detail = told.get("detail");
        let number = detail.0.as_i64().unwrap_or_default();
        let health = match told.text("leads")?.as_str() {
            "live" => Health::Live,
            "connecting" => Health::Connecting,
            "waiting" => Health::Waiting(Millis(number)),
            "polling" => Health::Polling(number),
            "offline" => Health::Offline,
            "stopped" => Health::Stopped(detail.as_text().unwrap_or_default()),
            _ => return None,
        };
        Word::Leads {
            tab,
            health,
            transport: Transport::from_code(&told.text("transport")?),
            sleeps: told.flag("sleeps")?,
        }
    };
    Some(Told::Word(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Usd;

    fn words() -> Vec<Word> {
        let leads = |health| Word::Leads {
            tab: u32::MAX,
            health,
            transport: Transport::PerBatch,
            sleeps: true,
        };
        let batches = vec![BatchId("a\"\n\n".into()), BatchId("b".into())];
        vec![
            Word::Held { code: "0a".into() },
            Word::Wants { tab: 0, batches },
            Word::Gone { tab: 7 },
            Word::Started,
            Word::Reviews {
                tab: 7,
                review: None,
            },
            Word::Reviews {
                tab: 7,
                review: Some(OtherReview {
                    leads: ["a", "b"].map(|id| LeadId(id.into())).into(),
                    plan: "00ff".into(),
                    high: Usd::from_dollars(1.5).unwrap(),
                }),
            },
            Word::Yield,
            leads(Health::Live),
            leads(Health::Connecting),
            leads(Health::Waiting(Millis(1_700_000_000_000))),
            leads(Health::Polling(2_000)),
            leads(Health::Offline),
            leads(Health::Stopped("the server’s policy".into())),
        ]
    }

    #[test]
    fn every_word_comes_over_as_it_was_said() {
        for word in words() {
            assert_eq!(read_told(&write_word(&word)), Some(Told::Word(word)));
        }
    }

    #[test]
    fn frames_come_over_as_they_were_sent() {
        for batch in [None, Some(BatchId("b-1".into()))] {
            for text in ["{}", "", "\n", "{\"type\":\"pong\"}\n"] {
                let told = Told::Frame {
                    batch: batch.clone(),
                    text: text.into(),
                };
                let sent = write_relayed(batch.as_ref(), text);
                // An empty first line of a frame without a batch would be a word: no frame of the server begins so.
                if !sent.starts_with("\n\n") {
                    assert_eq!(read_told(&sent), Some(told));
                }
            }
        }
    }

    #[test]
    fn what_other_versions_say_is_of_no_use_and_never_a_panic() {
        for text in [
            "",
            "x",
            "\n\n",
            "\n\nnull",
            "\n\n{\"tab\":1}",
            "\n\n{\"tab\":-1,\"gone\":true}",
            "\n\n{\"tab\":1,\"leads\":\"asleep\",\"transport\":\"x\",\"sleeps\":false}",
        ] {
            assert_eq!(read_told(text), None, "{text:?}");
        }
    }
}
