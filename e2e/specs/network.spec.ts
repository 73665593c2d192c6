import type { Page } from "@playwright/test";
import { Dials } from "../fixtures/dials";
import { Network } from "../fixtures/network";
import { expect, failedRequest, failedSocket, operator, test as base } from "../pages/batch-runner";

const test = base.extend<{ network: Network }>({
  network: [
    async ({ app, backend, consoleErrors }, use) => {
      const network = new Network(backend.baseURL);
      await network.start();
      app.origin = network.origin;
      consoleErrors.allow(failedSocket, failedRequest, /Unexpected response code/);
      await use(network);
      await network.stop();
    },
    { auto: true },
  ],
});

test.use({ backendOptions: { leads: 200, speed: 2 } });

/** The sockets that a page dials: how many so far, how many are open, and when the newest one closes. */
class Sockets {
  dialled = 0;
  readonly #open = new Set<unknown>();

  constructor(page: Page) {
    page.on("websocket", (socket) => {
      this.dialled += 1;
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
    });
  }

  get open(): number {
    return this.#open.size;
  }
}

/** Pretends that the page is hidden or seen; a browser without a window shows every page. */
async function setVisible(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    visible ? "visible" : "hidden",
  );
}

/** The page hears of a closed socket with its next frame; its delay begins then. */
const FRAME_MS = 20;

test("the ladder: each delay is half to whole of 1, 2, 4, 8, 16 and 16 s", async ({ app, page, network }) => {
  await page.clock.install();
  const dials = await Dials.watch(page);
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  await page.clock.pauseAt(Date.now() + 60_000);
  network.set({ refusing: true });
  network.cut();
  for (const rung of [1_000, 2_000, 4_000, 8_000, 16_000, 16_000]) {
    const lost = await dials.lost();
    const waited = (await dials.next(rung + 1_000, rung / 10)) - lost;
    expect(waited, `delay of up to ${rung} ms`).toBeGreaterThanOrEqual(rung / 2);
    expect(waited, `delay of up to ${rung} ms`).toBeLessThanOrEqual(rung + FRAME_MS);
  }
  await dials.lost();
  network.set({ refusing: false });
  await dials.next(17_000, 1_000);
  await dials.greeted();
  await app.tracker.linkIs("live");
});

test("a link that lives less than 5 s does not begin the ladder anew, one that lives longer does", async ({
  app,
  page,
  network,
}) => {
  await page.clock.install();
  const dials = await Dials.watch(page);
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  await page.clock.pauseAt(Date.now() + 60_000);
  /** Cuts the link and tells after how long it is dialled again. */
  const redialledAfter = async () => {
    network.cut();
    const lost = await dials.lost();
    const dialled = await dials.next(20_000);
    await dials.greeted();
    await app.tracker.linkIs("live");
    return dialled - lost;
  };
  expect(await redialledAfter(), "after a minute").toBeLessThanOrEqual(1_000 + FRAME_MS);
  const second = await redialledAfter();
  expect(second, "after a moment").toBeGreaterThanOrEqual(1_000);
  expect(second, "after a moment").toBeLessThanOrEqual(2_000 + FRAME_MS);
  // Up to a step of its life passed before it was seen.
  await page.clock.runFor(4_500);
  const third = await redialledAfter();
  expect(third, "after less than 5 s").toBeGreaterThanOrEqual(2_000);
  expect(third, "after less than 5 s").toBeLessThanOrEqual(4_000 + FRAME_MS);
  await page.clock.runFor(5_100);
  expect(await redialledAfter(), "after 5.1 s").toBeLessThanOrEqual(1_000 + FRAME_MS);
});

test("a pulled cable: the link comes back, and nothing is missed or counted twice", async ({
  app,
  page,
  backend,
  network,
}) => {
  const sockets = new Sockets(page);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  const seen = await card.watch();
  for (let times = 0; times < 3; times++) {
    await app.tracker.linkIs("live");
    const dialled = sockets.dialled;
    network.cut();
    await expect.poll(() => sockets.dialled, { timeout: 15_000 }).toBeGreaterThan(dialled);
  }
  network.set({ refusing: true });
  network.cut();
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  network.set({ refusing: false });
  await card.endsAs("completed", 25_000);
  await app.tracker.linkIs("live");
  const values = await seen();
  expect(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))).toBe(true);
  expect(sockets.open).toBe(1);
});

test("a network that swallows everything: the dead link is found, closed once and dialled again", async ({
  app,
  page,
  network,
}) => {
  await page.clock.install();
  const sockets = new Sockets(page);
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  await page.clock.pauseAt(Date.now() + 1_000);
  network.set({ stalled: true });
  /** Lets time pass in small steps until the link is in this state; tells how long that took. */
  const passesUntil = async (state: string) => {
    for (let passed = 0; passed < 40_000; passed += 100) {
      if ((await app.tracker.connection.getAttribute("data-state")) === state) return passed;
      await page.clock.runFor(100);
    }
    throw new Error(`The link was never ${state}.`);
  };
  // Pinged after 15 s of silence, dead 10 s later.
  expect(await passesUntil("waiting")).toBeGreaterThan(20_000);
  expect(sockets.dialled).toBe(1);
  // What is dialled next never opens: it is given up after 10 s.
  await passesUntil("connecting");
  await expect.poll(() => sockets.dialled).toBe(2);
  const given = await passesUntil("waiting");
  expect(given).toBeGreaterThan(9_500);
  expect(given).toBeLessThan(10_500);
  network.cut();
  network.set({ stalled: false });
  await page.clock.resume();
  await app.tracker.linkIs("live");
  expect(sockets.dialled).toBe(3);
  await expect.poll(() => sockets.open).toBe(1);
});

