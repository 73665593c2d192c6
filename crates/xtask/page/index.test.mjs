import assert from "node:assert/strict";
import { test } from "node:test";
import { renewed } from "./index.mjs";

/** What Trunk writes, as far as it matters here. */
const PAGE = `<head>
    <script id="config" type="application/json">
      { "api_base": "/api" }
    </script>
    <script>const FILES = {};</script>
    <style>a {}</style>
    <style>b {}</style>
    <!-- words -->
    <link rel="modulepreload" href="./page-0.js" crossorigin="anonymous" integrity="sha384-old">
    <link rel="preload" href="./page-0_bg.wasm" crossorigin="anonymous" integrity="sha384-old" as="fetch" type="application/wasm">
    <script type="module">
      import init from './page-0.js';
      const wasm = await init({ module_or_path: './page-0_bg.wasm' });
      dispatchEvent(new CustomEvent("TrunkApplicationStarted", {detail: {wasm}}));
    </script>
  </head>`;
/** In place of esbuild: says what it was given. */
const esbuild = { transformSync: (text) => ({ code: text }) };
const wanted = { esbuild, page: PAGE, sums: { "page-first-1.wasm": "sha384-a sha384-b" } };

test("the page knows its files and their checksums, and fetches them by its own script alone", () => {
  const page = renewed(wanted);
  assert.match(page, /const FILES = \{"page-first-1\.wasm":"sha384-a sha384-b"\};/);
  assert.doesNotMatch(page, /page-0|TrunkApplicationStarted|sha384-old|<!--/);
  assert.equal(page.match(/<style>/g).length, 1);
});

test("the settings stay as a person wrote them", () => {
  assert.ok(renewed(wanted).includes('json">\n      { "api_base": "/api" }\n    </script>'));
});

test("a page that Trunk wrote in another way is not taken", () => {
  for (const lost of ["const FILES = {};", "TrunkApplicationStarted", 'rel="preload"']) {
    assert.throws(() => renewed({ ...wanted, page: PAGE.replace(lost, "") }), /does not have/);
  }
});
