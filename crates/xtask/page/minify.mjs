// Minifies the built page with esbuild, lets it unpack its module, and names its files after what is in them now:
// node minify.mjs ESBUILD FOLDER SCRIPT MODULE PACKED UNPACKER
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [esbuild, folder, script, module, packed, unpacker] = process.argv.slice(2);
const { transformSync } = (await import(pathToFileURL(esbuild).href)).default;

/** Browsers that were new three years ago understand the result. */
const BROWSERS = ["chrome119", "firefox119", "safari17"];

const minified = (text, options) =>
  transformSync(text, { minify: true, legalComments: "none", target: BROWSERS, ...options }).code.trim();

/** Names a file after its content, in place of another name; hands back both and the checksum. */
function settled(path, suffix, before = path) {
  const bytes = readFileSync(path);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const name = `batch-runner-${hash}${suffix}`;
  renameSync(path, join(folder, name));
  return { before: basename(before), name, integrity: createHash("sha384").update(bytes).digest("base64") };
}

const glue = readFileSync(script, "utf8").replace("export { initSync, ", "export { ");
writeFileSync(script, minified(glue, { format: "esm", treeShaking: true }));

let page = readFileSync(join(folder, "index.html"), "utf8");
// The module first: its name begins like the script's.
for (const { before, name, integrity } of [settled(packed, ".bin", module), settled(script, ".js")]) {
  page = page
    .replaceAll(before, name)
    .replace(new RegExp(`(href="\\./${name}"[^>]*integrity="sha384-)[^"]*`), `$1${integrity}`);
  if (!page.includes(integrity)) throw new Error(`index.html does not check the content of ${name}`);
}

const loader = readFileSync(join(import.meta.dirname, "unpack.mjs"), "utf8").replace(
  '"UNPACKER"',
  JSON.stringify(readFileSync(unpacker).toString("base64")),
);
const FETCHED = /module_or_path:\s*(["'][^"']+["'])/;
if (!FETCHED.test(page)) throw new Error("index.html does not fetch the module as expected");
page = page
  .replace(FETCHED, "module_or_path: unpacked($1)")
  .replace('type="application/wasm"', 'type="application/octet-stream"')
  .replace(/(<script type="module"[^>]*>)(?=[^<]*unpacked\()/, (begin) => `${begin}${loader}`);

// The settings are JSON and stay readable: people edit them.
const KEPT = /(<script id="config"[\s\S]*?<\/script>)/;
const STYLES = /(?:\s*<style[^>]*>[\s\S]*?<\/style>)+/g;
const SCRIPTS = /(<script[^>]*>)([\s\S]*?)(<\/script>)/g;
page = page
  .split(KEPT)
  .map((part) =>
    KEPT.test(part)
      ? part
      : part
          .replace(/<!--[\s\S]*?-->/g, "")
          .replace(STYLES, (styles) => {
            const rules = styles.replace(/\s*<\/?style[^>]*>/g, "\n");
            return `\n<style>${minified(rules, { loader: "css" })}</style>`;
          })
          .replace(SCRIPTS, (_, begin, code, end) => begin + minified(code, {}) + end)
          .replace(/\n\s*/g, "\n"),
  )
  .join("");
writeFileSync(join(folder, "index.html"), page);
