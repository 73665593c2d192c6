//! What a person noted of past batches in this browser: pins and notes.

use super::batch::BatchId;

/// So many batches can be marked.
pub const MARKS_KEPT: usize = 300;
/// The longest note, in characters.
pub const NOTE_MAX: usize = 500;

/// What was noted of one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub id: BatchId,
    pub is_pinned: bool,
    /// Empty where there is none.
    pub note: String,
}

/// Everything noted, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<Mark>);

impl Marks {
    /// From what was kept: what says nothing, repeats a batch or is too much is left out, and notes are cut.
    pub fn from_kept(kept: impl Iterator<Item = Mark>) -> Self {
        let mut marks = Self::default();
        for mark in kept {
            if marks.get(&mark.id).is_none() {
                marks.set(mark);
            }
        }
        marks
    }

    /// All of them.
    pub fn all(&self) -> &[Mark] {
        &self.0
    }

    fn get(&self, id: &BatchId) -> Option<&Mark> {
        self.0.iter().find(|mark| mark.id == *id)
    }

    /// Whether a batch is pinned.
    pub fn is_pinned(&self, id: &BatchId) -> bool {
        self.get(id).is_some_and(|mark| mark.is_pinned)
    }

    /// The note of a batch; empty where there is none.
    pub fn note(&self, id: &BatchId) -> &str {
        self.get(id).map_or("", |mark| &mark.note)
    }

    /// Pins a batch, or no longer. False where there is no room for it.
    pub fn pin(&mut self, id: &BatchId, is_pinned: bool) -> bool {
        let note = self.note(id).to_owned();
        self.set(Mark {
            id: id.clone(),
            is_pinned,
            note,
        })
    }

    /// Notes something of a batch; nothing takes the note away. False where there is no room for it.
    pub fn write(&mut self, id: &BatchId, note: String) -> bool {
        let is_pinned = self.is_pinned(id);
        self.set(Mark {
            id: id.clone(),
            is_pinned,
            note,
        })
    }

    fn set(&mut self, mut mark: Mark) -> bool {
        // As it is typed: a field whose text is mended with each letter cannot be written in.
        mark.note = mark.note.chars().take(NOTE_MAX).collect();
        let is_empty = !mark.is_pinned && mark.note.trim().is_empty();
        let place = self.0.iter().position(|known| known.id == mark.id);
        match place {
            Some(place) if is_empty => drop(self.0.remove(place)),
            Some(place) => self.0[place] = mark,
            None if is_empty => {}
            None if self.0.len() >= MARKS_KEPT => return false,
            None => self.0.push(mark),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> BatchId {
        BatchId(format!("b{n}"))
    }

    #[test]
    fn pins_and_notes_are_kept_apart_and_empty_ones_not_at_all() {
        let mut marks = Marks::default();
        assert!(marks.pin(&id(1), true) && marks.write(&id(1), "  ask Sam \n".into()));
        assert_eq!(
            (marks.is_pinned(&id(1)), marks.note(&id(1))),
            (true, "  ask Sam \n")
        );
        assert!(marks.pin(&id(1), false));
        assert_eq!(marks.note(&id(1)), "  ask Sam \n");
        assert!(marks.write(&id(1), " ".into()));
        assert!(marks.all().is_empty());
        marks.write(&id(2), "x".repeat(NOTE_MAX + 9));
        assert_eq!(marks.note(&id(2)).len(), NOTE_MAX);
    }

    /// Prevents: the oldest pin goes away unnoticed, or storage grows without end.
    #[test]
    fn what_is_too_much_is_refused_and_room_can_be_made() {
        let mut marks = Marks::default();
        for n in 0..MARKS_KEPT {
            assert!(marks.pin(&id(n), true));
        }
        assert!(!marks.pin(&id(MARKS_KEPT), true) && marks.is_pinned(&id(0)));
        assert!(marks.write(&id(3), "known".into()));
        assert!(marks.pin(&id(0), false) && marks.pin(&id(MARKS_KEPT), true));
    }
}
