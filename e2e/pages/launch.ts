import { expect, type Locator } from "@playwright/test";
import type { Scope } from "./scope";

/** Template, price and settings beside the table. */
export class CostPreview {
  readonly panel: Locator;
  readonly template: Locator;
  readonly templateNotes: Locator;
  readonly price: Locator;
  readonly total: Locator;
  readonly budget: Locator;
  readonly removeToFit: Locator;
  readonly approximate: Locator;
  readonly stale: Locator;
  readonly fault: Locator;
  readonly name: Locator;
  readonly review: Locator;
  readonly complaints: Locator;

  constructor(readonly scope: Scope) {
    this.panel = scope.getByRole("region", { name: "Report and price" });
    this.template = scope.getByTestId("template-select");
    this.templateNotes = this.panel;
    this.price = scope.locator("#price");
    this.total = scope.getByTestId("estimated-cost");
    this.budget = scope.getByTestId("budget-warning");
    this.removeToFit = scope.getByTestId("remove-to-fit");
    this.approximate = scope.getByTestId("approximate-cost");
    this.stale = this.price.locator(".price-stale");
    this.fault = this.price.locator(".fault");
    this.name = scope.getByLabel("Name (optional)");
    this.review = scope.getByTestId("review-batch");
    this.complaints = scope.getByRole("group", { name: "Before this batch can be started:" });
  }

  /** The price of so many leads is there; answers it in dollars. */
  async pricedFor(leads: number): Promise<number> {
    await expect(this.price).toContainText(` for ${grouped(leads)} lead${leads === 1 ? "" : "s"}`);
    await expect(this.total).toBeVisible();
    return dollars(await this.total.innerText());
  }
}

/** What lies in front of everything between the review of a batch and the certainty that it runs. */
export class LaunchDialog {
  readonly dialog: Locator;
  readonly heading: Locator;
  readonly start: Locator;
  readonly back: Locator;
  readonly leave: Locator;
  readonly sendAgain: Locator;
  readonly lookAgain: Locator;
  readonly concerns: Locator;
  readonly accept: Locator;
  readonly leaveOverlapOut: Locator;
  readonly parts: Locator;

  constructor(readonly scope: Scope) {
    this.dialog = scope.getByRole("dialog");
    this.heading = this.dialog.getByRole("heading", { level: 2 });
    this.start = scope.getByTestId("start-batch");
    this.back = this.dialog.getByRole("button", { name: "Back" });
    this.leave = this.dialog.getByRole("button", { name: "Leave it" });
    this.sendAgain = scope.getByTestId("send-again");
    this.lookAgain = scope.getByTestId("check-again");
    this.concerns = scope.getByTestId("concerns");
    this.accept = scope.getByTestId("accept-concerns");
    this.leaveOverlapOut = scope.getByTestId("leave-overlap-out");
    this.parts = scope.getByTestId("review-parts");
  }

  /** Template and price are confirmed: the button starts the batch. */
  async ready(): Promise<void> {
    await expect(this.heading).toHaveText(/^Review (this batch|these batches)$/);
    await expect(this.start).not.toHaveAttribute("aria-disabled", "true");
  }
}

/** `$1,234.50` as a number. */
export function dollars(text: string): number {
  const found = /\$([\d,]+(?:\.\d+)?)/.exec(text);
  if (!found) throw new Error(`No dollars in “${text}”.`);
  return Number(found[1]?.replaceAll(",", ""));
}

/** Thousands set apart, as the page writes them. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
