import type { BrowserContext, Page } from "@playwright/test";
import { BatchRunner, expect, failedRequest, failedSocket, test } from "../pages/batch-runner";

test.use({ backendOptions: { leads: 200, speed: 2 } });

/** A page of the app, and the sockets that it has open now. */
class Tab {
  readonly #open = new Set<unknown>();
  /** How many it ever opened. */
  dialled = 0;

  constructor(
    readonly page: Page,
    readonly app: BatchRunner,
  ) {
    page.on("websocket", (socket) => {
      this.dialled += 1;
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
    });
    page.on("close", () => this.#open.clear());
  }

  get sockets(): number {
    return this.#open.size;
  }

  /**
   * The browser puts the page aside: it is told, and then nothing of it runs. A visible page cannot be frozen through the
   * browser itself, and without a window every page is visible; answers what lets the page go on.
   */
  async freeze(): Promise<() => Promise<void>> {
    await this.page.evaluate(() => document.dispatchEvent(new Event("freeze")));
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Debugger.enable");
    await session.send("Debugger.pause");
    return async () => {
      await session.send("Debugger.disable");
      await session.detach();
      await this.page.evaluate(() => document.dispatchEvent(new Event("resume")));
    };
  }
}

const together = (tabs: Tab[]) => tabs.map((tab) => tab.sockets).reduce((one, other) => one + other, 0);

/** So many tabs of one browser, signed in and live; the first one has the link. */
async function open(count: number, app: BatchRunner, context: BrowserContext): Promise<Tab[]> {
  const tabs: Tab[] = [];
  while (tabs.length < count) {
    const page = tabs.length === 0 ? app.page : await context.newPage();
    const tab = new Tab(page, tabs.length === 0 ? app : new BatchRunner(page, app.backend));
    tabs.push(tab);
    if (tabs.length === 1) await tab.app.openSignedIn();
    else await tab.app.open();
    await tab.app.leads.settled();
    await tab.app.tracker.linkIs("live");
  }
  return tabs;
}

test("several tabs share one socket, and each shows everything", async ({ app, context, backend }) => {
  const tabs = await open(3, app, context);
  expect(tabs.map((tab) => tab.dialled)).toEqual([1, 0, 0]);
  const id = await app.startBatch(50);
  for (const { app } of tabs) {
    if (app !== tabs[0]?.app) await app.view("Running");
    await app.tracker.card(id).passes(0);
  }
  await backend.speed(40);
  for (const { app } of tabs) {
    await app.tracker.card(id).endsAs("completed");
    await expect(app.tracker.card(id).counts).toContainText("50 of 50 leads");
  }
  expect(tabs.map((tab) => tab.dialled)).toEqual([1, 0, 0]);
});

test("a follower moves by what the leader hears, not by asking", async ({ app, context, backend }) => {
  const [leader, follower] = await open(2, app, context);
  if (!leader || !follower) throw new Error("Two tabs are needed.");
  await follower.app.view("Running");
  const id = await leader.app.startBatch(50);
  const card = follower.app.tracker.card(id);
  await card.passes(0);
  await backend.fault({ method: "GET", path: "/api/batch/*/status", times: 0, status: 503, body: {} });
  await backend.fault({ method: "GET", path: "/api/batch", times: 0, status: 503, body: {} });
  await card.passes((await card.percent()) + 10);
});

test("when the tab with the link is closed, another one takes it over", async ({ app, context, backend }) => {
  const tabs = await open(3, app, context);
  const id = await app.startBatch(50);
  const others = tabs.slice(1);
  for (const { app } of others) await app.view("Running");
  await app.page.close();
  await expect.poll(() => together(others)).toBe(1);
  for (const { app } of others) await app.tracker.linkIs("live");
  await backend.speed(40);
  for (const { app } of others) await app.tracker.card(id).endsAs("completed");
  expect(together(others)).toBe(1);
});

test("a batch that ends while the link changes hands is told as ended", async ({ app, context, backend }) => {
  const [leader, follower] = await open(2, app, context);
  if (!leader || !follower) throw new Error("Two tabs are needed.");
  await follower.app.view("Running");
  const id = await leader.app.startBatch(20);
  await follower.app.tracker.card(id).passes(0);
  await Promise.all([backend.speed(1_000), leader.page.close()]);
  await follower.app.tracker.card(id).endsAs("completed");
});

test("a tab that the browser froze gives the link away, and follows when it is back", async ({
  app,
  context,
  backend,
}) => {
  const [leader, follower] = await open(2, app, context);
  if (!leader || !follower) throw new Error("Two tabs are needed.");
  const id = await leader.app.startBatch(50);
  await follower.app.view("Running");
  const resume = await leader.freeze();
  await expect.poll(() => follower.sockets).toBe(1);
  await follower.app.tracker.linkIs("live");
  expect(leader.sockets, "the frozen tab has closed its own").toBe(0);
  await backend.speed(40);
  await follower.app.tracker.card(id).endsAs("completed");
  await resume();
  await leader.app.tracker.linkIs("live");
  await leader.app.tracker.card(id).endsAs("completed");
  expect(together([leader, follower])).toBe(1);
});

test("a tab that hangs loses the link to one that is looked at", async ({ app, context }) => {
  const [leader, follower] = await open(2, app, context);
  if (!leader || !follower) throw new Error("Two tabs are needed.");
  const hangs = leader.page.evaluate(() => {
    const end = Date.now() + 6_000;
    while (Date.now() < end);
  });
  await expect.poll(() => follower.sockets).toBe(1);
  await follower.app.tracker.linkIs("live");
  await hangs;
  await expect.poll(() => leader.sockets).toBe(0);
  await leader.app.tracker.linkIs("live");
  expect(together([leader, follower])).toBe(1);
});

test("a follower that wants a link at once takes it", async ({ app, context, backend, consoleErrors }) => {
  consoleErrors.allow(failedSocket);
  const [leader, follower] = await open(2, app, context);
  if (!leader || !follower) throw new Error("Two tabs are needed.");
  // Ever longer delays, so that somebody has the time to ask.
  await backend.sockets({ refuse_multiplexed: true, refuse_per_batch: true, drop: true });
  await follower.app.tracker.linkIs("waiting");
  await backend.sockets({ refuse_multiplexed: false, refuse_per_batch: false });
  await follower.app.tracker.connection.getByRole("button", { name: "Retry now" }).click();
  await follower.app.tracker.linkIs("live");
  await leader.app.tracker.linkIs("live");
  await expect.poll(() => together([leader, follower])).toBe(1);
});

test("without locks each tab has a link of its own", async ({ app, context }) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
  });
  const tabs = await open(2, app, context);
  expect(tabs.map((tab) => tab.sockets)).toEqual([1, 1]);
});

test("without a channel between tabs each has a link of its own", async ({ app, context }) => {
  await context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "BroadcastChannel");
  });
  const tabs = await open(2, app, context);
  expect(tabs.map((tab) => tab.sockets)).toEqual([1, 1]);
});

test("without any socket every tab moves", async ({ app, context, backend, consoleErrors }) => {
  consoleErrors.allow(failedSocket);
  await backend.sockets({ refuse_multiplexed: true, refuse_per_batch: true });
  await app.openSignedIn();
  await app.leads.settled();
  const page = await context.newPage();
  const other = new BatchRunner(page, backend);
  await other.open();
  await other.view("Running");
  const id = await app.startBatch(20);
  for (const one of [app, other]) await one.tracker.card(id).passes(0);
  await backend.speed(40);
  for (const one of [app, other]) await one.tracker.card(id).endsAs("completed");
});

test("who signs out in one tab has no link in any", async ({ app, context, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  const tabs = await open(2, app, context);
  await tabs[1]?.page.getByRole("button", { name: "Sign out" }).click();
  for (const { app } of tabs) await expect(app.signInForm.form).toBeVisible();
  await expect.poll(() => together(tabs)).toBe(0);
});
