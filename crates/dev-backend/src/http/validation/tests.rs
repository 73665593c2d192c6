use axum::body::Bytes;

use super::*;
use crate::http::errors::ApiError;

#[test]
fn malformed_json_is_placed_as_recorded() {
    let Err(ApiError::Validation(complaints)) = optional_json(&Bytes::from_static(b"{oops")) else {
        panic!("the body must be refused");
    };
    assert_eq!(complaints[0]["loc"], json!(["body", 1]));
    assert_eq!(
        complaints[0]["ctx"]["error"],
        "Expecting property name enclosed in double quotes"
    );
}

#[test]
fn pages_count_as_recorded() {
    for (skip, limit, total, expected) in [
        (9000, 2, 15, (4501, 8, false, true)),
        (0, 50, 0, (1, 0, false, false)),
        (3, 2, 15, (2, 8, true, true)),
        (2450, 100, 2500, (25, 25, false, true)),
    ] {
        let info = page_info(skip, limit, total);
        let found = (
            info["current_page"].as_i64().expect("a number"),
            info["total_pages"].as_i64().expect("a number"),
            info["has_next"] == true,
            info["has_previous"] == true,
        );
        assert_eq!(found, expected);
    }
}

#[test]
fn percent_decoding_survives_anything() {
    assert_eq!(percent_decode("a+b%20c%zz%", true), "a b c%zz%");
    assert_eq!(percent_decode("%c3%a9+", false), "é+");
    assert_eq!(percent_decode("%é", true), "%é");
}
