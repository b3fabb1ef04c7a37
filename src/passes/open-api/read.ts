import { baseUrl, isNode, Located, Node, OpenApiDocument, OpenApiFinding, OpenApiFindings } from './document';
import { readBody, readParameters } from './parameters';
import { Schemas } from './schemas';
import { errorKind } from '../../model/findings';
import { JsonSchema, RestApi, RestMethod, RestOperation } from '../../model/rest';
import { matchesTool, toolGlob, ToolPattern } from '../../model/tool-pattern';
import { toolNameProblem } from '../../model/validation';
import { compareText } from '../../values/text';

const METHODS: readonly RestMethod[] = ['get', 'put', 'post', 'delete', 'patch'];
/** Methods that say nothing a model could use. */
const OTHER_METHODS = ['head', 'options', 'trace', 'query'];

const OTHERWISE = 'or leave the operation out (operations)';

const OPEN_API_NOT_A_DOCUMENT = errorKind(
  'open-api-not-a-document',
  'is not an OpenAPI document',
  'Give the parsed document, or its text',
);
const OPEN_API_VERSION = errorKind(
  'open-api-version',
  'is not a version of OpenAPI that is understood (3.0 and 3.1)',
  'Convert the document to OpenAPI 3',
);
const OPEN_API_OPERATIONS_MATCH_NOTHING = errorKind(
  'open-api-operations-match-nothing',
  'matches no operation of the document ({offered})',
  'Correct it',
);
const OPEN_API_WITHOUT_OPERATIONS = errorKind(
  'open-api-without-operations',
  'has no operation that can be a tool',
  'Describe the operations of the service',
);
const OPEN_API_OPERATION_ID_TWICE = errorKind(
  'open-api-operation-id-twice',
  'is the id of {first} as well, and names of tools are unique',
  'Give one of them another id',
);
const OPEN_API_METHOD_WITHOUT_ANSWER = errorKind(
  'open-api-method-without-answer',
  'is of a method whose answer is nothing that a tool could return ({method})',
  '{choose} (operations)',
);
const OPEN_API_OPERATION_INVALID = errorKind(
  'open-api-operation-invalid',
  'is not an operation',
  'Correct the document',
);
const OPEN_API_OPERATION_ID_MISSING = errorKind(
  'open-api-operation-id-missing',
  'is missing, and it is the name of the tool',
  `Give the operation an id, ${OTHERWISE}`,
);
const OPEN_API_OPERATION_ID_INVALID = errorKind(
  'open-api-operation-id-invalid',
  '{problem}',
  'Give the operation an id that can be the name of a tool',
);
const OPEN_API_PART_ELSEWHERE = errorKind(
  'open-api-part-elsewhere',
  'says that a part of the API is elsewhere, and a server has one address',
  `Describe it as a server of its own, ${OTHERWISE}`,
);
const OPEN_API_PATH_INVALID = errorKind(
  'open-api-path-invalid',
  'is not a path of a URL',
  'Start it with "/", and encode what a path cannot have',
);
const OPEN_API_PATH_NAME_UNKNOWN = errorKind(
  'open-api-path-name-unknown',
  'has {name} in it, for which there is no parameter',
  'Describe the parameter (in: path)',
);
const OPEN_API_PATH_NAME_TWICE = errorKind(
  'open-api-path-name-twice',
  'has {name} in it twice',
  'Give the two parameters names of their own',
);
const OPEN_API_PATH_PARAMETER_UNUSED = errorKind(
  'open-api-path-parameter-unused',
  'is a parameter of the path, and the path "{path}" has no {name} in it',
  'Correct the path or the parameter',
);

