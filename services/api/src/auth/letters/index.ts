import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { noteLettersRoute } from "./note-letters.ts";
import { takeLettersRoute } from "./take-letters.ts";

export { writeLetter } from "./write-letter.ts";

export const letterInternals = (deps: ApiDeps): InternalRoute[] => [takeLettersRoute(deps), noteLettersRoute(deps)];
