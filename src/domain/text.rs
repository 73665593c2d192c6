//! How numbers and names are written in sentences and addresses.

/// A whole number with thousands set apart: `8,412`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 lead`, `8,412 leads`: a count with its noun, which must take a plain `s`.
pub fn counted(n: usize, noun: &str) -> String {
    format!(
        "{} {noun}{}",
        grouped(n as u64),
        if n == 1 { "" } else { "s" }
    )
}

/// At most `max` characters, the last an ellipsis where something was cut.
pub fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// A number with at most `places` digits behind the point, without idle zeros: `12.5`. What is no number is `0`.
/// Whole-number arithmetic, because formatting floats takes much of the bundle.
pub fn decimal(value: f64, places: u32) -> String {
    let scale = 10u64.pow(places.min(9));
    let scaled = (value.abs() * scale as f64).round() as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let fraction = format!("{:0width$}", scaled % scale, width = places.min(9) as usize);
    let fraction = if scale == 1 {
        ""
    } else {
        fraction.trim_end_matches('0')
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", scaled / scale)
}

/// Percent-encodes everything but unreserved characters (RFC 3986, section 2.3).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Undoes percent-encoding and `+`; what is not well-formed stays as it is.
pub fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match (
            bytes[at],
            pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(n), text);
        }
        assert_eq!(counted(1, "lead"), "1 lead");
        assert_eq!(counted(2_000, "lead"), "2,000 leads");
    }

    #[test]
    fn decimals_have_no_idle_zeros() {
        let cases = [
            (12.5, 3, "12.5"),
            (100.0, 6, "100"),
            (33.333_333_4, 6, "33.333333"),
            (0.04, 1, "0"),
            (-2.25, 2, "-2.25"),
        ];
        for (value, places, text) in cases {
            assert_eq!(decimal(value, places), text);
        }
        assert_eq!(decimal(f64::NAN, 2), "0");
        assert_eq!(decimal(7.6, 0), "8");
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shortened("שלום עולם", 5), "שלום…");
        assert_eq!(shortened("short", 5), "short");
    }
}
