import type { BatchRunner } from "../pages/batch-runner";
import { expect, failedRequest, failedSocket, test } from "../pages/batch-runner";

const START = "/api/batch/start";

/** Opens the review of three chosen leads, ready to be approved. */
async function openReview(app: BatchRunner, name = "Watched"): Promise<void> {
  await app.openSignedIn();
  await app.chooseAndPrice(3);
  await app.cost.name.fill(name);
  await app.review();
}

/** The list is answered late, so that the looking can be looked at. */
const slowList = (app: BatchRunner) =>
  app.backend.fault({ method: "GET", path: "/api/batch", delay_ms: 2_000 });

/** Identifiers of the batches with this name, as the backend has them. */
const named = async (app: BatchRunner, name = "Watched") =>
  (await app.backend.batches()).filter((batch) => batch.name === name).map((batch) => batch.id);

test("thirty clicks on the button are one request and one batch", async ({ app, backend }) => {
  await openReview(app);
  await backend.fault({ method: "POST", path: START, delay_ms: 400 });
  await app.launch.start.evaluate((button) => {
    for (let i = 0; i < 30; i++) (button as HTMLButtonElement).click();
  });
  await expect(app.launch.heading).toHaveText("Starting the batch…");
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.toast("Batch with 3 leads started.")).toBeVisible();
  expect(await app.starts()).toHaveLength(1);
  const [id = "", ...others] = await named(app);
  expect(others).toEqual([]);
  await app.tracker.card(id).endsAs("completed");
  expect(await app.starts()).toHaveLength(1);
});

test("a double click with a mouse and Enter held down start one batch", async ({ app, page }) => {
  await openReview(app);
  const box = await app.launch.start.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20];
  await page.mouse.dblclick(x, y);
  for (let i = 0; i < 5; i++) await page.keyboard.press("Enter");
  await expect(app.launch.dialog).toHaveCount(0);
  const ids = await named(app);
  expect(ids).toHaveLength(1);
  await app.tracker.card(ids[0] ?? "").endsAs("completed");
  expect(await app.starts()).toHaveLength(1);
});

test("nothing is started without an approval", async ({ app, page, past, backend }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(3);
  await app.cost.name.press("Enter");
  await app.launch.ready();
  await app.launch.back.click();
  await expect(app.launch.dialog).toHaveCount(0);
  await app.review();
  await page.keyboard.press("Escape");
  await expect(app.launch.dialog).toHaveCount(0);
  await app.review();
  await page.reload();
  await app.leads.settled();
  await expect(app.launch.dialog).toHaveCount(0);
  await app.view("Running");
  await app.view("History");
  await app.history.settled();
  expect(await app.starts()).toHaveLength(0);
  expect((await backend.batches()).filter((batch) => !past.has(batch.id))).toEqual([]);
});

test("a batch whose answer got lost is found in the list, not sent again", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(0.2);
  await openReview(app);
  await slowList(app);
  await backend.fault({ method: "POST", path: START, cut: "after" });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await expect(app.launch.dialog).toContainText("It is not sent again.");
  await expect(app.toast("Batch with 3 leads did start: it was found on the server.")).toBeVisible();
  const ids = await named(app);
  expect(ids).toHaveLength(1);
  await expect(app.tracker.card(ids[0] ?? "").root).toBeVisible();
  expect(await app.starts()).toHaveLength(1);
});

test("a batch that has ended before it is found is shown as ended", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(100);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "after" });
  await app.launch.start.click();
  await expect
    .poll(async () => (await backend.batches()).find((it) => it.name === "Watched")?.status)
    .toBe("completed");
  await expect(app.toast("did start: it was found on the server")).toBeVisible();
  await app.tracker.card((await named(app))[0] ?? "").endsAs("completed", 5_000);
});

test("a reload at that very moment finds it too", async ({ app, page, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(0.2);
  await openReview(app);
  await slowList(app);
  await backend.fault({ method: "POST", path: START, cut: "after" });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await page.reload();
  await expect(app.toast("did start: it was found on the server")).toBeVisible();
  const ids = await named(app);
  expect(ids).toHaveLength(1);
  await expect(app.tracker.card(ids[0] ?? "").root).toBeVisible();
  expect(await app.starts()).toHaveLength(1);
});

test("a reload while the request is under way finds the batch", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(0.2);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, delay_after_ms: 20_000 });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Starting the batch…");
  // The server has acted and keeps the answer to itself.
  await expect.poll(() => named(app)).toHaveLength(1);
  await page.reload();
  await expect(app.toast("did start: it was found on the server")).toBeVisible();
  await expect(app.tracker.card((await named(app))[0] ?? "").root).toBeVisible();
  expect(await named(app)).toHaveLength(1);
});

