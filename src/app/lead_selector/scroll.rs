//! The lead list to scroll through: blocks of it are read as they come into view, and the farthest are forgotten.

use std::rc::Rc;

use crate::domain::lead::{Lead, LeadId, LeadPage};

/// Leads of a block.
pub const BLOCK: u32 = 250;
/// So many leads are read first and alone: they fill the screen. `index.html` asks for the same while the page is loaded.
pub const FIRST_READ: u32 = 50;
/// So many blocks are kept at most: 12,000 leads.
const BLOCKS_KEPT: usize = 48;
/// So many blocks are read at once.
const READS_AT_ONCE: usize = 3;
/// So many blocks are read ahead in the direction of scrolling.
const READ_AHEAD: u32 = 4;
/// So many before anybody has scrolled.
const READ_AHEAD_AT_TOP: u32 = 1;

/// So many rows are taken for visible until somebody has looked.
const FIRST_SHOWN: u32 = 20;

/// The rows in view, counted from 0; the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub first: u32,
    pub last: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            first: 0,
            last: FIRST_SHOWN - 1,
        }
    }
}

/// The rows that have been read.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    total: Option<u32>,
    blocks: Vec<Block>,
    window: Window,
    /// None of the rows in view was in view just before.
    is_flick: bool,
    backward: bool,
    /// What is there belongs to an earlier question; it stays until the first answer to the present one.
    is_old: bool,
    /// Entries that could not be read.
    pub left_out: u32,
}

/// A run of the list that has been read.
#[derive(Clone, Debug)]
struct Block {
    number: u32,
    leads: Vec<Rc<Lead>>,
    /// Places of the leads in ascending order of their identifiers.
    by_id: Vec<u16>,
    /// Whether all of it was read.
    is_whole: bool,
}

impl Block {
    fn place_of(&self, id: &LeadId) -> Option<u32> {
        let found = self
            .by_id
            .binary_search_by(|place| self.leads[usize::from(*place)].id.cmp(id));
        let place = found.ok().map(|found| self.by_id[found])?;
        Some(self.number * BLOCK + u32::from(place))
    }
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// Not read yet.
    Waiting,
    Lead(Rc<Lead>),
    /// The server's pages overlap: this lead stands in another row.
    Repeat,
}

impl Rows {
    /// How many rows there are, once the server has said.
    pub fn total(&self) -> Option<u32> {
        self.total
    }

    /// The rows in view.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The list moves so fast that the rows beside those in view will not be seen.
    pub fn is_flick(&self) -> bool {
        self.is_flick
    }

    /// The list does not move any more.
    pub fn rest(&mut self) {
        self.is_flick = false;
    }

    /// From now on another question is answered.
    pub fn renew(&mut self) {
        self.is_old = true;
        self.window = Window {
            first: 0,
            last: self.window.last.saturating_sub(self.window.first),
        };
        self.backward = false;
    }

    /// The lead in a row, where it has been read.
    pub fn at(&self, place: u32) -> Option<&Rc<Lead>> {
        let block = self.block(place / BLOCK)?;
        block.leads.get((place % BLOCK) as usize)
    }

    /// What stands in a row.
    pub fn row(&self, place: u32) -> Row {
        match self.at(place) {
            None => Row::Waiting,
            Some(lead) if self.place_of(&lead.id) == Some(place) => Row::Lead(lead.clone()),
            Some(_) => Row::Repeat,
        }
    }

    /// The first row in which this lead stands, among those that have been read.
    pub fn place_of(&self, id: &LeadId) -> Option<u32> {
        let places = self.blocks.iter().filter_map(|block| block.place_of(id));
        places.min()
    }

    /// Every lead that has been read.
    pub fn loaded(&self) -> impl Iterator<Item = &Rc<Lead>> {
        self.blocks.iter().flat_map(|block| block.leads.iter())
    }

    fn block(&self, number: u32) -> Option<&Block> {
        self.blocks.iter().find(|block| block.number == number)
    }

