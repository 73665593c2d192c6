import type { Locator } from "@playwright/test";
import { expect, failedRequest, test } from "../pages/batch-runner";
import { OtherClient } from "../pages/other-client";

/** Pixels by which the page is wider than its window. */
const overflow = (root: Locator) => root.evaluate((html) => html.scrollWidth - html.clientWidth);

test("typing asks once, when it pauses", async ({ app, page, backend }) => {
  await page.clock.install();
  await app.openSignedIn();
  await app.leads.settled();
  // However slow this machine types, to the page it takes no time.
  await page.clock.pauseAt(Date.now() + 1_000);
  await app.leads.search.pressSequentially("bakery");
  await page.clock.resume();
  await expect(page).toHaveURL(/q=bakery/);
  await app.leads.settled();
  await expect(app.leads.rows.first()).toContainText(/bakery/i);
  const searches = (await backend.requests({ path: "/api/v1/leads" })).filter((read) =>
    read.query?.includes("search="),
  );
  expect(searches.map((read) => new URLSearchParams(read.query ?? "").get("search"))).toEqual(["bakery"]);
});

test("a late answer to an older search does not replace a newer one", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.settled();
  await backend.fault({ method: "GET", path: "/api/v1/leads", delay_ms: 1_500 });
  const slow = page.waitForRequest(/search=bakery/);
  await app.leads.search.fill("bakery");
  const late = (await slow).response();
  await app.leads.search.fill("dental");
  await expect(app.leads.rows.first()).toContainText(/dental/i);
  // Answered at last, or given up by the page.
  await late;
  await app.leads.settled();
  const rows = await app.leads.rows.allInnerTexts();
  expect(rows.filter((row) => !/dental/i.test(row))).toEqual([]);
  await expect(app.leads.search).toHaveValue("dental");
});

test("columns sort both ways, in the order of the server", async ({ app, page }) => {
  await app.openSignedIn();
  await app.leads.settled();
  for (const [direction, words] of [
    ["asc", "ascending"],
    ["desc", "descending"],
  ] as const) {
    const answer = page.waitForResponse((it) =>
      it.url().includes(`sort_by=company_name&sort_order=${direction}`),
    );
    await app.leads.sortBy("Company");
    const { leads } = (await (await answer).json()) as { leads: { id: string }[] };
    await expect(app.leads.header("Company")).toHaveAttribute("aria-sort", words);
    await expect.poll(() => app.leads.shownIds()).toEqual(leads.map((lead) => lead.id));
  }
  await expect(app.leads.header("E-mail")).not.toHaveAttribute("aria-sort");
});

test("pages and their size", async ({ app }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await expect(leads.range).toHaveText("1–50 of 200");
  await expect(leads.previous).toHaveAttribute("aria-disabled", "true");
  await leads.previous.click({ force: true });
  await expect(leads.pager).toContainText("Page 1 of 4");
  const first = await leads.shownIds();
  await leads.next.click();
  await expect(leads.range).toHaveText("51–100 of 200");
  await leads.settled();
  expect((await leads.shownIds()).filter((id) => first.includes(id))).toEqual([]);
  await leads.pageSize.selectOption("100");
  await expect(leads.rows).toHaveCount(100);
  await expect(leads.range).toHaveText("1–100 of 200");
  await leads.next.click();
  await expect(leads.range).toHaveText("101–200 of 200");
  await expect(leads.next).toHaveAttribute("aria-disabled", "true");
});

test("what is asked for is in the address: it survives a reload, and back and forward", async ({
  app,
  page,
}) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  await leads.originFilter.selectOption("0");
  await leads.badgeFilter.selectOption("0");
  await leads.sortBy("E-mail");
  await expect(page).toHaveURL(/sort=email/);
  await leads.settled();
  await leads.next.click();
  await expect(page).toHaveURL(/page=2/);
  await leads.settled();
  const second = await leads.shownIds();
  await page.reload();
  await leads.settled();
  await expect(leads.originFilter).toHaveValue("0");
  await expect(leads.badgeFilter).toHaveValue("0");
  await expect(leads.header("E-mail")).toHaveAttribute("aria-sort", "ascending");
  expect(await leads.shownIds()).toEqual(second);
  await page.goBack();
  await expect(leads.pager).toContainText("Page 1 of");
  await leads.settled();
  expect(await leads.shownIds()).not.toEqual(second);
  await page.goForward();
  await expect(leads.pager).toContainText("Page 2 of");
  await expect.poll(() => leads.shownIds()).toEqual(second);
});

