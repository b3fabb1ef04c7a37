import { AttributeTypes, scalarTypeOf } from './entities';
import {
  accessPath,
  CedarExpression,
  formatType,
  isReservedField,
  Operands,
  operation,
  RECORD_EXPRESSIONS,
  recordPath,
  RecordRoot,
  RecordShape,
  RequestShape,
  ScalarType,
  Shape,
} from './vocabulary';
import { CedarFinding, cedarFinding } from './wasm';
import { errorKind, say } from '../model/findings';

const CEDAR_FIELD_RESERVED = errorKind(
  'cedar-field-reserved',
  'uses {field}, which has a name that Cedar reserves',
  'Remove it from the policy',
);
const CEDAR_HEADER_FIELDS = errorKind(
  'cedar-header-fields',
  'uses {field}, which is text and has no fields',
  'Remove it from the policy',
);
const CEDAR_HEADER_CASE = errorKind(
  'cedar-header-case',
  'uses {field}, which is not in lower case, as names of headers are here',
  'Write {name}',
);
const CEDAR_FIELD_TYPES = errorKind(
  'cedar-field-types',
  'uses {field} {how} (the policies together decide the type of a claim or argument)',
  'Use it as one type in all policies',
);

/** What is known of a type: a use may show that a field is a set and not of what. */
interface PartialType {
  readonly scalar?: ScalarType;
  readonly set: boolean;
}

/** A field while its uses are collected. */
interface Field {
  type?: PartialType;
  usedAsValue: boolean;
  readonly fields: Map<string, Field>;
}

/** A policy whose uses are collected. */
export interface UsingPolicy {
  readonly property: string;
  readonly text: string;
  readonly conditions: readonly CedarExpression[];
}

const BOOLEAN: PartialType = { scalar: 'Boolean', set: false };
const LONG: PartialType = { scalar: 'Long', set: false };
const STRING: PartialType = { scalar: 'String', set: false };

/**
 * The fields of claims, arguments and headers that policies use, with the types they use them as: Cedar is typed, tokens and calls are not.
 * Cedar then validates the policies against these types, so what is inferred here needs not be trusted.
 */
export function requestShape(
  policies: readonly UsingPolicy[],
  attributes: AttributeTypes,
): { readonly shape: RequestShape; readonly findings: readonly CedarFinding[] } {
  const uses = new Uses(attributes);
  // A comparison of two fields passes the type of one on to the other, whichever comes first: so until nothing new is learnt.
  do {
    uses.changed = false;
    policies.forEach(policy => uses.collect(policy));
  } while (uses.changed);
  return {
    shape: { claims: uses.shapeOf('claims'), arguments: uses.shapeOf('arguments'), headers: uses.shapeOf('headers') },
    findings: [...uses.findings.values()],
  };
}

class Uses {
  changed = false;
  /** By policy and field: several rounds find the same. */
  readonly findings = new Map<string, CedarFinding>();
  private readonly roots: Record<RecordRoot, Field> = {
    claims: newField(),
    arguments: newField(),
    headers: newField(),
  };
  private policy!: UsingPolicy;

  constructor(private readonly attributes: AttributeTypes) {}

  collect(policy: UsingPolicy): void {
    this.policy = policy;
    policy.conditions.forEach(condition => this.visit(condition, BOOLEAN));
  }

