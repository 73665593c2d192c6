// What the page's script does to get its module: it travels packed (crates/unpack), and is unpacked and compiled while it
// is still coming in. The build puts the unpacker's own module, in base 64, in place of the word.
const UNPACKER = "UNPACKER";
/** As `PIECE` in crates/unpack. */
const PIECE = 65536;

/** The answer of a server that had the module as it is. */
async function unpacked(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The page’s module is not there (${answer.status}).`);
  const bytes = Uint8Array.from(atob(UNPACKER), (letter) => letter.charCodeAt(0));
  const { memory, room, take, whole } = (await WebAssembly.instantiate(bytes)).instance.exports;
  const reader = answer.body.getReader();
  let told = 0;

  function unpack(controller, piece, isLast) {
    new Uint8Array(memory.buffer).set(piece, room());
    const ready = take(piece.length, isLast);
    if (ready < told) throw new Error("The page’s module is damaged.");
    // A copy: the memory is written to further on.
    if (ready > told)
      controller.enqueue(new Uint8Array(memory.buffer.slice(whole() + told, whole() + ready)));
    told = ready;
  }

  const body = new ReadableStream({
    async pull(controller) {
      // Whoever is handed nothing is not asked again: a few bytes may yield nothing yet.
      for (const before = told; told === before;) {
        const { value, done } = await reader.read();
        for (let from = 0; from < (value?.length ?? 0); from += PIECE) {
          unpack(controller, value.subarray(from, from + PIECE), false);
        }
        if (done) {
          unpack(controller, [], true);
          return controller.close();
        }
      }
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}
