import { expect, failedRequest, test } from "../pages/batch-runner";
import { dollars } from "../pages/launch";

const PREVIEW = "/api/batch/preview";

test("an empty choice says what to do, beside the button and at the field", async ({ app, backend }) => {
  await app.openSignedIn();
  await app.leads.settled();
  await expect(app.cost.price).toContainText(
    "Choose at least one lead in the table: its price appears here.",
  );
  await expect(app.cost.total).toHaveCount(0);
  await app.cost.review.click();
  await expect(app.cost.complaints).toBeFocused();
  await app.cost.complaints.getByRole("link", { name: "Choose at least one lead in the table." }).click();
  await expect(app.leads.search).toBeFocused();
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await backend.requests({ path: PREVIEW })).toHaveLength(0);
});

test("wrong settings are all named at once, and what was typed stays", async ({ app, page }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(1);
  await page.getByText("More settings").click();
  await page.getByLabel("Leads at once").fill("99");
  await page.getByLabel("Tries again per lead").fill("many");
  await app.cost.name.fill("n".repeat(256));
  await app.cost.review.click();
  await expect(app.cost.complaints.getByRole("link")).toHaveText([
    /Shorten the name to 255 characters/,
    /from 1 to 20 for “Leads at once”/,
    /from 0 to 5 for “Tries again per lead”/,
  ]);
  await expect(page.getByLabel("Leads at once")).toHaveValue("99");
  await expect(page.getByLabel("Leads at once")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Leads at once").fill("4");
  await page.getByLabel("Tries again per lead").fill("0");
  await app.cost.name.fill("Short");
  await app.review();
  await expect(app.launch.dialog).toContainText("4 leads");
});

test.describe("many leads", () => {
  test.use({ backendOptions: { leads: 1_200 } });

  test("more than a thousand are not priced and cannot be started", async ({ app, backend }) => {
    await app.openSignedIn();
    await app.leads.settled();
    await app.leads.allMatching.click();
    await expect(app.leads.tooMany).toBeVisible();
    await expect(app.cost.price).toContainText(
      "1,200 leads are chosen; a batch takes at most 1,000. Split them into batches, or keep fewer.",
    );
    await app.cost.review.click();
    await expect(app.cost.complaints).toContainText("take 200 out");
    await expect(app.launch.dialog).toHaveCount(0);
    expect(await backend.requests({ path: PREVIEW })).toHaveLength(0);
    expect(await app.starts()).toHaveLength(0);
  });

  test("a batch that takes most of the day's budget is warned about and can be started", async ({
    app,
    backend,
  }) => {
    await backend.prices({ factor: 1 });
    await app.openSignedIn();
    await app.leads.settled();
    await app.leads.allMatching.click();
    await app.leads.tooMany.getByTestId("keep-first").click();
    const price = await app.cost.pricedFor(1_000);
    // Above half of the daily limit there is a warning.
    expect(price).toBeGreaterThan(500);
    await expect(app.cost.budget).toContainText(/Batch will use \d+\.\d% of daily budget\./);
    await app.review();
    await app.launch.back.click();
    await expect(app.launch.dialog).toHaveCount(0);
  });
});

test("over budget blocks the start and says how many leads to take out", async ({ app, backend }) => {
  await backend.spentToday(995);
  await app.openSignedIn();
  await app.leads.settled();
  await app.leads.pageCheckbox.check();
  const price = await app.cost.pricedFor(50);
  expect(price).toBeGreaterThan(5);
  await expect(app.cost.budget).toContainText("exceeds remaining daily budget $5.00");
  const surplus = 50 - Math.floor((50 * 5) / price);
  const offered = /^Take (\d+) leads out to fit$/.exec(await app.cost.removeToFit.innerText());
  // More where the expected cost is above the server's figure.
  expect(Number(offered?.[1])).toBeGreaterThanOrEqual(surplus);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("Over budget.");
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await app.starts()).toHaveLength(0);
});

test("a budget that ran out between price and review blocks too", async ({ app, backend }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(5);
  await backend.spentToday(1_000);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("Over budget.");
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await app.starts()).toHaveLength(0);
});

