// From the start of the navigation to the first paint and to the first lead, with an empty cache each time.
import { BackendProcess } from "../../fixtures/backend-process.mjs";
import { throttle, signIn, withFreshPage } from "../lib/signed-in-page.mjs";
import { median, spread } from "../lib/statistics.mjs";

const RUNS = 5;
const LEADS = 10_000;
const ROW_LIMIT_MS = 60_000;

export default async function load({ dist }) {
  const backend = new BackendProcess({ leads: LEADS, dist });
  await backend.start();
  try {
    const tokens = await signIn(backend);
    const figures = [];
    for (const throttled of [false, true]) {
      const runs = [];
      for (let run = 0; run < RUNS; run += 1) runs.push(await once(backend, tokens, throttled));
      const suffix = throttled ? "throttled" : "unthrottled";
      const conditions = throttled
        ? "4x CPU, 1.6 Mbit/s, 150 ms; served as the host does, not compressed"
        : "no throttling, loopback";
      for (const [name, of] of [
        ["first_lead_row_ms", (run) => run.row],
        ["fcp_ms", (run) => run.fcp],
      ]) {
        const values = runs.map(of);
        figures.push({
          name: `${name}.${suffix}`,
          value: Math.round(median(values)),
          unit: "ms",
          how: `${spread(values)}, ${LEADS} leads, empty cache, ${conditions}`,
        });
      }
    }
    return figures;
  } finally {
    await backend.dispose();
  }
}

async function once(backend, tokens, throttled) {
  return withFreshPage(tokens, async (page) => {
    // Inside the page, so that the way to this process is not part of the time.
    await page.addInitScript(() => {
      const look = () => {
        const row = document.querySelector("[data-testid=lead-row]");
        if (row?.textContent.includes("@")) {
          // The frame that shows the row is the one after it was found.
          requestAnimationFrame(() => {
            window.firstLeadRow = performance.now();
          });
        } else {
          requestAnimationFrame(look);
        }
      };
      requestAnimationFrame(look);
    });
    if (throttled) await throttle(page);
    await page.goto(backend.pageURL, { waitUntil: "commit" });
    await page.waitForFunction(() => window.firstLeadRow !== undefined, null, { timeout: ROW_LIMIT_MS });
    return page.evaluate(() => ({
      row: window.firstLeadRow,
      fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? window.firstLeadRow,
    }));
  });
}
