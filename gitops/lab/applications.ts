import type { Cluster } from "./cluster.ts";
import { waitFor } from "./lab.ts";

type Condition = { type: string; message: string };
type Status = {
  sync?: { status?: string; revision?: string };
  health?: { status?: string };
  operationState?: { phase?: string; message?: string; syncResult?: { revision?: string } };
  conditions?: Condition[];
};

/** An Application of Argo CD, seen from outside. */
export class Application {
  constructor(
    private readonly cluster: Cluster,
    readonly name: string,
  ) {}

  async status(): Promise<Status> {
    const text = await this.cluster.field("argocd", `application/${this.name}`, "{.status}");
    return text === "" ? {} : JSON.parse(text);
  }

  async exists(): Promise<boolean> {
    return (await this.cluster.kubectl(["-n", "argocd", "get", `application/${this.name}`])).ok;
  }

  /** Milliseconds until the sync of `revision` succeeded without a diff. */
  synced(revision: string, timeoutMs = 240_000): Promise<number> {
    return waitFor(`${this.name} at ${revision.slice(0, 8)}`, timeoutMs, async () => {
      const { sync, operationState } = await this.status();
      const seen = `${sync?.status} ${sync?.revision?.slice(0, 8)}, ${operationState?.phase}: ${operationState?.message}`;
      if (sync?.status !== "Synced" || sync.revision !== revision || operationState?.phase !== "Succeeded")
        throw new Error(seen);
      return true;
    });
  }

  /** What `argocd app sync` does. */
  async sync(revision: string): Promise<void> {
    // Hooks run only when the sync requests them; the policy's options have to be repeated.
    const options = JSON.parse(
      await this.cluster.field("argocd", `application/${this.name}`, "{.spec.syncPolicy.syncOptions}"),
    );
    const operation = {
      initiatedBy: { username: "laboratory" },
      sync: { revision, prune: true, syncOptions: options, syncStrategy: { hook: {} } },
    };
    await this.cluster.must([
      "-n",
      "argocd",
      "patch",
      `application/${this.name}`,
      "--type=merge",
      "-p",
      JSON.stringify({ operation }),
    ]);
  }

  /** What `argocd app terminate-op` does: ends a stuck sync. */
  async terminate(): Promise<void> {
    const patch = JSON.stringify({ status: { operationState: { phase: "Terminating" } } });
    await this.cluster.must(["-n", "argocd", "patch", `application/${this.name}`, "--type=merge", "-p", patch]);
  }

  /** The message of its condition of that type, or null. */
  async condition(type: string): Promise<string | null> {
    return (await this.status()).conditions?.find((condition) => condition.type === type)?.message ?? null;
  }
}
