import {
  BatchRunner,
  colleague,
  expect,
  failedRequest,
  failedSocket,
  operator,
  test,
} from "../pages/batch-runner";

const START = "/api/batch/start";

/** Batches that are not part of the invented past, oldest first, as the backend's database has them. */
async function bought(app: BatchRunner, past: Set<string>) {
  return (await app.backend.batches()).filter((batch) => !past.has(batch.id)).reverse();
}

/** Three leads under review; answers their identifiers' batch name. */
async function reviewThree(app: BatchRunner): Promise<void> {
  await app.leads.settled();
  await app.chooseAndPrice(3);
  await app.review();
}

for (const [browser, hasLocks] of [
  ["with locks", true],
  // As on an intranet page without https.
  ["without locks", false],
] as const) {
  test(`two tabs that approve the same leads at the same moment buy them once, ${browser}`, async ({
    app,
    past,
    backend,
    context,
  }) => {
    if (!hasLocks) {
      await context.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
      });
    }
    await backend.speed(2);
    await app.openSignedIn();
    await reviewThree(app);
    // The second tab comes up with the choice that the first one left.
    const other = new BatchRunner(await context.newPage(), backend);
    await other.open();
    await other.leads.settled();
    await expect(other.leads.count).toHaveText("3 leads chosen");
    await other.cost.pricedFor(3);
    await other.cost.review.click();
    if (hasLocks) {
      // Each knows of the other's review, and says so before any money is spent.
      await expect(other.launch.concerns).toContainText("Another tab of this browser");
      await expect(app.launch.concerns).toContainText("Another tab of this browser");
      await app.launch.accept.check();
      await other.launch.accept.check();
    }
    await app.launch.ready();
    await other.launch.ready();
    await backend.fault({ method: "POST", path: START, delay_ms: 1_500 });
    await Promise.all([app.launch.start.click(), other.launch.start.click()]);
    await expect(async () => {
      const told = [app, other].map((tab) =>
        tab.cost.complaints.getByText("Another tab of this browser").isVisible(),
      );
      expect((await Promise.all(told)).filter(Boolean)).toHaveLength(1);
    }).toPass();
    await expect.poll(async () => (await bought(app, past)).length).toBe(1);
    for (const tab of [app, other]) await expect(tab.launch.dialog).toHaveCount(0);
    expect(await app.starts()).toHaveLength(1);
  });
}

test("a tab that is closed in the middle of a start leaves it to the other one", async ({
  app,
  past,
  backend,
  context,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest, failedSocket);
  await backend.speed(0.2);
  await app.openSignedIn();
  await reviewThree(app);
  await backend.fault({ method: "POST", path: START, delay_after_ms: 20_000 });
  await app.launch.start.click();
  await expect.poll(async () => (await bought(app, past)).length).toBe(1);
  const other = new BatchRunner(await context.newPage(), backend);
  await other.open();
  await other.leads.settled();
  await expect(other.launch.dialog, "the first tab is at it").toHaveCount(0);
  await app.page.close();
  await expect(other.toast("did start: it was found on the server")).toBeVisible();
  // What the closed tab had sent was cut before it was answered; nothing was sent after it.
  expect(await app.starts()).toHaveLength(0);
  expect(await bought(app, past)).toHaveLength(1);
});

test("the next person at the same browser sees none of the receipts, and is told what was bought", async ({
  app,
  page,
}) => {
  await app.openSignedIn();
  await app.startBatch(3);
  await app.view("History");
  const receipts = page.getByRole("button", { name: "Export receipts as CSV" });
  await expect(receipts).toBeEnabled();
  await app.signOut.click();
  await app.signInForm.enter(colleague);
  await expect(receipts).toBeDisabled();
  await expect(page.getByText("No batch was launched from this browser yet")).toBeVisible();
  await app.view("New batch");
  await app.leads.settled();
  await app.chooseAndPrice(3);
  await app.cost.review.click();
  await expect(app.launch.concerns).toContainText(
    "Another person at this browser approved a batch of exactly these 3 leads",
  );
  await app.launch.dialog.getByRole("button", { name: "Back" }).click();
  await app.signOut.click();
  await app.signInForm.enter(operator);
  await app.view("History");
  await expect(receipts).toBeEnabled();
});

