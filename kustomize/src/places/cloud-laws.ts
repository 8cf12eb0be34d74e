import { at, textAt } from "../files.ts";
import { ofKind } from "../workloads.ts";
import { findObject, type Place, type PlaceLaw, terraformBlock, textOf, unless } from "./place.ts";

const terraform = ({ name, read }: Place, file: string): string => read(`gitops/clusters/${name}/${file}.tf`);
const firstOf = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? "";

/** External-secrets signs in as a principal which that kind of cluster has. */
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

/** What Oracle's controller would write into the subnet's list is in our own group, and an apply takes nothing away. */
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

/** A cluster's machines may be bigger than the free ones on request, and the page says that there are free ones once. */
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

/** A bucket that is encrypted by our key is made after object storage may use it, which waits for no cluster. */
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

/** Names that are made of a cluster's name stay within what Azure allows, and the vault can be written by those who administer it. */
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

/** A fresh project of Google's has what is used switched on, and a place for every secret that is asked for. */
export const projectIsReady: PlaceLaw = (place) => {
  if (place.name !== "gke") return [];
  const services = terraformBlock(terraform(place, "cluster"), "resource", "google_project_service", "this");
  const used = ["compute", "container", "secretmanager", "dns", "cloudkms", "iamcredentials", "sts", "storage"];
  const identity = terraform(place, "identity");
  const secrets = terraformBlock(identity, "resource", "google_secret_manager_secret", "this");
  const asked = new Set([
    ...ofKind(place.product, "ExternalSecret").map((one) => textAt(one, "spec", "dataFrom", 0, "extract", "key")),
    // Of components that an environment may list.
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

/** A machine that is emptied is not held back by the only instance of a database. */
export const drainsEnd: PlaceLaw = ({ name, product }) =>
  ofKind(product, "Cluster")
    .filter(({ spec }) => Number(at(spec, "instances")) === 1 && at(spec, "enablePDB") !== false)
    .map((one) => `${one.metadata.name} of ${name} is one and blocks its node from draining.`);

/** Copies reach a store that is not Amazon's: such a store refuses the checksums that the client sends by default. */
export const copiesAreTaken: PlaceLaw = ({ name, product }) =>
  ofKind(product, "ObjectStore")
    .filter(({ spec }) => textAt(spec, "configuration", "endpointURL") !== "")
    .flatMap((store) => {
      const given = JSON.stringify(at(store, "spec", "instanceSidecarConfiguration", "env") ?? []);
      return ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"]
        .filter((variable) => !given.includes(`{"name":"${variable}","value":"when_required"}`))
        .map((variable) => `${store.metadata.name} of ${name} refuses copies: ${variable} is not when_required.`);
    });