    /// Other rows came into view.
    pub fn show(&mut self, window: Window) {
        let moved = window.first.abs_diff(self.window.first);
        self.is_flick = moved > window.last.saturating_sub(window.first);
        if window.first != self.window.first {
            self.backward = window.first < self.window.first;
        }
        self.window = window;
    }

    /// The blocks that should be read now, the most wanted first.
    fn wanted(&self) -> Vec<u32> {
        let Some(total) = self.total.filter(|total| *total > 0 && !self.is_old) else {
            return Vec::new();
        };
        let end = (total - 1) / BLOCK;
        let (first, last) = (
            self.window.first / BLOCK,
            (self.window.last / BLOCK).min(end),
        );
        let mut wanted: Vec<u32> = (first..=last).collect();
        if self.backward {
            wanted.reverse();
            wanted.extend((first.saturating_sub(READ_AHEAD)..first).rev());
        } else {
            let ahead = match self.window.first {
                0 => READ_AHEAD_AT_TOP,
                _ => READ_AHEAD,
            };
            wanted.extend(last + 1..=(last + ahead).min(end));
        }
        wanted.retain(|number| self.block(*number).is_none_or(|block| !block.is_whole));
        wanted
    }

    /// Every row in view has been read.
    pub fn stand(&self) -> bool {
        let last = self.total.map_or(0, |total| total.saturating_sub(1));
        (self.window.first..=self.window.last.min(last)).all(|row| self.at(row).is_some())
    }

    /// Which blocks are to be asked for, and which reads under way nobody waits for any more.
    pub fn reads(&self, under_way: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let wanted = self.wanted();
        let middle = (self.window.first + self.window.last) / 2 / BLOCK;
        let far = |number: &u32| !wanted.contains(number) && number.abs_diff(middle) > READ_AHEAD;
        let idle: Vec<u32> = under_way.iter().copied().filter(far).collect();
        let room = READS_AT_ONCE.saturating_sub(under_way.len() - idle.len());
        let new = wanted
            .into_iter()
            .filter(|number| !under_way.contains(number));
        (new.take(room).collect(), idle)
    }