test("the same leads minutes later must be meant, and leads that run can be left out", async ({
  app,
  past,
  backend,
}) => {
  await backend.speed(0.05);
  await app.openSignedIn();
  await reviewThree(app);
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  await app.view("New batch");
  await app.chooseAndPrice(3);
  await app.cost.review.click();
  await expect(app.launch.concerns).toContainText("You approved a batch of exactly these 3 leads");
  await expect(app.launch.concerns).toContainText("3 of these leads are in Batch");
  await expect(app.launch.start).toHaveAttribute("aria-disabled", "true");
  await app.launch.start.click({ force: true });
  expect(await app.starts()).toHaveLength(1);
  await app.launch.back.click();
  await app.leads.choose(5);
  await app.cost.pricedFor(5);
  await app.cost.review.click();
  await expect(app.launch.concerns).toContainText("Leaving them out saves about $");
  await app.launch.leaveOverlapOut.click();
  await expect(app.leads.count).toHaveText("2 leads chosen");
  await app.cost.pricedFor(2);
  await app.review();
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  const [first, second] = await bought(app, past);
  expect(second?.lead_ids).toHaveLength(2);
  expect(second?.lead_ids.filter((id) => first?.lead_ids.includes(id))).toEqual([]);
});

test("over the budget: what is missing is told, and so many leads can be taken out", async ({
  app,
  past,
  backend,
}) => {
  await backend.spentToday(997);
  await app.openSignedIn();
  await app.leads.settled();
  await app.chooseAndPrice(8);
  await expect(app.cost.budget).toContainText("exceeds remaining daily budget $3.00");
  await expect(app.cost.budget).toContainText("more is needed than is left");
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("Over budget.");
  await app.cost.removeToFit.click();
  await expect(app.leads.count).not.toHaveText("8 leads chosen");
  await expect(app.cost.removeToFit).toHaveCount(0);
  await expect(app.cost.price).toContainText("Left of today’s budget after it");
  await app.review();
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  const [batch] = await bought(app, past);
  expect(batch?.estimated_cost_usd).toBeLessThanOrEqual(3);
});

test("a figure is there at once, marked as approximate, until the server's comes", async ({
  app,
  backend,
}) => {
  await app.openSignedIn();
  await app.leads.settled();
  await app.chooseAndPrice(3);
  await backend.fault({ method: "POST", path: "/api/batch/preview", times: 1, delay_ms: 1_500 });
  await app.leads.choose(4);
  await expect(app.cost.approximate).toHaveText(/^\$\d/);
  await expect(app.cost.total).toHaveCount(0);
  await expect(app.cost.stale).toContainText("Before the last change");
  const about = await app.cost.approximate.innerText();
  await app.cost.pricedFor(4);
  await expect(app.cost.approximate).toHaveCount(0);
  await expect(app.cost.total).toHaveText(about);
});

test("where the browser denies its database, a batch can be started and it is said what is not kept", async ({
  app,
  page,
  past,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", {
      get() {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  });
  await app.openSignedIn();
  await expect(page.getByText("the browser’s database is blocked or full")).toBeVisible();
  await reviewThree(app);
  await app.launch.start.click();
  await expect(app.toast("Batch with 3 leads started.")).toBeVisible();
  expect(await bought(app, past)).toHaveLength(1);
});

