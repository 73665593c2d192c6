import { expect, type Locator, type Page } from "@playwright/test";
import { operator, signIn, test as base } from "../fixtures/app";
import type { Backend, LoggedRequest } from "../fixtures/backend";
import { Details, History, Tracker } from "./batches";
import { CostPreview, LaunchDialog } from "./launch";
import { LeadSelector } from "./lead-selector";
import type { Scope } from "./scope";

export { expect, operator };

/** Another person of the same organisation. */
export const colleague = { email: "second@harborlane.example", password: operator.password };
/** A person without an organisation. */
export const outsider = { email: "lonely@nowhere.example", password: operator.password };

type Credentials = typeof operator;

/** The form by which people sign in, as a page of its own or in front of the app. */
export class SignInForm {
  readonly form: Locator;
  readonly email: Locator;
  readonly password: Locator;
  readonly submit: Locator;

  constructor(scope: Scope) {
    this.form = scope.getByTestId("sign-in");
    this.email = scope.getByTestId("sign-in-email");
    this.password = scope.getByTestId("sign-in-password");
    this.submit = scope.getByTestId("sign-in-submit");
  }

  async enter(who: Credentials): Promise<void> {
    await this.email.fill(who.email);
    await this.password.fill(who.password);
    await this.submit.click();
  }
}

/** The whole app in a page, and what its backend knows about it. */
export class BatchRunner {
  readonly scope: Scope;
  readonly signInForm: SignInForm;
  readonly leads: LeadSelector;
  readonly cost: CostPreview;
  readonly launch: LaunchDialog;
  readonly tracker: Tracker;
  readonly history: History;
  readonly details: Details;
  readonly toasts: Locator;
  readonly liveRegion: Locator;
  readonly signOut: Locator;
  /** Where the page is opened: at the backend, unless something stands between. */
  origin: string;

  constructor(
    readonly page: Page,
    readonly backend: Backend,
    scope: Scope = page,
  ) {
    this.scope = scope;
    this.origin = backend.baseURL;
    this.signInForm = new SignInForm(scope);
    this.leads = new LeadSelector(scope);
    this.cost = new CostPreview(scope);
    this.launch = new LaunchDialog(scope);
    this.tracker = new Tracker(scope);
    this.history = new History(scope);
    this.details = new Details(scope);
    this.toasts = scope.getByTestId("toast");
    this.liveRegion = scope.getByTestId("live-region");
    this.signOut = scope.getByRole("button", { name: "Sign out" });
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(this.backend.pageURL.replace(this.backend.baseURL, this.origin) + query);
  }

  async openSignedIn(query = "", who: Credentials = operator): Promise<void> {
    await signIn(this.page, this.backend, who);
    await this.open(query);
  }

  async view(name: "New batch" | "Running" | "History"): Promise<void> {
    await this.scope.getByRole("navigation", { name: "Views" }).getByRole("link", { name }).click();
  }

  toast(text: string | RegExp): Locator {
    return this.toasts.filter({ hasText: text });
  }

  /** Chooses the first leads of the shown page and waits for their price, in dollars. */
  async chooseAndPrice(count: number): Promise<number> {
    await this.leads.choose(count);
    return this.cost.pricedFor(count);
  }

  /** Opens the review of what is chosen, ready to be approved. */
  async review(): Promise<void> {
    await this.cost.review.click();
    await this.launch.ready();
  }

  /** The same where something speaks against it, which is meant all the same. */
  async reviewAllTheSame(): Promise<void> {
    await this.cost.review.click();
    await this.launch.accept.check();
    await this.launch.ready();
  }

  /**
   * Chooses so many leads, reviews and approves; answers the new batch's identifier as the backend has it. `again` says
   * that the same leads were bought just before.
   */
  async startBatch(count: number, name = "Started by a test", { again = false } = {}): Promise<string> {
    const before = new Set((await this.backend.batches()).map((batch) => batch.id));
    if (count >= 50) {
      await this.leads.settled();
      await this.leads.pageCheckbox.check();
      await this.cost.pricedFor(await this.leads.rows.count());
    } else {
      await this.chooseAndPrice(count);
    }
    await this.cost.name.fill(name);
    await (again ? this.reviewAllTheSame() : this.review());
    await this.launch.start.click();
    await expect(this.launch.dialog).toHaveCount(0);
    const started = (await this.backend.batches()).filter((batch) => !before.has(batch.id));
    expect(started, "batches started by one approval").toHaveLength(1);
    const id = started[0]?.id ?? "";
    await expect(this.tracker.card(id).root).toBeVisible();
    return id;
  }

  /** The requests by which batches were started, or tried to. */
  starts(): Promise<LoggedRequest[]> {
    return this.backend.requests({ method: "POST", path: "/api/batch/start" });
  }

  /** Batches that are not part of the invented past. */
  async stored(id: string) {
    const found = (await this.backend.batches()).find((batch) => batch.id === id);
    if (!found) throw new Error(`The backend has no batch ${id}.`);
    return found;
  }
}

interface AppFixture {
  /** How the lead table is gone through: `test.use({ rows: "all" })` for one list to scroll through. */
  rows: "pages" | "all";
  app: BatchRunner;
  /** The invented past: identifiers of the batches that were there before the test. */
  past: Set<string>;
}

export const test = base.extend<AppFixture>({
  rows: ["pages", { option: true }],
  app: async ({ page, backend, rows }, use) => {
    if (rows === "pages") {
      await page.addInitScript(() => (localStorage["batch-runner.page-size"] ??= "50"));
    }
    await use(new BatchRunner(page, backend));
  },
  past: async ({ backend }, use) => {
    await use(new Set((await backend.batches()).map((batch) => batch.id)));
  },
});

/** What a browser writes to its console about a request that was answered with an error or not at all. */
export const failedRequest = /Failed to load resource|net::ERR_/;
/** What a browser writes to its console about a socket that could not be opened or broke. */
export const failedSocket = /WebSocket connection to .* failed/;
