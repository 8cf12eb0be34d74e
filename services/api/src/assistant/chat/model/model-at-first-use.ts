import type { Model } from "./model.ts";
import type { OpenAiSettings } from "./openai-model.ts";

/** A model whose client is loaded with the first question: most products have no key, and it takes memory. */
export function modelAtFirstUse(settings: OpenAiSettings): Model {
  let made: Promise<Model> | null = null;
  return async (question) => {
    made ??= import("./openai-model.ts").then(({ openAiModel }) => openAiModel(settings));
    return (await made)(question);
  };
}
