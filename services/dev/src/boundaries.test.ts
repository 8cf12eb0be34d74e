import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The import law: which package may import which; anything not listed is forbidden. */
const allowed: Record<string, readonly string[]> = {
  contracts: [],
  calendar: [],
  "quick-add": ["calendar", "contracts"],
  kit: ["calendar", "contracts"],
  events: ["kit", "contracts"],
  adapters: ["events", "kit", "contracts"],
  host: ["kit", "contracts"],
  api: ["calendar", "quick-add", "kit", "events", "adapters", "contracts"],
  audit: ["calendar", "kit", "events", "adapters", "contracts"],
  notification: ["calendar", "kit", "events", "adapters", "contracts"],
  realtime: ["kit", "events", "adapters", "contracts"],
  recurring: ["calendar", "kit", "events", "adapters", "contracts"],
  web: ["calendar", "kit", "contracts"],
  // A product in one process does not listen for operators: ops opens api's verification and audit's
  // own door itself.
  ops: ["calendar", "kit", "events", "adapters", "contracts", "api", "audit"],
  "launch/embedded": [
    "calendar",
    "kit",
    "adapters",
    "host",
    "contracts",
    "api",
    "audit",
    "notification",
    "realtime",
    "recurring",
    "web",
  ],
  // A client like any other: of ours it knows only the wire's shapes and the zones.
  cli: ["calendar", "contracts"],
  "launch/dapr": ["kit", "host", "contracts", "audit"],
  testing: ["kit", "events", "host", "contracts"],
  // Of api and web only the route tables, from which requests to the product are generated.
  // The drill of a restore copies a database as ops does.
  e2e: ["calendar", "kit", "events", "host", "contracts", "testing", "api", "web", "ops"],
  simulator: ["kit", "events", "adapters", "contracts", "testing", "api", "audit", "notification", "recurring"],
  image: ["host", "contracts", "testing", "e2e", "kustomize"],
  dev: ["kit", "host", "contracts", "e2e", "cli"],
  // Dashboards name kit's metrics; a test compares compose.yaml with the services' settings.
  observability: ["kit", "contracts", "api", "audit", "notification", "ops", "realtime", "recurring", "web"],
  // Its laws check what feeds the rules.
  kustomize: ["kit", "contracts", "observability"],
  gitops: [],
};
/** Additional imports for tests and benchmarks: they are above the libraries they test. */
const alsoInTests = ["testing", "host", "e2e", "quick-add", "events", "adapters"];
const isTest = (file: string): boolean => /(^|\/)(test|bench|compare|testing)\/|\.test\.tsx?$/.test(file);

/** Files of a slice that other slices of the same service may not reach past its index. */
const sliced = ["api", "web"];
/** Folders below all slices, which are not slices themselves. */
const floors = ["change/", "schema/", "ui/", "door/", "../public/", "auth/caller.ts", "testing/"];

const root = resolve(import.meta.dir, "../../..");
const atTop = ["web", "observability", "kustomize", "gitops"];
const folderOf = (name: string) => join(root, atTop.includes(name) ? name : `services/${name}`);

function sources(folder: string): string[] {
  // Links are not followed: packages that test each other form a circle.
  return [...new Bun.Glob("**/*.{ts,tsx}").scanSync({ cwd: folder, followSymlinks: false })]
    .filter((file) => !file.includes("node_modules") && !file.startsWith("public"))
    .map((file) => join(folder, file));
}

/** Every module a file names, also in `import type`, which leaves no trace in the built code. */
const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, module]) => module ?? []);

for (const [name, may] of Object.entries(allowed)) {
  test(`${name} imports only ${["itself", ...may].join(", ")} and packages`, () => {
    const foreign = sources(folderOf(name)).flatMap((file) =>
      importsOf(file)
        .filter((module) => {
          if (module.startsWith(".")) return !resolve(dirname(file), module).startsWith(`${folderOf(name)}/`);
          const neighbour = /^@carillon\/([^/]+)/.exec(module)?.[1]?.replace("launch-", "launch/");
          const admitted = isTest(relative(root, file)) ? [...may, ...alsoInTests] : may;
          return neighbour !== undefined && !admitted.includes(neighbour);
        })
        .map((module) => `${relative(root, file)} → ${module}`),
    );
    expect(foreign).toEqual([]);
  });
}

test("a library's room is imported through its index, and no package exports everything", () => {
  const open = Object.keys(allowed).filter((name) =>
    Object.keys(JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")).exports ?? {}).some((face) =>
      face.includes("*"),
    ),
  );
  expect(open).toEqual([]);
});

test("only ops connects to the broker itself; every other service leaves that to the sidecar", () => {
  const direct = Object.keys(allowed)
    .filter((name) => name !== "ops")
    .flatMap((name) => sources(folderOf(name)).filter((file) => importsOf(file).includes("kafkajs")));
  expect(direct.map((file) => relative(root, file))).toEqual([]);
});

test("a slice reaches another slice only through its index", () => {
  const past = sliced.flatMap((name) => {
    const src = join(folderOf(name), "src");
    const sliceOf = (path: string) => relative(src, path).split("/")[0] ?? "";
    return sources(src).flatMap((file) =>
      importsOf(file)
        .filter((module) => module.startsWith("."))
        .map((module) => resolve(dirname(file), module))
        .filter((target) => {
          const path = relative(src, target);
          const slice = sliceOf(target);
          // Files beside the slices (app, deps, layout) combine them and may look inside, as may tests.
          const from = relative(src, file);
          const own =
            slice === sliceOf(file) || !path.includes("/") || !from.includes("/") || from.startsWith("testing/");
          return (
            !own &&
            !floors.some((floor) => path.startsWith(floor)) &&
            !path.endsWith("/index.ts") &&
            !path.endsWith("/index.tsx")
          );
        })
        .map((target) => `${relative(root, file)} → ${relative(src, target)}`),
    );
  });
  expect(past).toEqual([]);
});

/** The files of ours that a file names, types included. */
function neighboursOf(file: string, faces: ReadonlyMap<string, string>): string[] {
  return importsOf(file).flatMap((module) => {
    if (module.startsWith(".")) return resolve(dirname(file), module);
    return faces.get(module) ?? [];
  });
}

/** `@carillon/<package>/<face>` → the file behind it. */
function facesOfPackages(): Map<string, string> {
  const faces = new Map<string, string>();
  for (const name of Object.keys(allowed)) {
    const read = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8"));
    const exported: [string, string][] = Object.entries(read.exports ?? {});
    for (const [face, file] of exported) faces.set(join(read.name, face), join(folderOf(name), file));
  }
  return faces;
}

test("no file imports itself by way of others", () => {
  const faces = facesOfPackages();
  const files = new Set(Object.keys(allowed).flatMap((name) => sources(folderOf(name))));
  const circles: string[] = [];
  const left = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (path.includes(file))
      circles.push([...path.slice(path.indexOf(file)), file].map((one) => relative(root, one)).join(" → "));
    else if (!left.has(file)) {
      path.push(file);
      for (const next of neighboursOf(file, faces)) if (files.has(next)) visit(next);
      path.pop();
      left.add(file);
    }
  };
  for (const file of files) visit(file);
  expect(circles).toEqual([]);
});
