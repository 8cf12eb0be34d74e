import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { subscriptions } from "@carillon/contracts/catalog";
import { renamed } from "@carillon/contracts/dapr-names";
import { subscriptionFile } from "@carillon/contracts/dapr-subscriptions";
import { pubsubName, type ServiceName, services, topics } from "@carillon/contracts/names";
import { broadcastOf, usualNames } from "@carillon/contracts/platform-names";
import { localized, type Resource, readResources } from "./dapr-files.ts";
import { withSidecar } from "./settings.ts";

const resources = readResources();
const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
const named = (name: string): Resource => {
  const found = resources.find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`There is no resource ${name}.`);
  return found;
};

type Entry = { name: string; value?: string; secretKeyRef?: { name: string; key: string } };
const settingOf = (component: Resource, name: string): string =>
  (component.spec.metadata as Entry[]).find((entry) => entry.name === name)?.value ?? "";
const listOf = (component: Resource, name: string): string[] => settingOf(component, name).split(",").sort();
/** `api=a,b;audit=c` → `{api: [a, b], audit: [c]}` */
const scopesOf = (component: Resource, name: string): Record<string, string[]> =>
  Object.fromEntries(
    settingOf(component, name)
      .split(";")
      .map((one) => one.split("="))
      .map(([app, list]) => [app, list ? list.split(",") : []]),
  );

const place = {
  brokers: "127.0.0.1:22092",
  namesFile: "/data/names.db",
  secretsFile: "/data/secrets.json",
  zipkinUrl: "http://127.0.0.1:9411",
};

/** Paths of values that differ between the two. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (Bun.deepEquals(one, other)) return [];
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return [path];
  const [left, right] = [Object.entries(one), Object.entries(other)].map(
    (entries) => new Map<string, unknown>(entries),
  );
  const keys = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...keys].flatMap((key) => differences(left?.get(key), right?.get(key), `${path}/${key}`));
}

describe("a laptop's files are the repository's", () => {
  const changed = (name: string) => differences(named(name), localized(named(name), place));

  test("except for the broker's address, the secrets' location, names, spans, and caller rules", () => {
    expect(changed("kafka-pubsub")).toEqual(["/spec/metadata/0/value"]);
    expect(changed("kafka-pubsub-broadcast")).toEqual(["/spec/metadata/0/value"]);
    expect(changed("kubernetes-secrets")).toEqual(["/spec/type", "/spec/metadata/0", "/spec/metadata/1"]);
    for (const { metadata } of ofKind("Configuration")) {
      expect(changed(metadata.name).sort()).toEqual(["/spec/accessControl", "/spec/nameResolution", "/spec/tracing"]);
    }
  });

  test("and all others word for word", () => {
    for (const name of [
      "statestore",
      "reminder-cron",
      "carillon",
      ...ofKind("Subscription").map((one) => one.metadata.name),
    ]) {
      expect(changed(name)).toEqual([]);
    }
  });

  test("the broker's address and login come first, where platforms patch them", () => {
    for (const name of [pubsubName, broadcastOf(usualNames)]) {
      const [first, second] = named(name).spec.metadata as Entry[];
      expect([first?.name, second?.name]).toEqual(["brokers", "authType"]);
    }
  });
});

describe("every name is the code's", () => {
  test("scopes and callers are services with a sidecar, and each of these has its own configuration", () => {
    const scopes = new Set(resources.flatMap((resource) => resource.scopes ?? []));
    expect([...scopes].sort()).toEqual([...withSidecar].sort());
    const configurations = ofKind("Configuration").map(({ metadata }) => metadata.name);
    expect(configurations.sort()).toEqual(withSidecar.map((name) => `carillon-${name}`).sort());
  });

  test("subscriptions are loaded by a service that the component lets read", () => {
    for (const { service, topic, broadcast } of subscriptions) {
      const component = named(broadcast ? broadcastOf(usualNames) : pubsubName);
      expect(component.scopes).toContain(service);
      expect(scopesOf(component, "subscriptionScopes")[service]).toEqual([topic]);
    }
  });

  test("api alone publishes; a consumer may only park in its own dead letters", () => {
    const publishers: Record<string, string[]> = { api: [...topics] };
    for (const { service, deadLetter } of subscriptions) if (deadLetter !== null) publishers[service] = [deadLetter];
    expect(scopesOf(named(pubsubName), "publishingScopes")).toEqual(publishers);
    expect(scopesOf(named(broadcastOf(usualNames)), "publishingScopes")).toEqual({ realtime: [] });
  });

  test("every topic is protected: a service that is not named for it has no access", () => {
    const all = [...topics, ...subscriptions.flatMap(({ deadLetter }) => deadLetter ?? [])].sort();
    expect(listOf(named(pubsubName), "allowedTopics")).toEqual(all);
    expect(listOf(named(pubsubName), "protectedTopics")).toEqual(all);
    expect(listOf(named(broadcastOf(usualNames)), "protectedTopics")).toEqual(["task-updates"]);
  });

  test("the state store is the one services use by default, and its tables are where the role may create them", () => {
    const asking = withSidecar.filter((service) => sourceOf(service).includes('STATE_STORE_NAME: text("statestore")'));
    expect(named("statestore").scopes).toEqual(expect.arrayContaining(asking));
    expect(settingOf(named("statestore"), "tablePrefix")).toStartWith("state.");
    expect(settingOf(named("statestore"), "metadataTableName")).toStartWith("state.");
  });

  test("what may be called exists: every path of an access rule is a route of that service", () => {
    for (const { metadata, spec } of ofKind("Configuration")) {
      const service = metadata.name.replace("carillon-", "") as ServiceName;
      const { policies = [] } = spec.accessControl as {
        policies?: { appId: string; operations: { name: string }[] }[];
      };
      for (const { appId, operations } of policies) {
        expect(services).toContain(appId as ServiceName);
        for (const { name } of operations) expect(routesOf(service)).toContain(name.replace("/*", "/:id"));
      }
    }
  });

  test("the sweep's binding calls a route of notification", () => {
    expect(routesOf("notification")).toContain(settingOf(named("reminder-cron"), "route"));
  });
});

const sourceOf = (service: ServiceName): string => {
  const folder = join(import.meta.dir, "../../..", service, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
};

/** Paths in the service's source, and those of the catalogue. */
const routesOf = (service: ServiceName): string[] => [
  ...[...sourceOf(service).matchAll(/"(\/internal\/[^"]+)"/g)].flatMap(([, path]) => path ?? []),
  ...subscriptions.filter((one) => one.service === service).map(({ route }) => route),
];