/** What a path may have besides parameters. */
const URL_PATH = /^\/[-A-Za-z0-9._~!$&'()*+,;=:@%/]*$/;

/** What is chosen of a document. */
export interface OpenApiChoice {
  /** Where the service is; undefined takes the document's word. */
  readonly url?: string;
  /** Operations that become tools, by globs of their ids; undefined takes all. */
  readonly operations?: readonly string[];
}

/** A document as it was understood. */
export interface ReadOpenApi {
  /** Undefined where there are errors. */
  readonly api?: RestApi;
  /** Whether the document says that the service wants to know who calls. */
  readonly secured: boolean;
  /** URL that the paths are below, as it was written; undefined where that is not known. */
  readonly url?: string;
  readonly findings: readonly OpenApiFinding[];
}

/** Reads an OpenAPI 3 document: each operation becomes a tool named by its operationId. */
export function readOpenApi(root: unknown, choice: OpenApiChoice = {}): ReadOpenApi {
  const findings = new OpenApiFindings();
  if (!isNode(root)) {
    findings.report(OPEN_API_NOT_A_DOCUMENT, '', root, true);
    return { secured: false, findings: findings.all };
  }
  const version = root.openapi ?? root.swagger;
  if (typeof version !== 'string' || !/^3\.[01]\.\d/.test(version)) {
    findings.report(OPEN_API_VERSION, root.openapi === undefined ? 'swagger' : 'openapi', version, true);
    return { secured: false, findings: findings.all };
  }
  const document = new OpenApiDocument(root, findings);
  const url = baseUrl(root, choice.url, findings);
  const reader = new Operations(document, choice.operations);
  // Whatever the order of a document, in which keys have none.
  const operations = [...reader.read()].sort((a, b) => compareText(a.name, b.name));
  const info = isNode(root.info) ? root.info : {};
  const api = { title: text(info.title) ?? 'REST service', version: text(info.version) ?? '1', operations };
  const all = findings.all;
  return {
    ...(all.some(({ severity }) => severity === 'error') ? {} : { api }),
    ...(url === undefined ? {} : { url }),
    secured: reader.secured,
    findings: all,
  };
}

interface Place {
  readonly path: string;
  readonly method: RestMethod;
  readonly operation: Node;
  readonly item: Located;
  readonly place: string;
}

/** Reads the operations of a document. */
class Operations {
  /** Whether some chosen operation wants to know who calls. */
  secured = false;

  private readonly schemas: Schemas;
  private readonly chosen?: readonly ToolPattern[];

  constructor(
    private readonly document: OpenApiDocument,
    private readonly globs?: readonly string[],
  ) {
    this.schemas = new Schemas(document);
    this.chosen = globs?.map(toolGlob);
  }

  read(): RestOperation[] {
    const { findings, root } = this.document;
    const paths = isNode(root.paths) ? root.paths : {};
    const places = Object.keys(paths)
      .filter(path => !path.startsWith('x-'))
      .flatMap(path => this.placesOf(path, paths[path]));
    const ids = places.map(({ operation }) => operation.operationId).filter(id => typeof id === 'string');
    const offered = `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`;
    this.globs?.forEach((glob, i) =>
      findings.report(
        OPEN_API_OPERATIONS_MATCH_NOTHING,
        `operations[${i}]`,
        glob,
        ids.some(id => matchesTool(toolGlob(glob), id)) ? undefined : { offered },
      ),
    );
    findings.report(OPEN_API_WITHOUT_OPERATIONS, 'paths', Object.keys(paths), places.length === 0);
    const chosen = places.filter(({ operation }) => this.isChosen(operation.operationId));
    const firsts = new Map<unknown, string>();
    return chosen.map(place => {
      const { operationId } = place.operation;
      const first = firsts.get(operationId);
      findings.report(
        OPEN_API_OPERATION_ID_TWICE,
        `${place.place}.operationId`,
        operationId,
        operationId === undefined || first === undefined ? undefined : { first },
      );
      firsts.set(operationId, place.place);
      return this.operation(place);
    });
  }

  private isChosen(operationId: unknown): boolean {
    return (
      this.chosen === undefined ||
      (typeof operationId === 'string' && this.chosen.some(pattern => matchesTool(pattern, operationId)))
    );
  }

  private placesOf(path: string, value: unknown): Place[] {
    const { findings } = this.document;
    const item = this.document.follow(value, `paths.${path}`);
    if (item === undefined) {
      return [];
    }
    for (const method of OTHER_METHODS.filter(name => isNode(item.node[name]))) {
      const { operationId } = item.node[method] as Node;
      findings.report(
        OPEN_API_METHOD_WITHOUT_ANSWER,
        `${item.place}.${method}`,
        operationId ?? method,
        this.isChosen(operationId)
          ? {
              method: method.toUpperCase(),
              choose: this.chosen === undefined ? 'Choose the operations that become tools' : 'Leave it out',
            }
          : undefined,
      );
    }
    return METHODS.filter(method => item.node[method] !== undefined).flatMap((method): Place[] => {
      const operation = item.node[method];
      const place = `${item.place}.${method}`;
      findings.report(OPEN_API_OPERATION_INVALID, place, operation, !isNode(operation));
      return isNode(operation) ? [{ path, method, operation, item, place }] : [];
    });
  }

  private operation({ path, method, operation, item, place }: Place): RestOperation {
    const { findings, root } = this.document;
    const { operationId } = operation;
    this.secured ||= asksWho(operation.security ?? root.security);
    const problem = typeof operationId === 'string' ? toolNameProblem(operationId) : undefined;
    findings.report(OPEN_API_OPERATION_ID_MISSING, `${place}.operationId`, undefined, operationId === undefined);
    const named = operationId === undefined || (typeof operationId === 'string' && problem === undefined);
    findings.report(
      OPEN_API_OPERATION_ID_INVALID,
      `${place}.operationId`,
      operationId,
      named ? undefined : { problem: problem ?? 'is not a text' },
    );
    for (const [servers, at] of [
      [operation.servers, place],
      [item.node.servers, item.place],
    ] as const) {
      findings.report(OPEN_API_PART_ELSEWHERE, `${at}.servers`, servers, servers !== undefined);
    }
    const parameters = readParameters(
      this.document,
      this.schemas,
      item.node.parameters,
      item.place,
      operation.parameters,
      place,
    );
    this.checkPath(
      path,
      parameters.filter(parameter => parameter.place === 'path').map(({ name }) => name),
      place,
    );
    const body = readBody(this.document, this.schemas, operation.requestBody, method, `${place}.requestBody`);
    const title = text(operation.summary);
    const description = text(operation.description);
    return {
      name: String(operationId),
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      method,
      path,
      parameters,
      ...(body === undefined ? {} : { body }),
    };
  }

  /** Every name in braces is a parameter, and every parameter is in the path. */
  private checkPath(path: string, parameters: readonly string[], place: string): void {
    const { findings } = this.document;
    const names = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
    const isPath =
      URL_PATH.test(path.replace(/\{[^{}]*\}/g, '')) && !path.split('/').some(step => step === '.' || step === '..');
    findings.report(OPEN_API_PATH_INVALID, place, path, !isPath);
    for (const name of names) {
      findings.report(
        OPEN_API_PATH_NAME_UNKNOWN,
        place,
        path,
        parameters.includes(name) ? undefined : { name: `{${name}}` },
      );
      findings.report(
        OPEN_API_PATH_NAME_TWICE,
        place,
        path,
        names.indexOf(name) === names.lastIndexOf(name) ? undefined : { name: `{${name}}` },
      );
    }
    for (const name of parameters.filter(parameter => !names.includes(parameter))) {
      findings.report(OPEN_API_PATH_PARAMETER_UNUSED, place, name, { path, name: `{${name}}` });
    }
  }
}

/** Whether requirements of security ask for anything: each of them is enough, and an empty one asks for nothing. */
function asksWho(security: unknown): boolean {
  return (
    Array.isArray(security) &&
    security.length > 0 &&
    security.every(requirement => isNode(requirement) && Object.keys(requirement).length > 0)
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The schema of what a tool takes where parameters of one place are an object: its properties, and which of them must be there. */
export function objectSchema(
  parameters: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[],
): JsonSchema {
  const required = parameters.filter(parameter => parameter.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, description, schema }) => [
        name,
        description === undefined ? schema : { ...schema, description },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
  };
}
