//! Unpacks the page's module in the browser while it is still coming in.
//!
//! The product's server compresses nothing, so the module travels taken apart ([`split`]) and as LZMA: less than a third
//! of its size, and a quarter less than gzip. Browsers have no LZMA; this crate is a module of its own, of some two
//! kilobytes, that the page carries along
//! (`crates/xtask/page/unpack.mjs` feeds it). The format is described in `lzma.txt` of the LZMA SDK (public domain): a byte
//! of properties, the dictionary's size, the size of the whole, the data.

#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod exports;
pub mod split;

/// The largest module that can be unpacked, in bytes: a tenth more than the page's. Twice that is kept in memory for as long
/// as the page is loading.
pub const WHOLE: usize = 13 << 16;
/// So many bytes can be handed in at a time.
pub const PIECE: usize = 1 << 16;

const HEADER: usize = 13;
/// The most that one step reads; with fewer bytes at hand it waits for more.
const STEP: usize = 20;

// Where each group of probabilities begins in the table of all.
const IS_MATCH: usize = 0;
const IS_REP: usize = 192;
const IS_REP_0: usize = 204;
const IS_REP_1: usize = 216;
const IS_REP_2: usize = 228;
const IS_REP_0_LONG: usize = 240;
const SLOT: usize = 432;
const SPECIAL: usize = 688;
const ALIGN: usize = 803;
const LENGTH: usize = 819;
const REP_LENGTH: usize = 1_333;
const LITERAL: usize = 1_847;
/// Eight bits of the byte before, and of the position, choose among tables of literals at the most.
const LITERAL_BITS: u32 = 4;
const PROBABILITIES: usize = LITERAL + (0x300 << LITERAL_BITS);
// Within the probabilities of a length.
const LOW: usize = 2;
const MIDDLE: usize = 130;
const HIGH: usize = 258;

/// What is packed is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// Unpacks piece by piece. It is large: it holds everything that was unpacked.
pub struct Unpacker {
    /// What was handed in and not used yet is between `at` and `filled`.
    input: [u8; PIECE + STEP],
    at: usize,
    filled: usize,
    whole: [u8; WHOLE],
    out: usize,
    /// How large the whole will be; nothing before the header has come.
    size: usize,
    probabilities: [u16; PROBABILITIES],
    literal_context: u32,
    literal_position: usize,
    position: usize,
    range: u32,
    code: u32,
    state: usize,
    /// The last four distances, less one.
    reps: [usize; 4],
}

impl Unpacker {
    /// Nothing has come. All zero, so that it takes no room in the module.
    pub const fn new() -> Self {
        Self {
            input: [0; PIECE + STEP],
            at: 0,
            filled: 0,
            whole: [0; WHOLE],
            out: 0,
            size: 0,
            probabilities: [0; PROBABILITIES],
            literal_context: 0,
            literal_position: 0,
            position: 0,
            range: 0,
            code: 0,
            state: 0,
            reps: [0; 4],
        }
    }

    /// Makes room and answers where the next piece is to be written, of at most [`PIECE`] bytes.
    pub fn room(&mut self) -> &mut [u8] {
        self.input.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        &mut self.input[self.filled..]
    }

    /// So many bytes were written there; `is_last` says that no more will come. Answers everything that is unpacked by now.
    ///
    /// # Errors
    /// Where it cannot be unpacked.
    pub fn take(&mut self, count: usize, is_last: bool) -> Result<&[u8], Damaged> {
        self.filled += count;
        if self.size == 0 {
            if self.filled < HEADER + 5 {
                return if is_last { Err(Damaged) } else { Ok(&[]) };
            }
            self.begin()?;
        }
        while self.out < self.size && (is_last || self.filled - self.at > STEP) {
            self.step()?;
        }
        Ok(&self.whole[..self.out])
    }

    fn begin(&mut self) -> Result<(), Damaged> {
        let properties = usize::from(self.input[0]);
        self.literal_context = (properties % 9) as u32;
        let position = properties / 9;
        self.literal_position = (1 << (position % 5)) - 1;
        self.position = (1 << (position / 5)) - 1;
        let number = |at: usize, bytes: &[u8]| -> u32 {
            (0..4).fold(0, |number, place| {
                number | u32::from(bytes[at + place]) << (8 * place)
            })
        };
        self.size = number(5, &self.input) as usize;
        let literals = self.literal_context + (position % 5) as u32;
        if !(1..=WHOLE).contains(&self.size) || literals > LITERAL_BITS || self.position > 15 {
            return Err(Damaged);
        }
        self.probabilities.fill(1_024);
        self.range = u32::MAX;
        // The first byte of the data is always zero.
        self.code = number(HEADER + 1, &self.input).swap_bytes();
        self.at = HEADER + 5;
        Ok(())
    }

