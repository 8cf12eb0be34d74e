import { expect, test } from "bun:test";
import {
  addressesLead,
  namesAreTheCodes,
  onlyOpenPaths,
  topicsAndMetricsExist,
  variablesKnown,
} from "../src/code-laws.ts";
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
import { changed, type Mistake } from "../src/places/mutants.ts";
import { componentTypesKnown, referencesExist } from "../src/references.ts";
import { kustomizeCommand, render } from "../src/render.ts";

/** A mistake in the rendering of `folder` (by default an environment on Google Cloud), and the law's complaint. */
type Mutant = Mistake & { name: string; law: Law; folder?: string; says: string };

const container = ["spec", "template", "spec", "containers", 0];

const mutants: Mutant[] = [
  {
    name: "a probe asks a port that the container lacks",
    law: portsExist,
    object: "Deployment/api",
    path: [...container, "readinessProbe", "httpGet", "port"],
    value: "web",
    says: "api: readinessProbe asks port web.",
  },
  {
    name: "a Service leads to a port that no container has",
    law: portsExist,
    object: "Service/web",
    path: ["spec", "ports", 0, "targetPort"],
    value: "htttp",
    says: "Service web leads to port htttp, which no container has.",
  },
  {
    name: "a Service selects nothing",
    law: portsExist,
    object: "Service/audit",
    path: ["spec", "selector", "app.kubernetes.io/name"],
    value: "audits",
    says: "Service audit selects nothing.",
  },
  {
    name: "a Service selects a migration, too",
    law: portsExist,
    object: "Service/api",
    path: ["spec", "selector"],
    value: { "app.kubernetes.io/name": "api" },
    says: "Service api selects the job api-migrate.",
  },
  {
    name: "a route leads to a port that the Service lacks",
    law: portsExist,
    object: "HTTPRoute/api",
    path: ["spec", "rules", 0, "backendRefs", 0, "port"],
    value: 80,
    says: "Route api leads to api:80.",
  },
  {
    name: "a scaler scales what is not there",
    law: targetsExist,
    object: "ScaledObject/audit",
    path: ["spec", "scaleTargetRef", "name"],
    value: "auditor",
    says: "ScaledObject audit scales nothing.",
  },
  {
    name: "a budget protects nobody",
    law: targetsExist,
    object: "PodDisruptionBudget/api",
    path: ["spec", "selector", "matchLabels", "app.kubernetes.io/component"],
    value: "service",
    says: "PodDisruptionBudget api selects nothing.",
  },
  {
    name: "replicas are set beside a HorizontalPodAutoscaler",
    law: noReplicasBesideScaler,
    object: "Deployment/api",
    path: ["spec", "replicas"],
    value: 3,
    says: "api states replicas beside a scaler.",
  },
  {
    name: "envFrom names a ConfigMap that is not there",
    law: referencesExist,
    object: "Deployment/web",
    path: [...container, "envFrom", 0, "configMapRef", "name"],
    value: "carillon-setting",
    says: "web names ConfigMap carillon-setting, which is not there.",
  },
  {
    name: "a variable comes from a key that the Secret lacks",
    law: referencesExist,
    object: "Job/audit-migrate",
    path: [...container, "env", 1, "valueFrom", "secretKeyRef", "key"],
    value: "url",
    says: "audit-migrate names Secret carillon-database-owner with url, which is not there.",
  },
  {
    name: "a sidecar has a Configuration that is not there",
    law: referencesExist,
    object: "Deployment/ops",
    path: ["spec", "template", "metadata", "annotations", "dapr.io/config"],
    value: "carillon",
    says: "ops's sidecar has no Configuration.",
  },
  {
    name: "a Dapr component is of a type that does not exist",
    law: componentTypesKnown,
    object: "Component/kafka-pubsub",
    path: ["spec", "type"],
    value: "pubsub.kafak",
    says: "Component kafka-pubsub is of type pubsub.kafak/v1, which is unknown.",
  },
  {
    name: "a variable is one that the service does not read",
    law: variablesKnown,
    object: "Deployment/api",
    path: [...container, "env", 0, "name"],
    value: "DATABASE_URI",
    says: "api is given DATABASE_URI, which api does not read.",
  },
  {
    name: "a setting is never read",
    law: variablesKnown,
    object: "ConfigMap/carillon-settings",
    path: ["data", "PUBLIC_URI"],
    value: "https://bells.example",
    says: "carillon-settings has PUBLIC_URI, which no service reads.",
  },
  {
    name: "a container listens on another port than the code",
    law: namesAreTheCodes,
    object: "Deployment/audit",
    path: [...container, "ports", 0, "containerPort"],
    value: 8030,
    says: "audit listens on another port.",
  },
  {
    name: "a sidecar has another app id than the code",
    law: namesAreTheCodes,
    object: "Deployment/recurring",
    path: ["spec", "template", "metadata", "annotations", "dapr.io/app-id"],
    value: "recurrence",
    says: "recurring has another app id.",
  },
  {
    name: "neighbours are let in at another port than the code's",
    law: namesAreTheCodes,
    object: "Deployment/api",
    path: [...container, "ports", 1, "containerPort"],
    value: 8000,
    says: "api is found by its neighbours on another port.",
  },
  {
    name: "a route leads to the door for neighbours",
    law: onlyOpenPaths,
    object: "HTTPRoute/api",
    path: ["spec", "rules", 0, "backendRefs", 0, "port"],
    value: 8100,
    says: "A route leads to 8100, a door for neighbours.",
  },
  {
    name: "a sidecar calls another port than the code's",
    law: namesAreTheCodes,
    object: "Deployment/realtime",
    path: ["spec", "template", "metadata", "annotations", "dapr.io/app-port"],
    value: "8000",
    says: "realtime has a sidecar that calls another port.",
  },
  {
    name: "a probe asks a path that no route answers",
    law: namesAreTheCodes,
    object: "Deployment/web",
    path: [...container, "livenessProbe", "httpGet", "path"],
    value: "/healthz",
    says: "web has a livenessProbe that no route answers.",
  },
  {
    name: "an address in the settings leads nowhere",
    law: addressesLead,
    object: "ConfigMap/carillon-settings",
    path: ["data", "API_URL"],
    value: "http://api:80",
    says: "API_URL is http://api:80.",
  },
  {
    name: "a subscription is to a topic that the catalogue lacks",
    law: topicsAndMetricsExist,
    object: "Subscription/recurring-task-events",
    path: ["spec", "topic"],
    value: "tasks",
    says: "Subscription recurring-task-events is not the catalogue's.",
  },
  {
    name: "a scaler uses a metric that is not exported",
    law: topicsAndMetricsExist,
    object: "ScaledObject/audit",
    path: ["spec", "triggers", 0, "metadata", "query"],
    value: 'max(kafka_lag_seconds{group="audit",topic="task-events"})',
    says: "ScaledObject audit asks kafka_lag_seconds.",
  },
  {
    name: "an internal path is reachable from outside",
    law: onlyOpenPaths,
    object: "HTTPRoute/api",
    path: ["spec", "rules", 0, "matches", 0, "path", "value"],
    value: "/internal",
    says: "/internal leads to api.",
  },
  {
    name: "one of our images has no digest",
    law: imagesPinned,
    object: "Deployment/web",
    path: [...container, "image"],
    value: "registry.example/carillon/web:1.4.0",
    says: "web runs registry.example/carillon/web:1.4.0, which may change.",
  },
  {
    name: "a foreign image has no version",
    law: imagesPinned,
    object: "Deployment/otel-collector",
    path: [...container, "image"],
    value: "docker.io/otel/opentelemetry-collector:latest",
    says: "otel-collector runs docker.io/otel/opentelemetry-collector:latest, which may change.",
  },
  {
    name: "a container may write into its image",
    law: podsAreSafe,
    object: "Deployment/notification",
    path: [...container, "securityContext", "readOnlyRootFilesystem"],
    says: "notification may write into its image.",
  },
  {
    name: "a pod has a token of the cluster",
    law: podsAreSafe,
    object: "Job/apply-topics",
    path: ["spec", "template", "spec", "automountServiceAccountToken"],
    says: "apply-topics has a token of the cluster.",
  },
  {
    name: "an environment did not say its host name",
    law: nothingLeftOpen,
    object: "Certificate/carillon",
    path: ["spec", "dnsNames", 0],
    value: "carillon.invalid",
    says: "Certificate carillon waits for a word of the environment.",
  },
  {
    name: "a restored database archives into the log that it is restored from",
    law: restoresApart,
    folder: "kustomize/tests/restore",
    object: "Cluster/postgres",
    path: ["spec", "plugins", 0, "parameters", "serverName"],
    value: "postgres",
    says: "postgres archives into the log that it is restored from.",
  },
  {
    name: "a database is restored from a store that is not there",
    law: restoresApart,
    folder: "kustomize/tests/restore",
    object: "Cluster/postgres",
    path: ["spec", "externalClusters", 0, "plugin", "parameters", "barmanObjectName"],
    value: "backups",
    says: "postgres is restored from a store that is not there.",
  },
];

const command = kustomizeCommand();
if (command === null) {
  process.stderr.write(
    "*** The laws of manifests were NOT tried: there is no kustomize (KUSTOMIZE, or on the path). ***\n",
  );
} else {
  for (const mutant of mutants) {
    test(`it is seen when ${mutant.name}`, () => {
      const manifests = render(command, mutant.folder ?? "kustomize/tests/gke-environment");
      const before = mutant.law(manifests);
      const after = mutant.law(changed(manifests, mutant.object, mutant.path, mutant.value));
      expect(after.filter((one) => !before.includes(one))).toEqual([mutant.says]);
    });
  }
}
