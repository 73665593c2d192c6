// index.html of the released page: it knows its files and their checksums, and is small. The settings stay readable.
import { BROWSERS } from "./files.mjs";

/** The settings are JSON that people edit. */
const SETTINGS = /(<script id="config"[\s\S]*?<\/script>)/;
const STYLES = /(?:\s*<style[^>]*>[\s\S]*?<\/style>)+/g;
const SCRIPTS = /(<script[^>]*>)([\s\S]*?)(<\/script>)/g;
/** Where the script of index.html learns what the parts are called. */
const PARTS = "const PARTS = {};";
/** Trunk's own start, which fetches the module itself, and its preloading of it. */
const TRUNKS_START = /<script type="module"[^>]*>[^<]*TrunkApplicationStarted[^<]*<\/script>/;
const TRUNKS_PRELOAD = /<link[^>]*rel="preload"[^>]*\.wasm"[^>]*>/;

/** The page anew. */
export function renewed({ esbuild, page, trunks, glue, sums }) {
  const start = `import init from "./${glue.name}";
init({ module_or_path: pageStart.module }).catch(pageStart.failed);`;
  page = replaced(page, TRUNKS_START, `<script type="module">${start}</script>`);
  page = replaced(page, TRUNKS_PRELOAD, "");
  page = replaced(page, PARTS, `const PARTS = ${JSON.stringify(sums)};`);
  page = replaced(page, trunks.glue, glue.name);
  page = replaced(page, new RegExp(`(${glue.name}"[^>]*integrity=")[^"]*`), `$1${glue.sum}`);
  return minified(esbuild, page);
}

function replaced(page, what, by) {
  const changed = typeof what === "string" ? page.replaceAll(what, by) : page.replace(what, by);
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