    fn normalise(&mut self) -> Result<(), Damaged> {
        if self.range < 1 << 24 {
            if self.at >= self.filled {
                return Err(Damaged);
            }
            self.range <<= 8;
            self.code = self.code << 8 | u32::from(self.input[self.at]);
            self.at += 1;
        }
        Ok(())
    }

    fn bit(&mut self, index: usize) -> Result<usize, Damaged> {
        let probability = self.probabilities[index];
        let bound = (self.range >> 11) * u32::from(probability);
        let bit = self.code >= bound;
        if bit {
            self.range -= bound;
            self.code -= bound;
            self.probabilities[index] = probability - (probability >> 5);
        } else {
            self.range = bound;
            self.probabilities[index] = probability + ((2_048 - probability) >> 5);
        }
        self.normalise()?;
        Ok(usize::from(bit))
    }

    fn bits(&mut self, base: usize, count: u32) -> Result<usize, Damaged> {
        let mut symbol = 1;
        for _ in 0..count {
            symbol = symbol << 1 | self.bit(base + symbol)?;
        }
        Ok(symbol - (1 << count))
    }

    fn bits_reversed(&mut self, base: usize, count: u32) -> Result<usize, Damaged> {
        let (mut symbol, mut value) = (1, 0);
        for place in 0..count {
            let bit = self.bit(base + symbol)?;
            symbol = symbol << 1 | bit;
            value |= bit << place;
        }
        Ok(value)
    }

    /// Bits that are one as often as zero.
    fn bits_even(&mut self, count: u32) -> Result<usize, Damaged> {
        let mut value = 0;
        for _ in 0..count {
            self.range >>= 1;
            let bit = self.code >= self.range;
            if bit {
                self.code -= self.range;
            }
            self.normalise()?;
            value = value << 1 | usize::from(bit);
        }
        Ok(value)
    }

    fn length(&mut self, base: usize, place: usize) -> Result<usize, Damaged> {
        if self.bit(base)? == 0 {
            return self.bits(base + LOW + (place << 3), 3);
        }
        if self.bit(base + 1)? == 0 {
            return Ok(8 + self.bits(base + MIDDLE + (place << 3), 3)?);
        }
        Ok(16 + self.bits(base + HIGH, 8)?)
    }

    fn distance(&mut self, length: usize) -> Result<usize, Damaged> {
        let slot = self.bits(SLOT + (length.min(3) << 6), 6)?;
        if slot < 4 {
            return Ok(slot);
        }
        let direct = (slot as u32 >> 1) - 1;
        let base = (2 | slot & 1) << direct;
        if slot < 14 {
            return Ok(base + self.bits_reversed(SPECIAL + base - slot - 1, direct)?);
        }
        // Larger ones than the whole are refused where they are used.
        let high = self.bits_even(direct - 4)? << 4;
        Ok(base
            .wrapping_add(high)
            .wrapping_add(self.bits_reversed(ALIGN, 4)?))
    }

    fn push(&mut self, byte: u8) {
        self.whole[self.out] = byte;
        self.out += 1;
    }

    /// The byte that stands where the last match came from.
    fn matched(&self) -> Result<u8, Damaged> {
        let place = self
            .out
            .checked_sub(self.reps[0])
            .and_then(|place| place.checked_sub(1));
        place.map(|place| self.whole[place]).ok_or(Damaged)
    }

    fn literal(&mut self) -> Result<(), Damaged> {
        let before = self
            .out
            .checked_sub(1)
            .map_or(0, |place| usize::from(self.whole[place]));
        let place = (self.out & self.literal_position) << self.literal_context;
        let base = LITERAL + 0x300 * (place + (before >> (8 - self.literal_context)));
        let mut symbol = 1;
        if self.state >= 7 {
            let mut matched = usize::from(self.matched()?);
            while symbol < 0x100 {
                let expected = matched >> 7 & 1;
                matched <<= 1;
                let bit = self.bit(base + ((1 + expected) << 8) + symbol)?;
                symbol = symbol << 1 | bit;
                if bit != expected {
                    break;
                }
            }
        }
        while symbol < 0x100 {
            symbol = symbol << 1 | self.bit(base + symbol)?;
        }
        self.push(symbol as u8);
        self.state = match self.state {
            0..4 => 0,
            4..10 => self.state - 3,
            _ => self.state - 6,
        };
        Ok(())
    }

