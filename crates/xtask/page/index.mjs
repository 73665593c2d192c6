// index.html of the released page: it knows its files and their checksums, and is small. The settings stay readable.
import { BROWSERS } from "./files.mjs";

/** The settings are JSON that people edit. */
const SETTINGS = /(<script id="config"[\s\S]*?<\/script>)/;
const STYLES = /(?:\s*<style[^>]*>[\s\S]*?<\/style>)+/g;
const SCRIPTS = /(<script[^>]*>)([\s\S]*?)(<\/script>)/g;
/** Where the script of index.html learns what is to be fetched. */
const FILES = "const FILES = {};";
/** Trunk's own start, which that script replaces, and the two files of it that are fetched before. */
const TRUNKS_START = /<script type="module"[^>]*>[^<]*TrunkApplicationStarted[^<]*<\/script>/;
const TRUNKS_SCRIPT = /<link[^>]*rel="modulepreload"[^>]*\.js"[^>]*>/;
const TRUNKS_MODULE = /<link[^>]*rel="preload"[^>]*\.wasm"[^>]*>/;

/** The page anew; `sums` has the checksums of each file: the module's first part, the script, the later parts. */
export function renewed({ esbuild, page, sums }) {
  for (const trunks of [TRUNKS_START, TRUNKS_SCRIPT, TRUNKS_MODULE]) page = replaced(page, trunks, "");
  return minified(esbuild, replaced(page, FILES, `const FILES = ${JSON.stringify(sums)};`));
}

function replaced(page, what, by) {
  const changed = page.replace(what, by);
  if (changed === page) throw new Error(`index.html does not have ${what}`);
  return changed;
}

function minified(esbuild, page) {
  const smaller = (text, options) =>
    esbuild
      .transformSync(text, { minify: true, legalComments: "none", target: BROWSERS, ...options })
      .code.trim();
  return page
    .split(SETTINGS)
    .map((piece) =>
      SETTINGS.test(piece)
        ? piece
        : piece
            .replace(/<!--[\s\S]*?-->/g, "")
            .replace(STYLES, (styles) => {
              const rules = styles.replace(/\s*<\/?style[^>]*>/g, "\n");
              return `\n<style>${smaller(rules, { loader: "css" })}</style>`;
            })
            .replace(SCRIPTS, (_, begin, code, end) => begin + smaller(code, {}) + end)
            .replace(/\n\s*/g, "\n"),
    )
    .join("");
}
