import { expect, failedRequest, failedSocket, test } from "../pages/batch-runner";
import { OtherClient } from "../pages/other-client";

test.use({ backendOptions: { leads: 200, speed: 2 } });

/** Each value at least as great as the one before. */
const rising = (values: number[]) => values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0));

test("a link that broke is dialled again, and the counts end right", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedSocket);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  const seen = await card.watch();
  for (let times = 0; times < 2; times++) {
    await app.tracker.linkIs("live");
    const states = await app.tracker.watchLink();
    expect(await backend.sockets({ drop: true })).toBeGreaterThan(0);
    await expect.poll(states).toMatch(/waiting: Reconnecting in \d+ s.*[^]*live: Live/);
  }
  await backend.speed(40);
  await card.endsAs("completed");
  const stored = await app.stored(id);
  await expect(card.counts).toContainText(`50 of 50 leads · ${stored.successful_leads} succeeded`);
  expect(rising(await seen())).toBe(true);
  expect(await app.starts()).toHaveLength(1);
});

test("a person who does not want to wait tries at once", async ({ app, page, backend, consoleErrors }) => {
  consoleErrors.allow(failedSocket);
  await page.clock.install();
  const opened = page.waitForEvent("websocket");
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  // From now on no delay ends by itself.
  await page.clock.pauseAt(Date.now() + 1_000);
  const closed = (await opened).waitForEvent("close");
  await backend.sockets({ drop: true });
  await closed;
  // Enough to hear of it, less than the shortest delay.
  await page.clock.runFor(200);
  await app.tracker.linkIs("waiting");
  const again = page.waitForEvent("websocket");
  await app.tracker.connection.getByRole("button", { name: "Retry now" }).click();
  await again;
  await page.clock.resume();
  await app.tracker.linkIs("live");
});

test("a batch that ended while the link was down is told as ended", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedSocket);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  await backend.sockets({ refuse_multiplexed: true, drop: true });
  await expect(app.tracker.connection).not.toHaveAttribute("data-state", "live");
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await backend.sockets({ refuse_multiplexed: false });
  await card.endsAs("completed");
  await expect(card.bar).toHaveAttribute("aria-valuenow", "100");
});

test("without the multiplexed socket each batch has its own", async ({ app, backend, consoleErrors }) => {
  consoleErrors.allow(failedSocket, /Unexpected response code: 403/);
  await backend.sockets({ refuse_multiplexed: true });
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await app.tracker.linkIs("live");
  const counts = await backend.socketCounts();
  expect(counts.multiplexed.open).toBe(0);
  expect(JSON.stringify(counts)).toContain(id);
  await card.passes(0);
  await backend.speed(40);
  await card.endsAs("completed");
});

test("without any socket the batch is asked for, and progress still moves", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedSocket, /Unexpected response code: 403/);
  await backend.sockets({ refuse_multiplexed: true, refuse_per_batch: true });
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await app.tracker.linkIs("polling", 20_000);
  await expect(app.tracker.connection).toContainText("Updating every");
  await card.passes(await card.percent());
  await backend.speed(40);
  await card.endsAs("completed");
  await expect(card.bar).toHaveAttribute("aria-valuenow", "100");
  expect(await backend.requests({ path: `/api/batch/${id}/status` })).not.toHaveLength(0);
});

test("garbled, repeated and reordered messages make no wrong number", async ({ app, page, backend }) => {
  await page.clock.install();
  await backend.sockets({ garble: true, duplicate: true, reorder: true });
  await app.openSignedIn("?BATCH_RUNNER_WS_DEBUG=1");
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  const seen = await card.watch();
  await backend.speed(20);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await backend.sockets({ garble: false, duplicate: false, reorder: false });
  // Should the last message have been lost, the sweep finds the end.
  await page.clock.runFor(31_000);
  await card.endsAs("completed");
  const values = await seen();
  expect(rising(values)).toBe(true);
  expect(values.every((value) => value >= 0 && value <= 100)).toBe(true);
  const stored = await app.stored(id);
  await expect(card.counts).toContainText(`50 of 50 leads · ${stored.successful_leads} succeeded`);
});

test("a link without pongs is given up and dialled again", async ({ app, page, backend, consoleErrors }) => {
  consoleErrors.allow(failedSocket);
  await page.clock.install();
  await backend.sockets({ mute_pongs: true });
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  const opened = page.waitForEvent("websocket");
  // A quiet link is pinged after 15 s, and dead when nothing has come 10 s later.
  await page.clock.runFor(15_500);
  await app.tracker.linkIs("live");
  await page.clock.runFor(10_500);
  await backend.sockets({ mute_pongs: false });
  await page.clock.runFor(2_000);
  await opened;
  await app.tracker.linkIs("live");
});

test("a link with pongs stays as it is", async ({ app, page }) => {
  await page.clock.install();
  let sockets = 0;
  page.on("websocket", () => sockets++);
  const opened = page.waitForEvent("websocket");
  await app.openSignedIn();
  const link = await opened;
  await app.tracker.linkIs("live");
  for (let round = 0; round < 4; round++) {
    const pong = link.waitForEvent("framereceived");
    await page.clock.runFor(15_100);
    await pong;
    await app.tracker.linkIs("live");
  }
  expect(sockets).toBe(1);
});

test("offline is told at once, and everything goes on when the network is back", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedSocket, failedRequest);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  await page.context().setOffline(true);
  await app.tracker.linkIs("offline");
  await app.view("History");
  await expect(app.history.section).toContainText(
    "Offline: this goes on by itself when the network is back.",
  );
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await page.context().setOffline(false);
  await app.tracker.linkIs("live");
  await expect(app.history.row(id)).toHaveAttribute("data-status", "completed");
  await app.view("Running");
  await card.endsAs("completed");
});