test.describe("more leads than one batch takes", () => {
  test.use({ backendOptions: { leads: 2_300, speed: 200 } });

  /** Everything is chosen, split and under review. */
  async function reviewAll(app: BatchRunner): Promise<void> {
    // All together must fit into the day's budget.
    await app.backend.prices({ factor: 0.4 });
    await app.openSignedIn();
    await app.leads.settled();
    await app.scope.getByTestId("select-all-matching").click();
    await expect(app.leads.count).toHaveText("2,300 leads chosen");
    await app.scope.getByTestId("split").click();
    await expect(app.cost.price).toContainText("for 2,300 leads in 3 batches", { timeout: 20_000 });
    await app.cost.name.fill("Everybody");
    await app.review();
  }

  test("one approval of the total starts all, one after the other, each lead once", async ({ app, past }) => {
    test.setTimeout(60_000);
    await reviewAll(app);
    await expect(app.launch.parts.getByRole("row")).toHaveCount(4);
    await expect(app.launch.start).toHaveText(/^Start 3 batches for \$[\d,.]+ in total$/);
    await app.launch.start.evaluate((button) => {
      for (let i = 0; i < 30; i++) (button as HTMLButtonElement).click();
    });
    await expect(app.toast("Batch 3 of 3 with 300 leads started.")).toBeVisible({ timeout: 20_000 });
    const batches = await bought(app, past);
    expect(batches.map((batch) => [batch.name, batch.lead_ids.length])).toEqual([
      ["Everybody (1 of 3)", 1_000],
      ["Everybody (2 of 3)", 1_000],
      ["Everybody (3 of 3)", 300],
    ]);
    expect(new Set(batches.flatMap((batch) => batch.lead_ids)).size).toBe(2_300);
    expect(await app.starts()).toHaveLength(3);
  });

  test("an answer that gets lost in the middle is looked for, and the others go on", async ({
    app,
    page,
    past,
    consoleErrors,
  }) => {
    test.setTimeout(60_000);
    consoleErrors.allow(failedRequest);
    await reviewAll(app);
    let posts = 0;
    await page.route(/\/api\/batch\/start$/, async (route) => {
      posts += 1;
      const answer = await route.fetch();
      await (posts === 2 ? route.abort() : route.fulfill({ response: answer }));
    });
    await app.launch.start.click();
    await expect(app.launch.heading).toHaveText("Checking whether it started");
    await expect(app.toast("Batch 3 of 3 with 300 leads started.")).toBeVisible({ timeout: 30_000 });
    const batches = await bought(app, past);
    expect(batches.map((batch) => batch.lead_ids.length)).toEqual([1_000, 1_000, 300]);
    expect(new Set(batches.flatMap((batch) => batch.lead_ids)).size).toBe(2_300);
    expect(posts).toBe(3);
  });

  test("trouble in the middle stops, says which started, and can go on after a reload", async ({
    app,
    page,
    past,
    backend,
    consoleErrors,
  }) => {
    test.setTimeout(90_000);
    consoleErrors.allow(failedRequest);
    await reviewAll(app);
    let posts = 0;
    await page.route(/\/api\/batch\/start$/, async (route) => {
      posts += 1;
      if (posts === 2) await route.fulfill({ status: 503, json: { detail: "busy" } });
      else await route.continue();
    });
    await app.launch.start.click();
    await expect(app.cost.complaints).toContainText("Batch 1 of 3 was started", { timeout: 20_000 });
    await expect(app.leads.count).toHaveText("1,300 leads chosen");
    expect(await bought(app, past)).toHaveLength(1);
    await page.unroute(/\/api\/batch\/start$/);
    await page.reload();
    await app.leads.settled();
    await expect(app.cost.price).toContainText("for 1,300 leads in 2 batches", { timeout: 30_000 });
    expect(await bought(app, past), "a reload starts nothing").toHaveLength(1);
    await app.review();
    await expect(app.launch.dialog).toContainText("the last of 3 that belong together");
    await app.launch.start.click();
    await expect(app.toast("Batch 3 of 3 with 300 leads started.")).toBeVisible({ timeout: 20_000 });
    const batches = await bought(app, past);
    expect(batches.map((batch) => batch.lead_ids.length)).toEqual([1_000, 1_000, 300]);
    expect(new Set(batches.flatMap((batch) => batch.lead_ids)).size).toBe(2_300);
    expect((await backend.batches()).length - past.size).toBe(3);
  });
});
