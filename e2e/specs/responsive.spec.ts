import { signIn } from "../fixtures/app";
import { BatchRunner, expect, failedRequest, operator, test } from "../pages/batch-runner";
import { showEveryView } from "../pages/every-view";

/** The smallest side of what a finger has to hit, in CSS pixels. */
const TOUCH = 44;

for (const width of [320, 768, 1440]) {
  test.describe(`${width} px`, () => {
    test.use({ viewport: { width, height: 800 }, backendOptions: { leads: 200, speed: 0.01 } });

    test("no view is wider than its window", async ({ app, page, consoleErrors }, testInfo) => {
      test.setTimeout(150_000);
      consoleErrors.allow(failedRequest);
      const tooWide: string[] = [];
      await showEveryView(app, async (view) => {
        const { surplus, culprits } = await page.evaluate(() => {
          const edge = document.documentElement.clientWidth;
          const wide = [...document.querySelectorAll("body *")].filter(
            (element) => element.getBoundingClientRect().right > edge + 1,
          );
          return {
            surplus: document.documentElement.scrollWidth - edge,
            culprits: wide.slice(-3).map((element) => `${element.tagName}.${element.className}`),
          };
        });
        if (surplus > 0) tooWide.push(`${view}: ${surplus} px, by ${culprits.join(", ")}`);
        await page.screenshot({ path: testInfo.outputPath(`${width}-${view}.png`) });
      });
      expect(tooWide).toEqual([]);
    });
  });
}

test.describe("a phone", () => {
  test.use({
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    backendOptions: { leads: 200, speed: 0.2 },
  });

  test("what is touched is large enough", async ({ app, page }) => {
    const small: string[] = [];
    const measure = async (view: string) => {
      const found = await page
        .locator("button, select, input, textarea, summary, [role=dialog] a")
        .evaluateAll((controls, least) => {
          const tooSmall: string[] = [];
          for (const control of controls) {
            // A checkbox is hit by its label as well.
            const box = (control.closest("label") ?? control).getBoundingClientRect();
            const shown = box.width > 1 && box.height > 1 && control.checkVisibility();
            const label = control.getAttribute("aria-label") ?? control.textContent ?? control.id;
            const size = `${Math.round(box.width)}×${Math.round(box.height)}`;
            if (shown && (box.width < least - 0.5 || box.height < least - 0.5)) {
              tooSmall.push(`${control.tagName.toLowerCase()} “${label.trim()}” ${size}`);
            }
          }
          return [...new Set(tooSmall)].slice(0, 8);
        }, TOUCH);
      small.push(...found.map((control) => `${view}: ${control}`));
    };
    await app.open();
    await expect(app.signInForm.form).toBeVisible();
    await measure("sign-in");
    await app.signInForm.enter(operator);
    await app.chooseAndPrice(2);
    await measure("new");
    await app.review();
    await measure("review");
    await app.launch.start.tap();
    await expect(app.tracker.cards).toHaveCount(1);
    await measure("running");
    await app.tracker.cards.getByTestId("cancel-batch").tap();
    await expect(app.tracker.cancelDialog).toBeVisible();
    await measure("cancel");
    await page.keyboard.press("Escape");
    await app.view("History");
    await app.history.settled();
    await measure("history");
    expect(small).toEqual([]);
  });

  test("a batch can be started with a finger", async ({ app }) => {
    await app.openSignedIn();
    await app.leads.settled();
    await app.leads.rows.first().getByTestId("lead-checkbox").tap();
    await app.cost.pricedFor(1);
    await app.cost.review.tap();
    await app.launch.ready();
    await app.launch.start.tap();
    await expect(app.tracker.cards).toHaveCount(1);
    expect(await app.starts()).toHaveLength(1);
  });
});

test.describe("inside the product's navigation", () => {
  for (const width of [320, 1280]) {
    test(`the page works in its frame, ${width} px wide`, async ({ page, backend, consoleErrors }) => {
      // The shell of the development backend has no icon.
      consoleErrors.allow(/favicon\.ico/);
      await page.setViewportSize({ width, height: 800 });
      await signIn(page, backend, operator);
      await page.goto(`${backend.baseURL}/shell`);
      const app = new BatchRunner(page, backend, page.frameLocator('iframe[title="Batch Runner"]'));
      const id = await app.startBatch(3, "In a frame");
      await app.tracker.card(id).endsAs("completed");
      await app.view("History");
      await app.history.settled();
      await expect(app.history.row(id)).toHaveAttribute("data-status", "completed");
      const surplus = await app.scope.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
      expect(surplus).toBe(0);
      expect(await app.starts()).toHaveLength(1);
    });
  }
});

test.describe("large text", () => {
  test.use({ viewport: { width: 640, height: 800 } });

  test("with letters twice as large nothing is cut off sideways", async ({ app, page }) => {
    await app.openSignedIn();
    await page.addStyleTag({ content: "html { font-size: 200%; }" });
    await app.chooseAndPrice(2);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
  });
});