    /// Takes what was read from the first lead of a block on; `whole` where it was asked for to its end.
    pub fn take(&mut self, number: u32, page: LeadPage, whole: bool) {
        if std::mem::take(&mut self.is_old) {
            self.blocks.clear();
            self.left_out = 0;
        }
        self.total = Some(page.total);
        self.left_out += page.left_out;
        let whole = whole || number * BLOCK + page.leads.len() as u32 >= page.total;
        let mut by_id: Vec<u16> = (0..page.leads.len() as u16).collect();
        let leads = page.leads;
        by_id.sort_unstable_by(|one, other| {
            leads[usize::from(*one)]
                .id
                .cmp(&leads[usize::from(*other)].id)
        });
        let block = Block {
            number,
            leads,
            by_id,
            is_whole: whole,
        };
        self.blocks.retain(|known| known.number != number);
        self.blocks.push(block);
        if self.blocks.len() > BLOCKS_KEPT {
            let middle = (self.window.first + self.window.last) / 2 / BLOCK;
            let mut farthest = 0;
            for (place, block) in self.blocks.iter().enumerate() {
                let distance = |block: &Block| block.number.abs_diff(middle);
                if distance(block) > distance(&self.blocks[farthest]) {
                    farthest = place;
                }
            }
            self.blocks.swap_remove(farthest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: impl IntoIterator<Item = u32>, total: u32) -> LeadPage {
        let lead = |n: u32| Rc::new(Lead::known_by(LeadId(format!("{n:06}")), "x"));
        LeadPage {
            leads: ids.into_iter().map(lead).collect(),
            total,
            left_out: 0,
        }
    }

    fn window(first: u32, last: u32) -> Window {
        Window { first, last }
    }

    #[test]
    fn the_view_and_what_comes_next_are_read() {
        let mut rows = Rows::default();
        assert_eq!(rows.reads(&[]), (vec![], vec![]), "nothing is known yet");
        rows.take(0, page(0..100, 100_000), false);
        assert_eq!(rows.reads(&[]).0, [0, 1], "nobody has scrolled yet");
        rows.take(0, page(0..BLOCK, 100_000), true);
        rows.show(window(80 * BLOCK + 20, 80 * BLOCK + 50));
        assert_eq!(rows.reads(&[]).0, [80, 81, 82]);
        assert_eq!(rows.reads(&[80, 81]).0, [82]);
        rows.show(window(80 * BLOCK - 10, 80 * BLOCK + 10));
        assert_eq!(rows.reads(&[]).0, [80, 79, 78]);
        rows.show(window(99_980, 99_999));
        assert_eq!(rows.reads(&[]).0, [99_999 / BLOCK], "not beyond the end");
    }

    /// Prevents: rows that nobody sees are built in every frame of a fast scroll.
    #[test]
    fn a_jump_to_other_rows_is_a_flick_until_the_list_rests() {
        let mut rows = Rows::default();
        rows.show(window(0, 30));
        for (first, is_flick) in [(30, false), (61, true), (1_000, true), (980, false)] {
            rows.show(window(first, first + 30));
            assert_eq!(rows.is_flick(), is_flick, "to {first}");
        }
        rows.show(window(0, 30));
        rows.rest();
        assert!(!rows.is_flick());
    }

    /// Prevents: reads of rows that were scrolled past hold up those in view.
    #[test]
    fn reads_that_nobody_waits_for_are_given_up() {
        let mut rows = Rows::default();
        rows.take(0, page(0..BLOCK, 100_000), true);
        rows.show(window(100 * BLOCK, 100 * BLOCK + 30));
        let (new, idle) = rows.reads(&[1, 2, 101]);
        assert_eq!(new, [100, 102]);
        assert_eq!(idle, [1, 2]);
    }

    /// Prevents: scrolling through everything fills the memory.
    #[test]
    fn the_farthest_blocks_are_forgotten() {
        let mut rows = Rows::default();
        for number in 0..200 {
            rows.show(window(number * BLOCK, number * BLOCK + 30));
            rows.take(
                number,
                page(number * BLOCK..(number + 1) * BLOCK, 100_000),
                true,
            );
            assert!(rows.blocks.len() <= BLOCKS_KEPT);
        }
        assert!(rows.at(199 * BLOCK).is_some() && rows.at(190 * BLOCK).is_some());
        assert_eq!(rows.row(0), Row::Waiting);
    }

    /// Prevents: a lead that the server's pages repeat is shown and counted twice.
    #[test]
    fn a_lead_has_one_row() {
        let mut rows = Rows::default();
        rows.take(0, page(0..BLOCK, 1_000), true);
        let repeated = (BLOCK - 10..BLOCK).chain(BLOCK..2 * BLOCK - 10);
        rows.take(1, page(repeated, 1_000), true);
        assert!(matches!(rows.row(BLOCK - 5), Row::Lead(_)));
        assert_eq!(rows.row(BLOCK + 5), Row::Repeat);
        assert!(matches!(rows.row(BLOCK + 10), Row::Lead(_)));
        assert_eq!(
            rows.place_of(&LeadId(format!("{:06}", BLOCK - 5))),
            Some(BLOCK - 5)
        );
    }

    /// Prevents: rows of the search before stand among those of the present one.
    #[test]
    fn old_rows_stay_until_the_first_new_answer() {
        let mut rows = Rows::default();
        rows.take(0, page(0..BLOCK, 2_000), true);
        rows.show(window(1_200, 1_230));
        rows.renew();
        assert!(rows.at(7).is_some());
        assert_eq!(rows.window(), window(0, 30));
        assert_eq!(rows.reads(&[]).0, [] as [u32; 0]);
        rows.take(0, page(7_000..7_002, 2), false);
        assert_eq!((rows.total(), rows.loaded().count()), (Some(2), 2));
        assert_eq!(rows.reads(&[]).0, [] as [u32; 0], "all is there");
    }
}
