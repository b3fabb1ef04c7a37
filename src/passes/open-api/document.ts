import { errorKind, FindingKind, Found, Said, sayIf } from '../../model/findings';

/** What is wrong with a document, or worth knowing, at a place in it. */
export interface OpenApiFinding extends Said {
  /** Path in the document: `paths./customers/{id}.get.parameters[0]`; empty for the document itself. */
  readonly place: string;
  readonly value: unknown;
}

/** Collects what is found, each once: a shared part of a document is met at every place that refers to it. */
export class OpenApiFindings {
  private readonly found = new Map<string, OpenApiFinding>();

  /** Reports a value that is wrong in the way of a kind. */
  report<Name extends string = never>(
    kind: FindingKind<Name>,
    place: string,
    value: unknown,
    found: Found<Name>,
  ): void {
    const said = sayIf(kind, found);
    if (said !== undefined) {
      this.found.set(JSON.stringify([place, said.problem]), { ...said, place, value });
    }
  }

  get all(): OpenApiFinding[] {
    return [...this.found.values()];
  }
}

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

const OPEN_API_SEVERAL_PATHS = errorKind(
  'open-api-several-paths',
  'have several paths, and which of them is meant is not known',
  'Give the URL with its path (url), such as https://crm.example.com/api/v1',
);
const OPEN_API_URL_MISSING = errorKind(
  'open-api-url-missing',
  'is missing, and no URL is given',
  'Say where the service is (url)',
);
const OPEN_API_SEVERAL_SERVERS = errorKind(
  'open-api-several-servers',
  'are several, and which of them is meant is not known',
  'Say where the service is (url)',
);
const OPEN_API_URL_WITHOUT_HOST = errorKind(
  'open-api-url-without-host',
  'does not say on which host the service is',
  'Say where the service is (url)',
);
const OPEN_API_URL_INVALID = errorKind('open-api-url-invalid', 'is not a URL', 'Correct the document');
const OPEN_API_URL_VARIABLES = errorKind(
  'open-api-url-variables',
  'has variables in it',
  'Say where the service is, with its path (url)',
);

/** An address without any path: that of the document is below it. */
const WITHOUT_PATH = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i;

/**
 * The URL that the paths of a document are below: the one given, or the document's own. One that is given without a path gets
 * the path of the document's servers.
 */
export function baseUrl(root: Node, given: string | undefined, findings: OpenApiFindings): string | undefined {
  if (given !== undefined && !WITHOUT_PATH.test(given)) {
    return given;
  }
  const urls = serversOf(root, findings);
  if (given !== undefined) {
    const paths = [...new Set(urls.map(url => pathOf(url)))];
    const [path = ''] = paths;
    findings.report(OPEN_API_SEVERAL_PATHS, 'servers', urls, paths.length > 1);
    return path === undefined ? given : `${given}${path}`;
  }
  const [url] = urls;
  findings.report(OPEN_API_URL_MISSING, 'servers', undefined, urls.length === 0);
  findings.report(OPEN_API_SEVERAL_SERVERS, 'servers', urls, urls.length > 1);
  findings.report(OPEN_API_URL_WITHOUT_HOST, 'servers[0].url', url, url !== undefined && !/^https?:\/\//i.test(url));
  return urls.length === 1 && /^https?:\/\//i.test(url) ? url : undefined;
}

function serversOf({ servers }: Node, findings: OpenApiFindings): string[] {
  return (Array.isArray(servers) ? servers : []).flatMap((server, i) => {
    const url = isNode(server) ? server.url : undefined;
    if (typeof url !== 'string') {
      findings.report(OPEN_API_URL_INVALID, `servers[${i}].url`, url, true);
      return [];
    }
    findings.report(OPEN_API_URL_VARIABLES, `servers[${i}].url`, url, url.includes('{'));
    return [url];
  });
}

/** Path of a URL that may be relative, without a slash at its end. */
function pathOf(url: string): string {
  const path = url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}
