//! The JavaScript that wasm-bindgen writes beside the module: without what nothing uses, and with shorter names for what
//! the two share.
//!
//! It is read as the text that the pinned version writes. What has another form stays as it is.

use std::collections::{BTreeMap, BTreeSet};

/// How a class begins.
const CLASS: &str = "export class ";
/// How the glue names what the module exports.
const EXPORT: &str = "wasm.";
/// How far a function that the module imports is indented.
const INDENT: &str = "        ";
/// How such a function ends.
const END: &str = "\n        },\n";

/// Without the classes of other crates that the page never hands to JavaScript: their methods would keep code alive.
pub fn without_idle_classes(glue: &str) -> String {
    let names = glue.lines().filter_map(|line| {
        let name = line.strip_prefix(CLASS)?;
        name.strip_suffix(" {")
    });
    names.fold(glue.to_owned(), |text, name| {
        match without_class(&text, name) {
            // What names it still can make one.
            Some(without) if !has_word(&without, name) => without,
            _ => text,
        }
    })
}

fn without_class(glue: &str, name: &str) -> Option<String> {
    let rest = cut(glue, &format!("{CLASS}{name} {{\n"), "\n}\n")?;
    let rest = cut(&rest, &format!("if (Symbol.dispose) {name}."), ";\n").unwrap_or(rest);
    let rest = cut(&rest, &format!("const {name}Finalization ="), ");\n").unwrap_or(rest);
    Some(rest)
}

/// The names that the glue uses of what the module exports.
pub fn used_exports(glue: &str) -> BTreeSet<&str> {
    let after = glue.match_indices(EXPORT);
    after
        .map(|(at, _)| word_at(glue, at + EXPORT.len()))
        .collect()
}

/// Only the imported functions of these names.
pub fn with_imports(glue: &str, names: &BTreeSet<&str>) -> String {
    let mut rest = String::with_capacity(glue.len());
    let mut at = 0;
    for (start, _) in glue.match_indices(&format!("\n{INDENT}__wb")) {
        let start = start + 1;
        let name = word_at(glue, start + INDENT.len());
        let begins = glue[start + INDENT.len() + name.len()..].starts_with(": function(");
        let end = glue[start..].find(END);
        if let (true, false, Some(length)) = (begins, names.contains(name), end) {
            rest.push_str(&glue[at..start]);
            at = start + length + END.len();
        }
    }
    rest.push_str(&glue[at..]);
    rest
}

/// With other names for what the module imports and exports.
pub fn renamed(
    glue: &str,
    imports: &BTreeMap<String, String>,
    exports: &BTreeMap<String, String>,
) -> String {
    let mut text = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_of_word) {
        text.push_str(&rest[..start]);
        let word = word_at(rest, start);
        rest = &rest[start + word.len()..];
        let new = if text.ends_with(EXPORT) {
            exports.get(word)
        } else if rest.starts_with(": ") {
            imports.get(word)
        } else {
            None
        };
        text.push_str(new.map_or(word, String::as_str));
    }
    text.push_str(rest);
    text
}

/// The `number`th of the shortest names.
pub fn short_name(number: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => letter.to_string(),
        more => format!("{}{letter}", short_name(more - 1)),
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

/// The name that begins there.
fn word_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    &rest[..rest
        .find(|letter| !is_of_word(letter))
        .unwrap_or(rest.len())]
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter| !is_of_word(letter))
        .any(|other| other == word)
}

/// Without the first stretch that begins and ends so.
fn cut(text: &str, beginning: &str, end: &str) -> Option<String> {
    let start = text.find(beginning)?;
    let length = text[start..].find(end)? + end.len();
    Some(format!("{}{}", &text[..start], &text[start + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
export class Idle {
    free() {
        wasm.__wbg_idle_free(0);
    }
}
if (Symbol.dispose) Idle.prototype[Symbol.dispose] = Idle.prototype.free;

export class Made {
    free() {
        wasm.__wbg_made_free(0);
    }
}
        __wbg_made_0a: function(arg0) {
            return Made.__wrap(arg0);
        },
        __wbg_now_0b: function() {
            return handleError(function () {
                return wasm.memory;
            }, arguments);
        },
const IdleFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_idle_free(ptr, 1));
";

    #[test]
    fn a_class_goes_when_nothing_can_make_one() {
        let rest = without_idle_classes(GLUE);
        assert!(!rest.contains("Idle"), "{rest}");
        assert!(rest.contains("export class Made {\n    free()"), "{rest}");
        assert_eq!(
            used_exports(&rest).into_iter().collect::<Vec<_>>(),
            ["__wbg_made_free", "memory"]
        );
    }

    #[test]
    fn imported_functions_go_when_the_module_has_no_use_for_them() {
        let rest = with_imports(GLUE, &BTreeSet::from(["__wbg_now_0b"]));
        assert!(!rest.contains("__wbg_made_0a"));
        assert!(rest.contains("}\n        __wbg_now_0b: function() {"));
        assert!(rest.contains("arguments);\n        },\nconst Idle"));
    }

    #[test]
    fn only_what_is_shared_is_renamed() {
        let imports = BTreeMap::from([("__wbg_now_0b".to_owned(), "a".to_owned())]);
        let exports = BTreeMap::from([("memory".to_owned(), "b".to_owned())]);
        let text = "__wbg_now_0b: wasm.memory, memory, __wbg_now_0b()";
        assert_eq!(
            renamed(text, &imports, &exports),
            "a: wasm.b, memory, __wbg_now_0b()"
        );
    }

    #[test]
    fn short_names_never_repeat() {
        let names: BTreeSet<String> = (0..5_000).map(short_name).collect();
        assert_eq!(names.len(), 5_000);
        assert_eq!(short_name(52), "aa");
    }
}