test("a slow network: the newest numbers come all the same, and the end is told", async ({
  app,
  backend,
  network,
}) => {
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  const seen = await card.watch();
  network.set({ bytesPerSecond: 3_000 });
  await backend.speed(20);
  await card.endsAs("completed", 20_000);
  await expect(card.counts).toContainText("50 of 50 leads");
  const values = await seen();
  expect(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))).toBe(true);
});

test("a machine that slept asks at once whether the link still lives", async ({
  app,
  page,
  backend,
  network,
}) => {
  await page.clock.install();
  const sockets = new Sockets(page);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  // The link still lives: an hour without timers is no reason to think otherwise.
  await page.clock.fastForward(3_600_000);
  await app.tracker.linkIs("live");
  expect(sockets.dialled).toBe(1);
  // Now it died meanwhile, and the batch ended.
  network.set({ stalled: true });
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await page.clock.fastForward(3_600_000);
  network.cut();
  network.set({ stalled: false });
  await page.clock.runFor(12_000);
  await card.endsAs("completed");
  await app.tracker.linkIs("live");
});

test("nothing is dialled while hidden, and at once when seen again", async ({ app, page, network }) => {
  await page.clock.install();
  const dials = await Dials.watch(page);
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  await setVisible(page, false);
  network.cut();
  await dials.lost();
  await page.clock.runFor(60_000);
  expect(await dials.all()).toHaveLength(1);
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await setVisible(page, true);
  await expect.poll(() => dials.all()).toHaveLength(2);
  await page.clock.resume();
  await app.tracker.linkIs("live");
});

test("a hidden page whose timers come once a minute keeps its link, its numbers and its title", async ({
  app,
  page,
  backend,
}) => {
  await page.clock.install();
  const sockets = new Sockets(page);
  const opened = page.waitForEvent("websocket");
  await app.openSignedIn();
  const socket = await opened;
  const id = await app.startBatch(50);
  await app.tracker.card(id).passes(0);
  await setVisible(page, false);
  for (let minutes = 0; minutes < 3; minutes++) {
    // All timers that were due come together, late; the server answers in its own time.
    const answered = socket.waitForEvent("framereceived");
    await page.clock.fastForward(60_000);
    await answered;
    await app.tracker.linkIs("live");
  }
  expect(sockets.dialled).toBe(1);
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await page.clock.fastForward(60_000);
  await app.tracker.card(id).endsAs("completed");
  // It ended while nobody looked, and the title says so.
  await expect(page).toHaveTitle("(1) Batch Runner");
  expect(sockets.dialled).toBe(1);
  await setVisible(page, true);
  await expect(app.toast("While you were away:")).toBeVisible();
  await expect(page).toHaveTitle("Batch Runner");
});

test("a person who signed out has no link, whatever the network does", async ({ app, page, network }) => {
  const sockets = new Sockets(page);
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  await app.signOut.click();
  await expect.poll(() => sockets.open).toBe(0);
  const dialled = sockets.dialled;
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  network.cut();
  await expect(app.signInForm.form).toBeVisible();
  expect(sockets.dialled).toBe(dialled);
});

test("what is given up while it is dialled never opens, and the next link is the only one", async ({
  app,
  backend,
  network,
}) => {
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  network.set({ stalled: true });
  network.cut();
  await app.tracker.linkIs("connecting");
  await app.signOut.click();
  await expect(app.signInForm.form).toBeVisible();
  network.set({ stalled: false });
  await app.signInForm.enter(operator);
  await app.tracker.linkIs("live");
  await expect.poll(async () => (await backend.socketCounts()).multiplexed.open).toBe(1);
});

test("after a loss what still runs is subscribed once, and nothing that ended meanwhile", async ({
  app,
  page,
  backend,
}) => {
  const [lasting = ""] = await backend.addBatches({
    count: 1,
    leads: 50,
    status: "running",
    processing: false,
  });
  await app.openSignedIn();
  const ending = await app.startBatch(50);
  await app.tracker.card(ending).passes(0);
  await backend.sockets({ refuse_multiplexed: true, drop: true });
  await app.tracker.linkIs("waiting");
  await backend.speed(60);
  // Meanwhile it is asked for.
  await app.tracker.card(ending).endsAs("completed");
  const subscribed: string[] = [];
  let answers = 0;
  page.on("websocket", (socket) => {
    const read = (payload: string | Buffer) =>
      JSON.parse(String(payload)) as { type: string; batch_ids?: string[] };
    socket.on("framesent", ({ payload }) => {
      const frame = read(payload);
      if (frame.type === "subscribe") subscribed.push(...(frame.batch_ids ?? []));
    });
    socket.on("framereceived", ({ payload }) => {
      if (read(payload).type === "subscribed") answers += 1;
    });
  });
  await backend.sockets({ refuse_multiplexed: false });
  await app.tracker.linkIs("live", 20_000);
  // All that a new link is asked for is sent at once, before the first answer can come.
  await expect.poll(() => answers).toBeGreaterThan(0);
  expect(subscribed).toEqual([lasting]);
});

