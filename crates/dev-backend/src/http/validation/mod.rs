//! Reading queries and bodies as the recorded server does, with its complaints (pydantic 2.5).

mod body;
mod fields;
mod query;

pub use body::{optional_json, posted};
pub use fields::Fields;
pub use query::{Query, percent_decode};

use serde_json::{Value, json};

/// A complaint with a link to its explanation.
pub fn complaint(kind: &str, loc: &[Value], msg: &str, input: Value, ctx: Option<Value>) -> Value {
    let mut complaint = json!({ "type": kind, "loc": loc, "msg": msg, "input": input });
    if let Some(ctx) = ctx {
        complaint["ctx"] = ctx;
    }
    complaint["url"] = json!(format!("https://errors.pydantic.dev/2.5/v/{kind}"));
    complaint
}

/// The recorded `page_info`.
pub fn page_info(skip: i64, limit: i64, total: i64) -> Value {
    let limit = limit.max(1);
    let pages = (total + limit - 1) / limit;
    json!({
        "current_page": skip / limit + 1,
        "total_pages": pages,
        "page_size": limit,
        "has_next": skip + limit < total,
        "has_previous": skip > 0,
    })
}

#[cfg(test)]
mod tests;
