import type { ServiceName } from "@carillon/contracts/names";
import type { OpenAnswers } from "../http/open-answers.ts";
import type { AnswerKind } from "../http/security-headers.ts";
import type { Log } from "../observe/log.ts";
import type { Client } from "./client-address.ts";
import type { RouteParameters } from "./parameters.ts";
import type { Problem } from "./problem.ts";
import type { KnownRoutes } from "./unknown-route.ts";

/** How a service is entered: what both of its doors need. */
export type DoorOptions = {
  name: ServiceName;
  log: Log;
  /** `APP_API_TOKEN`: the sidecar's token; neighbours' own tokens derive from it. */
  appToken: string;
  /**
   * Runs before routing and may reject by throwing a Problem; returns the request to route (the same
   * one, or with another path), or a response when there is nothing to route.
   */
  before?: (request: Request) => Promise<Request | Response>;
  /** The parameters in the addresses of its routes; a route may use no other. */
  parameters?: RouteParameters;
  /** The kind of its answers, for the headers that protect them: data by default. */
  answerKind?: AnswerKind;
  /** Whether users reach the product by https. */
  secure?: boolean;
  /** May add headers to any answer, problems and unknown paths included. */
  after?: (request: Request, response: Response) => void;
  /** Maximum time for an answer before it becomes a 503, in milliseconds; null for streams and the like. */
  deadlineMs?: (request: Request) => number | null;
  /** Where large answers to users and programs are counted; none: neighbours read what they request. */
  answers?: OpenAnswers;
  /** Whose a request is when room is short. Without it no client's: neighbours and carriers come from few addresses. */
  clientOf?: (request: Request) => Client;
  /** Turns a problem into this service's own kind of answer (a page); by default it is `application/problem+json`. */
  present?: (problem: Problem, request: Request, traceId: string) => Response | Promise<Response>;
  /** The message for an address without a route. */
  unknown: (request: Request, routes: KnownRoutes) => Problem;
};
