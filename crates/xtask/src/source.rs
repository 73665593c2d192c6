//! Reads Rust sources just well enough to check them: without comments, literals and test code.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths;
use crate::problem::{Explain, Result};

/// One source file of the app.
pub struct Source {
    /// Its path below `src/`.
    pub path: PathBuf,
    /// Its code without comments, the contents of literals and test items; every line keeps its number.
    pub code: String,
    /// The same with the contents of its literals.
    pub code_and_literals: String,
    /// For each line, whether it belongs to a test item.
    pub is_test_line: Vec<bool>,
}

impl Source {
    /// Understands a text as the file at `path`.
    pub fn new(path: PathBuf, text: &str) -> Self {
        let is_test = is_test_file(&path);
        Self::read(path, text, is_test)
    }

    fn read(path: PathBuf, text: &str, is_test: bool) -> Self {
        let code = blanked(text, true);
        let tests = if is_test {
            std::iter::once(0..code.len()).collect()
        } else {
            test_items(&code)
        };
        let is_test_line = lines_in(&code, &tests);
        let without_tests = |text: &str| blank_ranges(text, &tests);
        Self {
            code: without_tests(&code),
            code_and_literals: without_tests(&blanked(text, false)),
            path,
            is_test_line,
        }
    }

    /// The folder or file of the house that this one belongs to: `domain`, `route`, ….
    pub fn top(&self) -> String {
        let first = self.path.components().next();
        let name = first.map(|part| part.as_os_str().to_string_lossy().into_owned());
        name.unwrap_or_default().trim_end_matches(".rs").to_owned()
    }

    /// The path as a person knows it, with a line number.
    pub fn place(&self, offset: usize) -> String {
        let line = self.code[..offset].matches('\n').count() + 1;
        format!("src/{}:{line}", self.path.display())
    }
}

/// All sources of the app.
pub fn of_the_app() -> Result<Vec<Source>> {
    let root = paths::workspace().join("src");
    let mut texts = Vec::new();
    collect(&root, &root, &mut texts)?;
    texts.sort();
    let of_tests: Vec<PathBuf> = texts
        .iter()
        .flat_map(|(path, text)| test_modules(path, text))
        .collect();
    let sources = texts.into_iter().map(|(path, text)| {
        if of_tests.contains(&path) {
            Source::read(path, &text, true)
        } else {
            Source::new(path, &text)
        }
    });
    Ok(sources.collect())
}

/// The files of modules that a file declares for its tests only.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let is_root = ["mod.rs", "lib.rs", "main.rs"]
        .iter()
        .any(|name| path.ends_with(name));
    let folder = match is_root {
        true => path.with_file_name(""),
        false => path.with_extension(""),
    };
    let code = blanked(text, true);
    let declared = code.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let (name, _) = rest.trim_start().strip_prefix("mod ")?.split_once(';')?;
        (!name.contains('{')).then(|| folder.join(name).with_extension("rs"))
    });
    declared.collect()
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(PathBuf, String)>) -> Result<()> {
    let unreadable = || format!("The sources in {} cannot be read", folder.display());
    for entry in fs::read_dir(folder).explain(unreadable)? {
        let path = entry.explain(unreadable)?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .explain(|| format!("{} cannot be read", path.display()))?;
            let below = path.strip_prefix(root).unwrap_or(&path).to_owned();
            found.push((below, text));
        }
    }
    Ok(())
}

fn is_test_file(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "tests")
        || path.components().any(|part| part.as_os_str() == "tests")
}

/// The text with spaces for comments and, if asked, for what is inside literals.
fn blanked(text: &str, literals_too: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let previous = if at == 0 { b' ' } else { bytes[at - 1] };
        let (length, inner) = if rest.starts_with(b"//") {
            (line_length(rest), Some((0, line_length(rest))))
        } else if rest.starts_with(b"/*") {
            let length = block_comment_length(rest);
            (length, Some((0, length)))
        } else if let Some((length, inner)) = raw_string(rest).filter(|_| !is_word(previous)) {
            (length, literals_too.then_some(inner))
        } else if rest[0] == b'"' {
            let length = quoted_length(rest, b'"');
            (
                length,
                literals_too.then_some((1, length.saturating_sub(1))),
            )
        } else if rest[0] == b'\'' && is_character(rest) {
            let length = quoted_length(rest, b'\'');
            (
                length,
                literals_too.then_some((1, length.saturating_sub(1))),
            )
        } else {
            (1, None)
        };
        if let Some((from, to)) = inner {
            for byte in &mut out[at + from..at + to.max(from)] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        at += length.max(1);
    }
    // Whole literals and comments were blanked, so no letter of more than one byte was cut.
    String::from_utf8_lossy(&out).into_owned()
}

fn line_length(rest: &[u8]) -> usize {
    rest.iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(rest.len())
}

