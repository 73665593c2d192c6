// What the page fetches until its first lead rows stand, signed in, with an empty cache, from a host that compresses
// nothing: node first-load.mjs prints it line by line for `cargo xtask test bundle`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BackendProcess } from "../../fixtures/backend-process.mjs";
import { compressedSizes } from "./compressed-sizes.mjs";
import { signIn, withFreshPage } from "./signed-in-page.mjs";

const LEADS = 10_000;
const ROW_LIMIT_MS = 60_000;
/** The page's files carry the name of their part and a hash of their content. */
const PART = /^batch-runner-(.+)-[0-9a-f]{16}\.wasm$/;

/**
 * `files`: what of the page was fetched before the first row stood; `answers`: what the API answered by then;
 * `parts`: all parts of the module, the first one first. Sizes are raw, gzip -9 and brotli 11.
 */
export async function firstLoad(dist) {
  const backend = new BackendProcess({ leads: LEADS, dist });
  await backend.start();
  try {
    const folder = new URL(".", backend.pageURL).href;
    const { fetched, bodies } = await untilFirstRow(backend);
    const files = fetched
      .filter((url) => url.startsWith(folder))
      .map((url) => new URL(url).pathname.slice(new URL(folder).pathname.length))
      .map((name) => ({ name, ...sizesOf(dist, name) }));
    const answers = fetched
      .filter((url) => !url.startsWith(folder) && bodies.has(url))
      .map((url) => ({ url, ...compressedSizes(bodies.get(url)) }));
    return { files, answers, parts: partsOf(dist) };
  } finally {
    await backend.dispose();
  }
}

/** A packed part weighs what gzip made of it. */
function sizesOf(dist, name) {
  return compressedSizes(readFileSync(join(dist, name.replace(/\.gz$/, ""))));
}

function partsOf(dist) {
  return readdirSync(dist)
    .filter((name) => PART.test(name))
    .map((name) => ({ part: PART.exec(name)[1], name, ...sizesOf(dist, name) }))
    .sort((one, other) => (other.part === "first") - (one.part === "first") || other.gzip - one.gzip);
}

async function untilFirstRow(backend) {
  return withFreshPage(await signIn(backend), async (page) => {
    const bodies = new Map();
    page.on("response", (response) => {
      // An answer that the page left has no body.
      response
        .body()
        .then((body) => bodies.set(response.url(), body))
        .catch(() => {});
    });
    await page.addInitScript(noteFetches);
    await page.goto(backend.pageURL);
    await page.waitForFunction(() => window.firstRow !== undefined, null, { timeout: ROW_LIMIT_MS });
    await page.waitForLoadState("networkidle");
    return { fetched: await page.evaluate(fetchedBefore), bodies };
  });
}

/** In the page: each fetch with whether rows stood when it was asked for, and the moment of the first row. */
function noteFetches() {
  const rowsStand = () => document.querySelector("[data-testid=lead-row]") !== null;
  window.fetches = [];
  window.fetch = new Proxy(window.fetch, {
    apply(target, self, given) {
      const url = new URL(given[0].url ?? given[0], document.baseURI).href;
      window.fetches.push({ url, isEarly: !rowsStand() });
      return Reflect.apply(target, self, given);
    },
  });
  new MutationObserver((_, observer) => {
    if (!rowsStand()) return;
    window.firstRow = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}

/** In the page: the addresses of what was asked for before the first row stood, by scripts or by the browser. */
function fetchedBefore() {
  const byScript = new Set(window.fetches.map(({ url }) => url));
  const byBrowser = [
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource"),
  ]
    .filter(({ name, startTime }) => !byScript.has(name) && startTime < window.firstRow)
    .map(({ name }) => name.replace(/[?#].*$/, ""));
  const early = window.fetches.filter(({ isEarly }) => isEarly).map(({ url }) => url);
  return [...new Set([...byBrowser, ...early])].filter((url) => url.startsWith("http"));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, answers, parts } = await firstLoad(process.env.DIST);
  const line = (kind, { raw, gzip, brotli }, name) => console.log(`${kind} ${raw} ${gzip} ${brotli} ${name}`);
  for (const file of files) line("file", file, file.name);
  for (const answer of answers) line("answer", answer, new URL(answer.url).pathname);
  for (const part of parts) line("part", part, part.name);
}