test("while the choice changes the old price is visibly old and cannot be approved", async ({
  app,
  backend,
}) => {
  await app.openSignedIn();
  await app.chooseAndPrice(2);
  const old = await app.cost.total.innerText();
  await backend.fault({ path: PREVIEW, delay_ms: 2_000 });
  await app.leads.choose(3);
  await expect(app.cost.price).toContainText("Asking for the price…");
  await expect(app.cost.stale).toHaveText(`Before the last change: ${old} for 2 leads`);
  await expect(app.cost.total).toHaveCount(0);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("Wait until the price of this choice is there.");
  await expect(app.launch.dialog).toHaveCount(0);
  await app.cost.pricedFor(3);
  await expect(app.cost.stale).toHaveCount(0);
});

test("another template is another price", async ({ app, page }) => {
  await app.openSignedIn();
  const standard = await app.chooseAndPrice(5);
  await app.cost.template.selectOption("comprehensive");
  await expect(page).toHaveURL(/template=comprehensive/);
  await expect.poll(async () => dollars(await app.cost.total.innerText())).toBeGreaterThan(standard);
});

test("a late answer to an older choice is ignored", async ({ app, page, backend, consoleErrors }) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.settled();
  await backend.fault({ path: PREVIEW, delay_ms: 1_500 });
  const slow = page.waitForRequest(/batch\/preview/);
  await app.leads.choose(1);
  const late = (await slow).response();
  await app.leads.choose(2);
  await app.cost.pricedFor(2);
  const price = await app.cost.total.innerText();
  await late;
  await expect(app.cost.price).toContainText("for 2 leads");
  await expect(app.cost.total).toHaveText(price);
});

test("a refusal to price is told with its reason, and the choice stays", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  // Until it is removed: on a slow machine the first of the two leads is priced by itself.
  await backend.fault({
    path: PREVIEW,
    times: 0,
    status: 422,
    body: { detail: "The moon is in the wrong house" },
  });
  await app.leads.choose(2);
  await expect(app.cost.fault).toContainText(
    "Could not price this choice: the server refused it. The moon is in the wrong house. Without a price a batch cannot be started.",
  );
  await expect(app.cost.total).toHaveCount(0);
  await expect(app.leads.count).toHaveText("2 leads chosen");
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("The moon is in the wrong house");
  await expect(app.launch.dialog).toHaveCount(0);
  await backend.clearFaults();
  await app.cost.fault.getByRole("button", { name: "Try again" }).click();
  await app.cost.pricedFor(2);
  await app.review();
});

test("a price that the server failed to tell is unknown, never $0", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await backend.fault({ path: PREVIEW, status: 500, body: { error: "INTERNAL_ERROR", message: "An error" } });
  await app.leads.choose(1);
  await expect(app.cost.price).toContainText("The price of this choice is not known.");
  await expect(app.cost.fault).toContainText("the server failed (500, An error)");
  await expect(app.cost.price).not.toContainText("$0");
  await app.cost.fault.getByRole("button", { name: "Try again" }).click();
  await app.cost.pricedFor(1);
});

test("an answer without a price is unknown too", async ({ app, backend }) => {
  await app.openSignedIn();
  await backend.fault({ path: PREVIEW, body: { lead_count: 1 } });
  await app.leads.choose(1);
  await expect(app.cost.fault).toContainText("could not be read");
  await expect(app.cost.price).not.toContainText("$");
});

test("a server that is away for a moment is asked again, with a countdown", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await backend.fault({ path: PREVIEW, status: 503, times: 1 });
  await app.leads.choose(1);
  await expect(app.cost.fault).toContainText("the server is not available now (503)");
  await expect(app.cost.fault).toContainText(/Trying again in [1-3] s/);
  await app.cost.pricedFor(1);
  expect((await backend.requests({ path: PREVIEW })).map((it) => it.status)).toEqual([503, 200]);
});

