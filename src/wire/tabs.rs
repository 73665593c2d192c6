//! What the tabs of one browser tell each other, as text: a word of a tab, or a frame of the server passed on.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use crate::domain::batch::BatchId;
use crate::domain::lead::LeadId;
use crate::domain::live::{Health, OtherReview, Transport, Word};
use crate::domain::money::Usd;
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

/// A word as it is told. Which one it is shows in the names of its fields.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Said {
    Started {
        started: bool,
    },
    Yield {
        r#yield: bool,
    },
    Held {
        held: String,
    },
    Wants {
        wants: Vec<String>,
        tab: u32,
    },
    Gone {
        gone: bool,
        tab: u32,
    },
    Reviews {
        /// Empty where there is no review.
        reviews: String,
        #[serde(default)]
        high: f64,
        #[serde(default)]
        ids: Vec<String>,
        tab: u32,
    },
    Leads {
        leads: String,
        /// Until when it waits, how often it asks, or why it stopped.
        #[serde(default)]
        detail: Value,
        transport: String,
        sleeps: bool,
        tab: u32,
    },
}

/// A word of this tab.
pub fn write_word(word: &Word) -> String {
    let said = match word {
        Word::Wants { tab, batches } => Said::Wants {
            wants: batches.iter().map(|id| id.0.clone()).collect(),
            tab: *tab,
        },
        Word::Gone { tab } => Said::Gone {
            gone: true,
            tab: *tab,
        },
        Word::Yield => Said::Yield { r#yield: true },
        Word::Started => Said::Started { started: true },
        Word::Held { code } => Said::Held { held: code.clone() },
        Word::Reviews { tab, review } => {
            let review = review.as_ref();
            let leads = review.iter().flat_map(|review| review.leads.iter());
            Said::Reviews {
                reviews: review.map_or_else(String::new, |review| review.plan.clone()),
                high: review.map_or(0.0, |review| review.high.dollars()),
                ids: leads.map(|id| id.0.clone()).collect(),
                tab: *tab,
            }
        }
        Word::Leads {
            tab,
            health,
            transport,
            sleeps,
        } => Said::Leads {
            leads: health.code().to_owned(),
            detail: match health {
                Health::Waiting(until) => until.0.into(),
                Health::Polling(every) => (*every).into(),
                Health::Stopped(why) => why.as_str().into(),
                _ => Value::Null,
            },
            transport: transport.code().to_owned(),
            sleeps: *sleeps,
            tab: *tab,
        },
    };
    format!("\n\n{}", json::write(&said))
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
    read_word(json::read(word)?).map(Told::Word)
}

fn read_word(said: Said) -> Option<Word> {
    Some(match said {
        Said::Started { started: true } => Word::Started,
        Said::Yield { r#yield: true } => Word::Yield,
        Said::Held { held } => Word::Held { code: held },
        Said::Wants { wants, tab } => Word::Wants {
            tab,
            batches: wants.into_iter().map(BatchId).collect(),
        },
        Said::Gone { gone: true, tab } => Word::Gone { tab },
        Said::Reviews {
            reviews,
            high,
            ids,
            tab,
        } => Word::Reviews {
            tab,
            review: (!reviews.is_empty()).then(|| OtherReview {
                plan: reviews,
                high: Usd::from_dollars(high).unwrap_or_default(),
                leads: ids.into_iter().map(LeadId).collect(),
            }),
        },
        Said::Leads {
            leads,
            detail,
            transport,
            sleeps,
            tab,
        } => Word::Leads {
            tab,
            health: read_health(&leads, &detail)?,
            transport: Transport::from_code(&transport),
            sleeps,
        },
        Said::Started { .. } | Said::Yield { .. } | Said::Gone { .. } => return None,
    })
}

fn read_health(code: &str, detail: &Value) -> Option<Health> {
    let number = detail.as_i64().unwrap_or_default();
    Some(match code {
        "live" => Health::Live,
        "connecting" => Health::Connecting,
        "waiting" => Health::Waiting(Millis(number)),
        "polling" => Health::Polling(number),
        "offline" => Health::Offline,
        "stopped" => Health::Stopped(detail.as_str().unwrap_or_default().to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Prevents: tabs of two versions of the page do not understand each other, and two of them lead.
    #[test]
    fn words_are_told_as_tabs_of_other_versions_know_them() {
        for text in [
            r#"{"started":true}"#,
            r#"{"yield":true}"#,
            r#"{"held":"0a"}"#,
            r#"{"wants":["a","b"],"tab":4294967295}"#,
            r#"{"gone":true,"tab":7}"#,
            r#"{"reviews":"","high":0.0,"ids":[],"tab":7}"#,
            r#"{"reviews":"00ff","high":1.5,"ids":["a","b"],"tab":7}"#,
            r#"{"leads":"live","detail":null,"transport":"per_batch","sleeps":false,"tab":7}"#,
            r#"{"leads":"waiting","detail":1700000000000,"transport":"multiplexed","sleeps":true,"tab":7}"#,
        ] {
            let Some(Told::Word(word)) = read_told(&format!("\n\n{text}")) else {
                panic!("{text}")
            };
            assert_eq!(write_word(&word), format!("\n\n{text}"));
        }
        for (less, code) in [
            (r#"{"reviews":"00ff","tab":7}"#, "00ff"),
            (r#"{"reviews":"00ff","high":1,"later":{},"tab":7}"#, "00ff"),
        ] {
            let told = read_told(&format!("\n\n{less}"));
            let Some(Told::Word(Word::Reviews { review, .. })) = told else {
                panic!("{less}")
            };
            assert_eq!(review.unwrap().plan, code);
        }
    }
}
