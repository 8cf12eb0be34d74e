import type { PlaceLaw } from "./place.ts";
import { unless } from "./place.ts";

/** Laws about files that all platforms share. */
type SharedLaw = (read: (file: string) => string) => string[];

/** A script creates the secrets it documents, also when an empty one of that name exists. */
const secretsAreWritten: SharedLaw = (read) => {
  const script = read("argocd/platform-secrets.sh");
  const comment = read("argocd/install/argocd-notifications-cm.yaml").split("\n")[0] ?? "";
  return [
    ...unless(
      script.includes("make argocd argocd-notifications-secret") && script.includes("jsonpath={.data}"),
      "Argo CD's own empty secret is left empty: no notice of a deployment leaves.",
    ),
    ...unless(script.includes("apply --server-side -f -"), "A secret that is there cannot be filled."),
    ...unless(
      comment.includes("platform-secrets.sh"),
      "It is said that something else makes argocd-notifications-secret.",
    ),
  ];
};

/** The bootstrap does not revert the first release. */
const firstReleaseStays: SharedLaw = (read) =>
  unless(
    /grep -q "sha256:0\\\{64\\\}"[\s\S]*exit 1[\s\S]*git revert/.test(read(".github/scripts/revert-pin.sh")),
    "The first release of an environment is reverted to nothing.",
  );

/** Images can be pulled: they are public, or there are credentials. */
const imagesCanBePulled: SharedLaw = (read) =>
  unless(
    /packages[\s\S]{0,200}public/i.test(read("docs/ci-cd.md")) &&
      read("docs/ci-cd.md").includes("components/registry-login"),
    "docs/ci-cd.md does not say that packages are private at first.",
  );

