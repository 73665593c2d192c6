//! WebAssembly modules, read just far enough to put their functions into another order, to rename what they share with
//! JavaScript, and to leave out what that does not use.
//!
//! Only what the page's compiler emits is known: an instruction of another proposal is an error, never a guess.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::problem::{Problem, Result};

/// `\0asm` and the version.
const MAGIC: [u8; 8] = [0, b'a', b's', b'm', 1, 0, 0, 0];

/// The sections that are read, by their numbers.
mod section {
    pub const IMPORT: u8 = 2;
    pub const FUNCTION: u8 = 3;
    pub const GLOBAL: u8 = 6;
    pub const EXPORT: u8 = 7;
    pub const START: u8 = 8;
    pub const ELEMENT: u8 = 9;
    pub const CODE: u8 = 10;
}

/// What an import or an export is, by its number.
const IS_FUNCTION: u8 = 0;
const IS_TABLE: u8 = 1;
const IS_MEMORY: u8 = 2;
const IS_GLOBAL: u8 = 3;

/// The end of instructions.
const END: u8 = 0x0b;

/// A module whose names and order can be changed.
pub struct Module {
    /// Every section in its place; those below are written anew.
    sections: Vec<(u8, Vec<u8>)>,
    /// What is had from JavaScript.
    pub imports: Vec<Import>,
    /// What JavaScript can have.
    pub exports: Vec<Export>,
    /// The functions that are defined here, in the order of their indices.
    pub functions: Vec<Function>,
}

/// Something from JavaScript.
pub struct Import {
    /// The name of where it is from.
    pub module: String,
    /// Its name there.
    pub name: String,
    is_function: bool,
    /// What it is, as it is written.
    description: Vec<u8>,
}

/// Something for JavaScript.
pub struct Export {
    /// Its name.
    pub name: String,
    kind: u8,
    index: u32,
}

/// A function that is defined in the module.
pub struct Function {
    kind: u32,
    /// Its locals and instructions.
    pub code: Vec<u8>,
    /// Where the instructions name functions.
    references: Vec<Reference>,
}

/// A function's index among the instructions of another.
#[derive(Debug, PartialEq, Eq)]
struct Reference {
    /// Where it is written.
    place: Range<usize>,
    /// One of all functions, the imported ones first.
    index: u32,
}

impl Module {
    /// Reads a module.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(Problem::new("This is no WebAssembly module"));
        }
        let mut sections = Vec::new();
        while !reader.is_at_end() {
            let id = reader.byte()?;
            let length = reader.length()?;
            sections.push((id, reader.take(length)?.to_vec()));
        }
        let content = |id| {
            let found = sections.iter().find(|(other, _)| *other == id);
            Reader::new(found.map_or(&[0], |(_, content)| content))
        };
        let kinds = content(section::FUNCTION).list(Reader::number)?;
        let bodies = content(section::CODE).list(|reader| {
            let length = reader.length()?;
            reader.take(length)
        })?;
        let functions = kinds
            .into_iter()
            .zip(bodies)
            .map(|(kind, body)| Function::read(kind, body))
            .collect::<Result<_>>()?;
        Ok(Self {
            imports: content(section::IMPORT).list(Import::read)?,
            exports: content(section::EXPORT).list(Export::read)?,
            functions,
            sections,
        })
    }

    /// The module with only the exports of these names.
    pub fn keeping_exports(mut self, names: &BTreeSet<&str>) -> Self {
        self.exports
            .retain(|export| names.contains(export.name.as_str()));
        self
    }

    /// The module's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let same: Vec<usize> = (0..self.functions.len()).collect();
        self.write_in_order(&same)
    }

    /// The module's bytes with its functions in another order: `order[n]` is the present place of what comes `n`th.
    pub fn write_in_order(&self, order: &[usize]) -> Result<Vec<u8>> {
        let imported = self.imported_functions();
        let mut places: Vec<u32> = (0..imported).collect();
        places.resize(imported as usize + self.functions.len(), 0);
        for (new, old) in (imported..).zip(order) {
            places[imported as usize + old] = new;
        }
        let moved = |index: u32| places[index as usize];
        let functions = || order.iter().map(|old| &self.functions[*old]);
        let mut out = MAGIC.to_vec();
        for (id, content) in &self.sections {
            let content = match *id {
                section::IMPORT => list(&self.imports, Import::write),
                section::FUNCTION => list(functions(), |function, out| number(out, function.kind)),
                section::EXPORT => list(&self.exports, |export, out| export.write(out, moved)),
                section::CODE => list(functions(), |function, out| {
                    let body = function.write(moved);
                    number(out, body.len() as u32);
                    out.extend(body);
                }),
                section::START => {
                    let mut out = Vec::new();
                    number(&mut out, moved(Reader::new(content).number()?));
                    out
                }
                section::ELEMENT => move_elements(content, moved)?,
                section::GLOBAL => {
                    refuse_function_references(content)?;
                    content.clone()
                }
                _ => content.clone(),
            };
            out.push(*id);
            number(&mut out, content.len() as u32);
            out.extend(content);
        }
        Ok(out)
    }

    /// How many of the functions are imported: they have the first indices.
    pub fn imported_functions(&self) -> u32 {
        let count = self.imports.iter().filter(|import| import.is_function);
        count.count() as u32
    }
}

