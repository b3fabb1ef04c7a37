import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { McpServerDiscovery } from './server-discovery-options';
import { backendCredentials, credentialsOf } from '../api/backend-credentials';
import { selectorJson } from '../api/label-selector';
import { Discovery } from '../model/gateway';
import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem } from '../model/names';
import { LabelRequirement, LabelSelector, serverKey, ServerKind, ServerRef } from '../model/server';
import { credentialSecrets } from '../passes/servers/credentials';
import { IMcpServer } from '../references/i-mcp-server';
import { checkSameApp } from '../synthesis/same-app';
import { checkSecretPlace } from '../synthesis/secrets';
import { compact, Json } from '../values/json';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

function requirements(expressions: readonly kplus.LabelExpression[] | undefined): LabelRequirement[] {
  return (expressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator: operator as LabelRequirement['operator'],
    values: values ?? [],
  }));
}

function selector(
  labels: { [key: string]: string } | undefined,
  expressions: readonly kplus.LabelExpression[] | undefined,
): LabelSelector | undefined {
  return labels === undefined && expressions === undefined
    ? undefined
    : { matchLabels: { ...labels }, matchExpressions: requirements(expressions) };
}

/** Checks what one discovery can know about itself. */
export function checkDiscovery(
  input: InputCheck,
  construct: IConstruct,
  namespace: string,
  discovery: McpServerDiscovery | undefined,
): void {
  if (discovery === undefined) {
    return;
  }
  const chosen = selector(discovery.labels, discovery.expressions);
  input.check(
    'discovery',
    {},
    (discovery.servers ?? []).length === 0 && chosen === undefined ? 'selects no server' : undefined,
    'Give servers, labels or expressions',
  );
  input.check(
    'discovery.namespaceLabels',
    discovery.namespaceLabels,
    chosen === undefined && (discovery.namespaceLabels ?? discovery.namespaceExpressions) !== undefined
      ? 'restricts a selection by labels that is not there'
      : undefined,
    'Give labels or expressions too, or drop it',
  );
  discovery.servers?.forEach((server, i) => checkSameApp(input, `discovery.servers[${i}]`, construct, server));
  checkDiscoveredCredentials(input, construct, namespace, discovery);
  for (const property of ['labels', 'namespaceLabels'] as const) {
    for (const [key, value] of Object.entries(discovery[property] ?? {})) {
      input.check(`discovery.${property}[${key}]`, key, labelKeyProblem(key), 'Correct the key');
      input.check(`discovery.${property}[${key}]`, value, labelValueProblem(value), 'Correct the value');
    }
  }
  for (const property of ['expressions', 'namespaceExpressions'] as const) {
    discovery[property]?.forEach((expression, i) => {
      input.check(
        `discovery.${property}[${i}].key`,
        expression.key,
        labelKeyProblem(expression.key),
        'Correct the key',
      );
      input.check(
        `discovery.${property}[${i}].operator`,
        expression.operator,
        OPERATORS.includes(expression.operator) ? undefined : 'is not an operator of label selectors',
        `Use one of ${OPERATORS.join(', ')}`,
      );
    });
  }
}

function checkDiscoveredCredentials(
  input: InputCheck,
  construct: IConstruct,
  namespace: string,
  { servers = [], credentials = [] }: McpServerDiscovery,
): void {
  const listed = servers.map(server => serverKey(refOf(server)));
  const given = credentials.map(({ server }) => serverKey(refOf(server)));
  credentials.forEach(({ server, credentials: proved }, i) => {
    const property = `discovery.credentials[${i}]`;
    checkSameApp(input, `${property}.server`, construct, server);
    input.check(
      `${property}.server`,
      server.name,
      listed.includes(given[i]) ? undefined : 'is not among `servers`',
      'List it there, or give it credentials of its own',
    );
    input.check(
      `${property}.server`,
      server.name,
      given.indexOf(given[i]) < i ? 'has credentials already' : undefined,
      'Give them in one place',
    );
    proved.forEach(({ _model }, c) =>
      credentialSecrets(_model).forEach(secret =>
        checkSecretPlace(input, `${property}.credentials[${c}]`, secret, namespace),
      ),
    );
  });
}

function refOf({ kind, name, namespace }: IMcpServer): ServerRef {
  return { kind: kind as ServerKind, name, namespace };
}

/** A discovery as plain data. */
export function discoveryModel(discovery: McpServerDiscovery): Discovery {
  return {
    servers: (discovery.servers ?? []).map(refOf),
    selector: selector(discovery.labels, discovery.expressions),
    namespaceSelector: selector(discovery.namespaceLabels, discovery.namespaceExpressions),
    skipUnavailable: discovery.skipUnavailable ?? true,
    credentials: discovery.credentials?.map(({ server, credentials }) => ({
      server: refOf(server),
      credentials: credentials.length === 0 ? undefined : credentials.map(({ _model }) => _model),
    })),
  };
}

/** The `mcpServers` field of a gateway resource. */
export function discoverySpec(discovery: Discovery, ownNamespace: string): Json {
  const credentials = new Map(
    (discovery.credentials ?? []).map(({ server, credentials: given = [] }) => [
      serverKey(server),
      backendCredentials.encode(credentialsOf(ownNamespace, given)),
    ]),
  );
  return {
    ...compact({
      static: discovery.servers.map(ref => ({
        ...compact({ name: ref.name, namespace: ref.namespace }),
        ...(credentials.has(serverKey(ref)) ? { credentials: credentials.get(serverKey(ref)) } : {}),
      })),
    }),
    // An empty selector selects everything, so it must not be dropped for being empty.
    ...(discovery.selector === undefined ? {} : { selector: selectorJson(discovery.selector) }),
    ...(discovery.namespaceSelector === undefined
      ? {}
      : { namespaceSelector: selectorJson(discovery.namespaceSelector) }),
  };
}
