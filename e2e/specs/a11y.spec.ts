import AxeBuilder from "@axe-core/playwright";
import { expectNoAxeViolations } from "../fixtures/app";
import { expect, failedRequest, operator, test } from "../pages/batch-runner";
import { showEveryView } from "../pages/every-view";

for (const width of [320, 1440]) {
  test.describe(`${width} px`, () => {
    test.use({
      viewport: { width, height: 900 },
      // Few rows: the rules are the same for each.
      backendOptions: { leads: 12, speed: 0.01 },
      contextOptions: { reducedMotion: "reduce" },
    });

    test("no view breaks a rule of WCAG 2.1 A or AA, light or dark", async ({ app, page, consoleErrors }) => {
      test.setTimeout(150_000);
      consoleErrors.allow(failedRequest);
      const broken: string[] = [];
      await showEveryView(app, async (view) => {
        try {
          await expectNoAxeViolations(page);
        } catch (error) {
          broken.push(`${view}: ${error instanceof Error ? error.message : String(error)}`);
        }
        // Nothing but the colours is another in the dark.
        await page.emulateMedia({ colorScheme: "dark" });
        const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
        const dim = violations.flatMap((rule) =>
          rule.nodes.map((node) => `${node.html} ${node.failureSummary}`),
        );
        if (dim.length > 0) broken.push(`${view}, dark: ${dim.join("\n")}`);
        await page.emulateMedia({ colorScheme: "light" });
      });
      expect(broken.join("\n\n")).toBe("");
    });
  });
}

test("from the sign-in to a started batch without a mouse", async ({ app, page, backend, past }) => {
  const keyboard = page.keyboard;
  /** Presses Tab until what is focused has this test id, or text; fails where it cannot be reached. */
  const tabTo = async (selector: string, most = 40) => {
    for (let presses = 0; presses < most; presses++) {
      await keyboard.press("Tab");
      const there = await page.evaluate(
        (wanted) => document.activeElement?.matches(wanted) ?? false,
        selector,
      );
      if (there) {
        const outline = await page.evaluate(() => {
          const focused = document.activeElement;
          if (!focused) return "none";
          const style = getComputedStyle(focused);
          return style.outlineStyle === "none" && style.boxShadow === "none" ? "none" : "shown";
        });
        expect(outline, `the focus can be seen on ${selector}`).toBe("shown");
        return;
      }
    }
    throw new Error(`${selector} was not reached with ${most} presses of Tab.`);
  };
  await app.open();
  await expect(app.signInForm.email).toBeFocused();
  await keyboard.type(operator.email);
  await keyboard.press("Tab");
  await keyboard.type(operator.password);
  await keyboard.press("Enter");
  await app.leads.settled();
  await tabTo('[data-testid="lead-search"]');
  await keyboard.type("bakery");
  await expect(page).toHaveURL(/q=bakery/);
  await app.leads.settled();
  await expect(app.leads.search).toBeFocused();
  await tabTo('[data-testid="lead-checkbox"]');
  await keyboard.press("Space");
  await expect(app.leads.count).toHaveText("1 lead chosen");
  await tabTo('[data-testid="lead-checkbox"]');
  await keyboard.press("Space");
  await expect(app.leads.count).toHaveText("2 leads chosen");
  await app.cost.pricedFor(2);
  await tabTo('[data-testid="template-select"]', 80);
  await tabTo("#batch-name");
  await keyboard.type("By keyboard");
  await tabTo('[data-testid="review-batch"]');
  await keyboard.press("Enter");
  await app.launch.ready();
  await expect(app.launch.dialog.locator(":focus")).toHaveCount(1);
  await tabTo('[data-testid="start-batch"]', 5);
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/view=running/);
  const started = (await backend.batches()).filter((batch) => !past.has(batch.id));
  expect(started.map((batch) => batch.name)).toEqual(["By keyboard"]);
  await expect(page.getByRole("heading", { name: "Running batches" })).toBeFocused();
  expect(await app.starts()).toHaveLength(1);
});

test("the review takes the focus, keeps it, and gives it back", async ({ app, page }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(2);
  await app.cost.review.focus();
  await page.keyboard.press("Enter");
  await app.launch.ready();
  await expect(app.launch.dialog).toHaveAccessibleName("Review this batch");
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && !focused?.closest("dialog");
    });
    expect(outside, "the focus stays in the dialog").toBe(false);
  }
  await page.keyboard.press("Escape");
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.cost.review).toBeFocused();
  await page.keyboard.press("Enter");
  await app.launch.ready();
  await app.launch.back.press("Enter");
  await expect(app.launch.dialog).toHaveCount(0);
  await expect(app.cost.review).toBeFocused();
});

test("the question before a cancellation does the same", async ({ app, page, backend }) => {
  const [id = ""] = await backend.addBatches({ count: 1, leads: 20, status: "running", processing: false });
  await app.openSignedIn("?view=running");
  const card = app.tracker.card(id);
  await card.cancel.focus();
  await page.keyboard.press("Enter");
  await expect(app.tracker.cancelDialog.locator(":focus")).toHaveCount(1);
  // What does no harm comes first.
  await expect(app.tracker.cancelDialog.getByRole("button", { name: "Let it run" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(app.tracker.cancelDialog).toHaveCount(0);
  await expect(card.cancel).toBeFocused();
});

test("what matters is announced", async ({ app, backend }) => {
  await backend.speed(3);
  await app.openSignedIn();
  await expect(app.liveRegion).toHaveText("200 leads match.");
  const id = await app.startBatch(50, "Told");
  await expect(app.liveRegion).toHaveText(/Told: \d+ percent done\.|Told: a lead has failed\./);
  await backend.speed(60);
  await app.tracker.card(id).endsAs("completed");
  await expect(app.liveRegion).toHaveText(/^Told is completed/);
  await expect(app.tracker.card(id).bar).toHaveAccessibleName("Progress of Told");
});

test("what is not right is named at its field", async ({ app, page }) => {
  await app.openSignedIn();
  await app.chooseAndPrice(1);
  await page.getByText("More settings").click();
  await page.getByLabel("Leads at once").fill("0");
  await app.cost.review.click();
  await expect(app.cost.complaints).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Leads at once")).toBeFocused();
  await expect(page.getByLabel("Leads at once")).toHaveAccessibleDescription(
    /Enter a whole number from 1 to 20/,
  );
});

test("another view is announced by its heading", async ({ app, page }) => {
  await app.openSignedIn();
  await app.leads.settled();
  await app.view("History");
  await expect(page.getByRole("heading", { level: 1, name: "Past batches" })).toBeFocused();
  await app.view("Running");
  await expect(page.getByRole("heading", { level: 1, name: "Running batches" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Running", exact: true })).toHaveAttribute(
    "aria-current",
    "page",
  );
});
