import { readQuery } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { type TObject, Type } from "@sinclair/typebox";
import { keyOf } from "./idempotency.ts";

/**
 * What `read` makes of a writing request. When it refuses, what comes earlier in the order of checks is the better answer: that `subject`
 * is not there (404 before 415 … 422), or that the Idempotency-Key is none (400 before 422).
 */
export async function readInput<Input>(
  request: Request,
  read: () => Input | Promise<Input>,
  subject: () => Promise<unknown> = async () => {},
  query: TObject = noQuery,
): Promise<Input> {
  try {
    const input = await read();
    readQuery(request, query);
    return input;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await subject();
    if (error.code === "invalid" && request.method === "POST") keyOf(request);
    throw error;
  }
}

const noQuery = Type.Object({});

/** For a request that says everything with its path. */
export const nothing = (): null => null;
