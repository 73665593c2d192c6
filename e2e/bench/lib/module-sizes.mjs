// What a part of the page is made of: the bytes of its functions by the module that they were written in, or the crate.

/** The page's own crate, whose modules are told apart. */
const OURS = "batch_runner";
const SECTIONS = { import: 2, code: 10, custom: 0 };

/** Pairs of a module's or crate's name and its bytes, the largest first; for a WebAssembly module that has names. */
export function moduleSizes(bytes) {
  const { sizes, names, imported } = functionsOf(bytes);
  const sums = new Map();
  sizes.forEach((size, place) => {
    const home = homeOf(names.get(imported + place) ?? "");
    sums.set(home, (sums.get(home) ?? 0) + size);
  });
  return [...sums].sort(([, one], [, other]) => other - one);
}

/** Where a function was written, by its name as rustc wrote it (`_RNvNtCs1_5crate6module4name`), or the splitter. */
export function homeOf(name) {
  if (name.startsWith("__wasm_split")) return "entries";
  if (!name.startsWith("_R")) return "others";
  let first = null;
  for (const { index } of name.matchAll(/C(?:s[0-9A-Za-z]*_)?(?=\d)/g)) {
    const crate = identifierAt(name, index + /^C(?:s[0-9A-Za-z]*_)?/.exec(name.slice(index))[0].length);
    if (!crate || !/^[a-z]\w*$/.test(crate.word)) continue;
    const module = crate.word === OURS ? identifierAt(name, crate.end) : null;
    if (module) return `${OURS}::${module.word}`;
    first ??= crate.word;
  }
  return first ?? "others";
}

/** A length and so many letters. */
function identifierAt(name, start) {
  const length = /^\d+/.exec(name.slice(start))?.[0];
  if (!length) return null;
  // Between a length and letters that begin like a number stands a line.
  const from = start + length.length + (name[start + length.length] === "_" ? 1 : 0);
  const end = from + Number(length);
  return end <= name.length ? { word: name.slice(from, end), end } : null;
}

function functionsOf(bytes) {
  const sizes = [];
  const names = new Map();
  let imported = 0;
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const [id, length] = [reader.byte(), reader.number()];
    const section = new Reader(bytes, reader.at);
    reader.at += length;
    if (id === SECTIONS.import) imported = importedFunctions(section);
    else if (id === SECTIONS.code) {
      for (let left = section.number(); left > 0; left -= 1) {
        const size = section.number();
        sizes.push(size);
        section.at += size;
      }
    } else if (id === SECTIONS.custom && section.text() === "name") {
      readNames(section, reader.at, names);
    }
  }
  return { sizes, names, imported };
}

function importedFunctions(section) {
  let functions = 0;
  for (let left = section.number(); left > 0; left -= 1) {
    section.text();
    section.text();
    const kind = section.byte();
    if (kind === 0) {
      functions += 1;
      section.number();
    } else if (kind === 3) {
      section.at += 2;
    } else {
      // A table says what it holds before its limits, a memory does not; a tag is like a function.
      if (kind === 1 || kind === 4) section.byte();
      if (kind === 4) section.number();
      else for (let limits = section.byte() & 1 ? 2 : 1; limits > 0; limits -= 1) section.number();
    }
  }
  return functions;
}

function readNames(section, end, names) {
  while (section.at < end) {
    const [kind, length] = [section.byte(), section.number()];
    const next = section.at + length;
    if (kind === 1) {
      for (let left = section.number(); left > 0; left -= 1) names.set(section.number(), section.text());
    }
    section.at = next;
  }
}

/** Reads a module's bytes one after the other. */
class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** LEB128. */
  number() {
    let [value, shift, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte & 128);
    return value;
  }

  text() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length).toString();
  }
}
