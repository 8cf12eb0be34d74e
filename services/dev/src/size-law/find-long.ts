import ts from "typescript";

export const maxFileLines = 300;
export const maxFunctionLines = 60;

export type LongFunction = { line: number; lines: number; name: string };

/**
 * The functions of a source text with more than `maxFunctionLines` lines. The lines of tests inside are not counted: `describe`, and a
 * suite that registers tests, only list them, and each test is a function of its own.
 */
export function longFunctions(file: string, text: string): LongFunction[] {
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const found: LongFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const lines = linesOf(source, node) - linesOfTests(source, node.body);
      if (lines > maxFunctionLines)
        found.push({ line: lineAt(source, node.getStart()) + 1, lines, name: nameOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const lineAt = (source: ts.SourceFile, place: number): number => source.getLineAndCharacterOfPosition(place).line;

const linesOf = (source: ts.SourceFile, node: ts.Node): number =>
  lineAt(source, node.end) - lineAt(source, node.getStart()) + 1;

/** Lines of the outermost calls of `test` and `describe` below a node. */
function linesOfTests(source: ts.SourceFile, node: ts.Node): number {
  let lines = 0;
  ts.forEachChild(node, (child) => {
    lines += isTest(child) ? linesOf(source, child) : linesOfTests(source, child);
  });
  return lines;
}

/** `test(…)`, `test.each(…)(…)`, `describe(…)`. */
function isTest(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  let callee: ts.Expression = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && (callee.text === "test" || callee.text === "describe");
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  if (ts.isCallExpression(parent)) {
    const [first] = parent.arguments;
    return `${parent.expression.getText()}(${first && ts.isStringLiteralLike(first) ? first.getText() : ""})`;
  }
  return "a function";
}