test("a status that cannot be read after a loss keeps the numbers, says how old they are, and is read again", async ({
  app,
  page,
  backend,
}) => {
  await page.clock.install();
  const [id = ""] = await backend.addBatches({ count: 1, leads: 50, status: "running", processing: false });
  await app.openSignedIn("?view=running");
  const card = app.tracker.card(id);
  await expect(card.fresh).toHaveText("Live");
  const before = await card.counts.textContent();
  const fault = await backend.fault({
    path: "/api/batch/*/status",
    times: 0,
    status: 403,
    body: { detail: "no" },
  });
  await backend.sockets({ drop: true });
  await app.tracker.linkIs("live");
  const trouble = card.troubles.filter({ hasText: "no access" });
  await expect(trouble).toBeVisible();
  await page.clock.fastForward(8_000);
  await expect(card.fresh).toHaveText(/^As of \d+ s ago$/);
  expect(await card.counts.textContent()).toBe(before);
  await backend.clearFaults(fault);
  // The slow sweep comes.
  await page.clock.fastForward(31_000);
  await expect(card.fresh).toHaveText("Live");
  await expect(trouble).toHaveCount(0);
});

test("a server that says no for good is not dialled again until a person wants it", async ({
  app,
  page,
  backend,
}) => {
  await page.clock.install();
  const dials = await Dials.watch(page);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  await backend.sockets({ close_code: 1008 });
  await app.tracker.linkIs("stopped");
  await expect(app.tracker.connection).toContainText("policy");
  const dialled = (await dials.all()).length;
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await page.clock.runFor(61_000);
  expect(await dials.all()).toHaveLength(dialled);
  // The numbers go on coming.
  await card.endsAs("completed");
  await app.tracker.connection.getByRole("button", { name: "Retry now" }).click();
  await app.tracker.linkIs("live");
});

test("the better way is taken again when the server has it", async ({ app, page, backend }) => {
  await page.clock.install();
  await backend.sockets({ refuse_multiplexed: true, refuse_per_batch: true });
  await app.openSignedIn();
  const id = await app.startBatch(50);
  await app.tracker.linkIs("polling", 20_000);
  await expect
    .poll(() => page.evaluate(() => sessionStorage.getItem("batch-runner.transport")))
    .toBe("polling");
  await backend.sockets({ refuse_multiplexed: false, refuse_per_batch: false });
  await page.clock.runFor(61_000);
  await app.tracker.linkIs("live");
  expect((await backend.socketCounts()).multiplexed.open).toBe(1);
  await backend.speed(60);
  await app.tracker.card(id).endsAs("completed");
});

test("frames of every wrong kind are dropped and counted, and the numbers stay right", async ({
  app,
  page,
  backend,
}) => {
  let socket: { send: (text: string | Buffer) => void } | undefined;
  await page.routeWebSocket(/\/api\/batch\/ws$/, (route) => {
    route.connectToServer();
    socket = route;
  });
  await app.openSignedIn("?BATCH_RUNNER_WS_DEBUG=1");
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  const seen = await card.watch();
  const of = (more: object) => JSON.stringify({ batch_id: id, ...more });
  const progress = { type: "progress_update", processed: 1, total: 50, successful: 1, failed: 0 };
  for (const frame of [
    "not json",
    "[1]",
    "null",
    of({ type: "weather" }),
    JSON.stringify({ type: "progress_update" }),
    JSON.stringify({ ...progress, batch_id: "nobody's" }),
    of({ ...progress, processed: -5, total: null, failed: 1e99 }),
    of({ ...progress, processed: 0, successful: 0 }),
    of({ ...progress, note: "x".repeat(1_000_000) }),
    Buffer.from([1, 2, 3]),
  ]) {
    socket?.send(frame);
  }
  const panel = page.getByRole("region", { name: "Events of the live connection" });
  for (const words of [
    "not JSON: 3",
    "unknown type: 1",
    "no batch named: 1",
    "too large: 1",
    "not text: 1",
  ]) {
    await expect(panel).toContainText(words);
  }
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await panel.getByRole("button", { name: "Copy as JSON" }).click();
  await expect(app.toast("The events are copied.")).toBeVisible();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as {
    link: Record<string, string[]>;
    events: [string, string][];
  };
  expect(copied.link["state"]).toEqual(["live"]);
  expect(copied.events.map(([, text]) => text)).toContain("dropped a frame: not text");
  await backend.speed(60);
  await card.endsAs("completed");
  const values = await seen();
  expect(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))).toBe(true);
  await expect(card.counts).toContainText("50 of 50 leads");
});