/// All before a module's code section, that section's content, and all behind it.
pub fn around_code(bytes: &[u8]) -> Result<[&[u8]; 3]> {
    let mut reader = Reader::new(bytes);
    reader.take(MAGIC.len())?;
    while !reader.is_at_end() {
        let start = reader.at;
        let id = reader.byte()?;
        let length = reader.length()?;
        let content = reader.take(length)?;
        if id == section::CODE {
            return Ok([&bytes[..start], content, &bytes[reader.at..]]);
        }
    }
    Err(Problem::new("The module has no code"))
}

impl Import {
    fn read(reader: &mut Reader) -> Result<Self> {
        let (module, name) = (reader.name()?, reader.name()?);
        let start = reader.at;
        let kind = reader.byte()?;
        match kind {
            IS_FUNCTION => reader.skip_number()?,
            IS_TABLE => {
                reader.byte()?;
                reader.limits()?;
            }
            IS_MEMORY => reader.limits()?,
            IS_GLOBAL => drop(reader.take(2)?),
            other => return Err(unknown("import", other)),
        }
        Ok(Self {
            module,
            name,
            is_function: kind == IS_FUNCTION,
            description: reader.bytes[start..reader.at].to_vec(),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        text(out, &self.module);
        text(out, &self.name);
        out.extend(&self.description);
    }
}

impl Export {
    fn read(reader: &mut Reader) -> Result<Self> {
        Ok(Self {
            name: reader.name()?,
            kind: reader.byte()?,
            index: reader.number()?,
        })
    }

    fn write(&self, out: &mut Vec<u8>, moved: impl Fn(u32) -> u32) {
        text(out, &self.name);
        out.push(self.kind);
        let is_function = self.kind == IS_FUNCTION;
        number(
            out,
            if is_function {
                moved(self.index)
            } else {
                self.index
            },
        );
    }
}

impl Function {
    /// A function of any bytes, to be put into an order only.
    #[cfg(test)]
    pub fn of(code: &[u8]) -> Self {
        Self {
            kind: 0,
            code: code.to_vec(),
            references: Vec::new(),
        }
    }

    fn read(kind: u32, body: &[u8]) -> Result<Self> {
        Ok(Self {
            kind,
            code: body.to_vec(),
            references: references(body)?,
        })
    }

    fn write(&self, moved: impl Fn(u32) -> u32) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.code.len() + 8);
        let mut at = 0;
        for Reference { place, index } in &self.references {
            out.extend(&self.code[at..place.start]);
            number(&mut out, moved(*index));
            at = place.end;
        }
        out.extend(&self.code[at..]);
        out
    }
}

