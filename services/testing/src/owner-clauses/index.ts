export { type Exceptions, type Judged, judgeClauses, type Trial } from "./judge.ts";
export { type Clause, createMutator, type Mutator } from "./mutate.ts";