fn block_comment_length(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a raw string that starts here, and where its contents are.
fn raw_string(rest: &[u8]) -> Option<(usize, (usize, usize))> {
    let prefix = if rest.starts_with(b"br") { 2 } else { 1 };
    if rest[0] != b'r' && prefix == 1 {
        return None;
    }
    let hashes = rest[prefix..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let start = prefix + hashes + 1;
    if rest.get(start - 1) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.resize(hashes + 1, b'#');
    let length = rest[start..]
        .windows(end.len())
        .position(|part| part == end)?;
    Some((start + length + end.len(), (start, start + length)))
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A quote mark starts a character, not a lifetime, when another one follows behind one letter or an escape.
fn is_character(rest: &[u8]) -> bool {
    let Some(&second) = rest.get(1) else {
        return false;
    };
    if second == b'\\' {
        return true;
    }
    let width = match second {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    };
    rest.get(1 + width) == Some(&b'\'')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the items lie that exist only for tests.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (start, _) in code.match_indices("#[cfg(") {
        if found.last().is_some_and(|last| last.contains(&start)) {
            continue;
        }
        let end = start + code[start..].find(']').unwrap_or(0) + 1;
        let condition = &code[start..end];
        let words: Vec<&str> = condition
            .split(|letter: char| !is_word(letter as u8))
            .collect();
        if words.contains(&"test") && !condition.contains("not(test)") {
            found.push(start..item_end(code, end));
        }
    }
    found
}

/// The end of the item that starts at `from`: its closing brace, or its semicolon.
fn item_end(code: &str, from: usize) -> usize {
    let mut round = 0_i32;
    let mut curly = 0_i32;
    let is_use = code[from..].trim_start().starts_with("use ");
    for (offset, letter) in code[from..].char_indices() {
        match letter {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' => curly += 1,
            '}' => {
                curly -= 1;
                if curly == 0 && round == 0 && !is_use {
                    return from + offset + 1;
                }
            }
            ';' if round == 0 && curly == 0 => return from + offset + 1,
            _ => {}
        }
    }
    code.len()
}

fn blank_ranges(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        for byte in &mut bytes[range.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn lines_in(code: &str, ranges: &[std::ops::Range<usize>]) -> Vec<bool> {
    let mut offset = 0;
    code.split('\n')
        .map(|line| {
            let start = offset;
            offset += line.len() + 1;
            ranges
                .iter()
                .any(|range| range.contains(&start) || (start..offset).contains(&range.start))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(PathBuf::from("domain/lead.rs"), text)
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        let read = source(
            "let a = \"x.unwrap()\"; // panic!\n/* todo! /* b */ */ let c = r#\"d\"e\"#; f('\"', 'g');",
        );
        assert!(!read.code.contains("unwrap"));
        assert!(!read.code.contains("panic"));
        assert!(!read.code.contains("todo"));
        assert!(read.code.contains("let c = r#\""));
        assert!(read.code.ends_with("f(' ', ' ');"));
        assert!(read.code_and_literals.contains("x.unwrap()"));
        assert!(!read.code_and_literals.contains("panic"));
    }

    #[test]
    fn a_lifetime_does_not_start_a_literal() {
        let read = source("fn name<'a>(text: &'a str) -> &'a str { text }");
        assert!(read.code.contains("{ text }"));
    }

    #[test]
    fn test_items_are_left_out_and_their_lines_known() {
        let read = source(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { x.unwrap(); }\n}\nfn c() {}\n",
        );
        assert!(!read.code.contains("unwrap"));
        assert!(read.code.contains("fn c() {}"));
        assert_eq!(
            read.is_test_line[..6],
            [false, true, true, true, true, false]
        );
        assert!(
            source("#[cfg(all(test, target_arch = \"wasm32\"))]\nuse a::{b, c};\nfn d() {}")
                .code
                .contains("fn d")
        );
        assert!(source("#[cfg(not(test))]\nfn d() {}").code.contains("fn d"));
    }

    #[test]
    fn files_of_modules_for_tests_only_are_known() {
        let text = "mod a;\n#[cfg(test)]\nmod samples;\n#[cfg(test)]\nmod tests { mod b; }\n";
        let of = |path: &str| test_modules(Path::new(path), text);
        assert_eq!(of("wire/mod.rs"), [Path::new("wire/samples.rs")]);
        assert_eq!(of("wire/rest.rs"), [Path::new("wire/rest/samples.rs")]);
    }

    #[test]
    fn letters_of_more_than_one_byte_survive() {
        let read = source("let a = \"… 5 %\"; let b = '…'; // …\nlet c = 1;");
        assert!(read.code.contains("let c = 1;"));
        assert!(read.code_and_literals.contains("… 5 %"));
    }
}
