import { createHash, randomBytes } from "node:crypto";
import type { ApiDeps } from "../../deps.ts";
import type { FlowSecrets } from "./provider.ts";

/** How long the provider's page may take: typing a password there, and a second factor. */
export const flowSeconds = 600;

/** Who links an identity; null: a sign-in. */
export type FlowOwner = { userId: string; sessionId: string } | null;

/** Begins a flow. Its answer stays with the browser, and no database holds it: what it proves is derived from it. */
export async function openFlow(
  { sql, clock }: ApiDeps,
  owner: FlowOwner,
  { again }: { again: boolean },
): Promise<string> {
  const flow = randomBytes(32).toString("base64url");
  const expiresAt = new Date(clock.now().getTime() + flowSeconds * 1_000);
  await sql`
    insert into api.provider_flows (flow_hash, user_id, session_id, again, expires_at)
    values (${flowHash(flow)}, ${owner?.userId ?? null}, ${owner?.sessionId ?? null}, ${again}, ${expiresAt})`;
  return flow;
}

/** Ends a flow with its first answer, right or wrong. Null for one that is over, another person's, or for something else. */
export async function takeFlow(
  { sql, clock }: ApiDeps,
  flow: string,
  owner: FlowOwner,
): Promise<{ again: boolean } | null> {
  const [taken] = await sql<{ again: boolean }[]>`
    delete from api.provider_flows
    where flow_hash = ${flowHash(flow)} and user_id is not distinct from ${owner?.userId ?? null}::uuid
      and session_id is not distinct from ${owner?.sessionId ?? null}::uuid and expires_at > ${clock.now()}
    returning again`;
  return taken ?? null;
}

export const secretsOf = (flow: string): FlowSecrets => ({
  state: derive("state", flow).toString("base64url"),
  nonce: derive("nonce", flow).toString("base64url"),
  verifier: derive("verifier", flow).toString("base64url"),
});

export const flowHash = (flow: string): Buffer => derive("row", flow);

const derive = (purpose: string, flow: string): Buffer =>
  createHash("sha256").update(`provider flow ${purpose} ${flow}`).digest();
