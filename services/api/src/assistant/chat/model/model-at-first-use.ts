import type { Model } from "./model.ts";
import type { OpenAiSettings } from "./openai-model.ts";

/** A model whose client is loaded with the first question: most products have no key, and it takes memory. */
export function modelAtFirstUse(settings: OpenAiSettings): Model {
  let made: Model | null = null;
  return async (question) => {
    const { openAiModel } = await import("./openai-model.ts");
    made ??= openAiModel(settings);
    return made(question);
  };
}
