export { type Answer, answer, toResponse } from "./answer.ts";
export { cookieOf } from "./cookies.ts";
export { decode } from "./decode.ts";
export { describe } from "./describe.ts";
export { explain } from "./explain.ts";
export { headersOf } from "./header-value.ts";
export { streamedResponse, textResponse } from "./large-body.ts";
export type { OpenAnswers } from "./open-answers.ts";
export { bodyLimitBytes, isUuid, readBody, readBytes, readQuery, requireNoQuery } from "./read.ts";