describe("a platform with other names", () => {
  const names = {
    pubsub: "events",
    stateStore: "notes",
    topics: { "task-events": "Team_A.changes", reminders: "bells", "task-updates": "screens" },
  };
  const all = resources.map((resource) => renamed(resource, names));
  const at = (name: string): Resource => {
    const found = all.find(({ metadata }) => metadata.name === name);
    if (!found) throw new Error(`There is no resource ${name}.`);
    return found;
  };

  test("subscriptions are what the catalogue's generator writes with these names", () => {
    const made = subscriptions.map((one) => Bun.YAML.parse(subscriptionFile(one, names)));
    const byName = (list: unknown[]) => new Set(list.map((one) => JSON.stringify(one)));
    expect(byName(all.filter(({ kind }) => kind === "Subscription"))).toEqual(byName(made));
  });

  test("components have them, allow what is subscribed and published, and have their retries", () => {
    const letters = ["Team_A.changes.audit.dlq", "Team_A.changes.recurring.dlq", "bells.notification.dlq"];
    expect(listOf(at("events"), "allowedTopics")).toEqual([...letters, "Team_A.changes", "bells", "screens"].sort());
    expect(scopesOf(at("events"), "publishingScopes")).toEqual({
      api: ["Team_A.changes", "bells", "screens"],
      audit: ["Team_A.changes.audit.dlq"],
      recurring: ["Team_A.changes.recurring.dlq"],
      notification: ["bells.notification.dlq"],
    });
    expect(scopesOf(at("events-broadcast"), "subscriptionScopes")).toEqual({ realtime: ["screens"] });
    const { components } = at("carillon").spec.targets as { components: object };
    expect(Object.keys(components)).toEqual(["events", "notes"]);
    expect(at("notes").spec.type).toBe("state.postgresql");
  });

  test("no usual name is left except in routes, and the usual names change nothing", () => {
    const text = JSON.stringify(all.filter(({ kind }) => kind !== "Configuration"))
      .replaceAll(/"default":"[^"]+"/g, "")
      .replaceAll(/"metadata":\{"name":"(audit|recurring|notification|realtime)-[a-z-]+"\}/g, "");
    expect(text).not.toMatch(/kafka-pubsub|statestore|task-events|task-updates|"reminders"|[=,]reminders/);
    expect(resources.map((resource) => renamed(resource, usualNames))).toEqual(resources);
  });
});