  shapeOf(root: RecordRoot): RecordShape {
    return {
      kind: 'record',
      fields: new Map(
        [...this.roots[root].fields]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, field]) => [name, toShape(field)]),
      ),
    };
  }

  /** Records what an expression, used as a value of the expected type, shows of the fields in it. */
  private visit(expression: CedarExpression, expected?: PartialType): void {
    const path = recordPath(expression);
    if (path !== undefined) {
      this.use(path.root, path.fields, path.root === 'headers' && path.fields.length === 1 ? STRING : expected);
      return;
    }
    const { operator, body } = operation(expression);
    const { left, right, arg } = (body ?? {}) as Operands;
    switch (operator) {
      case 'Value':
      case 'Var':
      case 'Slot':
        return;
      case '==':
      case '!=':
        this.visit(left, this.typeOf(right));
        this.visit(right, this.typeOf(left));
        return;
      case 'containsAll':
      case 'containsAny':
        this.visit(left, { ...this.typeOf(right), set: true });
        this.visit(right, { ...this.typeOf(left), set: true });
        return;
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '+':
      case '-':
      case '*':
        this.visit(left, this.isInstant(right) ? undefined : LONG);
        this.visit(right, this.isInstant(left) ? undefined : LONG);
        return;
      case '&&':
      case '||':
        this.visit(left, BOOLEAN);
        this.visit(right, BOOLEAN);
        return;
      case 'contains':
        this.visit(left, { ...this.typeOf(right), set: true });
        this.visit(right, elementOf(this.typeOf(left)));
        return;
      case '!':
        this.visit(arg, BOOLEAN);
        return;
      case 'neg':
        this.visit(arg, LONG);
        return;
      case 'isEmpty':
        this.visit(arg, { set: true });
        return;
      case 'like':
        this.visit(left, STRING);
        return;
      case 'has':
        this.visitHas(left, (body as Operands).attr);
        return;
      case 'if-then-else':
        this.visit((body as Operands).if, BOOLEAN);
        this.visit((body as Operands).then, expected ?? this.typeOf((body as Operands).else));
        this.visit((body as Operands).else, expected ?? this.typeOf((body as Operands).then));
        return;
      case 'Set':
        (body as CedarExpression[]).forEach(element =>
          this.visit(element, elementOf(expected) ?? this.typeOf(expression, true)),
        );
        return;
      case 'Record':
        Object.values(body as Record<string, CedarExpression>).forEach(value => this.visit(value));
        return;
      default:
        (Array.isArray(body) ? (body as CedarExpression[]) : [left, right].filter(Boolean)).forEach(operand =>
          this.visit(operand),
        );
    }
  }

  private visitHas(left: CedarExpression, attr: string | readonly string[]): void {
    const names = typeof attr === 'string' ? [attr] : attr;
    const base = accessPath(left);
    if (base === undefined) {
      this.visit(left);
      return;
    }
    // `principal has claims.level` asks for a field of a record as much as `principal.claims has level`.
    const full = recordPath(
      names.reduce<CedarExpression>((inner, name) => ({ '.': { left: inner, attr: name } }), left),
    );
    if (full !== undefined && full.fields.length > 0) {
      this.fieldAt(full.root, full.fields);
    }
  }

  private typeOf(expression: CedarExpression, element = false): PartialType | undefined {
    const path = recordPath(expression);
    if (path !== undefined) {
      return path.fields.length === 0 ? undefined : this.fieldAt(path.root, path.fields)?.type;
    }
    const { operator, body } = operation(expression);
    switch (operator) {
      case 'Value':
        return typeof body === 'object' ? undefined : { scalar: scalarTypeOf(body as string), set: false };
      case '.':
        return this.attributeType(expression);
      case 'Set': {
        const known = (body as CedarExpression[]).map(item => this.typeOf(item)).find(type => type !== undefined);
        return element ? known : { scalar: known?.scalar, set: true };
      }
      case 'if-then-else':
        return this.typeOf((body as Operands).then) ?? this.typeOf((body as Operands).else);
      case '+':
      case '-':
      case '*':
      case 'neg':
        return LONG;
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '&&':
      case '||':
      case '!':
      case 'in':
      case 'is':
      case 'has':
      case 'like':
      case 'contains':
      case 'containsAll':
      case 'containsAny':
      case 'isEmpty':
        return BOOLEAN;
      default:
        return undefined;
    }
  }

  private attributeType(expression: CedarExpression): PartialType | undefined {
    const path = accessPath(expression);
    if (path?.attributes.length !== 1 || path.variable === 'context') {
      return undefined;
    }
    return path.attributes[0] === 'name'
      ? STRING
      : this.attributes.get(path.variable === 'principal' ? 'User' : 'Tool')?.get(path.attributes[0]);
  }

  /** Dates and durations are compared with the signs of numbers. */
  private isInstant(expression: CedarExpression): boolean {
    const { operator, body } = operation(expression);
    return (
      ['datetime', 'duration', 'offset', 'durationSince', 'toDate', 'toTime'].includes(operator) ||
      (operator === '.' && (body as Operands).attr === 'time' && accessPath(expression)?.variable === 'context')
    );
  }

  private use(root: RecordRoot, fields: readonly string[], type: PartialType | undefined): void {
    if (fields.length === 0) {
      // The record itself as a value is for the translation to refuse.
      return;
    }
    const field = this.fieldAt(root, fields);
    if (field === undefined) {
      return;
    }
    if (!field.usedAsValue) {
      field.usedAsValue = true;
      this.changed = true;
    }
    if (field.fields.size > 0) {
      this.report(root, fields, 'as a record and as a value');
    } else if (type !== undefined) {
      this.learn(root, fields, field, type);
    }
  }

  private learn(root: RecordRoot, fields: readonly string[], field: Field, type: PartialType): void {
    const known = field.type;
    if (known === undefined || (known.scalar === undefined && known.set === type.set && type.scalar !== undefined)) {
      field.type = { scalar: type.scalar, set: type.set };
      this.changed = true;
    } else if (known.set !== type.set || (type.scalar !== undefined && known.scalar !== type.scalar)) {
      this.report(root, fields, `as ${formatType(complete(known))} and as ${formatType(complete(type))}`);
    }
  }

  /** The field, made if need be; undefined when it cannot be. */
  private fieldAt(root: RecordRoot, names: readonly string[]): Field | undefined {
    let field = this.roots[root];
    for (const [index, name] of names.entries()) {
      if (isReservedField(name) || (root === 'headers' && (index > 0 || name !== name.toLowerCase()))) {
        const words = { field: formatPath(root, names) };
        const said = isReservedField(name)
          ? say(CEDAR_FIELD_RESERVED, words)
          : index > 0
            ? say(CEDAR_HEADER_FIELDS, words)
            : say(CEDAR_HEADER_CASE, { ...words, name: JSON.stringify(name.toLowerCase()) });
        this.findings.set(
          `${this.policy.property} ${root} ${name}`,
          cedarFinding(said, this.policy.property, this.policy.text),
        );
        return undefined;
      }
      if (field.usedAsValue) {
        this.report(root, names.slice(0, index), 'as a record and as a value');
        return undefined;
      }
      const next = field.fields.get(name) ?? newField();
      if (!field.fields.has(name)) {
        field.fields.set(name, next);
        this.changed = true;
      }
      field = next;
    }
    return field;
  }

  private report(root: RecordRoot, fields: readonly string[], how: string): void {
    const path = formatPath(root, fields);
    this.findings.set(
      `${this.policy.property} ${path}`,
      cedarFinding(say(CEDAR_FIELD_TYPES, { field: path, how }), this.policy.property, this.policy.text),
    );
  }
}

function newField(): Field {
  return { usedAsValue: false, fields: new Map() };
}

/** The type of the elements, where it is known. */
function elementOf(type: PartialType | undefined): PartialType | undefined {
  return type?.set && type.scalar !== undefined ? { scalar: type.scalar, set: false } : undefined;
}

/** Where no use shows more, a value is text: most claims and arguments are, and a request with anything else is denied. */
function complete(type: PartialType): { scalar: ScalarType; set: boolean } {
  return { scalar: type.scalar ?? 'String', set: type.set };
}

function toShape(field: Field): Shape {
  if (field.fields.size > 0) {
    return {
      kind: 'record',
      fields: new Map(
        [...field.fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, toShape(inner)]),
      ),
    };
  }
  return field.usedAsValue ? { kind: 'value', type: complete(field.type ?? STRING) } : { kind: 'presence' };
}

function formatPath(root: RecordRoot, fields: readonly string[]): string {
  return (
    RECORD_EXPRESSIONS[root] +
    fields.map(field => (/^[A-Za-z_]\w*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`)).join('')
  );
}
