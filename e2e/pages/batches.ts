import { expect, type Locator } from "@playwright/test";
import type { Scope } from "./scope";

/** Running batches, in the view of their own and beside the table. */
export class Tracker {
  readonly cards: Locator;
  readonly connection: Locator;
  readonly confirmCancel: Locator;
  readonly cancelDialog: Locator;

  constructor(readonly scope: Scope) {
    this.cards = scope.getByTestId("active-batch");
    this.connection = scope.getByTestId("connection-state");
    this.confirmCancel = scope.getByTestId("confirm-cancel");
    this.cancelDialog = scope.getByRole("dialog", { name: /^Cancel “/ });
  }

  card(id: string): BatchCard {
    return new BatchCard(this.scope.locator(`[data-testid="active-batch"][data-batch-id="${id}"]`));
  }

  /** How the news of batches come in. */
  async linkIs(
    state: "live" | "connecting" | "waiting" | "polling" | "offline" | "stopped",
    timeout?: number,
  ) {
    await expect(this.connection).toHaveAttribute("data-state", state, timeout ? { timeout } : {});
  }

  /** Notes every state and its words from now on; the function that it answers reads them. */
  async watchLink(): Promise<() => Promise<string>> {
    const handle = await this.connection.evaluateHandle((line) => {
      const seen: string[] = [];
      const note = () => seen.push(`${line.getAttribute("data-state")}: ${line.textContent}`);
      note();
      new MutationObserver(note).observe(line, {
        attributes: true,
        childList: true,
        characterData: true,
        subtree: true,
      });
      return seen;
    });
    return () => handle.evaluate((seen) => seen.join("\n"));
  }
}

/** One batch as it runs. */
export class BatchCard {
  readonly state: Locator;
  readonly bar: Locator;
  readonly counts: Locator;
  readonly cancel: Locator;
  readonly details: Locator;
  readonly troubles: Locator;
  /** How old its numbers are. */
  readonly fresh: Locator;

  constructor(readonly root: Locator) {
    this.state = root.locator(".state");
    this.bar = root.getByTestId("progress-bar");
    this.counts = root.getByTestId("batch-counts");
    this.cancel = root.getByTestId("cancel-batch");
    this.details = root.getByRole("link", { name: /^Details of / });
    this.troubles = root.locator(".card-trouble");
    this.fresh = root.locator(".card-fresh");
  }

  async percent(): Promise<number> {
    return Number(await this.bar.getAttribute("aria-valuenow"));
  }

  /** It gets further than `percent`. */
  async passes(percent: number, timeout?: number): Promise<void> {
    await expect
      .poll(() => this.percent(), { message: `progress above ${percent} %`, ...(timeout ? { timeout } : {}) })
      .toBeGreaterThan(percent);
  }

  async endsAs(status: "completed" | "failed" | "cancelled", timeout = 15_000): Promise<void> {
    await expect(this.state).toHaveAttribute("data-status", status, { timeout });
  }

  /** Notes every value that the bar takes from now on; the function that it answers reads them. */
  async watch(): Promise<() => Promise<number[]>> {
    const handle = await this.bar.evaluateHandle((bar) => {
      const values: number[] = [];
      const note = () => values.push(Number(bar.getAttribute("aria-valuenow")));
      note();
      new MutationObserver(note).observe(bar, { attributes: true, attributeFilter: ["aria-valuenow"] });
      return values;
    });
    return () => handle.evaluate((values) => [...values]);
  }
}

/** The list of past batches. */
export class History {
  readonly section: Locator;
  readonly rows: Locator;
  readonly status: Locator;
  readonly template: Locator;
  readonly onlyMine: Locator;
  /** How far the list has been read, or how many were found among how many. */
  readonly told: Locator;
  readonly search: Locator;
  readonly groupBy: Locator;
  readonly groups: Locator;
  readonly columns: Locator;
  readonly trend: Locator;
  readonly compare: Locator;
  readonly comparison: Locator;
  readonly pager: Locator;
  readonly next: Locator;
  readonly previous: Locator;

  constructor(readonly scope: Scope) {
    this.section = scope.getByTestId("batch-history");
    this.rows = scope.getByTestId("history-row");
    this.status = scope.getByTestId("history-filter-status");
    this.template = scope.getByLabel("Template version");
    this.onlyMine = scope.getByLabel("Only mine");
    this.told = this.section.locator(".history-told");
    this.search = scope.getByLabel("Search batches");
    this.groupBy = scope.getByLabel("Group by");
    this.groups = scope.getByTestId("history-group");
    this.columns = scope.getByTestId("history-columns");
    this.trend = scope.getByTestId("trend");
    this.compare = scope.getByTestId("compare");
    this.comparison = scope.getByTestId("batch-comparison");
    this.pager = scope.getByRole("navigation", { name: "Pages of batches" });
    this.next = this.pager.getByRole("button", { name: "Next" });
    this.previous = this.pager.getByRole("button", { name: "Previous" });
  }

  /** Shows filters and order, where a phone has folded them away. */
  async unfold(): Promise<void> {
    const button = this.section.getByTestId("unfold-filters");
    if (await button.isVisible()) await button.click();
  }

  row(id: string): Locator {
    return this.scope.locator(`[data-testid="history-row"][data-batch-id="${id}"]`);
  }

  /** Ticks the row at this place to be compared. */
  async tick(place: number): Promise<void> {
    await this.rows.nth(place).getByTestId("tick-batch").check();
  }

  /** Sorts by the heading of this name, as it is in the table. */
  async sortBy(heading: string): Promise<void> {
    await this.section.getByRole("columnheader", { name: heading }).getByRole("button").click();
  }

  async open(id: string): Promise<void> {
    await this.row(id).locator(".cell-batch").getByRole("button").click();
  }

  async rerun(id: string): Promise<void> {
    await this.row(id).getByTestId("rerun-batch").click();
  }

  async settled(): Promise<void> {
    await expect(this.scope.getByRole("region", { name: "Past batches" }).last()).toHaveAttribute(
      "aria-busy",
      "false",
    );
    await expect(this.rows.first()).toBeVisible();
  }

  /** The status of each row, from above. */
  statuses(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["status"] ?? ""));
  }

  /** The cell under this heading in each row, from above. */
  cells(heading: string): Promise<string[]> {
    return this.rows.locator(`[data-label="${heading}"]`).allInnerTexts();
  }
}

/** One batch in detail. */
export class Details {
  readonly article: Locator;
  readonly heading: Locator;
  readonly results: Locator;
  readonly back: Locator;
  readonly rerun: Locator;

  constructor(readonly scope: Scope) {
    this.article = scope
      .getByRole("article")
      .filter({ has: scope.getByRole("heading", { level: 1 }) as Locator });
    this.heading = scope.getByRole("heading", { level: 1 });
    this.results = scope.getByRole("table", { name: "Leads of this batch" });
    this.back = scope.getByRole("button", { name: "← Back" });
    this.rerun = scope.getByTestId("rerun-batch");
  }

  fact(label: string): Locator {
    return this.scope
      .locator(".facts div")
      .filter({ has: this.scope.locator("dt", { hasText: label }) as Locator })
      .locator("dd");
  }
}
