//! The code of a module, taken apart into streams of like bytes: instructions, locals, numbers and so on, each of which
//! repeats itself far more than all of them mixed. What is packed is then a tenth smaller.
//!
//! Both ways are one walk along the instructions ([`walk`]): whoever takes apart reads bytes from the code and puts them
//! into streams, whoever puts together reads them from streams. Lengths of functions are left out; they are worked out
//! again, and written in five bytes each, as WebAssembly allows.

use super::Damaged;

/// Instructions, and what stands in them that has no stream of its own.
const INSTRUCTIONS: usize = 0;
/// What `local.get` names.
const READ: usize = 1;
/// What `local.set` and `local.tee` name.
const WRITTEN: usize = 2;
const BRANCHES: usize = 3;
const CALLS: usize = 4;
/// Where in memory something stands, from an address on.
const OFFSETS: usize = 5;
const NUMBERS: usize = 6;
const LARGE_NUMBERS: usize = 7;
/// How many functions and locals there are, and the locals' types.
const LOCALS: usize = 8;
/// How many streams there are.
pub const STREAMS: usize = 9;
/// The section with the code.
const CODE: u8 = 10;
/// A length takes so many bytes.
const LENGTH: usize = 5;
/// What stands in front: how long all before the code, all behind it, and each stream is.
const HEADER: usize = 4 * (2 + STREAMS);

/// What bytes of code are read from and written to.
pub trait Mover {
    /// Moves the next byte of a stream, and tells it.
    ///
    /// # Errors
    /// Where there is none.
    fn byte(&mut self, stream: usize) -> Result<u8, Damaged>;
    /// A function begins: its length stands here in the code.
    ///
    /// # Errors
    /// Where there is no room.
    fn begin(&mut self) -> Result<(), Damaged>;
    /// It has ended.
    fn end(&mut self);
}

/// Moves all functions of a code section.
///
/// # Errors
/// Where something is missing, or an instruction is none that the page's compiler emits.
pub fn walk(mover: &mut impl Mover) -> Result<(), Damaged> {
    for _ in 0..number(mover, LOCALS)? {
        mover.begin()?;
        for _ in 0..number(mover, LOCALS)? {
            number(mover, LOCALS)?;
            mover.byte(LOCALS)?;
        }
        let mut depth = 1;
        while depth > 0 {
            instruction(mover, &mut depth)?;
        }
        mover.end();
    }
    Ok(())
}

/// Moves one instruction; `depth` is how many blocks are open.
fn instruction(mover: &mut impl Mover, depth: &mut usize) -> Result<(), Damaged> {
    let code = mover.byte(INSTRUCTIONS)?;
    // What follows it: numbers in these streams.
    let follow: &[usize] = match code {
        0x0b => {
            *depth -= 1;
            &[]
        }
        0x02..=0x04 => {
            *depth += 1;
            &[INSTRUCTIONS]
        }
        0x0c | 0x0d => &[BRANCHES],
        0x0e => {
            for _ in 0..number(mover, BRANCHES)? {
                number(mover, BRANCHES)?;
            }
            &[BRANCHES]
        }
        0x10 => &[CALLS],
        0x20 => &[READ],
        0x21 | 0x22 => &[WRITTEN],
        0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => &[INSTRUCTIONS],
        0x28..=0x3e => &[INSTRUCTIONS, OFFSETS],
        0x41 => &[NUMBERS],
        0x42 => &[LARGE_NUMBERS],
        0x43 | 0x44 => {
            for _ in 0..if code == 0x43 { 4 } else { 8 } {
                mover.byte(LARGE_NUMBERS)?;
            }
            &[]
        }
        0x11 => &[INSTRUCTIONS, INSTRUCTIONS],
        0x1c => {
            for _ in 0..number(mover, INSTRUCTIONS)? {
                mover.byte(INSTRUCTIONS)?;
            }
            &[]
        }
        0xfc => match number(mover, INSTRUCTIONS)? {
            0..=7 => &[],
            8 | 10 | 12 | 14 => &[INSTRUCTIONS, INSTRUCTIONS],
            9 | 11 | 13 | 15..=17 => &[INSTRUCTIONS],
            _ => return Err(Damaged),
        },
        0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => &[],
        _ => return Err(Damaged),
    };
    for stream in follow {
        number(mover, *stream)?;
    }
    Ok(())
}

/// Moves a number, seven bits a byte; of more than 32 bits only the last are told.
fn number(mover: &mut impl Mover, stream: usize) -> Result<u32, Damaged> {
    let (mut number, mut shift) = (0_u32, 0_u32);
    loop {
        let byte = mover.byte(stream)?;
        number |= u32::from(byte & 0x7f).wrapping_shl(shift);
        shift += 7;
        if byte < 0x80 {
            return Ok(number);
        }
    }
}

/// Puts a module together.
struct Joined<'a> {
    parts: &'a [u8],
    /// Where each stream goes on.
    at: [usize; STREAMS],
    whole: &'a mut [u8],
    out: usize,
    /// Where the length of the present function stands.
    length: usize,
}

impl Mover for Joined<'_> {
    fn byte(&mut self, stream: usize) -> Result<u8, Damaged> {
        let byte = *self.parts.get(self.at[stream]).ok_or(Damaged)?;
        self.at[stream] += 1;
        self.push(byte)?;
        Ok(byte)
    }

    fn begin(&mut self) -> Result<(), Damaged> {
        self.length = self.out;
        (0..LENGTH).try_for_each(|_| self.push(0))
    }

    fn end(&mut self) {
        let mut left = self.out - self.length - LENGTH;
        for place in 0..LENGTH {
            let more = if place + 1 < LENGTH { 0x80 } else { 0 };
            self.whole[self.length + place] = (left & 0x7f) as u8 | more;
            left >>= 7;
        }
    }
}

