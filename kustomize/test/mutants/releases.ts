import type { PlaceMutant, Planted } from "../../src/places/mutants.ts";

const file = (name: string, from: string, to: string): Planted => ({ in: "file", file: name, from, to });
const policy = "gitops/platform/guards/release-policy.yaml";

/** Mutants of the release process, one mistake each. */
export const releaseMutants: PlaceMutant[] = [
  {
    finding: "Argo CD's empty secret stays empty",
    law: "secretsAreWritten",
    place: "oke",
    at: file("argocd/platform-secrets.sh", "jsonpath={.data}", "name"),
    says: "Argo CD's own empty secret is left empty: no notice of a deployment leaves.",
  },
  {
    finding: "the first release is reverted by its own bootstrap",
    law: "firstReleaseStays",
    place: "oke",
    at: file(".github/scripts/revert-pin.sh", "exit 1\n  fi\n  git revert", "true\n  fi\n  git revert"),
    says: "The first release of an environment is reverted to nothing.",
  },
  {
    finding: "the page does not say that packages are private at first",
    law: "imagesCanBePulled",
    place: "gke",
    at: file("docs/ci-cd.md", "components/registry-login", "components"),
    says: "docs/ci-cd.md does not say that packages are private at first.",
  },
  {
    finding: "a release may give an Application another project",
    law: "releaseOnlySyncs",
    place: "aks",
    at: file(policy, "object.spec == oldObject.spec", "true"),
    says: "A release may change what is synced.",
  },
  {
    finding: "a release may sync a pull request's commit",
    law: "releaseOnlySyncs",
    place: "aks",
    at: file(policy, "(!has(object.operation.sync.revision)", "(true"),
    says: "A release may sync another revision.",
  },
  {
    finding: "the role of a release may delete",
    law: "releaseOnlySyncs",
    place: "aks",
    at: file("argocd/install/release-role.yaml", "[get, patch]", "[get, patch, delete]"),
    says: "The role of a release may more than look and patch.",
  },
  {
    finding: "a workflow calls what the runner has not",
    law: "toolsAreThere",
    place: "aks",
    at: file(".github/scripts/kubeconfig.sh", "  by_token\n", "  kubelogin convert-kubeconfig --login azurecli\n"),
    says: "kubeconfig.sh calls kubelogin, which the runner has not.",
  },
  {
    finding: "kubectl asks a plugin which the runner has not",
    law: "toolsAreThere",
    place: "gke",
    at: file(".github/scripts/kubeconfig.sh", "  by_token\n", "  true\n"),
    says: "On gke kubectl would ask a plugin which the runner has not.",
  },
  {
    finding: "the product stops trying before its platform is up",
    law: "productOutlastsPlatform",
    place: "oke",
    at: file("argocd/apps/product.yaml", "limit: 20", "limit: 5"),
    says: "The product stops trying after 465 s, before a platform is up.",
  },
  {
    finding: "a made-up address is in no replace list",
    law: "madeUpNamesAreKnown",
    place: "gke",
    at: file("gitops/platform/certificates/issuer.yaml", "operations@carillon.example", "certificates@acme.example"),
    says: "gitops/platform/certificates/issuer.yaml has certificates@acme.example, which make-it-yours.sh does not know.",
  },
  {
    finding: "the script forgets the mail relay",
    law: "madeUpNamesAreKnown",
    place: "gke",
    at: file("gitops/make-it-yours.sh", "smtp\\.example\\.com", "x"),
    says: "make-it-yours.sh does not replace smtp\\.example\\.com.",
  },
  {
    finding: "a secret is called optional that a cloud waits for",
    law: "optionalIsSaid",
    place: "oke",
    at: file("kustomize/README.md", "| `carillon-mail` |", "| `carillon-mail` (optional) |"),
    says: "A cloud waits for carillon-mail, which is called optional.",
  },
];
