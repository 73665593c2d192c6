// Choosing from 100,000 leads: frames while scrolling, the time to choose all, and the memory that it takes.
import { BackendProcess } from "../../fixtures/backend-process.mjs";
import { signIn, withFreshPage } from "../lib/signed-in-page.mjs";
import { median, spread } from "../lib/statistics.mjs";

const LEADS = 100_000;
const SCROLL_MS = 5_000;
const RUNS = 3;

export default async function choosing({ dist }) {
  const backend = new BackendProcess({ leads: LEADS, dist });
  await backend.start();
  try {
    const tokens = await signIn(backend);
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await once(backend, tokens));
    const figure = (name, unit, of, how) => {
      const values = runs.map(of);
      return {
        name: `choosing.${name}`,
        value: Math.round(median(values) * 10) / 10,
        unit,
        how: `${spread(values)}, ${how}`,
      };
    };
    const scroll = `scrolling through ${LEADS} leads in ${SCROLL_MS / 1000} s`;
    return [
      figure("scroll_cold_dropped_frames", "frames", (run) => run.cold.dropped, `${scroll}, just loaded`),
      figure("scroll_cold_unfilled_percent", "%", (run) => run.cold.unfilled, "of looks at the middle"),
      figure("scroll_warm_dropped_frames", "frames", (run) => run.warm.dropped, `${scroll}, once more`),
      figure("rows_rendered_max", "rows", (run) => Math.max(run.cold.rows, run.warm.rows), "in the document"),
      figure("select_all_ms", "ms", (run) => run.counted, "from the click to the frame with the count"),
      figure("select_all_read_ms", "ms", (run) => run.read, "from the click until every lead has been read"),
      figure("wasm_memory_mb", "MB", (run) => run.wasm, "after reading through everything"),
      figure("js_heap_mb", "MB", (run) => run.heap, "after reading through everything, collected"),
    ];
  } finally {
    await backend.dispose();
  }
}

async function once(backend, tokens) {
  const scrolled = await withLeads(backend, tokens, async (page) => {
    const cold = await page.evaluate(scrollThrough, SCROLL_MS);
    const warm = await page.evaluate(scrollThrough, SCROLL_MS);
    await page.evaluate(readThrough);
    const client = await page.context().newCDPSession(page);
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() => window.wasmMemory.buffer.byteLength);
    const megabytes = (bytes) => bytes / 2 ** 20;
    return { cold, warm, wasm: megabytes(wasm), heap: megabytes(usedSize) };
  });
  const chosen = await withLeads(backend, tokens, (page) => page.evaluate(chooseAll));
  return { ...scrolled, ...chosen };
}

/** Runs `use` with a fresh page that shows the first leads. */
async function withLeads(backend, tokens, use) {
  return withFreshPage(tokens, async (page) => {
    // The memory of the page's code can be had only where it is made.
    await page.addInitScript(() => {
      for (const name of ["instantiate", "instantiateStreaming"]) {
        const make = WebAssembly[name];
        WebAssembly[name] = async (...given) => {
          const made = await make.apply(WebAssembly, given);
          // Later parts use the memory of the first.
          window.wasmMemory ??= (made.instance ?? made).exports.memory;
          return made;
        };
      }
    });
    await page.goto(backend.pageURL);
    await page.getByTestId("lead-row").first().waitFor();
    return use(page);
  });
}

/** In the page: one step a frame from the first row to the last. */
async function scrollThrough(length) {
  const frame = document.getElementById("lead-frame");
  frame.scrollTop = 0;
  await new Promise((done) => setTimeout(done, 500));
  const way = frame.scrollHeight - frame.clientHeight;
  const box = frame.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const times = [];
  let [looks, unfilled, rows] = [0, 0, 0];
  await new Promise((done) => {
    const step = (now) => {
      times.push(now);
      rows = Math.max(rows, document.querySelectorAll("[data-row]").length);
      if (times.length % 5 === 0) {
        looks += 1;
        // Not by the "@": some leads have no e-mail. A row that is still waiting is no lead-row.
        const row = document.elementFromPoint(x, y)?.closest("[data-testid=lead-row]");
        if (!row) unfilled += 1;
      }
      const share = (now - times[0]) / length;
      if (share >= 1) return done();
      frame.scrollTop = way * share;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  const missed = times
    .slice(1)
    .map((now, at) => Math.max(0, Math.round((now - times[at]) / (1000 / 60)) - 1));
  return { dropped: missed.reduce((sum, count) => sum + count, 0), unfilled: (100 * unfilled) / looks, rows };
}

/** In the page: through the whole list in steps slow enough for its leads to be asked for. */
async function readThrough() {
  const [frame, steps] = [document.getElementById("lead-frame"), 400];
  const way = frame.scrollHeight - frame.clientHeight;
  for (let step = 1; step <= steps; step += 1) {
    frame.scrollTop = (way * step) / steps;
    await new Promise((done) => setTimeout(done, 30));
  }
}

/** In the page: milliseconds from the click to the count, and until every lead has been read. */
async function chooseAll() {
  const find = (id) => document.querySelector(`[data-testid=${id}]`);
  const until = (is) =>
    new Promise((done) => {
      const look = () => (is() ? done(performance.now()) : requestAnimationFrame(look));
      look();
    });
  const started = performance.now();
  find("select-all-matching").click();
  const counted = await until(() => find("selection-count").textContent.includes("100,000 leads chosen"));
  const read = await until(() => find("too-many") !== null);
  return { counted: counted - started, read: read - started };
}