/** The role of a release starts a sync and changes nothing else. */
const releaseOnlySyncs: SharedLaw = (read) => {
  const policy = read("gitops/platform/guards/release-policy.yaml");
  const forbidden = ["revision", "revisions", "source", "sources", "manifests"];
  return [
    ...unless(policy.includes("expression: object.spec == oldObject.spec"), "A release may change what is synced."),
    ...forbidden
      .filter((field) => !policy.includes(`!has(object.operation.sync.${field})`))
      .map((field) => `A release may sync another ${field}.`),
    ...unless(
      /failurePolicy: Fail[\s\S]*validationActions: \[Deny/.test(policy),
      "The policy about releases refuses nothing.",
    ),
    ...unless(
      policy.includes("startsWith('system:serviceaccount:argocd:')"),
      "Argo CD's own controllers could not write what they must.",
    ),
    ...unless(
      /^resources:[\s\S]*- guards\.yaml$/m.test(read("gitops/platform/base/kustomization.yaml")),
      "The guards are installed by nothing.",
    ),
    ...unless(
      !/"?revision"?:/.test(read(".github/scripts/sync-application.sh")),
      "The script names a revision, which is refused.",
    ),
    ...unless(
      /verbs: \[get, patch\]\s*$/.test(read("argocd/install/release-role.yaml")),
      "The role of a release may more than look and patch.",
    ),
  ];
};

/** A workflow's script calls only programs of GitHub's runner image, or installs a pinned version first. */
const notOnTheRunner: Record<string, RegExp> = {
  kubelogin: /kubelogin[@= -]v?\d+\.\d+\.\d+/,
  "gke-gcloud-auth-plugin": /gke-gcloud-auth-plugin=\d/,
  argocd: /argocd[@=]v?\d+\.\d+\.\d+/,
  helm: /helm[@=]v?\d+\.\d+\.\d+/,
  oci: /oci-cli==\d+\.\d+\.\d+/,
};

const toolsAreThere: SharedLaw = (read) => {
  const script = read(".github/scripts/kubeconfig.sh");
  const code = script.replace(/^\s*#.*$/gm, "");
  const absent = Object.entries(notOnTheRunner)
    .filter(([tool, installed]) => new RegExp(`^\\s*${tool} `, "m").test(code) && !installed.test(code))
    .map(([tool]) => `kubeconfig.sh calls ${tool}, which the runner has not.`);
  // Kubeconfigs of both clouds' tools call a plugin.
  const withPlugin = ["aks", "gke"].filter((cloud) => {
    const from = code.indexOf(`${cloud}() {`);
    const body = code.slice(from, code.indexOf("\n}", from));
    return body.includes("get-credentials") && !/\n\s+by_token\n?$/.test(`${body}\n`);
  });
  return [
    ...absent,
    ...withPlugin.map((cloud) => `On ${cloud} kubectl would ask a plugin which the runner has not.`),
    ...unless(code.includes("users.release.tokenFile"), "A token goes through arguments."),
  ];
};

/** Product and platform start together: the product's retries outlast the platform's waves. */
const productOutlastsPlatform: SharedLaw = (read) => {
  const retry = /retry: \{ limit: (\d+), backoff: \{ duration: (\d+)s, factor: (\d+), maxDuration: (\d+)m \} \}/;
  const [, limit = 0, first = 0, factor = 1, most = 0] = (retry.exec(read("argocd/apps/product.yaml")) ?? []).map(
    Number,
  );
  const pauses = Array.from({ length: limit }, (_, at) => Math.min(first * factor ** at, most * 60));
  const seconds = pauses.reduce((total, pause) => total + pause, 0);
  return unless(seconds >= 3_600, `The product stops trying after ${seconds} s, before a platform is up.`);
};

const madeUp = /carillon-app\/carillon|[\w.-]+@[\w.-]*example(?:\.com)?\b|smtp\.example\.com|[\w.]*carillon\.example/g;
const ours = [
  "argocd/install/argocd-notifications-cm.yaml",
  "argocd/root.yaml",
  "argocd/apps/product.yaml",
  "gitops/platform/certificates/issuer.yaml",
  "observability/alertmanager/alertmanager.yaml",
  ...["aks-prod", "gke-prod", "oke-prod", "oke-staging"].map((name) => `gitops/envs/${name}/settings.yaml`),
];
/** What gitops/make-it-yours.sh replaces. */
const replaced = [
  "carillon-app/carillon",
  "oncall@carillon.example",
  "operations@carillon.example",
  "carillon@example.com",
  "alerts@example.com",
  "smtp.example.com",
];

/** The script replaces every placeholder: no cluster test would notice mail to a placeholder address. */
const madeUpNamesAreKnown: SharedLaw = (read) => {
  const script = read("gitops/make-it-yours.sh");
  const patterns = [
    "carillon-app/carillon",
    "oncall",
    "operations",
    "carillon\\|alerts",
    "smtp\\.example\\.com",
    "carillon\\.example",
  ];
  const lost = patterns
    .filter((one) => !script.includes(one))
    .map((one) => `make-it-yours.sh does not replace ${one}.`);
  const strange = ours.flatMap((file) =>
    [...new Set(read(file).match(madeUp) ?? [])]
      .filter((name) => !replaced.includes(name) && !/^(bells@)?([\w-]+\.)?carillon\.example$/.test(name))
      .map((name) => `${file} has ${name}, which make-it-yours.sh does not know.`),
  );
  return [...lost, ...strange];
};

/** An optional secret does not block a cloud, but the document still says what the vault must hold. */
const optionalIsSaid: SharedLaw = (read) =>
  unless(
    /`carillon-mail`[^\n]*\{\}/.test(read("docs/deployment.md")) &&
      !read("kustomize/README.md").includes("`carillon-mail` (optional)"),
    "A cloud waits for carillon-mail, which is called optional.",
  );

const shared: Record<string, SharedLaw> = {
  secretsAreWritten,
  firstReleaseStays,
  imagesCanBePulled,
  releaseOnlySyncs,
  toolsAreThere,
  productOutlastsPlatform,
  madeUpNamesAreKnown,
  optionalIsSaid,
};

/** The same as laws of a place, which read nothing but files. */
export const releaseLaws: Record<string, PlaceLaw> = Object.fromEntries(
  Object.entries(shared).map(([name, law]) => [name, ({ read }) => law(read)]),
);