test("the checkbox of the page shows none, some and all", async ({ app }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.settled();
  const indeterminate = () => leads.pageCheckbox.evaluate((box) => (box as HTMLInputElement).indeterminate);
  await expect(leads.pageCheckbox).not.toBeChecked();
  const [id = ""] = await leads.choose(1);
  await expect.poll(indeterminate).toBe(true);
  await expect(leads.row(id).getByRole("checkbox")).toBeChecked();
  await leads.pageCheckbox.click();
  await expect(leads.count).toHaveText("50 leads chosen");
  await expect(leads.pageCheckbox).toBeChecked();
  expect(await indeterminate()).toBe(false);
  await leads.pageCheckbox.click();
  await expect(leads.count).toHaveText("No leads chosen");
  await expect(leads.pageCheckbox).not.toBeChecked();
});

test("all that match are chosen at once, through a filter", async ({ app }) => {
  await app.openSignedIn();
  const { leads } = app;
  await leads.statusFilter.selectOption("completed");
  await expect(leads.allMatching).toHaveText(/Select all \d+ (matching leads|leads matching)/);
  const total = Number(/(\d+)/.exec(await leads.allMatching.innerText())?.[1]);
  await leads.allMatching.click();
  await expect(leads.count).toContainText(`${total} leads chosen`);
  await expect(app.toast(`All ${total} matching leads are chosen`)).toBeVisible();
  await app.cost.pricedFor(total);
});

test("a choice stays through filter, page, sort and reload", async ({ app, page }) => {
  await app.openSignedIn();
  const { leads } = app;
  const chosen = await leads.choose(3);
  await leads.search.fill("zzz-nothing-like-this");
  await expect(leads.count).toHaveText("3 leads chosen, 3 hidden by this filter");
  await leads.search.fill("");
  await expect(leads.count).toHaveText("3 leads chosen");
  await leads.next.click();
  await expect(leads.range).toHaveText("51–100 of 200");
  const more = await leads.choose(1);
  await expect(leads.count).toHaveText("4 leads chosen");
  await leads.sortBy("E-mail");
  await leads.settled();
  await expect(leads.count).toContainText("4 leads chosen");
  await page.reload();
  await leads.settled();
  await expect(leads.count).toContainText("4 leads chosen");
  await app.cost.pricedFor(4);
  await app.open();
  await leads.settled();
  for (const id of chosen) await expect(leads.checkbox(id)).toBeChecked();
  await leads.next.click();
  await expect(leads.checkbox(more[0] ?? "")).toBeChecked();
});

test("clearing can be undone", async ({ app }) => {
  await app.openSignedIn();
  const chosen = await app.leads.choose(3);
  await app.leads.clearButton.click();
  await expect(app.leads.count).toHaveText("No leads chosen");
  await expect(app.leads.clearButton).toHaveCount(0);
  const toast = app.toast("3 leads not chosen any more.");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(app.leads.count).toHaveText("3 leads chosen");
  for (const id of chosen) await expect(app.leads.checkbox(id)).toBeChecked();
});

test("a search without a result says so and offers the way back", async ({ app }) => {
  await app.openSignedIn();
  await app.leads.settled();
  await app.leads.search.fill("zzz-nothing-like-this");
  await expect(app.leads.frame).toContainText("No leads match this search and these filters.");
  await expect(app.leads.rows).toHaveCount(0);
  await app.scope.getByRole("button", { name: "Remove search and filters" }).click();
  await expect(app.leads.rows).toHaveCount(50);
  await expect(app.leads.search).toHaveValue("");
});

