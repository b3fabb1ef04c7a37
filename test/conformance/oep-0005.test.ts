import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import {
  Authentication,
  ClusterProfile,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  OtherKinds,
} from '../../src';
import { Diagnostic, InputError } from '../../src/model/findings';
import { Synthesis } from '../../src/synthesis/synthesis';
import { Manifest, validateObjects } from '../support/validate';

/*
 * Every YAML block of the three revisions of OEP-0005, verbatim, through McpManifest. docs/oep-0005.md says the same in words. They lie
 * outside of this repository; their essence is in the unit tests.
 */

const BLOCKS = join(__dirname, '..', '..', '..', 'shared', 'upstream', 'ome', 'oep-0005');
const suite = existsSync(BLOCKS) ? describe : describe.skip;

/** What a block becomes: objects of the API, as `kind name`, or errors, as `id place`. */
const OUTCOMES: Readonly<Record<string, { readonly emits: string[] } | { readonly refused: string[] }>> = {
  'final/01-story-1-data-scientist-using-mcp-tools.yaml': {
    emits: ['InferenceService my-llm', 'MCPRoute my-llm-route', 'MCPServer postgres-tools'],
  },
  'final/02-story-2-direct-server-access-for-trusted.yaml': {
    emits: ['InferenceService my-llm', 'MCPRoute my-llm-route', 'MCPServer k8s-tools'],
  },
  // The server is in none of the blocks.
  'final/03-1-policy-hierarchy.yaml': { refused: ['manifest-server-unknown spec.backendRefs[0].serverRef.name'] },
  // Neither hosted nor remote.
  'final/04-3-workload-permissions-permissionprofile.yaml': { refused: ['neither-hosted-nor-remote spec'] },
  'final/05-pattern-1-traffic-splitting-for-canary-d.yaml': {
    emits: [
      'InferenceService analytics-llm',
      'MCPRoute analytics-canary',
      'MCPServer analytics-v1',
      'MCPServer analytics-v2',
    ],
  },
  'final/06-pattern-2-tool-based-routing-with-multip.yaml': {
    emits: [
      'InferenceService smart-llm',
      'MCPRoute smart-routing',
      'MCPServer database-server',
      'MCPServer k8s-server',
    ],
  },
  // What v1beta1 might have, "conditional".
  'final/07-v1beta1-conditional-based-on-validated-n.yaml': {
    refused: [
      'field-missing spec.authorization.rules',
      'field-missing spec.backendRefs',
      'field-unknown spec.authenticationPolicyRef',
    ],
  },
  // Two documents without "---", with "{...}" for what is left out.
  'final/08-mcproute-references-policy-instead-of-em.yaml': {
    refused: ['yaml-key-twice apiVersion', 'yaml-key-twice kind', 'yaml-key-twice metadata', 'yaml-key-twice spec'],
  },
  'sep2025/01-story-1-data-scientist-exposing-a-databa.yaml': {
    emits: ['MCPGateway data-science-gateway', 'MCPServer sql-tool-server'],
  },
  'sep2025/02-story-2-devops-engineer-providing-secure.yaml': { emits: ['MCPServer k8s-reader-tool'] },
  // "... server spec ..."
  'sep2025/03-story-3-platform-team-aggregating-shared.yaml': {
    refused: ['neither-hosted-nor-remote spec', 'neither-hosted-nor-remote spec'],
  },
  // Two documents without "---".
  'sep2025/04-pattern-3-remote-server-integration.yaml': {
    refused: ['yaml-key-twice apiVersion', 'yaml-key-twice kind', 'yaml-key-twice metadata', 'yaml-key-twice spec'],
  },
  // Keys that the API server hands out to those alone who present a token.
  'aug2025/01-story-1-data-scientist-with-database-acc.yaml': {
    refused: ['keys-missing-kubernetes spec.oidcConfig.kubernetes.jwksURL'],
  },
  'aug2025/02-story-2-devops-engineer-with-infrastruct.yaml': { emits: ['MCPServer infra-tools-mcp'] },
  // Cedar of entities that no MCP call has: read, query, ResourceType, departments.
  'aug2025/03-story-3-platform-team-with-centralized-m.yaml': {
    refused: [
      ...Array(5).fill('cedar-policy-schema spec.authzConfig.inline.policies[0]'),
      'keys-missing-kubernetes spec.oidcConfig.kubernetes.jwksURL',
    ],
  },
  // A program over standard input, and no command to start it with.
  'aug2025/04-deployment-patterns.yaml': { refused: ['server-command-missing spec'] },
  'aug2025/05-both-resources-are-available-independent.yaml': {
    refused: ['authz-config-map-unknown spec.authzConfig.configMap.name', 'server-command-missing spec'],
  },
  // Keys are not looked up while a server runs.
  'aug2025/06-the-shared-clustermcpserver-is-available.yaml': {
    refused: ['keys-missing spec.oidcConfig.inline.jwksURL'],
  },
  'aug2025/07-external-mcp-services-can-be-accessed-by.yaml': { emits: ['MCPServer dev-tools'] },
};

