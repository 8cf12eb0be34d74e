import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SmtpServer, startSmtpServer } from "@carillon/testing/smtp-server";
import { eventually } from "@carillon/testing/until";
import { ruleGroups } from "./rules.ts";

const command = ["alertmanager", "prometheus-alertmanager"].find((name) => Bun.which(name) !== null) ?? null;
if (command === null)
  process.stderr.write(
    "\n*** No alert travelled through a real Alertmanager: it is not here (Debian: prometheus-alertmanager). ***\n",
  );

type Arrived = { path: string; body: string };
const password = "mail-password";
const routingKey = "routing-key";

/** Our configuration with files, relay and PagerDuty on this machine, and without delays. */
function configurationIn(folder: string, standIn: number, smtp: number): string {
  const files = {
    "slack-url": `http://127.0.0.1:${standIn}/slack`,
    "pagerduty-key": routingKey,
    "smtp-password": password,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const own = readFileSync(join(import.meta.dir, "../alertmanager/alertmanager.yaml"), "utf8")
    .replaceAll("/etc/alertmanager/secrets/carillon-alerting", folder)
    .replace(
      /^ {2}smtp_smarthost: .*$/m,
      `  smtp_smarthost: "127.0.0.1:${smtp}"\n  pagerduty_url: http://127.0.0.1:${standIn}/pagerduty`,
    )
    // The sink's certificate is self-signed.
    .replace(/^( +)- to: .*$/m, "$&\n$1  tls_config: { insecure_skip_verify: true }")
    .replace(/group_wait: .*/g, "group_wait: 100ms");
  const file = join(folder, "alertmanager.yaml");
  writeFileSync(file, own);
  return file;
}

/** An alert as sent by Prometheus, with the labels and annotations of its rule. */
function alertNamed(name: string, labels: Record<string, string> = {}) {
  const rule = [...ruleGroups().values()]
    .flat()
    .flatMap(({ rules }) => rules)
    .find(({ alert }) => alert === name);
  if (!rule) throw new Error(`There is no rule ${name}.`);
  return {
    labels: { alertname: name, namespace: "carillon", ...rule.labels, ...labels },
    annotations: rule.annotations,
  };
}

describe.if(command !== null)("through a real Alertmanager", () => {
  const folder = mkdtempSync(join(tmpdir(), "carillon-alertmanager-"));
  const arrived: Arrived[] = [];
  const standIn = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      arrived.push({ path: new URL(request.url).pathname, body: await request.text() });
      return Response.json({ status: "success", message: "", dedup_key: "1" }, { status: 202 });
    },
  });
  let smtp: SmtpServer;
  let child: ReturnType<typeof Bun.spawn>;
  const to = (path: string): string[] => arrived.filter((one) => one.path === path).map(({ body }) => body);

  beforeAll(async () => {
    smtp = await startSmtpServer({ users: { "alerts@example.com": password }, now: new Date() });
    const file = configurationIn(folder, Number(standIn.port), smtp.port);
    const free = Bun.serve({ port: 0, fetch: () => new Response() });
    const port = Number(free.port);
    await free.stop(true);
    const options = [
      `--config.file=${file}`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    child = Bun.spawn([command ?? "", ...options, "--cluster.listen-address=", "--log.level=warn"], {
      stdout: "ignore",
      stderr: "inherit",
    });
    const address = `http://127.0.0.1:${port}`;
    await eventually("Alertmanager is ready", async () => (await fetch(`${address}/-/ready`)).ok);
    const consumer = { group: "audit", topic: "task-events" };
    const alerts = [
      alertNamed("ConsumerStuck", consumer),
      alertNamed("ConsumerLag", consumer),
      alertNamed("RemindersAreLate"),
      alertNamed("CertificateExpires"),
    ];
    const posted = await fetch(`${address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(posted.status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    child?.kill("SIGTERM");
    await child?.exited;
    await Promise.all([standIn.stop(true), smtp?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("a critical one reaches PagerDuty with its key and its runbook", async () => {
    await eventually("PagerDuty heard", async () => to("/pagerduty").length > 0);
    const events: { routing_key: string; payload: { summary: string; custom_details: { runbook: string } } }[] = to(
      "/pagerduty",
    ).map((body) => JSON.parse(body));
    expect(events.map(({ routing_key }) => routing_key)).toEqual([routingKey]);
    expect(events[0]?.payload.summary).toBe("A consumer has stopped");
    expect(events[0]?.payload.custom_details.runbook).toEndWith("/consumer-stuck.md");
  }, 60_000);

  test("Slack hears of critical ones and warnings, and not of what another one explains", async () => {
    await eventually("Slack heard twice", async () => to("/slack").length >= 2);
    const text = to("/slack").join("\n");
    expect(text).toContain("/consumer-stuck.md");
    expect(text).toContain("/reminders-are-late.md");
    expect(text).not.toContain("/consumer-lag.md");
    expect(text).not.toContain("/certificate-expires.md");
  }, 60_000);

  test("what has days goes by mail, through the relay's login", async () => {
    await eventually("the mail came", async () => smtp.received.length > 0);
    expect(JSON.stringify(smtp.received)).toContain("A certificate expires within two weeks");
    expect(smtp.received).toHaveLength(1);
  }, 60_000);
});
