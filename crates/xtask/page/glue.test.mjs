import assert from "node:assert/strict";
import { test } from "node:test";
import { loaderOf } from "./glue.mjs";

const LOADER = `import { initSync } from "./batch-runner.js";
const __chunk_1 = makeLoad(() => {
    const src = fetch(new URL("./chunk_1.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}, []);`;
const FIRST = { name: "first", file: "page-first-1.wasm" };
const SHARED = { name: "shared-1", chunk: "chunk_1.wasm", file: "page-shared-1-2.wasm" };

test("later parts are fetched under their own names, as the first one is", () => {
  const text = loaderOf(LOADER, "page-3.js", [FIRST, SHARED]);
  assert.match(text, /import \{ initSync \} from "\.\/page-3\.js"/);
  assert.match(text, /const src = pageStart\.part\("page-shared-1-2\.wasm"\);/);
  assert.match(text, /WebAssembly\.instantiate\(await src, imports\)/);
  assert.doesNotMatch(text, /fetch\(|instantiateStreaming/);
});

test("a loader that says something else is not taken", () => {
  const other = LOADER.replace("chunk_1.wasm", "chunk_7.wasm");
  assert.throws(() => loaderOf(other, "page-3.js", [FIRST, SHARED]), /does not say/);
});

test("a page without later parts needs only the script's name", () => {
  const text = loaderOf(LOADER.split("\n")[0], "page-3.js", [FIRST]);
  assert.equal(text, 'import { initSync } from "./page-3.js";');
});
