import { type Node, SyntaxKind } from "tsc7/unstable/ast";
import * as is from "tsc7/unstable/ast/is";

/** A node's children in the order of its text. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  return children;
}

/** Everything inside a node, itself included. */
export function below(node: Node): Node[] {
  const all: Node[] = [];
  const visit = (each: Node): void => {
    all.push(each);
    each.forEachChild(visit);
  };
  visit(node);
  return all;
}

const calls = new Set([SyntaxKind.CallExpression, SyntaxKind.NewExpression, SyntaxKind.TaggedTemplateExpression]);

export const isCall = (node: Node): boolean => calls.has(node.kind);

export type FunctionNode = Node & { readonly body?: Node; readonly modifiers?: readonly Node[] };

export const isFunction = (node: Node): node is FunctionNode =>
  is.isArrowFunction(node) ||
  is.isFunctionExpression(node) ||
  is.isFunctionDeclaration(node) ||
  is.isMethodDeclaration(node) ||
  is.isGetAccessorDeclaration(node) ||
  is.isSetAccessorDeclaration(node) ||
  is.isConstructorDeclaration(node);

export const isClass = (node: Node): boolean => is.isClassDeclaration(node) || is.isClassExpression(node);

/** Statements that only hold other statements and expressions. */
export const isPlainStatement = (node: Node): boolean =>
  (node.kind >= SyntaxKind.FirstStatement && node.kind <= SyntaxKind.LastStatement) ||
  is.isCaseClause(node) ||
  is.isDefaultClause(node);

/** `.catch(handler)`, `.then(handler, handler)`, and a list of such: failures are handled. */
export function isHandled(node: Node): boolean {
  if (!is.isCallExpression(node) || !is.isPropertyAccessExpression(node.expression)) return false;
  const { text } = node.expression.name;
  const [first] = node.arguments;
  if (text === "map" && first) return is.isArrowFunction(first) && isHandled(first.body);
  return (text === "catch" && node.arguments.length === 1) || (text === "then" && node.arguments.length === 2);
}

/** `list.map(…)` and `Array.from(…, …)`. */
export const isMapping = (node: Node): boolean =>
  is.isCallExpression(node) &&
  is.isPropertyAccessExpression(node.expression) &&
  ["map", "from"].includes(node.expression.name.text);

/** Collections: work put into one must be awaited later. */
const keeping = new Set(["push", "unshift", "set", "add"]);

export const isKept = (node: Node): boolean =>
  is.isCallExpression(node) && is.isPropertyAccessExpression(node.expression) && keeping.has(node.expression.name.text);

const neverRejecting = /^(Bun\.sleep|Promise\.resolve|Promise\.allSettled)$/;

export const neverRejects = (node: Node): boolean =>
  is.isCallExpression(node) && neverRejecting.test(node.expression.getText());

/** Calls of the platform that cannot throw with what TypeScript lets through. */
const harmless =
  /^(new (Map|Set|WeakMap|AbortController|TextDecoder|TextEncoder|Date|Response)|setTimeout|clearTimeout|setInterval|clearInterval|String|Number|Boolean|Date\.now|performance\.now|Math\.\w+|AbortSignal\.timeout|Promise\.withResolvers)$/;

/** True for a call that neither starts work nor can throw. */
export function isHarmless(node: Node): boolean {
  if (is.isNewExpression(node)) return harmless.test(`new ${node.expression.getText()}`);
  return is.isCallExpression(node) && harmless.test(node.expression.getText());
}

/** The variables of a binding or of an assignment's left side; none when it is a place outside the function. */
export function namesOf(target: Node): string[] {
  if (is.isIdentifier(target)) return [target.text];
  if (!is.isArrayBindingPattern(target) && !is.isObjectBindingPattern(target)) return [];
  return childrenOf(target).flatMap((element) =>
    is.isBindingElement(element) && element.name ? namesOf(element.name) : [],
  );
}

/** A node's text in one line, cut when long. */
export function excerpt(node: Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
