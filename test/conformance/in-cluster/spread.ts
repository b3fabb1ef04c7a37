import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { deployment, REPLICAS, Workload } from './app';
import { Report } from './report';
import { until, World } from './world';
import { TOOLS_IMAGES } from '../../../scripts/cluster/images';
import { NODE } from '../../../scripts/cluster/settings';
import {
  AntiAffinity,
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../../src';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';

/*
 * Where replicas are put where there are two nodes. The second one is a name alone: pods are bound to it and never start, so what the
 * scheduler decides is seen, and nothing else.
 */

const SECOND = 'node2';
const NAMESPACE = 'spread';
const GATEWAY = deployment('gateway', NAMESPACE);
const SERVER = deployment('preferring', NAMESPACE);
const STRICT = deployment('strict', NAMESPACE);
const resources: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(5) },
  memory: { request: Size.mebibytes(16), limit: Size.mebibytes(256) },
};
const KEYS =
  '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}';

function spreadApp(): readonly Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'spread', { namespace: NAMESPACE });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: REPLICAS,
    resources,
    authentication: [Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwks: KEYS })],
  });
  const common = {
    source: McpServerSource.image(TOOLS_IMAGES[0]),
    sessions: McpSessions.STATELESS,
    replicas: REPLICAS,
    resources,
  };
  const preferring = new McpServer(chart, 'preferring', common);
  const strict = new McpServer(chart, 'strict', { ...common, antiAffinity: AntiAffinity.REQUIRED });
  [preferring, strict].forEach(
    server => new McpRoute(chart, `${server.node.id}-route`, { gateway, backends: [{ server }] }),
  );
  return objectsOf(app);
}

/** Tests of the scheduler's choices. */
export function testSpread(given: () => World, report: Report): void {
  /** A node that is ready for as long as nobody expects to hear of it again. */
  const announce = (): void => {
    const { cluster } = given();
    const resourcesOfNode = { cpu: '2', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' };
    const now = new Date().toISOString();
    const status = {
      capacity: resourcesOfNode,
      allocatable: resourcesOfNode,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Said', message: '', lastHeartbeatTime: now, lastTransitionTime: now },
      ],
    };
    cluster.kubectl([
      'patch',
      'node',
      SECOND,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    ]);
  };
  const nodesOf = (workload: Workload): string[] =>
    given()
      .pods(workload)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ spec }) => spec.nodeName ?? 'none')
      .sort();

  it('puts replicas on different nodes, and on those that are left when one is gone', async () => {
    const { cluster } = given();
    const labels = (name: string, zone: string): object => ({
      'kubernetes.io/hostname': name,
      'topology.kubernetes.io/zone': zone,
    });
    cluster.apply([
      { apiVersion: 'v1', kind: 'Node', metadata: { name: SECOND, labels: labels(SECOND, 'b') } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ]);
    cluster.kubectl(['label', 'node', NODE, 'topology.kubernetes.io/zone=a', '--overwrite']);
    try {
      announce();
      await until('the second node takes pods', () => {
        announce();
        return cluster.kubectl(['get', 'node', SECOND, '-o', 'jsonpath={.spec.taints}']) === '';
      });
      cluster.apply(spreadApp());
      for (const workload of [GATEWAY, SERVER, STRICT]) {
        await until(`${workload.name} has its nodes`, () => {
          announce();
          const nodes = nodesOf(workload);
          return nodes.length === REPLICAS && !nodes.includes('none');
        });
        expect([workload.name, nodesOf(workload)]).toEqual([workload.name, [NODE, SECOND]]);
      }
      const gone = Date.now();
      cluster.kubectl(['delete', 'node', SECOND]);
      for (const workload of [GATEWAY, SERVER]) {
        await until(`${workload.name} is on the node that is left`, () => {
          const nodes = nodesOf(workload);
          return nodes.length === REPLICAS && nodes.every(node => node === NODE);
        });
      }
      report({ event: 'replicas of a node that is gone are elsewhere', seconds: (Date.now() - gone) / 1000 });
      await until('strict waits for another node', () => nodesOf(STRICT).join() === [NODE, 'none'].join());
    } finally {
      cluster.kubectl(['delete', 'node', SECOND, '--ignore-not-found']);
      cluster.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
    }
  });
}
