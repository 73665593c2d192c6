// News of 20 running batches: from the server's sending of a message to the frame that shows its number or a newer one,
// and how busy the page is with it.
import { BackendProcess } from "../../fixtures/backend-process.mjs";
import { signIn, withFreshPage } from "../lib/signed-in-page.mjs";
import { quantile } from "../lib/statistics.mjs";

const BATCHES = 20;
const MEASURED_MS = 6_000;
/** Before the measurement the batches are found and the first numbers shown. */
const SETTLING_MS = 2_000;

export default async function live({ dist }) {
  const figures = [];
  for (const rate of [10, 200, 1_000]) {
    const backend = new BackendProcess({ leads: 200, dist });
    await backend.start();
    try {
      figures.push(...figuresOf(rate, await once(backend, rate)));
    } finally {
      await backend.dispose();
    }
  }
  return figures;
}

function figuresOf(rate, { latencies, busy, frames, updates, unshown }) {
  const how = `${BATCHES} batches, ${MEASURED_MS / 1000} s, ${latencies.length} messages`;
  const figure = (name, value, unit, more) => ({
    name: `live.${rate}_per_s.${name}`,
    value,
    unit,
    how: more,
  });
  const rounded = (value) => Math.round(value * 10) / 10;
  return [
    figure("sent_to_paint_p50", rounded(quantile(latencies, 0.5)), "ms", how),
    figure("sent_to_paint_p99", rounded(quantile(latencies, 0.99)), "ms", how),
    figure("never_shown", unshown, "messages", "that no frame showed, nor a newer one"),
    figure("main_thread_busy", rounded(busy), "%", "of the time, of tasks of any kind"),
    figure("bar_updates", Math.round(updates), "1/s", `over all bars, ${Math.round(frames)} frames a second`),
  ];
}

async function once(backend, rate) {
  const seconds = (SETTLING_MS + MEASURED_MS) / 1_000 + 4;
  const response = await fetch(`${backend.origin}/dev/flood`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ messages_per_second: rate, batches: BATCHES, seconds }),
  });
  if (!response.ok) throw new Error(`the flood was answered with ${response.status}`);
  return withFreshPage(await signIn(backend), async (page) => {
    await page.addInitScript(listen);
    await page.goto(`${backend.pageURL}?view=running`);
    await page.waitForFunction(
      (wanted) => document.querySelectorAll("[data-testid=progress-bar]").length === wanted,
      BATCHES,
    );
    await new Promise((done) => setTimeout(done, SETTLING_MS));
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const worked = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { busy: of("TaskDuration"), at: of("Timestamp") };
    };
    const before = await worked();
    await page.evaluate(() => window.record());
    await new Promise((done) => setTimeout(done, MEASURED_MS));
    const seen = await page.evaluate(() => window.recorded());
    const after = await worked();
    const busy = (100 * (after.busy - before.busy)) / (after.at - before.at);
    return { ...judge(seen), busy };
  });
}

/** In the page: keeps what sockets say and what the bars show from `record` on. */
function listen() {
  const messages = [];
  const paints = [];
  let recording = false;
  let frames = 0;
  let begun = 0;
  const Native = window.WebSocket;
  window.WebSocket = new Proxy(Native, {
    construct(target, given) {
      const socket = Reflect.construct(target, given);
      socket.addEventListener("message", (event) => recording && messages.push(event.data));
      return socket;
    },
  });
  window.record = () => {
    recording = true;
    begun = performance.now();
    let pending = [];
    const channel = new MessageChannel();
    // Comes right after the frame to which the last callback belonged.
    channel.port1.onmessage = () => {
      const at = performance.timeOrigin + performance.now();
      paints.push(...pending.map((paint) => ({ ...paint, at })));
      pending = [];
    };
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const batch = target.closest("[data-batch-id]").dataset.batchId;
        pending.push({ batch, percent: Number(target.getAttribute("aria-valuenow")) });
      }
    });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["aria-valuenow"] });
    const frame = () => {
      if (!recording) return observer.disconnect();
      frames += 1;
      channel.port2.postMessage(0);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  window.recorded = async () => {
    const length = (performance.now() - begun) / 1_000;
    const said = messages.splice(0);
    const result = { said, framesPerSecond: frames / length, updatesPerSecond: paints.length / length };
    // The last ones are still to be shown.
    await new Promise((done) => setTimeout(done, 500));
    recording = false;
    return { ...result, paints };
  };
}

function judge({ said, paints, framesPerSecond, updatesPerSecond }) {
  const shown = new Map();
  for (const { batch, percent, at } of paints) {
    if (!shown.has(batch)) shown.set(batch, []);
    shown.get(batch).push({ percent, at });
  }
  // The bars tell four decimals.
  const exact = 5e-5;
  const latencies = [];
  let unshown = 0;
  for (const text of said) {
    const message = JSON.parse(text);
    if (message.type !== "progress_update") continue;
    const paint = (shown.get(message.batch_id) ?? []).find(
      ({ percent, at }) => at >= message.sent_at_ms && percent >= message.progress_percentage - exact,
    );
    if (paint) latencies.push(paint.at - message.sent_at_ms);
    else unshown += 1;
  }
  return { latencies, unshown, frames: framesPerSecond, updates: updatesPerSecond };
}
