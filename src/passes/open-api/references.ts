import { OpenApiFindings } from './finding';
import { errorKind } from '../../model/finding-kind';

const OPEN_API_REFERENCE_CIRCULAR = errorKind(
  'open-api-reference-circular',
  'is a reference that leads back to itself',
  'Correct it',
);
const OPEN_API_NOT_AN_OBJECT = errorKind('open-api-not-an-object', 'is not an object', 'Correct the document');
const OPEN_API_REFERENCE_EXTERNAL = errorKind(
  'open-api-reference-external',
  'is a reference to another document',
  'Put everything into one document: tools that bundle OpenAPI documents do so',
);
const OPEN_API_REFERENCE_BROKEN = errorKind(
  'open-api-reference-broken',
  'leads to nothing in the document',
  'Correct the reference, or add what it refers to',
);

/** An object of a document. */
export type Node = Readonly<Record<string, unknown>>;

/** Whether a value is an object. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A part of a document, where it stands, and the references that led there. */
export interface Located {
  readonly node: Node;
  readonly place: string;
  readonly through: readonly string[];
}

/** How deep references may lead to each other. */
const MAX_REFERENCES = 100;

/** A document that is read: what references in it lead to. */
export class OpenApiDocument {
  constructor(
    readonly root: Node,
    readonly findings: OpenApiFindings,
  ) {}

  /** Follows references of everything but schemas, in which a reference may have neighbours. Undefined where it leads nowhere, which is reported. */
  follow(value: unknown, place: string): Located | undefined {
    let located: Located = { node: value as Node, place, through: [] };
    while (isNode(located.node) && typeof located.node.$ref === 'string') {
      if (located.through.length === MAX_REFERENCES) {
        this.findings.report(OPEN_API_REFERENCE_CIRCULAR, place, located.node.$ref, true);
        return undefined;
      }
      const found = this.find(located.node.$ref, located.place);
      if (found === undefined) {
        return undefined;
      }
      located = { node: found.value as Node, place: found.place, through: [...located.through, located.node.$ref] };
    }
    if (!isNode(located.node)) {
      this.findings.report(OPEN_API_NOT_AN_OBJECT, located.place, located.node, true);
      return undefined;
    }
    return located;
  }

  /** What a reference of this document leads to. */
  find(reference: string, place: string): { readonly value: unknown; readonly place: string } | undefined {
    if (!reference.startsWith('#/')) {
      this.findings.report(OPEN_API_REFERENCE_EXTERNAL, place, reference, true);
      return undefined;
    }
    const found = this.lookUp(reference);
    if (found === undefined) {
      this.findings.report(OPEN_API_REFERENCE_BROKEN, place, reference, true);
    }
    return found;
  }

  /** The same, and nothing is reported. */
  lookUp(reference: string): { readonly value: unknown; readonly place: string } | undefined {
    const steps = reference.slice(2).split('/').map(unescapeStep);
    const value = steps.reduce<unknown>(
      (at, step) =>
        Array.isArray(at) ? at[Number(step)] : isNode(at) && Object.hasOwn(at, step) ? at[step] : undefined,
      this.root,
    );
    return value === undefined || !reference.startsWith('#/') ? undefined : { value, place: steps.join('.') };
  }
}

/** A step of a JSON pointer in a fragment of a URL (RFC 6901). */
function unescapeStep(step: string): string {
  const text = step.replace(/~1/g, '/').replace(/~0/g, '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
