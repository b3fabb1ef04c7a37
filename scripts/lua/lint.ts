import { Node, parse } from 'luaparse';

/** A file of a program. */
export interface LuaFile {
  readonly file: string;
  readonly text: string;
}

/** What is wrong with a program, and where. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}

/** What a program is called by. */
const ENTRY_POINTS = ['envoy_on_request'];
/** Globals of Lua 5.1 that Envoy's interpreter has and programs use: one more is one more here. */
const GLOBALS = ['io', 'ipairs', 'math', 'os', 'pairs', 'pcall', 'require', 'string', 'table', 'tostring', 'type'];

/** A local variable. */
interface Local {
  readonly name: string;
  readonly line: number;
  used: boolean;
}

/**
 * Checks files that are run as one: that they are Lua 5.1, which is what LuaJIT reads, in ASCII; that they set no globals
 * but the function that Envoy calls, and read none but known ones; that each local is used, unless its name begins with `_`,
 * and hides no other.
 */
export function lint(files: readonly LuaFile[]): Finding[] {
  const text = files.map(file => file.text).join('\n');
  const found: { readonly line: number; readonly problem: string }[] = [];
  const report = (line: number, problem: string): void => {
    found.push({ line, problem });
  };
  text.split('\n').forEach((line, i) => {
    if (/[^\x20-\x7e]/.test(line)) {
      report(i + 1, 'not printable ASCII');
    }
  });
  try {
    new Scopes(report).block([parse(text, { luaVersion: '5.1', locations: true })]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    const { line, message } = error as SyntaxError & { readonly line: number };
    report(line, message.replace(/^\[\d+:\d+\] /, ''));
  }
  return found.sort((a, b) => a.line - b.line).map(({ line, problem }) => ({ ...placeOf(line, files), problem }));
}

/** The file, and the line in it, of a line of all files together. */
function placeOf(line: number, [{ file, text }, ...others]: readonly LuaFile[]): { file: string; line: number } {
  const lines = text.split('\n').length;
  return line <= lines || others.length === 0 ? { file, line } : placeOf(line - lines, others);
}

/** Follows which variable each name means. */
class Scopes {
  /** The innermost first, and in each the last local first. */
  private readonly scopes: Local[][] = [];

  public constructor(private readonly report: (line: number, problem: string) => void) {}

  /** Nodes in a scope of their own, with the locals that come with it. */
  public block(nodes: readonly Node[], locals: readonly Node[] = []): void {
    this.scopes.unshift([]);
    locals.forEach(local => this.declare(local));
    nodes.forEach(node => this.visit(node));
    for (const { name, line, used } of this.scopes.shift()!) {
      if (!used && !name.startsWith('_')) {
        this.report(line, `${name} is not used`);
      }
    }
  }

  private visit(node: Node): void {
    switch (node.type) {
      case 'Identifier':
        return this.use(node.name, lineOf(node));
      case 'MemberExpression':
        return this.visit(node.base);
      case 'TableKeyString':
        return this.visit(node.value);
      case 'LocalStatement':
        node.init.forEach(value => this.visit(value));
        return node.variables.forEach(variable => this.declare(variable));
      case 'AssignmentStatement':
        node.init.forEach(value => this.visit(value));
        return node.variables.forEach(variable => this.assign(variable));
      case 'FunctionDeclaration':
        if (node.isLocal) {
          this.declare(node.identifier!);
        } else if (node.identifier !== null) {
          this.assign(node.identifier);
        }
        return this.block(node.body, node.parameters);
      case 'ForNumericStatement':
        [node.start, node.end, ...(node.step === null ? [] : [node.step])].forEach(limit => this.visit(limit));
        return this.block(node.body, [node.variable]);
      case 'ForGenericStatement':
        node.iterators.forEach(iterator => this.visit(iterator));
        return this.block(node.body, node.variables);
      case 'RepeatStatement':
        return this.block([...node.body, node.condition]);
      case 'WhileStatement':
      case 'IfClause':
      case 'ElseifClause':
        this.visit(node.condition);
        return this.block(node.body);
      case 'ElseClause':
      case 'DoStatement':
        return this.block(node.body);
      default:
        return childrenOf(node).forEach(child => this.visit(child));
    }
  }

  private declare(node: Node): void {
    if (node.type !== 'Identifier') {
      return;
    }
    const line = lineOf(node);
    if (node.name !== '_' && this.find(node.name) !== undefined) {
      this.report(line, `${node.name} hides another local of this name`);
    }
    this.scopes[0].unshift({ name: node.name, line, used: false });
  }

  /** A value that is only written is of no use to anybody. */
  private assign(node: Node): void {
    if (node.type !== 'Identifier') {
      this.visit(node);
    } else if (this.find(node.name) === undefined && !ENTRY_POINTS.includes(node.name)) {
      this.report(lineOf(node), `${node.name} is assigned, but it is no local`);
    }
  }

  private use(name: string, line: number): void {
    const local = this.find(name);
    if (local !== undefined) {
      local.used = true;
    } else if (!GLOBALS.includes(name)) {
      this.report(line, `${name} is neither a local nor a known global`);
    }
  }

  private find(name: string): Local | undefined {
    return this.scopes.flat().find(local => local.name === name);
  }
}

function lineOf(node: Node): number {
  return node.loc!.start.line;
}

/** Nodes that are part of a node. */
function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value);
}