/// The places in a function's body where functions are named.
fn references(body: &[u8]) -> Result<Vec<Reference>> {
    let mut reader = Reader::new(body);
    for _ in 0..reader.number()? {
        // How many locals, and of which type.
        reader.skip_number()?;
        reader.byte()?;
    }
    let mut found = Vec::new();
    while !reader.is_at_end() {
        match reader.byte()? {
            // unreachable, nop, else, end, return, drop, select, comparisons, arithmetic and conversions
            0x00 | 0x01 | 0x05 | END | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
            // block, loop, if; br, br_if; local.get, local.set, local.tee; global.get, global.set; table.get, table.set; memory.size, memory.grow;
            // integers; ref.null
            0x02..=0x04 | 0x0c | 0x0d | 0x20..=0x26 | 0x3f..=0x42 | 0xd0 => reader.skip_number()?,
            // br_table
            0x0e => {
                for _ in 0..=reader.number()? {
                    reader.skip_number()?;
                }
            }
            // call and ref.func
            0x10 | 0xd2 => found.push(reader.reference()?),
            // call_indirect; loads and stores
            0x11 | 0x28..=0x3e => reader.skip_numbers(2)?,
            // select with types
            0x1c => {
                let types = reader.length()?;
                reader.take(types)?;
            }
            // f32.const, f64.const
            0x43 => drop(reader.take(4)?),
            0x44 => drop(reader.take(8)?),
            0xfc => match reader.number()? {
                // conversions that saturate
                0..=7 => {}
                // data.drop, memory.fill, elem.drop, table.grow, table.size, table.fill
                9 | 11 | 13 | 15..=17 => reader.skip_number()?,
                // memory.init, memory.copy, table.init, table.copy
                8 | 10 | 12 | 14 => reader.skip_numbers(2)?,
                other => {
                    return Err(Problem::new(format!(
                        "The instruction 0xfc {other} is unknown"
                    )));
                }
            },
            other => return Err(unknown("instruction", other)),
        }
    }
    Ok(found)
}

/// The element section with the functions' new indices.
fn move_elements(content: &[u8], moved: impl Fn(u32) -> u32) -> Result<Vec<u8>> {
    let mut reader = Reader::new(content);
    let mut out = Vec::new();
    let segments = reader.number()?;
    number(&mut out, segments);
    for _ in 0..segments {
        let start = reader.at;
        match reader.number()? {
            // Put into the first table when the module starts.
            0 => reader.offset()?,
            // Kept to be put in later, and only declared.
            1 | 3 => drop(reader.byte()?),
            // Put into another table.
            2 => {
                reader.skip_number()?;
                reader.offset()?;
                reader.byte()?;
            }
            other => {
                return Err(Problem::new(format!(
                    "Elements of the kind {other} are unknown"
                )));
            }
        }
        out.extend(&content[start..reader.at]);
        let functions = reader.number()?;
        number(&mut out, functions);
        for _ in 0..functions {
            number(&mut out, moved(reader.number()?));
        }
    }
    Ok(out)
}

/// No global starts as a function in what the compiler emits; one that does would name another function afterwards.
fn refuse_function_references(globals: &[u8]) -> Result<()> {
    let mut reader = Reader::new(globals);
    for _ in 0..reader.number()? {
        reader.take(2)?;
        reader.offset()?;
    }
    Ok(())
}

fn unknown(what: &str, number: u8) -> Problem {
    Problem::new(format!(
        "The {what} 0x{number:02x} of the module is unknown"
    ))
}

/// Goes through bytes.
struct Reader<'bytes> {
    bytes: &'bytes [u8],
    at: usize,
}