test("a batch that somebody else started shows up", async ({ app, page, backend }) => {
  await page.clock.install();
  await app.openSignedIn("?view=running");
  await expect(app.scope.getByText("Nothing is running.")).toBeVisible();
  const id = await (await OtherClient.signIn(backend)).start(30, "Of a colleague");
  // The list is read every 15 s.
  await page.clock.runFor(15_500);
  const card = app.tracker.card(id);
  await expect(card.root).toContainText("Of a colleague");
  await card.passes(0);
  await backend.speed(40);
  await card.endsAs("completed");
});

test("a running batch is found as soon as the page has loaded", async ({ app, backend }) => {
  const id = await (await OtherClient.signIn(backend)).start(40);
  await app.openSignedIn();
  // Beside the table, in short.
  await expect(app.tracker.card(id).root).toBeVisible();
  await app.tracker.card(id).passes(0);
  await expect(app.page).toHaveTitle(/^\d+ % · Batch Runner$/);
});

test("a lost last message is found by the slow sweep", async ({ app, page, backend }) => {
  await page.clock.install();
  await app.openSignedIn();
  const id = await app.startBatch(20);
  const card = app.tracker.card(id);
  await card.passes(0);
  await backend.sockets({ stall: true });
  await backend.speed(60);
  await expect.poll(async () => (await app.stored(id)).status).toBe("completed");
  await page.clock.runFor(31_000);
  await card.endsAs("completed");
});

test("a batch that does not move is told as stalled, and can be cancelled", async ({
  app,
  page,
  backend,
}) => {
  await page.clock.install();
  const [id = ""] = await backend.addBatches({ count: 1, leads: 50, status: "running", processing: false });
  await app.openSignedIn("?view=running");
  const card = app.tracker.card(id);
  await expect(card.bar).toHaveAttribute("aria-valuenow", "40");
  await expect(card.troubles).toHaveCount(0);
  await page.clock.fastForward(95_000);
  await expect(card.troubles).toContainText("No progress for 1 min");
  await card.cancel.click();
  await app.tracker.confirmCancel.click();
  await card.endsAs("cancelled");
  expect((await app.stored(id)).status).toBe("cancelled");
});

test("a cancel that is refused is told, and the batch goes on", async ({ app, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await backend.fault({
    method: "POST",
    path: "/api/batch/*/cancel",
    status: 400,
    body: { detail: "Batch is not running" },
  });
  await card.cancel.click();
  await app.tracker.confirmCancel.click();
  await expect(card.troubles).toContainText("cannot be cancelled any more");
  await expect(app.toast("cannot be cancelled any more")).toBeVisible();
  await expect(card.state).toHaveText("Running");
  await expect(card.cancel).toBeVisible();
  await backend.speed(60);
  await card.endsAs("completed");
  await expect(card.troubles).toHaveCount(0);
});

test("letting it run cancels nothing", async ({ app, page, backend }) => {
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.cancel.click();
  await app.tracker.cancelDialog.getByRole("button", { name: "Let it run" }).click();
  await expect(app.tracker.cancelDialog).toHaveCount(0);
  await card.cancel.click();
  await page.keyboard.press("Escape");
  await expect(app.tracker.cancelDialog).toHaveCount(0);
  await backend.speed(60);
  await card.endsAs("completed");
  expect(await backend.requests({ path: "/api/batch/*/cancel" })).toHaveLength(0);
});

test("a cancelled batch stops, says what is left, and is billed for what was done", async ({
  app,
  backend,
}) => {
  await app.openSignedIn();
  const id = await app.startBatch(50);
  const card = app.tracker.card(id);
  await card.passes(0);
  await card.cancel.click();
  await expect(app.tracker.cancelDialog).toContainText(
    /Up to \d+ leads are not processed yet\. Not making them saves about \$/,
  );
  await app.tracker.confirmCancel.dblclick();
  await card.endsAs("cancelled");
  const stored = await app.stored(id);
  expect(stored.processed_leads).toBeLessThan(50);
  await expect(card.counts).toContainText(`${stored.processed_leads} of 50 leads`);
  await expect(
    app.toast(`is cancelled: ${stored.processed_leads} of 50 leads were processed.`),
  ).toBeVisible();
  expect(await backend.requests({ path: "/api/batch/*/cancel" })).toHaveLength(1);
});

test("twenty running batches are all shown and all move", async ({ app, backend }) => {
  const ids = await backend.flood({ messages_per_second: 200, batches: 20, seconds: 6 });
  await app.openSignedIn("?view=running");
  await expect(app.tracker.cards).toHaveCount(20);
  await expect(app.page).toHaveTitle("20 running · Batch Runner");
  const percents = () =>
    app.scope
      .getByTestId("progress-bar")
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("aria-valuenow"))));
  await expect.poll(async () => Math.min(...(await percents()))).toBeGreaterThan(20);
  // The page answers in the middle of it.
  await app.tracker.card(ids[7] ?? "").details.click({ timeout: 5_000 });
  await expect(app.details.heading).toHaveText("Flood 8");
  await app.view("Running");
  await expect.poll(async () => Math.min(...(await percents())), { timeout: 15_000 }).toBeGreaterThan(90);
});

test("a socket that asks for a token gets it", async ({ app, backend }) => {
  await backend.sockets({ auth_required: true });
  await app.openSignedIn();
  await app.tracker.linkIs("live");
  const id = await app.startBatch(10);
  await app.tracker.card(id).endsAs("completed");
});
