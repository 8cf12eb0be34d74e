/** One message of a talk with a model, as every compatible server takes it (Chat Completions). */
export type ModelMessage =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string; calls?: readonly ModelCall[] }
  | { role: "tool"; content: string; callId: string };

/** A tool as a model reads it; `parameters` is JSON Schema. */
export type ModelTool = { name: string; description: string; parameters: Record<string, unknown> };

/** A call that a model asks for. `input` is what it wrote, not checked by anything yet; undefined where that was no JSON. */
export type ModelCall = { id: string; name: string; input: unknown };

export type ModelReply = { text: string; calls: ModelCall[]; tokens: number };

export type ModelQuestion = {
  messages: readonly ModelMessage[];
  tools: readonly ModelTool[];
  /** Gets the text as it comes. */
  onText: (text: string) => void;
  signal: AbortSignal;
};

/** Asks a model once. @throws ModelFailure when it cannot answer, and the signal's own reason when it was stopped. */
export type Model = (question: ModelQuestion) => Promise<ModelReply>;

/** The provider is down, slow, over its own limits, or talks nonsense: the same message has another way to be answered. */
export class ModelFailure extends Error {
  constructor(cause: unknown) {
    super("the model did not answer", { cause });
    this.name = "ModelFailure";
  }
}
