import { at, textAt } from "../files.ts";
import { ofKind } from "../workloads.ts";
import { findObject, type Place, type PlaceLaw, terraformBlock, textOf, unless } from "./place.ts";

const terraform = ({ name, read }: Place, file: string): string => read(`gitops/clusters/${name}/${file}.tf`);
const firstOf = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? "";

/** External-secrets uses a principal that this kind of cluster supports. */
export const vaultIsRead: PlaceLaw = (place) => {
  if (place.name !== "oke") return [];
  const type = firstOf(
    /default\s+= "(\w+)"/,
    terraformBlock(terraform(place, "variables"), "variable", "cluster_type"),
  );
  const isUsed = /type\s+= var\.cluster_type/.test(terraform(place, "cluster"));
  const principal = textOf(
    findObject(place.product, "SecretStore", "vault"),
    "spec",
    "provider",
    "oracle",
    "principalType",
  );
  const wanted = type === "ENHANCED_CLUSTER" ? "Workload" : "InstancePrincipal";
  return [
    ...unless(isUsed && type !== "", "The kind of cluster on oke is not the variable's."),
    ...unless(principal === wanted, `A ${type} of oke does not know ${principal}: no secret can be read.`),
  ];
};

/** The rules that Oracle's controller would add to the subnet's list are in our security group, so an apply removes nothing. */
export const balancerStaysOpen: PlaceLaw = (place) => {
  if (place.name !== "oke") return [];
  const list = terraformBlock(terraform(place, "network"), "resource", "oci_core_security_list", "nothing");
  const service = at(
    findObject(place.product, "EnvoyProxy", "balancer"),
    "spec",
    "provider",
    "kubernetes",
    "envoyService",
  );
  const annotation = (name: string): string => textAt(service, "annotations", name);
  return [
    ...unless(
      list.includes("ignore_changes = [ingress_security_rules, egress_security_rules]"),
      "The next apply on oke removes what Oracle's controller has opened.",
    ),
    ...unless(
      annotation("oci.oraclecloud.com/oci-network-security-groups").startsWith("ocid1.networksecuritygroup.") &&
        annotation("oci.oraclecloud.com/security-rule-management-mode") === "None",
      "The balancer of oke is not in the group that lets people in.",
    ),
    ...unless(
      annotation("service.beta.kubernetes.io/oci-load-balancer-shape") === "flexible" &&
        annotation("service.beta.kubernetes.io/oci-load-balancer-shape-flex-max") === "10",
      "The balancer of oke is not of the free shape.",
    ),
  ];
};

/** Machines may exceed the free quota on request, and the document says that the quota is per tenancy. */
export const freeIsSaid: PlaceLaw = (place) =>
  place.name === "oke"
    ? [
        ...unless(
          terraformBlock(terraform(place, "variables"), "variable", "machines").includes("!var.always_free ||"),
          "Bigger machines are refused on oke.",
        ),
        ...unless(
          place.read("docs/deployment.md").includes("once per tenancy"),
          "docs/deployment.md does not say that free machines exist once per tenancy.",
        ),
      ]
    : [];

/** A bucket encrypted with our key is created after object storage may use the key, independently of the cluster. */
export const keyBeforeBucket: PlaceLaw = (place) => {
  if (place.name !== "oke") return [];
  const text = terraform(place, "identity");
  const bucket = terraformBlock(text, "resource", "oci_objectstorage_bucket", "backups");
  const policy = terraformBlock(text, "resource", "oci_identity_policy", "encryption");
  return [
    ...unless(
      bucket.includes("depends_on = [oci_identity_policy.encryption]"),
      "The bucket of oke is made before its key may be used.",
    ),
    ...unless(
      policy.includes("objectstorage-") && !policy.includes("oci_containerengine_cluster"),
      "The key's policy of oke waits for the cluster.",
    ),
  ];
};

/** Names derived from the cluster's name stay within Azure's limits, and administrators can write to the vault. */
export const azureIsUsable: PlaceLaw = (place) => {
  if (place.name !== "aks") return [];
  const variables = terraform(place, "variables");
  const longest = 1 + Number(firstOf(/\{1,(\d+)\}\$/, terraformBlock(variables, "variable", "name")));
  const identity = terraform(place, "identity");
  const suffix = firstOf(
    /name\s+= "\$\{var\.name\}(\w+)"/,
    terraformBlock(identity, "resource", "azurerm_storage_account", "backups"),
  );
  const writers = terraformBlock(identity, "resource", "azurerm_role_assignment", "administrators");
  return [
    ...unless(
      longest + suffix.length <= 24,
      `A storage account of aks may be called by ${longest + suffix.length} of 24 characters.`,
    ),
    ...unless(writers.includes('"Key Vault Secrets Officer"'), "No role may write the secrets of aks."),
    ...unless(
      /host_encryption_enabled\s+= var\.host_encryption\b/.test(terraform(place, "cluster")) &&
        variables.includes("EncryptionAtHost"),
      "aks needs a feature of the subscription that is not named.",
    ),
  ];
};

/** A new Google project has the required APIs enabled, and every secret that is read exists. */
export const projectIsReady: PlaceLaw = (place) => {
  if (place.name !== "gke") return [];
  const services = terraformBlock(terraform(place, "cluster"), "resource", "google_project_service", "this");
  const used = ["compute", "container", "secretmanager", "dns", "cloudkms", "iamcredentials", "sts", "storage"];
  const identity = terraform(place, "identity");
  const secrets = terraformBlock(identity, "resource", "google_secret_manager_secret", "this");
  const asked = new Set([
    ...ofKind(place.product, "ExternalSecret").map((one) => textAt(one, "spec", "dataFrom", 0, "extract", "key")),
    // From components that an environment may list.
    "carillon-kafka",
    "carillon-registry",
  ]);
  return [
    ...used
      .filter((name) => !services.includes(`"${name}.googleapis.com"`))
      .map((name) => `${name} is not switched on in a fresh project.`),
    ...[...asked]
      .filter((name) => !secrets.includes(`"${name}"`))
      .map((name) => `gke has no place for the secret ${name}.`),
    ...unless(
      /google_storage_bucket_iam_member[\s\S]*roles\/storage\.(legacyBucketReader|bucketViewer)/.test(identity),
      "The database of gke may not ask whether its bucket is there.",
    ),
  ];
};

/** The only instance of a database does not block a drain. */
export const drainsEnd: PlaceLaw = ({ name, product }) =>
  ofKind(product, "Cluster")
    .filter(({ spec }) => Number(at(spec, "instances")) === 1 && at(spec, "enablePDB") !== false)
    .map((one) => `${one.metadata.name} of ${name} is one and blocks its node from draining.`);

/** Backups work with S3-compatible stores, which reject the checksums that the client sends by default. */
export const copiesAreTaken: PlaceLaw = ({ name, product }) =>
  ofKind(product, "ObjectStore")
    .filter(({ spec }) => textAt(spec, "configuration", "endpointURL") !== "")
    .flatMap((store) => {
      const given = JSON.stringify(at(store, "spec", "instanceSidecarConfiguration", "env") ?? []);
      return ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"]
        .filter((variable) => !given.includes(`{"name":"${variable}","value":"when_required"}`))
        .map((variable) => `${store.metadata.name} of ${name} refuses copies: ${variable} is not when_required.`);
    });
