import { expect, failedRequest, failedSocket, operator, test } from "../pages/batch-runner";

test.use({ backendOptions: { leads: 10_000, speed: 3, persistent: true } });

test("from signing in to the history, through a reload, a cancellation and a server that dies", async ({
  app,
  page,
  backend,
  past,
  consoleErrors,
}) => {
  test.setTimeout(120_000);
  // The server is killed once in the middle.
  consoleErrors.allow(failedSocket, failedRequest);
  const { leads, cost, launch, tracker, history } = app;

  await test.step("sign in by the form", async () => {
    await app.open();
    await app.signInForm.enter(operator);
    await leads.settled();
    await expect(leads.range).toHaveText("1–50 of 10,000");
  });

  await test.step("search and filter, choose a page and some more", async () => {
    await leads.search.fill("bakery");
    await leads.statusFilter.selectOption("completed");
    await expect(page).toHaveURL(/q=bakery/);
    await expect(page).toHaveURL(/enrichment=completed/);
    await leads.settled();
    await expect(leads.range).not.toHaveText(/10,000/);
    const names = await leads.rows.allInnerTexts();
    expect(names.every((text) => /bakery/i.test(text) && text.includes("Enriched"))).toBe(true);
    await leads.pageCheckbox.check();
    const chosen = await leads.rows.count();
    await leads.search.fill("");
    await leads.statusFilter.selectOption("");
    await expect(leads.range).toHaveText("1–50 of 10,000");
    await leads.next.click();
    await expect(leads.range).toHaveText("51–100 of 10,000");
    const free = leads.rows.filter({ has: page.locator("input:not(:checked)") });
    for (let i = 0; i < 3; i++) await free.nth(i).getByTestId("lead-checkbox").check();
    await expect(leads.count).toContainText(`${chosen + 3} leads chosen`);
    await cost.pricedFor(chosen + 3);
  });

  const first = await test.step("review and approve", async () => {
    await expect(cost.template).toHaveValue("2.0.0");
    const price = await cost.total.innerText();
    await cost.name.fill("First");
    await app.review();
    await expect(launch.dialog).toContainText("Standard Business Audit (2.0) – 2.0.0");
    await expect(launch.start).toHaveText(`Start for ${price}`);
    expect(await app.starts(), "requests before the approval").toHaveLength(0);
    await launch.start.click();
    await expect(page).toHaveURL(/view=running/);
    const started = (await backend.batches()).filter((batch) => !past.has(batch.id));
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({ name: "First", template_version: "2.0.0", cost_approved: true });
    expect(price).toBe(`$${started[0]?.estimated_cost_usd?.toFixed(2)}`);
    return started[0]?.id ?? "";
  });

  await test.step("live progress over the socket, through a reload", async () => {
    const card = tracker.card(first);
    await tracker.linkIs("live");
    await card.passes(0);
    await expect(card.counts).toHaveText(/^\d+ of \d+ leads · \d+ succeeded/);
    const before = await card.percent();
    await page.reload();
    await expect(card.root).toBeVisible();
    await expect(card.state).toHaveText("Running");
    await tracker.linkIs("live");
    await card.passes(before);
    await backend.speed(40);
    await card.endsAs("completed");
    expect((await app.stored(first)).status).toBe("completed");
    expect(await app.starts()).toHaveLength(1);
  });

  const second = await test.step("start another and cancel it", async () => {
    await backend.speed(1);
    await app.view("New batch");
    const id = await app.startBatch(50, "Second");
    const card = tracker.card(id);
    await card.passes(0);
    await card.cancel.click();
    await expect(tracker.cancelDialog).toContainText("are not processed yet");
    await tracker.confirmCancel.click();
    await card.endsAs("cancelled");
    const stored = await app.stored(id);
    expect(stored.status).toBe("cancelled");
    expect(stored.lead_statuses["skipped"]).toBeGreaterThan(0);
    expect(await app.starts()).toHaveLength(2);
    return id;
  });

  const third = await test.step("start a third and kill the server under it", async () => {
    await backend.speed(2);
    await app.view("New batch");
    const id = await app.startBatch(50, "Third", { again: true });
    const card = tracker.card(id);
    await card.passes(0);
    expect(await app.starts()).toHaveLength(3);
    await backend.stop({ kill: true });
    await expect(tracker.connection).not.toHaveAttribute("data-state", "live");
    const seen = await card.percent();
    await backend.start();
    await tracker.linkIs("live", 30_000);
    expect(await card.percent()).toBeGreaterThanOrEqual(seen);
    await backend.speed(40);
    await card.endsAs("completed", 30_000);
    expect((await app.stored(id)).processed_leads).toBe(50);
    expect(await app.starts(), "nothing was sent again after the restart").toHaveLength(0);
    return id;
  });

  await test.step("the history tells all three, also after a refresh", async () => {
    await app.view("History");
    for (let refreshed = 0; refreshed < 2; refreshed++) {
      await history.settled();
      await expect(history.row(first)).toHaveAttribute("data-status", "completed");
      await expect(history.row(second)).toHaveAttribute("data-status", "cancelled");
      await expect(history.row(third)).toHaveAttribute("data-status", "completed");
      await page.reload();
    }
    const started = (await backend.batches()).filter((batch) => !past.has(batch.id));
    expect(started.map((batch) => batch.name)).toEqual(["Third", "Second", "First"]);
  });
});