test("a server that asks for patience gets as much as it asked for", async ({
  app,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await backend.fault({
    path: PREVIEW,
    status: 429,
    headers: { "Retry-After": "3" },
    body: { error: "Rate limit exceeded: 5 per 1 minute" },
  });
  await app.leads.choose(1);
  await expect(app.cost.fault).toContainText("the server asks for fewer requests");
  await expect(app.cost.fault).toContainText(/Trying again in [1-4] s/);
  await app.cost.pricedFor(1);
  const [refused, answered] = await backend.requests({ path: PREVIEW });
  const waited =
    Date.parse(`${answered?.at}Z`.replace("ZZ", "Z")) - Date.parse(`${refused?.at}Z`.replace("ZZ", "Z"));
  expect(waited).toBeGreaterThanOrEqual(2_900);
});

test("leads that are gone are named and taken out", async ({ app, backend }) => {
  await app.openSignedIn();
  const [kept = "", gone = ""] = await app.leads.choose(2);
  await app.cost.pricedFor(2);
  const name = (await app.leads.row(gone).locator(".lead-name").innerText()).trim();
  await backend.deleteLeads([gone]);
  await app.cost.template.selectOption("simple");
  await expect(app.cost.price).toContainText("1 chosen lead cannot be reported on any more");
  await expect(app.cost.price).toContainText(name);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("take them out to go on");
  await expect(app.launch.dialog).toHaveCount(0);
  await app.cost.price.getByRole("button", { name: "Take them out" }).click();
  await expect(app.leads.count).toContainText("1 lead chosen");
  await app.cost.pricedFor(1);
  await app.review();
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  const [batch] = await backend.batches();
  expect(batch?.lead_ids).toEqual([kept]);
});

test("leads that go between the price and the review stop the review", async ({ app, backend }) => {
  await app.openSignedIn();
  const [, gone = ""] = await app.leads.choose(2);
  await app.cost.pricedFor(2);
  await backend.deleteLeads([gone]);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("1 chosen lead cannot be reported on any more");
  await expect(app.launch.dialog).toHaveCount(0);
  expect(await app.starts()).toHaveLength(0);
});

test("a template that was retired since is told, and the newest is offered", async ({ app, backend }) => {
  await app.openSignedIn();
  await app.cost.template.selectOption("comprehensive");
  await app.chooseAndPrice(2);
  await backend.template("comprehensive", false);
  await app.cost.review.click();
  await expect(app.cost.complaints).toContainText("This template is not offered any more");
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.cost.templateNotes).toContainText(
    "Template version comprehensive is not offered any more",
  );
  await expect(app.cost.template).toHaveValue("2.0.0");
  await expect(app.leads.count).toContainText("2 leads chosen");
  expect(await app.starts()).toHaveLength(0);
  await app.cost.pricedFor(2);
  await app.review();
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  expect((await backend.batches())[0]?.template_version).toBe("2.0.0");
});

test("a template that is retired while its review is open leaves the review", async ({
  app,
  page,
  backend,
}) => {
  await page.clock.install();
  await app.openSignedIn();
  await app.cost.template.selectOption("comprehensive");
  await app.chooseAndPrice(2);
  await app.review();
  await backend.template("comprehensive", false);
  await page.clock.runFor(31_000);
  await expect(app.cost.complaints).toContainText("This template is not offered any more");
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.leads.count).toContainText("2 leads chosen");
  expect(await app.starts()).toHaveLength(0);
});

test("a price that changed since is shown before it can be approved", async ({ app, backend }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(4);
  const before = await app.cost.total.innerText();
  await backend.prices({ factor: 2 });
  await backend.fault({ path: PREVIEW, delay_ms: 700 });
  await app.cost.review.click();
  await expect(app.launch.heading).toHaveText("Review this batch");
  await expect(app.launch.start).toHaveAttribute("aria-disabled", "true");
  // Clicked too early: nothing may be sent for the old price.
  await app.launch.start.click({ force: true });
  await app.launch.ready();
  const notice = await app.launch.dialog.locator(".budget").innerText();
  expect(notice).toContain(`The price has changed from ${before} to $`);
  const now = dollars(notice.slice(notice.indexOf(" to ")));
  expect(now).toBeGreaterThan(dollars(before));
  await expect(app.launch.start).toHaveText(`Start for $${now.toFixed(2)}`);
  expect(await app.starts()).toHaveLength(0);
  await app.launch.start.click();
  await expect(app.launch.dialog).toHaveCount(0);
  expect((await backend.batches())[0]?.estimated_cost_usd?.toFixed(2)).toBe(now.toFixed(2));
});