impl Joined<'_> {
    fn push(&mut self, byte: u8) -> Result<(), Damaged> {
        *self.whole.get_mut(self.out).ok_or(Damaged)? = byte;
        self.out += 1;
        Ok(())
    }
}

/// Puts a module together from its [`parts`]; answers its length.
///
/// # Errors
/// Where they are none, or there is no room.
pub fn join(parts: &[u8], whole: &mut [u8]) -> Result<usize, Damaged> {
    let mut at = HEADER;
    // Where each part begins, and where the last one ends.
    let mut places = [HEADER; 3 + STREAMS];
    for (part, place) in places[1..].iter_mut().enumerate() {
        let bytes = parts.get(4 * part..4 * part + 4).ok_or(Damaged)?;
        for (shift, byte) in bytes.iter().enumerate() {
            at = at.wrapping_add(usize::from(*byte) << (8 * shift));
        }
        *place = at;
    }
    let mut joined = Joined {
        parts,
        at: [0; STREAMS],
        whole,
        out: 0,
        length: 0,
    };
    joined.at.copy_from_slice(&places[2..2 + STREAMS]);
    for byte in parts.get(places[0]..places[1]).ok_or(Damaged)? {
        joined.push(*byte)?;
    }
    joined.push(CODE)?;
    joined.begin()?;
    let section = joined.length;
    walk(&mut joined)?;
    joined.length = section;
    joined.end();
    for byte in parts.get(places[1]..places[2]).ok_or(Damaged)? {
        joined.push(*byte)?;
    }
    Ok(joined.out)
}

/// Takes a module apart: all before its code, its code's content, all behind it.
///
/// # Errors
/// Where an instruction is none that the page's compiler emits.
#[cfg(not(target_arch = "wasm32"))]
pub fn parts(before: &[u8], code: &[u8], behind: &[u8]) -> Result<Vec<u8>, Damaged> {
    struct Apart<'a> {
        code: &'a [u8],
        streams: [Vec<u8>; STREAMS],
    }
    impl Mover for Apart<'_> {
        fn byte(&mut self, stream: usize) -> Result<u8, Damaged> {
            let (byte, rest) = self.code.split_first().ok_or(Damaged)?;
            self.code = rest;
            self.streams[stream].push(*byte);
            Ok(*byte)
        }

        fn begin(&mut self) -> Result<(), Damaged> {
            let last = self.code.iter().position(|byte| *byte < 0x80);
            self.code = &self.code[last.ok_or(Damaged)? + 1..];
            Ok(())
        }

        fn end(&mut self) {}
    }
    let mut apart = Apart {
        code,
        streams: Default::default(),
    };
    walk(&mut apart)?;
    if !apart.code.is_empty() {
        return Err(Damaged);
    }
    let all = [before, behind].into_iter();
    let all: Vec<_> = all.chain(apart.streams.iter().map(Vec::as_slice)).collect();
    let lengths = all
        .iter()
        .flat_map(|part| (part.len() as u32).to_le_bytes());
    let mut parts: Vec<u8> = lengths.collect();
    parts.extend(all.concat());
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions with instructions of every kind.
    const BODIES: [&[u8]; 2] = [
        &[
            1, 2, 0x7f, // two locals
            0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0e, 2, 0, 0, 0, 0x0b, // blocks and branches
            0x41, 0x80, 0x7f, 0x21, 1, 0x42, 5, 0x1a, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x1a,
            0xfc, 11, 0, 0xfc, 10, 0, 0, 0x1c, 1, 0x7f, 0x0b,
        ],
        &[0, 0x10, 1, 0x11, 3, 0, 0x28, 2, 4, 0x0b],
    ];

    /// The content of a code section, with lengths as they are told.
    fn code(length: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
        let bodies = BODIES.iter().flat_map(|body| {
            let mut all = length(body.len() as u8);
            all.extend(*body);
            all
        });
        std::iter::once(2).chain(bodies).collect()
    }

    fn short() -> Vec<u8> {
        code(|length| vec![length])
    }

    fn joined(parts: &[u8]) -> Result<Vec<u8>, Damaged> {
        let mut whole = vec![0; 1_000];
        let length = join(parts, &mut whole)?;
        whole.truncate(length);
        Ok(whole)
    }

    /// Prevents: a module that is another one when it is put together.
    #[test]
    fn a_module_is_put_together_as_it_was() {
        let parts = parts(b"before", &short(), b"behind").unwrap();
        let long = |length: u8| vec![0x80 | length, 0x80, 0x80, 0x80, 0];
        let code = code(long);
        let mut expected = b"before\x0a".to_vec();
        expected.extend(long(code.len() as u8));
        expected.extend(code);
        expected.extend(b"behind");
        let whole = joined(&parts).unwrap();
        assert_eq!(whole, expected);
    }

    /// Prevents: what was cut off or spoilt on its way hangs the page, or is read from where nothing is.
    #[test]
    fn what_is_damaged_never_hangs() {
        let whole = parts(b"before", &short(), b"behind").unwrap();
        for cut in 0..HEADER {
            assert_eq!(joined(&whole[..cut]), Err(Damaged));
        }
        for place in 0..whole.len() {
            for spoilt in [0x00, 0x55, 0xff] {
                let mut parts = whole.clone();
                parts[place] ^= spoilt;
                let _ = joined(&parts);
            }
        }
        assert_eq!(parts(b"", &[1, 2, 0, 0xff], b""), Err(Damaged));
    }
}
