import { ChatProposal } from "@carillon/contracts/http/chat";
import { Nullable, TimeZone, Uuid } from "@carillon/contracts/http/shared";
import { type Static, type TObject, Type } from "@sinclair/typebox";
import type { ApiDeps } from "../../deps.ts";
import type { Reader } from "../../tasks/index.ts";
import { ShownTask } from "./shown.ts";

/** On whose word a tool runs: what consent is bound to, and what the history says beside `assistant`. */
export type By = { kind: "conversation" | "token" | "session"; id: string };

/** One call of a tool: for which user, on whose word, and how that user reads dates and words. */
export type Asking = {
  deps: ApiDeps;
  userId: string;
  timeZone: string;
  reader: Reader;
  by: By;
  /** Whether the user's own words asked for this; what they did not ask for takes a yes. Absent: a program decides by itself. */
  isAskedFor?: (tool: string, count: number) => boolean;
};

/** `removal` writes, and takes away what its owner may miss: it asks first, always. */
export type ToolKind = "read" | "write" | "removal";

export type Tool = {
  name: string;
  title: string;
  /** For the model that chooses: what it does, and when to take another one. */
  description: string;
  kind: ToolKind;
  input: TObject;
  output: TObject;
  /** Sound only after `input` was checked: `callTool` does so. */
  run: (asking: Asking, input: never) => Promise<object>;
};

type Definition<Input extends TObject, Output extends TObject> = Omit<Tool, "input" | "output" | "run"> & {
  input: Input;
  output: Output;
  run: (asking: Asking, input: Static<Input>) => Promise<Static<Output>>;
};

/** The tool, with what it takes and gives held to its schemas by the compiler. */
export const defineTool = <Input extends TObject, Output extends TObject>(tool: Definition<Input, Output>): Tool =>
  tool as Tool;

/** Rows of one answer at most: a model reads every one of them. */
export const maxRows = 50;

/** The moment an answer was made at, as the user's clock shows it: no model needs to know what day it is. */
export const Moment = Type.Object({
  date: Type.String({ examples: ["2026-12-01"] }),
  weekday: Type.String({ examples: ["Tuesday"] }),
  time: Type.String({ examples: ["10:30"] }),
  time_zone: TimeZone,
});

/** What every tool that writes answers. */
export const WriteAnswer = Type.Object({
  now: Moment,
  done: Type.Boolean({ description: "false: nothing was changed (a dry run, or consent is needed)" }),
  dry_run: Type.Boolean(),
  summary: Type.String(),
  notes: Type.Array(Type.String()),
  tasks: Type.Array(ShownTask),
  tags: Type.Array(Type.Object({ id: Uuid, name: Type.String(), color: Type.String() })),
  audit_ids: Type.Array(Uuid, { description: "entries of the history that this call made" }),
  batch_id: Type.Union([Uuid, Type.Null()], { description: "for undo: all that this call did" }),
  /** Waits for a yes: the same call with `consent` set to its id. */
  proposal: Nullable(ChatProposal),
});
export type WriteAnswer = Static<typeof WriteAnswer>;
