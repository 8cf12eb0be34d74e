import { type Node, SyntaxKind } from "tsc7/unstable/ast";
import * as is from "tsc7/unstable/ast/is";
import type { Kind } from "./kinds.ts";
import { childrenOf, excerpt, type FunctionNode, isFunction } from "./syntax.ts";
import type { Complaint } from "./under-way.ts";
import { isSafe } from "./walk.ts";

/**
 * A function that answers work under way but can throw before it does: a caller that started something else beside it would leave that
 * behind. `async` turns what it throws into a rejection.
 */
export function mustBeAsync(node: FunctionNode, kindOf: (node: Node) => Kind): Complaint | null {
  const { body } = node;
  if (!body || isAsync(node) || is.isConstructorDeclaration(node)) return null;
  const answers = is.isBlock(body) ? returned(body) : [body];
  if (!answers.some((answer) => isPromise(answer, kindOf))) return null;
  const danger = firstDanger(body, kindOf);
  if (!danger) return null;
  const why = `must be async: \`${excerpt(danger)}\` may throw where a rejection is expected`;
  return { at: node, why, isFloating: false };
}

const isAsync = ({ modifiers }: FunctionNode): boolean =>
  modifiers?.some(({ kind }) => kind === SyntaxKind.AsyncKeyword) ?? false;

/** What a block returns, without what the functions inside it do. */
const returned = (node: Node): Node[] =>
  childrenOf(node).flatMap((child) => {
    if (isFunction(child)) return [];
    return is.isReturnStatement(child) && child.expression ? [child.expression] : returned(child);
  });

function isPromise(node: Node, kindOf: (node: Node) => Kind): boolean {
  if (is.isParenthesizedExpression(node) || is.isAsExpression(node)) return isPromise(node.expression, kindOf);
  if (is.isConditionalExpression(node)) return isPromise(node.whenTrue, kindOf) || isPromise(node.whenFalse, kindOf);
  return kindOf(node) === "promise";
}

/** The first call that is neither a promise nor harmless, or the first `throw`; null when there is none. */
function firstDanger(node: Node, kindOf: (node: Node) => Kind): Node | null {
  if (isFunction(node)) return null;
  for (const child of childrenOf(node)) {
    const found = firstDanger(child, kindOf);
    if (found) return found;
  }
  if (is.isThrowStatement(node)) return node;
  if (!is.isCallExpression(node) && !is.isNewExpression(node)) return null;
  return isSafe(kindOf(node), node) ? null : node;
}
