/**
 * Servers without authentication of their own: a guard in front of each asks its callers, whatever way they come by.
 *
 * The route has no rules here: who may call what is up to the servers, and `AccessMatrix.of(app)` asks them as well.
 */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  AuthzConfig,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  OidcConfig,
  ToolMatch,
} from 'cdk8s-mcp';

/** What `curl https://auth.acme.dev/jwks.json` prints: given here, nothing needs to be reachable from the servers' pods. */
const ACME_KEYS =
  '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"acme-1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';
/** What `kubectl get --raw /openid/v1/jwks` prints. */
const CLUSTER_KEYS =
  '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"cluster-1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    authentication: [Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwks: ACME_KEYS })],
    ingress: [IngressSource.namespaces('agents')],
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  // Listens on HTTP: a sidecar verifies the token that the gateway passes on, and asks Cedar about each tool.
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { port: 9000 }),
    tools: ['db_query', 'db_insert', 'db_drop'],
    oidcConfig: OidcConfig.inline({ issuer: 'https://auth.acme.dev', audiences: ['ledger'], jwks: ACME_KEYS }),
    authzConfig: AuthzConfig.inline({
      policies: [
        'permit(principal in Group::"finance", action, resource);',
        'permit(principal == User::"auditor", action, resource == Tool::"db_query");',
        'forbid(principal, action, resource == Tool::"db_drop");',
      ],
    }),
  });
  const plain = new McpServer(team, 'calendar', {
    source: McpServerSource.image('ghcr.io/acme/calendar-mcp:2.0.0'),
    tools: ['cal_list'],
  });
  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  route.addMatch({ tools: ToolMatch.prefix('cal_'), backends: [{ server: plain }] });

  // Speaks over standard input and output: its adapter asks by itself, and takes the tokens of the cluster's service accounts alone.
  const files = new McpServer(team, 'files', {
    source: McpServerSource.command('ghcr.io/acme/files-mcp:0.9.1', ['files-mcp', '/data']),
    oidcConfig: OidcConfig.kubernetes({ audiences: ['files'], jwks: CLUSTER_KEYS }),
  });
  // Their pods call it directly.
  files.allowIngress(IngressSource.namespaces('agents'));
}
