import type { Node, SourceFile } from "tsc7/unstable/ast";
import { API, type Checker, type Project, TypeFlags } from "tsc7/unstable/async";
import { below, isCall } from "./syntax.ts";

type Type = Awaited<ReturnType<Checker["getDeclaredTypeOfSymbol"]>>;

/**
 * The value of a call: a promise, a list of promises, perhaps a promise, a query that is sent when
 * awaited, or none of these.
 */
export type Kind = "promise" | "promises" | "maybe" | "lazy" | "other";

/** A file, its functions, and the result of each of its calls. */
export type CheckedFile = { file: SourceFile; nodes: readonly Node[]; kindOf: (node: Node) => Kind };

const promises = new Set(["Promise", "PromiseLike", "ShellPromise"]);
/** postgres.js sends a query when it is awaited, not before. */
const lazies = new Set(["PendingQuery", "PendingRawQuery"]);

/** The files of that project selected by `isOwn`. */
export async function* readFiles(config: string, isOwn: (file: string) => boolean): AsyncGenerator<CheckedFile> {
  const api = new API({ cwd: process.cwd() });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [config] });
    const project = snapshot.getProject(config);
    if (!project) throw new Error(`There is no project ${config}.`);
    const kinds = createKinds(project);
    for (const name of project.rootFiles.filter(isOwn)) {
      const file = await project.program.getSourceFile(name);
      if (!file) continue;
      const nodes = below(file);
      yield { file, nodes, kindOf: await kinds(nodes.filter(isCall)) };
    }
  } finally {
    await api.close();
  }
}

/** Asks for all calls of a file at once, and for each type only once. */
function createKinds({ checker }: Project) {
  const known = new Map<number, Kind>();

  async function kind(type: Type): Promise<Kind> {
    const before = known.get(type.id);
    if (before) return before;
    // A type that contains itself ends here.
    known.set(type.id, "other");
    const found = await judge(type);
    known.set(type.id, found);
    return found;
  }

  async function judge(type: Type): Promise<Kind> {
    if (type.isUnionType()) return judgeUnion(await type.getTypes());
    if ((type.flags & (TypeFlags.Object | TypeFlags.Intersection)) === 0) return "other";
    const name = (await type.getSymbol())?.name ?? "";
    if (promises.has(name)) return "promise";
    if (lazies.has(name)) return "lazy";
    if ((name === "Array" || name === "ReadonlyArray") && type.isTypeReference()) {
      const [of] = await checker.getTypeArguments(type);
      return of && (await kind(of)) === "promise" ? "promises" : "other";
    }
    return "other";
  }

  async function judgeUnion(types: readonly Type[]): Promise<Kind> {
    const parts = new Set<Kind>();
    for (const type of types) if ((type.flags & nothing) === 0) parts.add(await kind(type));
    if (parts.size === 1) return [...parts][0] ?? "other";
    return ["promise", "promises", "maybe"].some((kind) => parts.has(kind as Kind)) ? "maybe" : "other";
  }

  return async (nodes: readonly Node[]) => {
    const types = nodes.length === 0 ? [] : await checker.getTypeAtLocation(nodes);
    const kinds = new Map<Node, Kind>();
    for (const [at, node] of nodes.entries()) {
      const type = types[at];
      if (type) kinds.set(node, known.get(type.id) ?? (await kind(type)));
    }
    return (node: Node): Kind => kinds.get(node) ?? "other";
  };
}

const nothing = TypeFlags.Undefined | TypeFlags.Null | TypeFlags.Void | TypeFlags.Never;
