import { expect, failedRequest, failedSocket, test } from "../pages/batch-runner";

test.use({ backendOptions: { leads: 200, speed: 0.4 } });

/** The moments are random and the same each time. Source: Lehmer's generator, with Park and Miller's constants. */
function* chances(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

const MOMENTS = 10;

test("a refresh at ten random moments of a batch's life, in every view, loses nothing", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  test.setTimeout(180_000);
  // What was under way while the page went is cut.
  consoleErrors.allow(failedSocket, failedRequest);
  const random = chances(20_261_125);
  await app.openSignedIn();
  const id = await app.startBatch(50, "Reloaded");
  await app.view("New batch");
  await app.leads.settled();
  await app.leads.choose(2);
  const card = app.tracker.card(id);
  const views = ["New batch", "Running", "History", "details"] as const;
  let least = 0;
  for (let moment = 1; moment <= MOMENTS; moment++) {
    // Somewhere in what is left of its first seven tenths.
    await app.view("Running");
    const room = (70 - least) / (MOMENTS + 1 - moment);
    await card.passes(least + room * random.next().value);
    // However slow this machine is, the batch still runs when it is cancelled.
    if (moment === MOMENTS) await backend.speed(0.2);
    const view = views[Math.floor(random.next().value * views.length)] ?? "Running";
    if (view === "details") await card.details.click();
    else await app.view(view);
    const before = await backend.batches().then((all) => all.find((batch) => batch.id === id));
    await page.reload();
    const nav = page.getByRole("navigation", { name: "Views" });
    const current = nav.getByRole("link", { name: view === "details" ? "Running" : view });
    await expect(current, `view at moment ${moment}`).toHaveAttribute("aria-current", "page");
    if (view === "details") await expect(app.details.heading).toHaveText("Reloaded");
    if (view === "New batch") await expect(app.leads.count).toHaveText("2 leads chosen");
    if (view === "History")
      await expect(app.history.row(id)).toHaveAttribute("data-status", /running|completed/);
    await app.view("Running");
    await expect(card.root, `at moment ${moment}`).toContainText("Reloaded");
    const seen = ((before?.processed_leads ?? 0) / 50) * 100;
    await expect.poll(() => card.percent()).toBeGreaterThanOrEqual(seen);
    least = Math.max(least, seen);
  }
  // And between a person's cancel and the server's end of it.
  await app.tracker.linkIs("live");
  await card.cancel.click();
  await app.tracker.confirmCancel.click();
  await page.reload();
  await app.view("Running");
  await app.view("History");
  // Leads in flight are finished first.
  await expect(app.history.row(id)).toHaveAttribute("data-status", "cancelled", { timeout: 60_000 });
  const stored = await app.stored(id);
  await app.history.open(id);
  await expect(app.details.fact("Leads")).toHaveText(`${stored.processed_leads} of 50 processed`);
  expect(await app.starts()).toHaveLength(1);
  await app.view("New batch");
  await expect(app.leads.count).toHaveText("2 leads chosen");
});
