// What the page's script does to get its module: it travels packed (crates/unpack), and is unpacked while it is still
// coming in. The build puts the unpacker's own module, in base 64, in place of the word.
const UNPACKER = "UNPACKER";
/** As `PIECE` in crates/unpack. */
const PIECE = 65536;

/** The module as it was before it was packed. */
async function unpacked(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The page’s module is not there (${answer.status}).`);
  const bytes = Uint8Array.from(atob(UNPACKER), (letter) => letter.charCodeAt(0));
  const { memory, room, take, join_all, module } = (await WebAssembly.instantiate(bytes)).instance.exports;
  const told = (number) => {
    if (number < 0) throw new Error("The page’s module is damaged.");
    return number;
  };
  const reader = answer.body.getReader();
  for (let isDone = false; !isDone;) {
    const { value = [], done } = await reader.read();
    isDone = done;
    // Once more at the end, with nothing, so that what is left is unpacked, too.
    for (let from = 0; from < value.length || (done && from === 0); from += PIECE) {
      const piece = value.slice(from, from + PIECE);
      new Uint8Array(memory.buffer).set(piece, room());
      told(take(piece.length, done));
    }
  }
  return new Uint8Array(memory.buffer, module(), told(join_all()));
}