test("what did not arrive is not confirmed, and is sent again only by a person", async ({
  app,
  backend,
  consoleErrors,
}) => {
  test.setTimeout(60_000);
  consoleErrors.allow(failedRequest, failedSocket);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "before" });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  // The list is read 1, 3, 7 and 15 seconds after the loss.
  await expect(app.launch.heading).toHaveText("Not confirmed", { timeout: 25_000 });
  await expect(app.launch.dialog).toContainText("is not among the newest in the server’s list");
  expect(await named(app)).toEqual([]);
  expect(await app.starts()).toHaveLength(1);

  await app.launch.sendAgain.click();
  await expect(app.launch.dialog).toContainText(
    "An earlier attempt was not confirmed. If it did start after all, you pay for both.",
  );
  await expect(app.launch.concerns).toContainText("exactly these 3 leads with this template");
  expect(await app.starts()).toHaveLength(1);
  await app.launch.accept.check();
  await app.launch.ready();
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await named(app)).toHaveLength(1);
  expect(await app.starts()).toHaveLength(2);
});

test("what is not confirmed can be looked for again, and left", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await page.clock.install();
  const notConfirmed = () =>
    expect(async () => {
      await page.clock.runFor(2_000);
      await expect(app.launch.heading).toHaveText("Not confirmed", { timeout: 200 });
    }).toPass({ timeout: 15_000 });
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "before" });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await notConfirmed();
  await app.launch.lookAgain.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await page.reload();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await notConfirmed();
  await app.launch.leave.click();
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.leads.count).toContainText("3 leads chosen");
  await page.reload();
  await app.leads.settled();
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await app.starts()).toHaveLength(1);
  expect(await named(app)).toEqual([]);
});

for (const status of [500, 502, 504]) {
  test(`an answer ${status} leaves open whether it started, and is not repeated`, async ({
    app,
    backend,
    consoleErrors,
  }) => {
    consoleErrors.allow(failedRequest);
    await openReview(app);
    await backend.fault({ method: "POST", path: START, times: 0, status });
    await app.launch.start.click();
    await expect(app.launch.heading).toHaveText("Checking whether it started");
    const reads = async () => (await backend.requests({ method: "GET", path: "/api/batch" })).length;
    const before = await reads();
    await expect.poll(reads).toBeGreaterThan(before + 1);
    expect(await app.starts()).toHaveLength(1);
  });
}

for (const status of [503, 504]) {
  test(`a batch that started behind a ${status} is adopted`, async ({ app, page, consoleErrors }) => {
    consoleErrors.allow(failedRequest);
    await page.route(/\/api\/batch\/start$/, async (route) => {
      await route.fetch();
      await route.fulfill({ status, contentType: "text/html", body: "<h1>Try later</h1>" });
    });
    await openReview(app);
    await app.launch.start.click();
    await expect(app.launch.heading).toHaveText("Checking whether it started");
    await expect(app.toast("did start: it was found on the server")).toBeVisible();
    expect(await named(app)).toHaveLength(1);
    expect(await app.starts()).toHaveLength(1);
  });
}

test("an answer that breaks off is looked into", async ({ app, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "mid_body" });
  await app.launch.start.click();
  await expect(app.toast("did start: it was found on the server")).toBeVisible();
  expect(await named(app)).toHaveLength(1);
  expect(await app.starts()).toHaveLength(1);
});

