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

/// `1 batch`, `5,000 batches`.
pub fn counted_batches(n: usize) -> String {
    let noun = if n == 1 { "batch" } else { "batches" };
    format!("{} {noun}", grouped(n as u64))
}

/// In small letters, to compare what people type: those of the European alphabets. The standard library knows those of all
/// scripts, and its table takes 4 KB of the bundle.
pub fn lowered(text: &str) -> String {
    text.chars().map(lower).collect()
}

fn lower(letter: char) -> char {
    let code = u32::from(letter);
    let small = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f => {
            code + 0x20
        }
        0x400..=0x40f => code + 0x50,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 0x25,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 0x3f,
        0x178 => 0xff,
        // Capital and small letter follow one another.
        0x139..=0x148 | 0x179..=0x17e => code + code % 2,
        0x100..=0x12f
        | 0x132..=0x137
        | 0x14a..=0x177
        | 0x460..=0x481
        | 0x48a..=0x4bf
        | 0x4d0..=0x52f
        | 0x1e00..=0x1e95
        | 0x1ea0..=0x1eff => code | 1,
        _ => code,
    };
    char::from_u32(small).unwrap_or(letter)
}

/// A letter, in whatever script; what is neither ASCII nor punctuation counts as one. The standard library's tables are exact,
/// and take 2 KB of the bundle.
pub fn is_letter(sign: char) -> bool {
    match sign {
        '\0'..='\u{7f}' => sign.is_ascii_alphabetic(),
        '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{3020}' => false,
        _ => true,
    }
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

    /// Prevents: a name is not found because it is written with another capital.
    #[test]
    fn small_letters_are_those_of_the_standard_library_for_european_alphabets() {
        let scripts = [
            0..0x180,
            0x386..0x3cf,
            0x400..0x4c0,
            0x4d0..0x530,
            0x1e00..0x1e96,
            0x1ea0..0x1f00,
        ];
        for code in scripts.into_iter().flatten() {
            let Some(letter) = char::from_u32(code) else {
                continue;
            };
            // Turkish I with a dot becomes two characters there.
            if code != 0x130 {
                assert_eq!(
                    lowered(&letter.to_string()),
                    letter.to_lowercase().to_string(),
                    "{code:x}"
                );
            }
        }
        assert_eq!(
            lowered("BÄCKEREI Öz Şahin ΚΑΦΈ Чай שלום"),
            "bäckerei öz şahin καφέ чай שלום"
        );
    }

    #[test]
    fn letters_are_told_from_signs() {
        for letter in "aZéßıЖשع家𐐀".chars() {
            assert!(is_letter(letter), "{letter}");
        }
        for sign in " 1-_.,“”’…–·«»§→\u{a0}。".chars() {
            assert!(!is_letter(sign), "{sign}");
        }
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
