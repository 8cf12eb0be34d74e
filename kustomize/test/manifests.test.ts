import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  addressesLead,
  namesAreTheCodes,
  onlyOpenPaths,
  topicsAndMetricsExist,
  variablesKnown,
} from "../src/code-laws.ts";
import { kustomizeFolder, type Manifest, parseManifests, readManifests, root, textAt, wordsAt } from "../src/files.ts";
import {
  imagesPinned,
  type Law,
  noReplicasBesideScaler,
  nothingLeftOpen,
  podsAreSafe,
  portsExist,
  restoresApart,
  targetsExist,
} from "../src/laws.ts";
import { networkPolicies, readEdges } from "../src/network-edges.ts";
import { componentTypesKnown, referencesExist } from "../src/references.ts";
import { folders, kustomizeCommand, render, renderText } from "../src/render.ts";
import { settingsOf } from "../src/service-settings.ts";
import { validate } from "../src/validate.ts";
import { workloadsOf } from "../src/workloads.ts";

const command = kustomizeCommand();
const { overlays, combinations, environments } = folders;
const all = [...overlays, ...combinations, ...environments];

/** Laws for everything that renders; two more apply to environments. */
const laws: Record<string, Law> = {
  portsExist,
  targetsExist,
  noReplicasBesideScaler,
  podsAreSafe,
  referencesExist,
  componentTypesKnown,
  variablesKnown,
  namesAreTheCodes,
  addressesLead,
  topicsAndMetricsExist,
  onlyOpenPaths,
  restoresApart,
};

/** Object counts of each folder, without dashboards and alert rules: a lost component shows here. */
const counts: Record<string, number> = {
  "kustomize/overlays/aks": 95,
  "kustomize/overlays/gke": 95,
  "kustomize/overlays/minikube": 69,
  "kustomize/overlays/oke": 96,
  "kustomize/tests/aks-environment": 95,
  "kustomize/tests/bare": 45,
  "kustomize/tests/gke-environment": 95,
  "kustomize/tests/managed-broker": 97,
  "kustomize/tests/oke-environment": 96,
  "kustomize/tests/preview": 56,
  "kustomize/tests/restore": 95,
  "kustomize/tests/scaled": 63,
};

const isObserved = ({ kind, metadata }: Manifest): boolean =>
  kind === "PrometheusRule" || metadata.labels?.grafana_dashboard !== undefined;

test("the network's edges are those of the catalogue, Dapr's files, the settings and the routes", () => {
  const written = readFileSync(join(kustomizeFolder, "components/network-policies/generated/services.yaml"), "utf8");
  expect(written).toBe(networkPolicies(readEdges(settingsOf)));
});

test("those who reach the stores are those who use them", () => {
  const { broker, database } = readEdges(settingsOf);
  const valuesOf = (file: string, name: string, ...path: (string | number)[]): string[] => {
    const policy = readManifests(file).find(({ metadata }) => metadata.name === name);
    return wordsAt(policy, "spec", ...path, "matchExpressions", 0, "values").toSorted();
  };
  const stores = "components/network-policies/stores.yaml";
  const peers = ["ingress", 0, "from", 0, "podSelector"] as const;
  expect(valuesOf(stores, "postgres", ...peers)).toEqual(database.toSorted());
  expect(valuesOf("components/cloudnative-pg/policy.yaml", "postgres-cluster", ...peers)).toEqual(database.toSorted());
  expect(valuesOf(stores, "redpanda", ...peers)).toEqual(broker.toSorted());
  expect(valuesOf("components/redpanda-cloud/egress.yaml", "managed-broker", "podSelector")).toEqual(broker.toSorted());
});

test("images use the Bun that everything is tested with", () => {
  const dockerfile = readFileSync(join(root, "services/Dockerfile"), "utf8");
  const bases = [...dockerfile.matchAll(/^ARG (?:BUILDER|BUN)=docker\.io\/oven\/bun:(\d+\.\d+\.\d+)-\w+$/gm)];
  const bootstrap = readFileSync(join(root, "services/dev/bootstrap.mjs"), "utf8");
  expect(bases).toHaveLength(2);
  expect(bases.filter(([, version]) => !bootstrap.includes(`"${version}"`))).toEqual([]);
});

