import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@carillon/testing/until";
import type { RuleGroup } from "../rules.ts";

const lab = process.env.LAB_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "carillon-kubernetes");

/** A Prometheus of release 3: `PROMETHEUS`, or the one that services/dev/lab/install-prometheus.sh builds; null when there is none. */
export function prometheusCommand(): string | null {
  const command = [process.env.PROMETHEUS ?? "", join(lab, "bin/prometheus")].find(
    (file) => file !== "" && existsSync(file),
  );
  if (command === undefined) return null;
  const { stdout, stderr } = Bun.spawnSync([command, "--version"]);
  return /version 3\./.test(`${stdout}${stderr}`) ? command : null;
}

export type FiringAlert = { alertname: string; labels: Record<string, string> };
export type RunningPrometheus = {
  /** Names of alerts that fire now, sorted, each once. */
  firing(): Promise<string[]>;
  /** `rule: error` of every rule that could not be evaluated, and how often the slowest group has been. */
  rules(): Promise<{ faults: string[]; iterations: number }>;
  /** The series of an instant query: labels and value. @throws Error with what Prometheus says of a query that it refuses. */
  query(expr: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  stop(): Promise<void>;
};

type Place = { command: string; port: number; targets: readonly string[]; groups: readonly RuleGroup[] };

/** Prometheus on a free port, asking `targets` (host:port) and evaluating `groups` twice a second. */
export async function startPrometheus({ command, port, targets, groups }: Place): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "carillon-prometheus-"));
  const pace = "500ms";
  const configuration = {
    global: { scrape_interval: pace, scrape_timeout: pace, evaluation_interval: pace },
    rule_files: ["rules.yaml"],
    scrape_configs: [{ job_name: "carillon", static_configs: [{ targets, labels: { namespace: "carillon" } }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "prometheus.yaml"), JSON.stringify(configuration));
  writeFileSync(join(folder, "rules.yaml"), JSON.stringify({ groups }));
  const address = `127.0.0.1:${port}`;
  const child = Bun.spawn(
    [
      command,
      "--config.file=prometheus.yaml",
      "--storage.tsdb.path=data",
      `--web.listen-address=${address}`,
      "--log.level=warn",
    ],
    { cwd: folder, stdout: "ignore", stderr: "inherit" },
  );
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://${address}/api/v1/${path}`);
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(`Prometheus refuses ${decodeURIComponent(path)}: ${JSON.stringify(body)}`);
    return body;
  };
  await eventually("Prometheus is ready", async () => (await fetch(`http://${address}/-/ready`)).ok);
  return {
    async firing() {
      const { data } = (await ask("alerts")) as AlertsAnswer;
      const names = data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels.alertname ?? "");
      return [...new Set(names)].toSorted();
    },
    async rules() {
      const { data } = (await ask("rules")) as RulesAnswer;
      const faults = data.groups.flatMap(({ rules }) =>
        rules.filter(({ health }) => health === "err").map(({ name, lastError }) => `${name}: ${lastError}`),
      );
      const counted = await (await fetch(`http://${address}/metrics`)).text();
      const iterations = [...counted.matchAll(/^prometheus_rule_group_iterations_total\{.*\} (\d+)/gm)];
      return { faults, iterations: Math.min(...iterations.map(([, times]) => Number(times))) };
    },
    async query(expr) {
      const { data } = (await ask(`query?query=${encodeURIComponent(expr)}`)) as QueryAnswer;
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Prometheus' own API, of which these fields are read.
type AlertsAnswer = { data: { alerts: { state: string; labels: Record<string, string> }[] } };
type RulesAnswer = { data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] } };
type QueryAnswer = { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };

const seconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The same rules with every duration divided by `factor`: hours of a rule pass in seconds. Limits and thresholds stay. */
export const hastened = (groups: readonly RuleGroup[], factor: number): RuleGroup[] => {
  const shorter = (given: string): string =>
    given.replace(/(\d+)([smhd])/g, (_all, amount: string, unit: string) => {
      const milliseconds = Math.round((Number(amount) * (seconds[unit] ?? 1) * 1_000) / factor);
      return `${milliseconds}ms`;
    });
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({
      ...rule,
      expr: rule.expr.replace(/\[(\w+)\]|\boffset (\w+)/g, shorter),
      ...(rule.for !== undefined && { for: shorter(rule.for) }),
    })),
  }));
};
