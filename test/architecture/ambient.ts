import ts from 'typescript';

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearImmediate'];
/** What every module finds around it, without having asked for it. */
const ambientNames: ReadonlySet<string> = new Set([...timers, 'fetch', 'WebSocket', 'EventSource']);
const ambientMembers: ReadonlySet<string> = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'crypto.randomUUID',
  'crypto.getRandomValues',
]);
const ambientModules: ReadonlySet<string> = new Set([
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
]);
const ambientImports: ReadonlySet<string> = new Set([
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'generateKeySync',
  'randomUuid',
  'systemClock',
  'systemChance',
]);

const isReference = (node: ts.Identifier): boolean => {
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
  const isDeclared = ts.isPropertySignature(parent) || ts.isMethodSignature(parent);
  return !isMember && !isKey && !isDeclared;
};

const importsOf = (node: ts.ImportDeclaration): readonly string[] => {
  const module = (node.moduleSpecifier as ts.StringLiteral).text;
  const bindings = node.importClause?.namedBindings;
  const names =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
      : [];
  const found = names.filter((name) => ambientImports.has(name));
  return ambientModules.has(module) ? [...found, module] : found;
};

const isAmbient = (member: string): boolean =>
  ambientMembers.has(member) ||
  (member.startsWith('globalThis.') && ambientNames.has(member.slice('globalThis.'.length)));

/** `const { random } = Math` */
const takenApart = (node: ts.ObjectBindingPattern, source: ts.SourceFile): readonly string[] => {
  const { parent } = node;
  const from = ts.isVariableDeclaration(parent) ? parent.initializer?.getText(source) : undefined;
  return node.elements
    .map(({ propertyName, name }) => (propertyName ?? name).getText(source))
    .filter((name) => isAmbient(`${from}.${name}`))
    .map((name) => `${name} of ${from}`);
};

const presentIn = (
  { expression, arguments: given }: ts.NewExpression | ts.CallExpression,
  source: ts.SourceFile,
): readonly string[] =>
  expression.getText(source) === 'Date' && (given?.length ?? 0) === 0 ? ['new Date()'] : [];

const namesIn = (node: ts.Node, source: ts.SourceFile): readonly string[] => {
  if (ts.isImportDeclaration(node)) return importsOf(node);
  if (ts.isPropertyAccessExpression(node)) {
    const member = node.getText(source);
    return isAmbient(member) ? [member] : [];
  }
  if (ts.isObjectBindingPattern(node)) return takenApart(node, source);
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) return presentIn(node, source);
  if (!ts.isIdentifier(node) || !ambientNames.has(node.text)) return [];
  return isReference(node) ? [node.text] : [];
};

/**
 * Time, timers, chance and network that a module takes from its surroundings instead of being given
 * them: what it does then is different each time, and out of the simulation's hands.
 */
export const ambientIn = (text: string): readonly string[] => {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.ESNext, true);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const name of namesIn(node, source)) found.add(name);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found].sort();
};