test("a refusal that turns out to have started is told, and not bought again in silence", async ({
  app,
  page,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await page.route(/\/api\/batch\/start$/, async (route) => {
    await route.fetch();
    await route.fulfill({ status: 503, json: { detail: "busy" } });
  });
  await openReview(app);
  await app.launch.start.click();
  await expect(app.cost.complaints).toContainText("Nothing was started.");
  await app.cost.review.click();
  await expect(app.launch.concerns).toContainText("exactly these 3 leads with this template");
  await expect(app.toast("did start after all")).toBeVisible();
  await expect(app.launch.start).toHaveAttribute("aria-disabled", "true");
  expect(await named(app)).toHaveLength(1);
});

test("an answer that cannot be read is looked into as well", async ({ app, page }) => {
  await page.route(/\/api\/batch\/start$/, async (route) => {
    await route.fetch();
    await route.fulfill({ status: 201, contentType: "application/json", body: '{"id": ' });
  });
  await openReview(app);
  await app.launch.start.click();
  await expect(app.toast("did start: it was found on the server")).toBeVisible();
  expect(await named(app)).toHaveLength(1);
  expect(await app.starts()).toHaveLength(1);
});

test("the batch of somebody else that looks alike is not adopted", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "before" });
  await app.launch.start.click();
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await backend.addBatches({
    count: 1,
    leads: 3,
    name: "Watched",
    created_by: "second@harborlane.example",
    status: "running",
    processing: false,
  });
  const reads = async () => (await backend.requests({ method: "GET", path: "/api/batch" })).length;
  const before = await reads();
  await expect.poll(reads).toBeGreaterThan(before + 1);
  await expect(app.launch.heading).toHaveText("Checking whether it started");
  await expect(page).not.toHaveURL(/view=running/);
});

test("a refusal with reasons is told at its field, and can be mended and sent again", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await openReview(app);
  await backend.fault({
    method: "POST",
    path: START,
    status: 422,
    body: {
      detail: [
        { type: "value_error", loc: ["body", "name"], msg: "Value error, this name is taken", input: "" },
      ],
    },
  });
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.cost.complaints).toBeFocused();
  const link = app.cost.complaints.getByRole("link", {
    name: "The server refused this: this name is taken.",
  });
  await expect(app.cost.name).toHaveAttribute("aria-invalid", "true");
  await expect(app.cost.name).toHaveAccessibleDescription("The server refused this: this name is taken.");
  await expect(app.cost.name).toHaveValue("Watched");
  await expect(app.leads.count).toHaveText("3 leads chosen");
  await link.click();
  await expect(app.cost.name).toBeFocused();
  await app.cost.name.fill("Another name");
  await expect(app.cost.complaints).toBeHidden();
  await app.review();
  await app.launch.start.click();
  await expect(page).toHaveURL(/view=running/);
  expect(await named(app, "Watched")).toEqual([]);
  expect(await named(app, "Another name")).toHaveLength(1);
});

for (const [status, words] of [
  [409, "the server refused it"],
  [503, "the server is not available now (503)"],
  [429, "the server asks for fewer requests"],
  [401, "your session has ended"],
] as const) {
  test(`an answer ${status} means that nothing was started, and is not repeated`, async ({
    app,
    backend,
    past,
    consoleErrors,
  }) => {
    consoleErrors.allow(failedRequest);
    await openReview(app);
    await backend.fault({ method: "POST", path: START, times: 1, status, body: { error: "no" } });
    await app.launch.start.click();
    await expect(app.cost.complaints).toContainText(words);
    await expect(app.cost.complaints).toContainText("Nothing was started.");
    await expect(app.leads.count).toHaveText("3 leads chosen");
    await expect(app.cost.name).toHaveValue("Watched");
    expect(await app.starts()).toHaveLength(1);
    expect((await backend.batches()).filter((batch) => !past.has(batch.id))).toEqual([]);
  });
}

test("without a network nothing is sent", async ({ app, page, past, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await openReview(app);
  await page.context().setOffline(true);
  await app.launch.start.click();
  await expect(app.cost.complaints).toContainText("Nothing was started.");
  await page.context().setOffline(false);
  await app.tracker.linkIs("live");
  await app.review();
  expect(await app.starts()).toHaveLength(0);
  expect((await backend.batches()).filter((batch) => !past.has(batch.id))).toEqual([]);
});

test("the same launch in two tabs is found by its reference, not by its looks", async ({
  app,
  page,
  backend,
  context,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(0.2);
  await openReview(app);
  await backend.fault({ method: "POST", path: START, cut: "after" });
  await app.launch.start.click();
  await expect(app.toast("did start")).toBeVisible();
  const other = await context.newPage();
  await other.goto(backend.pageURL);
  await expect(other.getByTestId("lead-row").first()).toBeVisible();
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByTestId("active-batch")).toHaveCount(1);
  expect(await named(app)).toHaveLength(1);
});
