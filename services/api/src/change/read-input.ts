import { readQuery } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { type TObject, Type } from "@sinclair/typebox";
import { keyOf } from "./idempotency.ts";

/**
 * What `read` makes of a writing request. When it rejects, an earlier check gives the better answer: a
 * missing `subject` (404 before 415 … 422), or a malformed Idempotency-Key (400 before 422).
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

/** For a request whose path says everything. */
export const nothing = (): null => null;
