import type { Backend } from "../fixtures/backend";
import { colleague } from "./batch-runner";

/** Somebody who uses the same server without this page. */
export class OtherClient {
  private constructor(
    readonly backend: Backend,
    readonly email: string,
    readonly token: string,
  ) {}

  static async signIn(backend: Backend, who = colleague): Promise<OtherClient> {
    const answer = await fetch(`${backend.baseURL}/api/v1/accounts/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(who),
    });
    if (!answer.ok) throw new Error(`Signing in answered ${answer.status}: ${await answer.text()}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    return new OtherClient(backend, who.email, access_token);
  }

  /** The identifiers of the newest leads. */
  async leadIds(limit: number): Promise<string[]> {
    const answer = await fetch(`${this.backend.baseURL}/api/v1/leads?limit=${limit}`, {
      headers: this.#headers(),
    });
    const { leads } = (await answer.json()) as { leads: { id: string }[] };
    return leads.map((lead) => lead.id);
  }

  /** Starts a batch with the newest leads, or with these; answers its identifier. */
  async start(leads: number | string[], name = "Started elsewhere"): Promise<string> {
    const ids = typeof leads === "number" ? await this.leadIds(leads) : leads;
    const answer = await fetch(`${this.backend.baseURL}/api/batch/start`, {
      method: "POST",
      headers: this.#headers(),
      body: JSON.stringify({
        lead_ids: ids,
        name,
        template_version: "v1",
        estimated_cost_usd: ids.length * 0.7,
        cost_approved: true,
        retry_failed: true,
        created_by: this.email,
      }),
    });
    if (!answer.ok) throw new Error(`Starting answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { id?: string; batch_id?: string }).id ?? "";
  }

  #headers(): Record<string, string> {
    return { "Content-Type": "application/json", Authorization: `Bearer ${this.token}`, Connection: "close" };
  }
}
