import { type Node, SyntaxKind } from "tsc7/unstable/ast";
import * as is from "tsc7/unstable/ast/is";
import type { Kind } from "./kinds.ts";
import {
  childrenOf,
  excerpt,
  isClass,
  isFunction,
  isHandled,
  isHarmless,
  isKept,
  isMapping,
  isPlainStatement,
  namesOf,
  neverRejects,
} from "./syntax.ts";
import { type Complaint, type Start, UnderWay } from "./under-way.ts";

const putAway = "is stored where its failure is noticed too late or never";
const leftBehind = (node: Node) => `is left behind if \`${excerpt(node)}\` ends this function first`;

/**
 * Work that a function starts and can leave behind: nothing takes it, or something that waits, returns
 * or may throw runs before it is awaited. The function is followed in execution order.
 */
export function walkFunction(body: Node, kindOf: (node: Node) => Kind): Complaint[] {
  const underWay = new UnderWay();
  const evaluate = createEvaluation(underWay, kindOf);
  if (is.isBlock(body) || is.isSourceFile(body)) runStatements(body, underWay, evaluate);
  else underWay.adopt(evaluate(body));
  return underWay.complaints;
}

/** Calls that cannot throw: functions that return promises are async (see must-be-async.ts), in a list as well. */
export const isSafe = (kind: Kind, node: Node): boolean =>
  kind === "promise" || kind === "lazy" || (kind === "promises" && isMapping(node)) || isHarmless(node);

const assigning = new Set<SyntaxKind>([
  SyntaxKind.EqualsToken,
  SyntaxKind.QuestionQuestionEqualsToken,
  SyntaxKind.BarBarEqualsToken,
]);

const starting: ReadonlySet<Kind> = new Set(["promise", "promises", "maybe"]);

/** Evaluates an expression; returns the work that its value holds. */
type Evaluate = (node: Node) => Start[];

function createEvaluation(underWay: UnderWay, kindOf: (node: Node) => Kind): Evaluate {
  const evaluateAll = (nodes: readonly Node[]): Start[] => nodes.flatMap(evaluate);

  function evaluate(node: Node): Start[] {
    // The body of another function runs at another time.
    if (isFunction(node) || isClass(node)) return [];
    if (is.isIdentifier(node)) return underWay.take(node.text);
    if (is.isAwaitExpression(node) || is.isYieldExpression(node)) {
      underWay.adopt(evaluateAll(childrenOf(node)));
      underWay.mayEnd(leftBehind(node));
      return [];
    }
    if (is.isVoidExpression(node)) {
      underWay.complain(evaluate(node.expression), "can fail unnoticed: `void` awaits nothing", true);
      return [];
    }
    if (is.isCallExpression(node) || is.isNewExpression(node) || is.isTaggedTemplateExpression(node)) return call(node);
    if (is.isBinaryExpression(node) && assigning.has(node.operatorToken.kind))
      return assign(node.left, evaluate(node.right));
    return evaluateAll(childrenOf(node));
  }

  function call(node: Node): Start[] {
    const taken = evaluateAll(childrenOf(node));
    if (!isHandled(node)) {
      if (isKept(node)) underWay.complain(taken, putAway);
      const kind = kindOf(node);
      if (!isSafe(kind, node)) underWay.mayEnd(leftBehind(node), taken);
      underWay.adopt(taken);
      return starting.has(kind) && !neverRejects(node) ? [underWay.start(node)] : [];
    }
    underWay.adopt(taken);
    return [];
  }

  function assign(target: Node, starts: Start[]): Start[] {
    if (starts.length > 0 && !underWay.hold(namesOf(target), starts)) underWay.complain(starts, putAway);
    return [];
  }

  return evaluate;
}

function runStatements(body: Node, underWay: UnderWay, evaluate: Evaluate): void {
  const block = (node: Node): void => underWay.scope(() => childrenOf(node).forEach(run));
  const way = (node: Node | undefined) => (): void => {
    if (node) run(node);
  };

  function run(node: Node): void {
    if (isFunction(node) || isClass(node)) return;
    if (is.isBlock(node)) block(node);
    else if (is.isVariableDeclarationList(node)) node.declarations.forEach(declare);
    else if (is.isReturnStatement(node) || is.isThrowStatement(node)) {
      underWay.adopt(childrenOf(node).flatMap(evaluate));
      underWay.leave(leftBehind(node));
    } else if (is.isIfStatement(node)) {
      evaluate(node.expression);
      underWay.fork([way(node.thenStatement), way(node.elseStatement)]);
    } else if (is.isTryStatement(node)) runTry(node.tryBlock, node.catchClause?.block, node.finallyBlock);
    else if (is.isSwitchStatement(node)) {
      evaluate(node.expression);
      underWay.fork([...node.caseBlock.clauses.map(way), way(undefined)]);
    } else if (is.isForOfStatement(node) || is.isForInStatement(node)) {
      underWay.adopt(evaluate(node.expression));
      if (is.isForOfStatement(node) && node.awaitModifier) underWay.mayEnd(leftBehind(node.expression));
      underWay.fork([way(node.statement), way(undefined)]);
    } else if (isPlainStatement(node) && !is.isExpressionStatement(node)) childrenOf(node).forEach(run);
    else underWay.complain(evaluate(node), "is awaited by nothing", true);
  }

  function declare({ name, initializer }: { readonly name: Node; readonly initializer?: Node | undefined }): void {
    underWay.declare(namesOf(name), initializer ? evaluate(initializer) : []);
  }

  function runTry(tried: Node, caught: Node | undefined, last: Node | undefined): void {
    block(tried);
    if (caught) underWay.fork([way(caught), way(undefined)]);
    if (last) block(last);
  }

  block(body);
}