/** A cluster whose network knows names, and a gateway that knows its users, as the proposal takes for granted. */
function platform(): { readonly app: App; readonly gateway: McpGateway } {
  const app = new App();
  new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(app);
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });
  return { app, gateway };
}

function read(block: string): { readonly objects: readonly Manifest[]; readonly errors: readonly Diagnostic[] } {
  const { app, gateway } = platform();
  const chart = new Chart(app, 'block', { namespace: 'default' });
  try {
    McpManifest.fromFile(chart, 'manifest', join(BLOCKS, block), {
      source: block,
      gateway,
      otherKinds: OtherKinds.PASS_THROUGH,
    });
  } catch (error) {
    if (error instanceof InputError) {
      return { objects: [], errors: error.diagnostics };
    }
    throw error;
  }
  const errors = Synthesis.of(app)
    .diagnostics()
    .filter(({ severity }) => severity === 'error');
  return { objects: errors.length === 0 ? Testing.synth(chart) : [], errors };
}

suite('the proposal, verbatim', () => {
  const blocks = existsSync(BLOCKS)
    ? readdirSync(BLOCKS).flatMap(revision => readdirSync(join(BLOCKS, revision)).map(file => `${revision}/${file}`))
    : [];

  test('all blocks are here', () => {
    expect([...blocks].sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  test.each(Object.keys(OUTCOMES))('%s', block => {
    const { objects, errors } = read(block);
    const outcome = OUTCOMES[block];
    expect(errors.map(({ id, property }) => `${id} ${property}`).sort()).toEqual(
      'refused' in outcome ? [...outcome.refused].sort() : [],
    );
    const models = ['InferenceService', 'MCPGateway', 'MCPRoute', 'MCPServer'];
    expect(
      objects
        .filter(({ kind, metadata }) => models.includes(kind) && !isUnrelated({ kind, metadata }, block))
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual('emits' in outcome ? outcome.emits : []);
    expect(validateObjects(objects.filter(({ kind }) => kind !== 'InferenceService'))).toEqual([]);
  });

  test('the route of "Policy Hierarchy", with the server that it is about', () => {
    const { app, gateway } = platform();
    const chart = new Chart(app, 'finance', { namespace: 'finance-team' });
    const server = new McpServer(chart, 'payment-server', {
      source: McpServerSource.image('ghcr.io/acme/payment:1.0.0'),
    });
    const manifest = McpManifest.fromFile(chart, 'manifest', join(BLOCKS, 'final/03-1-policy-hierarchy.yaml'), {
      gateway,
      servers: [server],
    });
    const route: McpRoute = manifest.route('sensitive-tools');
    expect(route.resource.toJson().spec.authorization.rules).toEqual([
      { principals: ['group:finance-admins'], permissions: [{ actions: ['tools/call', 'tools/list'], tools: ['*'] }] },
    ]);
  });
});

/** Models of August 2025 that say nothing of tools are passed on. */
function isUnrelated({ kind }: Pick<Manifest, 'kind' | 'metadata'>, block: string): boolean {
  return kind === 'InferenceService' && block.startsWith('aug2025/');
}
