// What a tool's function takes is derived from its table of options by types that only a compiler likes to read. For people, the
// compiler is asked what they come to. All that the exported names need of the libraries is written beside them.
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import type { OptionTable } from '../libs/tool-options/src/option-entry.ts';

/** Names are shown as they are written, never cut short. */
const shown = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType;

/** One module of declarations, for all that the module exports. @throws Error about what it cannot say */
export function declarationsOf(path: string, table: OptionTable): string {
  const program = ts.createProgram([path], { ...compilerOptions(path), noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(resolve(path)) ?? program.getSourceFile(path);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${path} is not a module.`);
  const exported = new Set(checker.getExportsOfModule(module).map((symbol) => target(symbol, checker)));
  const written = new Map<ts.Symbol, string>();
  const imports = new Set<string>();
  const waiting = [...exported];
  for (let symbol = waiting.shift(); symbol !== undefined; symbol = waiting.shift()) {
    if (written.has(symbol)) continue;
    const declaration = ownDeclaration(symbol);
    if (declaration === undefined) continue;
    const isDerived = isDerivedFromTable(declaration);
    written.set(
      symbol,
      isDerived ? writtenOut(declaration, checker, table) : asDeclared(declaration, checker),
    );
    if (isDerived) continue;
    for (const named of namedIn(declaration, checker)) {
      const line = importOfNode(named);
      if (line === undefined) waiting.push(target(named, checker));
      else imports.add(line);
    }
  }
  const texts = [...written].map(([symbol, text]) => (exported.has(symbol) ? `export ${text}` : text));
  return `${[...imports, ...texts.map((text) => withCommentFirst(text))].join('\n')}\nexport {};\n`;
}

function compilerOptions(path: string): ts.CompilerOptions {
  const found = ts.findConfigFile(dirname(path), ts.sys.fileExists, 'tsconfig.json');
  if (found === undefined) throw new Error(`${path} has no tsconfig.json.`);
  const { config } = ts.readConfigFile(found, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(found)).options;
}

const target = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);

/** The line that imports a type of Node's own modules; undefined for any other. */
function importOfNode(symbol: ts.Symbol): string | undefined {
  const specifier = symbol.declarations?.[0];
  if (specifier === undefined || !ts.isImportSpecifier(specifier)) return undefined;
  const from = specifier.parent.parent.parent.moduleSpecifier.getText();
  return from.startsWith("'node:") ? `import type { ${symbol.name} } from ${from};` : undefined;
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.FunctionDeclaration;

/** Undefined for what TypeScript and Node declare, which everybody has. */
function ownDeclaration(symbol: ts.Symbol): Declaration | undefined {
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return undefined;
  const { fileName } = declaration.getSourceFile();
  if (/\/typescript\/lib\/|\/@types\/node\/|\/undici-types\//.test(fileName)) return undefined;
  if (
    ts.isInterfaceDeclaration(declaration) ||
    ts.isTypeAliasDeclaration(declaration) ||
    ts.isFunctionDeclaration(declaration)
  )
    return declaration;
  throw new Error(
    `${symbol.name} of ${fileName} cannot be declared: it is neither interface, type nor function.`,
  );
}

const isDerivedFromTable = (declaration: Declaration): declaration is ts.TypeAliasDeclaration =>
  ts.isTypeAliasDeclaration(declaration) && /\bGivenOptions</.test(declaration.type.getText());

const commentBefore = (declaration: Declaration): string =>
  ts
    .getJSDocCommentsAndTags(declaration)
    .map((comment) => `${comment.getText()}\n`)
    .join('');

/** The comment stands at its end until `export` is known. */
const withComment = (text: string, declaration: Declaration): string =>
  `${text}\u0000${commentBefore(declaration)}`;

function withCommentFirst(text: string): string {
  const [code = '', comment = ''] = text.split('\u0000');
  return `${comment}${code}\n`;
}

function asDeclared(declaration: Declaration, checker: ts.TypeChecker): string {
  const text = declaration.getText().replace(/^export /, '');
  if (ts.isInterfaceDeclaration(declaration)) return withComment(text, declaration);
  if (ts.isFunctionDeclaration(declaration)) return withComment(signatureOf(declaration), declaration);
  if (!/\b(typeof|keyof)\b/.test(text)) return withComment(text, declaration);
  const type = checker.getTypeAtLocation(declaration.name);
  const value = checker.typeToString(type, declaration, shown | ts.TypeFormatFlags.InTypeAlias);
  return withComment(`type ${declaration.name.text} = ${value};`, declaration);
}

/** What a caller sees: no patterns, and a default as what may be left out. */
function signatureOf({ name, typeParameters, parameters, type }: ts.FunctionDeclaration): string {
  const generic =
    typeParameters === undefined ? '' : `<${typeParameters.map((one) => one.getText()).join(', ')}>`;
  const taken = parameters.map((one) => {
    const called = ts.isIdentifier(one.name) ? one.name.text : 'options';
    const isOptional = one.initializer !== undefined || one.questionToken !== undefined;
    return `${called}${isOptional ? '?' : ''}: ${one.type?.getText() ?? 'unknown'}`;
  });
  return `declare function ${name?.text ?? ''}${generic}(${taken.join(', ')}): ${type?.getText() ?? 'void'};`;
}

/** The symbols of all types that stand in a signature; of a type that is written out there are none left. */
function namedIn(declaration: Declaration, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isTypeQueryNode(node)) return;
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : undefined;
    const symbol = name && checker.getSymbolAtLocation(name);
    if (symbol !== undefined) found.push(symbol);
    ts.forEachChild(node, visit);
  };
  if (!/\b(typeof|keyof)\b/.test(declaration.getText()) || !ts.isTypeAliasDeclaration(declaration))
    visit(declaration);
  return found;
}

function writtenOut(alias: ts.TypeAliasDeclaration, checker: ts.TypeChecker, table: OptionTable): string {
  const type = checker.getTypeAtLocation(alias.name);
  const members = Object.entries(table).flatMap(([key, entry]) => {
    const property = type.getProperty(key);
    if (property === undefined || entry.isHidden) return [];
    const value = checker.typeToString(checker.getTypeOfSymbol(property), alias, shown);
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return [`  /** ${commentOn(entry)} */\n  readonly ${key}${isOptional ? '?' : ''}: ${value};\n`];
  });
  return withComment(`interface ${alias.name.text} {\n${members.join('')}}`, alias);
}

function commentOn({ describe, kind, hasDefault, default: value, format }: OptionTable[string]): string {
  const unit = kind === 'duration' ? ' In ms.' : '';
  const standard =
    hasDefault && value !== undefined && kind !== 'toggle' ? ` Default: ${format(value)}.` : '';
  return `${describe}${unit}${standard}`.replaceAll('*/', '*\\/');
}
