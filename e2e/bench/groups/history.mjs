// Looking through 5,000 past batches: the time to read them all, from a click to the painted rows after that, and how
// many rows are in the document.
import { BackendProcess } from "../../fixtures/backend-process.mjs";
import { signIn, withFreshPage } from "../lib/signed-in-page.mjs";
import { median, spread } from "../lib/statistics.mjs";

const BATCHES = 5_000;
/** What they are; the invented past adds forty. */
const KINDS = { completed: 3_000, failed: 1_000, cancelled: 1_000 };
const RUNS = 5;

export default async function history({ dist }) {
  const backend = new BackendProcess({ leads: 200, dist });
  await backend.start();
  try {
    for (const [status, count] of Object.entries(KINDS)) await add(backend, { status, count, leads: 2 });
    const tokens = await signIn(backend);
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await withFreshPage(tokens, (page) => once(backend, page)));
    }
    const figure = (name, unit, of, how) => {
      const values = runs.map(of);
      const value = Math.round(median(values) * 10) / 10;
      return { name: `history.${name}`, value, unit, how: `${spread(values)}, ${how}` };
    };
    const after = "from the event to the frame with the rows, everything read";
    return [
      figure("read_all_ms", "ms", (run) => run.read, `${BATCHES} batches, from the choice of a status on`),
      figure("sort_ms", "ms", (run) => run.sort, after),
      figure("filter_ms", "ms", (run) => run.filter, after),
      figure("group_ms", "ms", (run) => run.group, after),
      figure("page_ms", "ms", (run) => run.page, after),
      figure("rows_rendered_max", "rows", (run) => run.rows, "in the document"),
    ];
  } finally {
    await backend.dispose();
  }
}

async function add(backend, wanted) {
  const response = await fetch(`${backend.origin}/dev/batches`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wanted),
  });
  if (!response.ok) throw new Error(`adding batches was answered with ${response.status}`);
}

async function once(backend, page) {
  await page.goto(`${backend.pageURL}?view=history`);
  await page.getByTestId("history-row").first().waitFor();
  return page.evaluate(async () => {
    let rows = 0;
    const told = () => document.querySelector(".history-told").textContent;
    const shown = () => {
      const all = [...document.querySelectorAll("[data-testid=history-row]")];
      rows = Math.max(rows, all.length);
      return all.map((row) => row.dataset.batchId).join();
    };
    /** From `act` to the end of the frame in which `is` has become so. */
    const timed = (act, is) =>
      new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - started);
        const look = () => (is() ? channel.port2.postMessage(0) : requestAnimationFrame(look));
        const started = performance.now();
        act();
        requestAnimationFrame(look);
      });
    const choose = (id, value) => {
      const select = document.getElementById(id);
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const heading = (name) =>
      [...document.querySelectorAll("th button")].find((button) => button.textContent.startsWith(name));
    const other = (act) => {
      const before = shown();
      return timed(act, () => shown() !== before);
    };
    const read = await timed(
      () => choose("history-status", "completed"),
      () => told().includes("found among 5,040"),
    );
    const sort = await other(() => heading("Leads").click());
    const filter = await other(() => choose("history-status", "cancelled"));
    const group = await timed(
      () => choose("history-group", "day"),
      () => document.querySelector("[data-testid=history-group]") !== null,
    );
    const next = [...document.querySelectorAll(".pager button")].find((it) => it.textContent === "Next");
    const page = await other(() => next.click());
    return { read, sort, filter, group, page, rows };
  });
}
