import { readFileSync } from 'fs';
import { checkRemoteUrl, remoteAddress } from './remote-url';
import { McpTransport, RemoteSource } from './source-config';
import { McpOpenApiOptions } from './source-options';
import { errorKind, InputCheck, say, warningKind } from '../model/findings';
import { isServiceName } from '../model/hosts';
import { RestApi } from '../model/rest';
import { emptyList, LIST_EMPTY } from '../model/validation';
import { readOpenApi, ReadOpenApi } from '../passes/open-api/read';
import { writeOpenApi } from '../passes/open-api/write';
import { credentialFindings, credentialHeader } from '../passes/servers/credentials';
import { yamlLibrary } from '../values/yaml';
import { checkWritable } from '../workload/metadata';

/**
 * Largest description of the tools, in bytes. It stands in the resource and in the gateway's configuration, and kubectl keeps the
 * whole of an object once more in an annotation, which may have 262,144.
 */
const MAX_BYTES = 240_000;

const REST_URL_WITH_QUERY = errorKind(
  'rest-url-with-query',
  'has a query, and paths are appended to it',
  'Drop the part after "?"',
);
const REST_DOCUMENT_MISSING = errorKind(
  'rest-document-missing',
  'is missing',
  'Give the document once: schema or schemaFile',
);
const REST_DOCUMENT_TWICE = errorKind(
  'rest-document-twice',
  'is given beside schemaFile',
  'Give the document once: schema or schemaFile',
);
const REST_DOCUMENT_TOO_LARGE = errorKind(
  'rest-document-too-large',
  `describes more than resources can hold (${MAX_BYTES} bytes), even without answers and examples of its own`,
  'Choose operations (operations), and make several servers of one service',
);
const REST_CREDENTIAL_HEADER_TAKEN = errorKind(
  'rest-credential-header-taken',
  'is the header of a parameter of {name}, too, so that callers could send their own',
  'Take the parameter out of the document',
);
const REST_DOCUMENT_UNREADABLE = errorKind(
  'rest-document-unreadable',
  'cannot be read ({reason})',
  'Give the path of a file, from the working directory',
);
const REST_DOCUMENT_SYNTAX = errorKind(
  'rest-document-syntax',
  'is neither JSON nor YAML ({reason})',
  'Correct the text',
);

const REST_WITHOUT_CREDENTIALS = warningKind(
  'rest-without-credentials',
  'are not given, and the document says that the service asks who calls (security)',
  'Give what gateways prove to it: BackendCredential.header, bearer, basic or callerToken',
);

/** A REST service with an OpenAPI document. */
export function openApiSource(options: McpOpenApiOptions): RemoteSource {
  const input = new InputCheck('McpServerSource.openApi');
  const root = documentOf(input, options);
  input.report(LIST_EMPTY, 'operations', options.operations, emptyList(options.operations, 'operation', 'for all'));
  input.throwIfAny();
  const read = readOpenApi(root, options);
  input.add(
    read.findings
      .filter(({ severity }) => severity === 'error')
      .map(finding => input.finding(finding, propertyOf(finding.place), finding.value)),
  );
  const parsed = read.url === undefined ? undefined : checkUrl(input, read.url, options);
  const credentials = options.credentials?.map(({ _model }) => _model);
  const connection = parsed?.protocol === 'http:' ? (isServiceName(parsed.hostname) ? 'cluster' : 'http') : 'https';
  input.add(credentialFindings('McpServerSource.openApi', 'credentials', credentials ?? [], connection));
  if (read.api !== undefined) {
    checkApi(
      input,
      read.api,
      (credentials ?? []).flatMap(credential => credentialHeader(credential) ?? []),
    );
  }
  input.throwIfAny();
  return {
    kind: 'remote',
    url: read.url!,
    transport: McpTransport.STREAMABLE_HTTP,
    ...remoteAddress(parsed!, options.tls),
    path: parsed!.pathname.replace(/\/+$/, ''),
    credentials,
    rest: read.api!,
    notes: [
      ...notesOf(read),
      ...(read.secured && credentials === undefined
        ? [{ ...say(REST_WITHOUT_CREDENTIALS), property: 'source.credentials', value: undefined }]
        : []),
    ],
  };
}

/** A finding's place, as an option. */
function propertyOf(place: string): string {
  return /^operations\[/.test(place) ? place : place === '' ? 'schema' : `schema.${place}`;
}

function notesOf({ findings }: ReadOpenApi): NonNullable<RemoteSource['notes']> {
  return findings.map(({ place, ...said }) => ({ ...said, property: `source.${propertyOf(place)}` }));
}

function checkUrl(input: InputCheck, url: string, { insecure, tls }: McpOpenApiOptions): URL | undefined {
  const cluster = URL.canParse(url) && isServiceName(new URL(url).hostname);
  const parsed = checkRemoteUrl(input, url, { insecure: insecure ?? cluster, tls });
  input.report(REST_URL_WITH_QUERY, 'url', url, !(parsed === undefined || parsed.search === ''));
  return parsed;
}

function checkApi(input: InputCheck, api: RestApi, credentials: readonly string[]): void {
  const written = writeOpenApi(api);
  checkWritable(input, 'schema', written);
  const size = Buffer.byteLength(JSON.stringify(written));
  input.report(REST_DOCUMENT_TOO_LARGE, 'schema', `${size} bytes`, !(size <= MAX_BYTES));
  for (const { name, parameters } of api.operations) {
    const taken = parameters.find(
      parameter => parameter.place === 'header' && credentials.includes(parameter.name.toLowerCase()),
    );
    input.report(REST_CREDENTIAL_HEADER_TAKEN, 'credentials', taken?.name, taken === undefined ? undefined : { name });
  }
}

function documentOf(input: InputCheck, { schema, schemaFile }: McpOpenApiOptions): unknown {
  if ((schema === undefined) === (schemaFile === undefined)) {
    input.report(REST_DOCUMENT_MISSING, 'schema', undefined, schema === undefined);
    input.reportGiven(REST_DOCUMENT_TWICE, 'schema', schema && '(given)', () => true);
    return undefined;
  }
  if (schemaFile === undefined) {
    return typeof schema === 'string' ? parse(input, 'schema', schema) : schema;
  }
  let text: string;
  try {
    text = readFileSync(schemaFile, 'utf8');
  } catch (error) {
    input.report(REST_DOCUMENT_UNREADABLE, 'schemaFile', schemaFile, {
      reason: (error as NodeJS.ErrnoException).code ?? (error as Error).message,
    });
    return undefined;
  }
  return parse(input, 'schemaFile', text);
}

/** JSON is YAML. */
function parse(input: InputCheck, property: string, text: string): unknown {
  try {
    return yamlLibrary().parse(text, { prettyErrors: false });
  } catch (error) {
    input.report(REST_DOCUMENT_SYNTAX, property, text.slice(0, 40), { reason: (error as Error).message });
    return undefined;
  }
}
