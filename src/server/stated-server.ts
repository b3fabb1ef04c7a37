import { Construct } from 'constructs';
import { AllowedNamespaces } from './allowed-namespaces';
import { checkControllerMode, checkStatement, checkTools, controllerWarnings, longestSuffix } from './server-checks';
import { ServerCore } from './server-core';
import { McpServerOptions } from './server-options';
import { serverStatement, ServerStatement } from './server-statement';
import { consentValue } from '../api/allowed-namespaces';
import { OPTION_WITHOUT_FIELD } from '../api/upstream';
import { Reconciliation } from '../cluster/reconciliation';
import { InputCheck } from '../model/findings';
import { ServerKind } from '../model/server';
import { emptyList, isToolName, LIST_EMPTY, TOOL_NAME_INVALID } from '../model/validation';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';

/** What the two kinds of servers say each in its own way. */
interface OwnOptions {
  readonly kind: ServerKind;
  /** Namespace of its pods, as code gives it. */
  readonly namespace?: string;
  readonly allowedNamespaces?: AllowedNamespaces;
}

/**
 * Makes a server of its options, or of what a document states.
 *
 * @throws when options are wrong: what a document states is checked when it is read
 */
export function statedServer(construct: Construct, options: McpServerOptions, own: OwnOptions): ServerCore {
  if (options instanceof Stated) {
    return new ServerCore(construct, options.statement as ServerStatement);
  }
  const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
  const input = new InputCheck(construct.node.path);
  const statement = statementOf(input, construct, options, own);
  options.tools && checkTools(input, options.tools);
  input.report(LIST_EMPTY, 'toolsFilter', options.toolsFilter, emptyList(options.toolsFilter, 'tool', 'to expose all'));
  for (const tool of Object.keys(options.toolDescriptions ?? {})) {
    input.report(TOOL_NAME_INVALID, `toolDescriptions[${tool}]`, tool, !isToolName(tool));
  }
  checkStatement(input, construct.node.path, rendered, statement, { ...options });
  if (!rendered) {
    checkControllerMode(input, options);
    checkOwn(input, own);
  }
  input.throwIfAny();
  return new ServerCore(construct, statement, rendered ? [] : controllerWarnings(construct.node.path, options));
}

function statementOf(
  input: InputCheck,
  construct: Construct,
  options: McpServerOptions,
  { kind, namespace, allowedNamespaces }: OwnOptions,
): ServerStatement {
  const { _config: source } = options.source;
  const cluster = kind === 'ClusterMCPServer';
  const name = resolveName(construct, options.name, input, longestSuffix(options, source));
  // A remote ClusterMCPServer is in no namespace at all.
  const workloadNamespace =
    cluster && source.kind === 'remote'
      ? ''
      : resolveNamespace(construct, namespace, input, cluster ? 'workloadNamespace' : 'namespace');
  return serverStatement(
    { kind, name, workloadNamespace },
    options,
    cluster
      ? {
          workloadNamespace: namespace,
          allowedNamespaces: allowedNamespaces && consentValue(allowedNamespaces._consent),
        }
      : {},
  );
}

/** What only a ClusterMcpServer has, and an operator never sees. */
function checkOwn(input: InputCheck, { kind, namespace, allowedNamespaces }: OwnOptions): void {
  const unseen = (property: string, value: unknown, isThere: boolean, instead: string): void =>
    input.report(OPTION_WITHOUT_FIELD, property, value, isThere ? { kind: 'ClusterMCPServer', instead } : undefined);
  unseen('workloadNamespace', namespace, kind === 'ClusterMCPServer' && namespace !== undefined, 'Drop it');
  unseen(
    'allowedNamespaces',
    allowedNamespaces?._toJson(),
    allowedNamespaces !== undefined && !allowedNamespaces._consent.all,
    'Allow all',
  );
}
