import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { recorded } from "./foreign-metrics.ts";
import { dashboards } from "./generated.ts";
import { faultsOf } from "./known-metrics.ts";
import { availability, inTime, slowSeconds } from "./requests.ts";
import { ruleGroups } from "./rules.ts";

const root = join(import.meta.dir, "..");
const rules = [...ruleGroups().values()].flat().flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert !== undefined);
const kebab = (name: string): string => name.replace(/(?<!^)(?=[A-Z])/g, "-").toLowerCase();

test("an alert reads only exported metrics, by labels they have", () => {
  const faults = rules.flatMap(({ alert, record, expr }) =>
    faultsOf(expr).map((fault) => `${alert ?? record}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

test("what dashboards read as recorded is recorded, and nothing else is", () => {
  const names = rules.flatMap(({ record }) => record ?? []);
  expect(names.sort()).toEqual(
    Object.values(recorded)
      .map(({ name }) => name)
      .sort(),
  );
});

test("every alert says how urgent it is, what it means, and has a runbook of its own", () => {
  for (const { alert = "", labels, annotations } of alerts) {
    expect(["warning", "critical"]).toContain(labels?.severity ?? "");
    expect(annotations?.summary ?? "").not.toBe("");
    expect(annotations?.description ?? "").not.toBe("");
    expect(annotations?.runbook_url ?? "").toEndWith(`/observability/runbooks/${kebab(alert)}.md`);
  }
  const runbooks = readdirSync(join(root, "runbooks")).filter((file) => file !== "README.md");
  expect(runbooks.sort()).toEqual(alerts.map(({ alert = "" }) => `${kebab(alert)}.md`).sort());
});

test("no two alerts have one name", () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

test("a runbook says what it means, where to look, what to do and whom to wake", () => {
  for (const file of readdirSync(join(root, "runbooks")).filter((name) => name !== "README.md")) {
    const text = readFileSync(join(root, "runbooks", file), "utf8");
    for (const part of ["**Means.**", "**Look.**", "**Do.**", "**Wake.**"]) expect(`${file} ${text}`).toContain(part);
  }
});

test("the service level of the alerts is the one of the dashboards", () => {
  const exprOf = (name: string) => alerts.find(({ alert }) => alert === name)?.expr ?? "";
  const budget = (1 - availability).toFixed(3);
  expect(exprOf("ErrorBudgetBurnsFast")).toContain(`14.4 * ${budget}`);
  expect(exprOf("ErrorBudgetBurnsSlowly")).toContain(`6 * ${budget}`);
  expect(exprOf("AnswersAreSlow")).toContain(`> ${(1 - inTime).toFixed(2)}`);
  expect(rules.find(({ record }) => record === recorded.slowRatio5m.name)?.expr).toContain(`le="${slowSeconds}"`);
});

test("the kustomization carries every dashboard and every rule", () => {
  const text = readFileSync(join(root, "kustomization.yaml"), "utf8");
  const files = [
    ...readdirSync(join(root, "generated"))
      .filter((file) => file.endsWith(".json"))
      .map((file) => `generated/${file}`),
    ...[...ruleGroups().keys()].map((file) => `alerts/${file}`),
  ];
  expect(files.filter((file) => !text.includes(file))).toEqual([]);
});

/** Runs a tool over files of this folder; returns its output when it failed. */
function complaintOf(tool: string, ...more: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([tool, ...more], { cwd: root });
  return exitCode === 0 ? "" : `${stdout}${stderr}`;
}

const testFiles = readdirSync(join(root, "alerts/tests")).map((file) => join("alerts/tests", file));

describe.if(isPresent("promtool"))("with promtool", () => {
  test("the rules are valid", () => expect(complaintOf("promtool", "check", "rules", "generated/rules.yaml")).toBe(""));

  for (const file of testFiles) {
    test(`${basename(file, ".yaml")}: alerts fire when they should, and not before`, () =>
      expect(complaintOf("promtool", "test", "rules", file)).toBe(""));
  }

  test("what dashboards ask is PromQL", () => {
    const asked = dashboards.flatMap(({ sections }) =>
      sections.flatMap(({ panels }) => panels.flatMap((one) => one.queries)),
    );
    const rules = asked.map(({ expr }, at) => ({ record: `asked_${at}`, expr: expr.replace(/\$__\w+/g, "5m") }));
    const file = join(mkdtempSync(join(tmpdir(), "carillon-promql-")), "rules.yaml");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "asked", rules }] }));
    expect(complaintOf("promtool", "check", "rules", file)).toBe("");
    expect(rules.length).toBeGreaterThan(80);
  });

  test("the scrape configuration is valid", () =>
    expect(complaintOf("promtool", "check", "config", "--syntax-only", "prometheus/prometheus.yaml")).toBe(""));

  test("every alert is fired by a test", () => {
    const tested = testFiles.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
    const untested = alerts.filter(({ alert }) => !tested.includes(`ALERTS{alertname="${alert}",alertstate="firing"}`));
    expect(untested.map(({ alert }) => alert)).toEqual([]);
  });
});

describe.if(isPresent("amtool"))("with amtool", () => {
  test("the routing is valid", () =>
    expect(complaintOf("amtool", "check-config", "alertmanager/alertmanager.yaml")).toBe(""));

  const receiverOf = (...labels: string[]): string => {
    const command = ["amtool", "config", "routes", "test", "--config.file=alertmanager/alertmanager.yaml", ...labels];
    return Bun.spawnSync(command, { cwd: root }).stdout.toString().trim();
  };

  test("a critical alert wakes a person; a warning does not", () => {
    expect(receiverOf("alertname=RemindersUnaccounted", "severity=critical")).toBe("pagerduty,slack");
    expect(receiverOf("alertname=DeadLetters", "severity=warning")).toBe("slack");
    expect(receiverOf("alertname=CertificateExpires", "severity=warning")).toBe("email");
  });
});

function isPresent(tool: string): boolean {
  if (Bun.which(tool)) return true;
  process.stderr.write(
    `\n*** ${tool} is not here: alerts and their routing were NOT tried out (Debian: prometheus, prometheus-alertmanager). ***\n`,
  );
  return false;
}