impl<'bytes> Reader<'bytes> {
    fn new(bytes: &'bytes [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn take(&mut self, count: usize) -> Result<&'bytes [u8]> {
        let end = self.at.saturating_add(count);
        let taken = self.bytes.get(self.at..end);
        self.at = end;
        taken.ok_or_else(|| Problem::new("The WebAssembly module ends too early"))
    }

    fn byte(&mut self) -> Result<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Result<u32> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| Problem::new("A number is too large"));
            }
        }
        Err(Problem::new("A number in the module is too long"))
    }

    fn length(&mut self) -> Result<usize> {
        self.number().map(|length| length as usize)
    }

    /// A number of any size and sign.
    fn skip_number(&mut self) -> Result<()> {
        while self.byte()? & 0x80 != 0 {}
        Ok(())
    }

    fn skip_numbers(&mut self, count: usize) -> Result<()> {
        (0..count).try_for_each(|_| self.skip_number())
    }

    fn name(&mut self) -> Result<String> {
        let length = self.length()?;
        let bytes = self.take(length)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.skip_numbers(1 + usize::from(has_maximum))
    }

    /// A constant expression, which must name no function.
    fn offset(&mut self) -> Result<()> {
        loop {
            match self.byte()? {
                END => return Ok(()),
                0x41 | 0x42 | 0x23 | 0xd0 => self.skip_number()?,
                0x43 => drop(self.take(4)?),
                0x44 => drop(self.take(8)?),
                other => return Err(unknown("constant", other)),
            }
        }
    }

    fn reference(&mut self) -> Result<Reference> {
        let start = self.at;
        let index = self.number()?;
        Ok(Reference {
            place: start..self.at,
            index,
        })
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| item(self)).collect()
    }
}

/// Writes an unsigned number in LEB128.
fn number(out: &mut Vec<u8>, mut value: u32) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(out: &mut Vec<u8>, words: &str) {
    number(out, words.len() as u32);
    out.extend(words.as_bytes());
}

fn list<T>(
    items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    write: impl Fn(T, &mut Vec<u8>),
) -> Vec<u8> {
    let items = items.into_iter();
    let mut out = Vec::new();
    number(&mut out, items.len() as u32);
    for item in items {
        write(item, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `m.f`; the first function calls it and the second one, the second is exported as `g` and is an element.
    fn module(first: u32, second: u32) -> Vec<u8> {
        let bodies: [&[u8]; 2] = [
            &[0, 0x10, 0, 0x10, second as u8, END],
            &[1, 1, 0x7f, 0x41, 0x10, 0x1a, END],
        ];
        let (one, two) = if first < second { (0, 1) } else { (1, 0) };
        let mut bytes = MAGIC.to_vec();
        let mut section = |id: u8, content: &[u8]| {
            bytes.push(id);
            number(&mut bytes, content.len() as u32);
            bytes.extend(content);
        };
        section(1, &[1, 0x60, 0, 0]);
        section(section::IMPORT, &[1, 1, b'm', 1, b'f', IS_FUNCTION, 0]);
        section(section::FUNCTION, &[2, 0, 0]);
        section(4, &[1, 0x70, 0, 2]);
        section(section::EXPORT, &[1, 1, b'g', IS_FUNCTION, second as u8]);
        section(section::ELEMENT, &[1, 0, 0x41, 0, END, 1, second as u8]);
        let code = list([bodies[one], bodies[two]], |body, out| {
            number(out, body.len() as u32);
            out.extend(body);
        });
        section(section::CODE, &code);
        bytes
    }

    #[test]
    fn a_module_is_written_as_it_was_read() {
        let bytes = module(1, 2);
        let read = Module::read(&bytes).unwrap();
        assert_eq!(read.write().unwrap(), bytes);
        assert_eq!((read.imported_functions(), read.functions.len()), (1, 2));
    }

    #[test]
    fn everything_that_names_a_function_follows_it_to_its_new_place() {
        let read = Module::read(&module(1, 2)).unwrap();
        assert_eq!(read.write_in_order(&[1, 0]).unwrap(), module(2, 1));
    }

    #[test]
    fn an_export_that_nobody_uses_is_left_out() {
        let read = Module::read(&module(1, 2)).unwrap();
        assert_eq!(read.exports[0].name, "g");
        assert!(
            read.keeping_exports(&BTreeSet::from(["h"]))
                .exports
                .is_empty()
        );
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for body in [&[0, 0xfd, 0, END][..], &[0, 0xfc, 99, END], &[0, 0x10]] {
            assert!(references(body).is_err(), "{body:?}");
        }
        assert!(Module::read(b"\0asm").is_err());
    }
}
