import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { renamed } from "@carillon/contracts/dapr-names";
import { usualNames } from "@carillon/contracts/platform-names";
import { at, kustomizeFolder, parseManifests, textAt } from "../src/files.ts";
import { daprObjects, namesComponent } from "../src/names-component.ts";
import { kustomizeCommand, renderText } from "../src/render.ts";

const command = kustomizeCommand();
const folder = mkdtempSync(join(tmpdir(), "carillon-names-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = {
  pubsub: "events",
  stateStore: "notes",
  topics: { "task-events": "team-a.changes", reminders: "bells", "task-updates": "screens" },
};

function rendered(of: typeof names | typeof usualNames) {
  const own = mkdtempSync(join(folder, "overlay-"));
  mkdirSync(join(own, "names"));
  writeFileSync(join(own, "names/kustomization.yaml"), namesComponent(of));
  const base = relative(own, join(kustomizeFolder, "tests/managed-broker"));
  const overlay = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: [base] };
  writeFileSync(join(own, "kustomization.yaml"), Bun.YAML.stringify({ ...overlay, components: ["names"] }, null, 2));
  return parseManifests(renderText(command ?? [], relative(join(kustomizeFolder, ".."), own)));
}

const givesThem = "an overlay with other names gives them to every sidecar's file and every service";
if (command === null) process.stderr.write(`*** "${givesThem}" did NOT run: there is no kustomize. ***\n`);
else
  test(givesThem, () => {
    const manifests = rendered(names);
    const topicsOf = (spec: unknown) => [at(spec, "pubsubname"), at(spec, "topic"), at(spec, "deadLetterTopic")];
    const scopesOf = (spec: unknown) =>
      ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes"].map((name) =>
        settingOf(spec, name),
      );
    for (const object of daprObjects()) {
      const wanted = renamed({ ...object, spec: { ...Object(object.spec) } }, names);
      const found = manifests.find(
        ({ kind, metadata }) => kind === wanted.kind && metadata.name === wanted.metadata.name,
      );
      expect(found?.metadata.name).toBe(wanted.metadata.name);
      expect(topicsOf(found?.spec)).toEqual(topicsOf(wanted.spec));
      expect(scopesOf(found?.spec)).toEqual(scopesOf(wanted.spec));
      if (wanted.kind === "Resiliency") expect(found?.spec).toEqual(wanted.spec);
    }
    const settings = manifests.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith("carillon-settings"),
    );
    expect(textAt(settings, "data", "TASK_EVENTS_TOPIC")).toBe("team-a.changes");
    expect(textAt(settings, "data", "STATE_STORE_NAME")).toBe("notes");
  });

function settingOf(spec: unknown, name: string): unknown {
  const entries = at(spec, "metadata");
  return Array.isArray(entries)
    ? at(
        entries.find((entry) => at(entry, "name") === name),
        "value",
      )
    : undefined;
}

test("the usual names change nothing but say themselves", () => {
  expect(Bun.YAML.parse(namesComponent(usualNames))).toMatchObject({ patches: [] });
});
