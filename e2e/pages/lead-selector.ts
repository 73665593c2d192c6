import { expect, type Locator } from "@playwright/test";
import type { Scope } from "./scope";

/** The table of leads with its search, filters, pages and choice. */
export class LeadSelector {
  readonly table: Locator;
  readonly frame: Locator;
  readonly rows: Locator;
  readonly checkboxes: Locator;
  readonly pageCheckbox: Locator;
  readonly allMatching: Locator;
  readonly clearButton: Locator;
  readonly count: Locator;
  readonly origin: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly onlyChosen: Locator;
  readonly tooMany: Locator;
  readonly search: Locator;
  readonly statusFilter: Locator;
  readonly originFilter: Locator;
  readonly badgeFilter: Locator;
  readonly pager: Locator;
  readonly range: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  readonly pageSize: Locator;

  constructor(readonly scope: Scope) {
    this.table = scope.getByTestId("lead-table");
    this.frame = scope.getByRole("region", { name: "Leads", exact: true });
    this.rows = scope.getByTestId("lead-row");
    this.checkboxes = scope.getByTestId("lead-checkbox");
    this.pageCheckbox = scope.getByTestId("select-all");
    this.allMatching = scope.getByTestId("select-all-matching");
    this.clearButton = scope.getByTestId("clear-selection");
    this.origin = scope.getByTestId("choice-origin");
    this.undo = scope.getByTestId("undo-choice");
    this.redo = scope.getByTestId("redo-choice");
    this.onlyChosen = scope.getByTestId("only-chosen");
    this.tooMany = scope.getByTestId("too-many");
    this.count = scope.getByTestId("selection-count");
    this.search = scope.getByTestId("lead-search");
    this.statusFilter = scope.getByTestId("lead-filter-status");
    this.originFilter = scope.getByTestId("lead-filter-manual");
    this.badgeFilter = scope.getByTestId("lead-filter-badges");
    this.pager = scope.getByRole("navigation", { name: "Pages of leads" });
    this.range = this.pager.locator(".pager-range");
    this.next = this.pager.getByRole("link", { name: "Next" });
    this.previous = this.pager.getByRole("link", { name: "Previous" });
    this.pageSize = this.pager.getByLabel("Rows");
  }

  row(id: string): Locator {
    return this.scope.locator(`[data-testid="lead-row"][data-lead-id="${id}"]`);
  }

  checkbox(id: string): Locator {
    return this.row(id).getByTestId("lead-checkbox");
  }

  header(label: string): Locator {
    return this.table.getByRole("columnheader", { name: label });
  }

  /** The row at a place of the list, counted from 0. */
  rowAt(place: number): Locator {
    return this.scope.locator(`[data-testid="lead-row"][data-row="${place}"]`);
  }

  /** Scrolls to a share of the list, from 0 to 1, and waits until the rows there have been read. */
  async scrollTo(share: number): Promise<void> {
    await this.frame.evaluate((frame, share) => {
      frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * share;
    }, share);
    await expect(this.frame.locator("tbody .placeholder")).toHaveCount(0);
    await expect(this.rows.first()).toBeVisible();
  }

  /** How many leads are chosen, as the page tells it. */
  async chosenCount(): Promise<number> {
    return Number(/^[\d,]+/.exec(await this.count.innerText())?.[0].replaceAll(",", "") ?? 0);
  }

  /** Filters and sorting are folded away on small screens. */
  async unfold(): Promise<void> {
    const button = this.scope.getByTestId("unfold-filters");
    if ((await button.isVisible()) && (await button.getAttribute("aria-expanded")) === "false") {
      await button.click();
    }
  }

  async sortBy(label: string): Promise<void> {
    await this.unfold();
    await this.header(label).getByRole("button").click();
  }

  /** Rows are there and no newer ones are being read. */
  async settled(): Promise<void> {
    await expect(this.frame).toHaveAttribute("aria-busy", "false");
    await expect(this.rows.first()).toBeVisible();
  }

  /** The identifiers of the rows, from above. */
  shownIds(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["leadId"] ?? ""));
  }

  /** Chooses the first rows of the page that is shown; answers their identifiers. */
  async choose(count: number): Promise<string[]> {
    await this.settled();
    const ids = (await this.shownIds()).slice(0, count);
    for (const id of ids) await this.checkbox(id).check();
    return ids;
  }
}