    /// One step: a byte, or a run of bytes that stand further in front already.
    fn step(&mut self) -> Result<(), Damaged> {
        let place = self.out & self.position;
        if self.bit(IS_MATCH + (self.state << 4) + place)? == 0 {
            return self.literal();
        }
        let run;
        if self.bit(IS_REP + self.state)? == 1 {
            if self.bit(IS_REP_0 + self.state)? == 0 {
                if self.bit(IS_REP_0_LONG + (self.state << 4) + place)? == 0 {
                    self.state = if self.state < 7 { 9 } else { 11 };
                    let byte = self.matched()?;
                    self.push(byte);
                    return Ok(());
                }
            } else {
                let which = match self.bit(IS_REP_1 + self.state)? {
                    0 => 1,
                    _ => 2 + self.bit(IS_REP_2 + self.state)?,
                };
                // It comes to the front, and those before it move back by one.
                self.reps[..=which].rotate_right(1);
            }
            run = self.length(REP_LENGTH, place)?;
            self.state = if self.state < 7 { 8 } else { 11 };
        } else {
            self.reps.rotate_right(1);
            run = self.length(LENGTH, place)?;
            self.state = if self.state < 7 { 7 } else { 10 };
            self.reps[0] = self.distance(run)?;
        }
        for _ in 0..(run + 2).min(self.size - self.out) {
            let byte = self.matched()?;
            self.push(byte);
        }
        Ok(())
    }
}

impl Default for Unpacker {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lzma_rust2::{LzmaOptions, LzmaWriter};

    use super::*;

    fn packed(whole: &[u8], options: &LzmaOptions) -> Vec<u8> {
        let size = Some(whole.len() as u64);
        let mut writer = LzmaWriter::new_use_header(Vec::new(), options, size).unwrap();
        writer.write_all(whole).unwrap();
        writer.finish().unwrap()
    }

    fn unpacked(packed: &[u8], piece: usize) -> Result<Vec<u8>, Damaged> {
        // On the heap: it is larger than a stack.
        let mut unpacker: Box<Unpacker> = unsafe { Box::new_zeroed().assume_init() };
        for piece in packed.chunks(piece) {
            unpacker.room()[..piece.len()].copy_from_slice(piece);
            unpacker.take(piece.len(), false)?;
        }
        unpacker.room();
        unpacker.take(0, true).map(<[u8]>::to_vec)
    }

    /// Something like a module: runs that repeat with changes, and noise.
    fn sample(length: usize) -> Vec<u8> {
        let mut noise = 0x2545_f491_u32;
        let mut whole = Vec::new();
        while whole.len() < length {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let from = noise as usize % whole.len().max(1);
            let run = (noise >> 20) as usize % 40;
            let copied: Vec<u8> = whole.iter().skip(from).take(run).copied().collect();
            whole.extend(copied);
            whole.extend_from_slice(&noise.to_le_bytes()[..(noise >> 8) as usize % 4]);
        }
        whole
    }

    fn options() -> Vec<LzmaOptions> {
        let mut all = Vec::new();
        for (lc, lp, pb) in [(3, 0, 0), (0, 0, 2), (4, 0, 4), (1, 2, 1)] {
            let mut options = LzmaOptions::with_preset(6);
            (options.lc, options.lp, options.pb) = (lc, lp, pb);
            all.push(options);
        }
        all
    }

    /// Prevents: a page that does not start, because its module came in other pieces than in the test.
    #[test]
    fn whatever_the_pieces_the_whole_is_the_same() {
        for options in options() {
            for length in [1, 5, 300, 70_000] {
                let whole = sample(length);
                let packed = packed(&whole, &options);
                for piece in [1, 7, 1_000, PIECE] {
                    assert_eq!(
                        unpacked(&packed, piece).as_deref(),
                        Ok(&whole[..]),
                        "{length} by {piece}"
                    );
                }
            }
        }
    }

    /// Prevents: a module that was cut off or spoilt on its way hangs the page or is taken for whole.
    #[test]
    fn what_is_damaged_is_told_or_differs_and_never_hangs() {
        let whole = sample(3_000);
        let packed = packed(&whole, &options()[0]);
        for cut in 0..packed.len() - 5 {
            let cut = unpacked(&packed[..cut], PIECE);
            assert_ne!(cut.as_deref(), Ok(&whole[..]));
        }
        for place in 0..packed.len() {
            let mut spoilt = packed.clone();
            spoilt[place] ^= 0x55;
            // Whether it is whole is for the checksum to say; that it ends is enough here.
            let _ = unpacked(&spoilt, 100);
        }
    }
}