test("a failed read keeps what was there, says what happened and can be repeated", async ({
  app,
  page,
  backend,
  consoleErrors,
}) => {
  consoleErrors.allow(failedRequest);
  await app.openSignedIn();
  await app.leads.settled();
  await backend.fault({
    path: "/api/v1/leads",
    status: 500,
    body: { error: "INTERNAL_ERROR", message: "It broke" },
  });
  await app.leads.originFilter.selectOption("0");
  const fault = page.locator(".lead-selector").getByRole("alert");
  await expect(fault).toContainText("Could not load the leads: the server failed (500, It broke)");
  await expect(app.leads.rows).toHaveCount(50);
  await fault.getByRole("button", { name: "Try again" }).click();
  await expect(fault).toHaveCount(0);
  await app.leads.settled();
  await expect(app.leads.originFilter).toHaveValue("0");
});

test("an answer that is no list of leads is told in the panel, and the rest works", async ({
  app,
  page,
  backend,
}) => {
  await backend.fault({ path: "/api/v1/leads", times: 1, body: "<html>not what you asked for</html>" });
  await app.openSignedIn();
  const fault = page.locator(".lead-selector").getByRole("alert");
  await expect(fault).toContainText("could not be read");
  await expect(app.cost.template).toHaveValue("2.0.0");
  await fault.getByRole("button", { name: "Try again" }).click();
  await app.leads.settled();
});

test("no lead is shown twice when the server repeats one", async ({ app, page }) => {
  await page.route(/\/api\/v1\/leads\?/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { leads: object[] };
    body.leads.push(body.leads[0] ?? {}, {});
    await route.fulfill({ response, json: body });
  });
  await app.openSignedIn();
  await app.leads.settled();
  await expect(app.leads.rows).toHaveCount(50);
  const ids = await app.leads.shownIds();
  expect(new Set(ids).size).toBe(50);
  await expect(page.locator(".lead-selector .notice")).toContainText(
    "2 of the server’s entries for this page",
  );
});

test("names with markup are text", async ({ app, page, backend }) => {
  const hostile = `<img src=x onerror="window.injected=true"><script>window.injected=true</script>`;
  const id = await backend.addLead({
    company_name: hostile,
    contact_name: `"><svg onload="window.injected=true">`,
    email: "a'b@markup.example",
    domain: "javascript:window.injected=true",
    source: "{{7*7}}",
  });
  const long = await backend.addLead({ company_name: `${"x".repeat(5_000)}`, contact_name: "‮evil‬ 👩‍👩‍👧‍👦" });
  await app.openSignedIn();
  await app.leads.settled();
  const row = app.leads.row(id);
  await expect(row).toContainText(hostile);
  await expect(row).toContainText(`"><svg onload=`);
  await expect(row).toContainText("{{7*7}}");
  expect(await row.locator("img, svg, script, a").count()).toBe(0);
  await expect(app.leads.row(long)).toContainText("xxxx");
  await app.leads.checkbox(id).check();
  await app.cost.pricedFor(1);
  expect(await page.evaluate(() => (window as { injected?: boolean }).injected)).toBeUndefined();
  expect(await overflow(page.locator("html"))).toBe(0);
});

test("a hostile batch name is text in the tracker, the history and the details", async ({
  app,
  page,
  backend,
}) => {
  await backend.speed(40);
  const name = `<img src=x onerror="window.injected=true"> & "quotes"`;
  await app.openSignedIn();
  const id = await app.startBatch(2, name);
  const card = app.tracker.card(id);
  await expect(card.root).toContainText(name);
  await card.endsAs("completed");
  await app.view("History");
  await expect(app.history.row(id)).toContainText(name);
  await app.history.open(id);
  await expect(app.details.heading).toHaveText(name);
  expect(await page.evaluate(() => (window as { injected?: boolean }).injected)).toBeUndefined();
});

test("what the server holds is what is shown", async ({ app, backend }) => {
  const other = await OtherClient.signIn(backend);
  await app.openSignedIn();
  await app.leads.settled();
  expect(await app.leads.shownIds()).toEqual(await other.leadIds(50));
});

test.describe("a narrow screen", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("nothing scrolls sideways, however long the names are", async ({ app, page, backend }) => {
    await backend.addLead({ company_name: "W".repeat(400), email: `${"m".repeat(120)}@long.example` });
    await app.openSignedIn();
    await app.leads.settled();
    expect(await overflow(page.locator("html"))).toBe(0);
    await app.leads.choose(1);
    await app.cost.pricedFor(1);
    expect(await overflow(page.locator("html"))).toBe(0);
  });
});
