//! Pins and notes of past batches.

use crate::domain::batch::BatchId;
use crate::domain::marks::{Mark, Marks};
use crate::wire::json;

/// A batch, whether it is pinned, and its note.
type Stored<Text> = (Text, bool, Text);

/// Pins and notes of past batches.
pub fn write_marks(marks: &Marks) -> String {
    json::write(&marks.all().iter().map(stored).collect::<Vec<_>>())
}

fn stored(mark: &Mark) -> Stored<&str> {
    (&mark.id.0, mark.is_pinned, &mark.note)
}

/// Reads [`write_marks`]; what is corrupt is left out.
pub fn read_marks(text: &str) -> Marks {
    let mark = |(id, is_pinned, note): Stored<String>| Mark {
        id: BatchId(id),
        is_pinned,
        note,
    };
    Marks::from_kept(json::read_each(text).map(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_and_notes_survive_storage_and_what_is_corrupt_is_left_out() {
        let mut marks = Marks::default();
        marks.pin(&BatchId("a".into()), true);
        marks.write(&BatchId("b".into()), "ask <i>Sam</i>\n\"today\"".into());
        let spoilt = write_marks(&marks).replacen('[', "[7,[\"x\",1,\"\"],[\"y\",false,\"\"],", 1);
        assert_eq!(read_marks(&spoilt), marks);
        for text in ["", "{", "null", "[[]]", "{\"a\":1}"] {
            assert_eq!(read_marks(text), Marks::default());
        }
    }

    #[test]
    fn marks_as_they_lie_in_browsers_are_read() {
        let text = r#"[["a",true,""],["b",false,"ask Sam"]]"#;
        assert_eq!(write_marks(&read_marks(text)), text);
    }
}