if (command === null) {
  process.stderr.write("*** Manifests were NOT rendered: there is no kustomize (KUSTOMIZE, or on the path). ***\n");
} else {
  describe("what renders", () => {
    for (const folder of all) {
      test(`${folder} breaks no law`, () => {
        const manifests = render(command, folder);
        const broken = Object.entries(laws).flatMap(([name, law]) =>
          law(manifests).map((fault) => `${name}: ${fault}`),
        );
        expect(broken).toEqual([]);
      });
    }

    for (const folder of [...overlays, ...combinations]) {
      test(`${folder} has all of its parts`, () => {
        expect(render(command, folder).filter((one) => !isObserved(one))).toHaveLength(counts[folder] ?? 0);
      });
    }

    for (const folder of environments) {
      test(`${folder} leaves nothing open`, () => {
        expect(nothingLeftOpen(render(command, folder))).toEqual([]);
      });
    }

    for (const folder of environments.filter((one) => !one.endsWith("/minikube"))) {
      test(`${folder} runs what was tested, to the byte`, () => {
        expect(imagesPinned(render(command, folder))).toEqual([]);
      });
    }

    test("every service and every job of the product is in the base", () => {
      const names = workloadsOf(render(command, "kustomize/tests/bare")).map(({ kind, name }) => `${kind}/${name}`);
      expect(names.toSorted()).toEqual([
        "Deployment/api",
        "Deployment/audit",
        "Deployment/notification",
        "Deployment/ops",
        "Deployment/realtime",
        "Deployment/recurring",
        "Deployment/web",
        "Job/api-migrate",
        "Job/apply-topics",
        "Job/audit-migrate",
        "Job/notification-migrate",
        "Job/provision-database",
      ]);
    });

    test("migrations and topics come before the services, and what only an operator makes healthy comes last", () => {
      const waveOf = ({ metadata }: Manifest): number =>
        Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
      const waves = (...kinds: string[]): number[] => [
        ...new Set(
          render(command, "kustomize/overlays/gke")
            .filter(({ kind }) => kinds.includes(kind))
            .map(waveOf),
        ),
      ];
      expect(waves("ExternalSecret", "SecretStore", "ObjectStore")).toEqual([-2]);
      expect(waves("Cluster")).toEqual([-1]);
      expect(waves("Component", "Subscription", "Configuration", "Resiliency")).toEqual([0]);
      expect(waves("Job").toSorted()).toEqual([0, 1]);
      const deployments = render(command, "kustomize/overlays/gke").filter(
        ({ kind, metadata }) => kind === "Deployment" && metadata.name !== "otel-collector",
      );
      expect([...new Set(deployments.map(waveOf))]).toEqual([2]);
      expect(
        waves("Gateway", "HTTPRoute", "Certificate", "HorizontalPodAutoscaler", "ScaledObject", "PodMonitor"),
      ).toEqual([3]);
    });

    test("minikube's script makes every secret that is read there", () => {
      const script = readFileSync(join(kustomizeFolder, "overlays/minikube/secrets.sh"), "utf8");
      const asked = JSON.stringify(workloadsOf(render(command, "kustomize/overlays/minikube")));
      const needed = ["carillon-tokens", "carillon-database", "carillon-database-owner", "carillon-database-admin"];
      expect(needed.filter((name) => asked.includes(`"${name}"`) && script.includes(`make ${name} `))).toEqual(needed);
    });
  });

  const schemas = process.env.KUBERNETES_SCHEMAS;
  if (schemas && existsSync(schemas) && Bun.which("kubeconform")) {
    test("everything is valid for Kubernetes and for every operator's kinds", () => {
      // Objects shared by several folders are checked once.
      const texts = new Set(all.flatMap((folder) => renderText(command, folder).split(/^---$/m)));
      const text = [...texts].join("---");
      expect(validate(text, schemas)).toEqual({ valid: parseManifests(text).length, faults: [] });
    }, 300_000);
    test("a field that does not exist is seen", () => {
      const text = `apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { portz: [] }\n`;
      const { valid, faults } = validate(text, schemas);
      expect([valid, faults.length]).toEqual([0, 1]);
    });
  } else {
    process.stderr.write(
      "*** Manifests were NOT validated: it takes kubeconform and KUBERNETES_SCHEMAS (a folder with kubernetes/ and crds/). ***\n",
    );
  }
}

test("a text without objects is no set of manifests", () => {
  expect(parseManifests("")).toEqual([]);
  expect(() => parseManifests("just: words")).toThrow("no object of Kubernetes");
  expect(textAt({ a: [{ b: 8000 }] }, "a", 0, "b")).toBe("8000");
});
