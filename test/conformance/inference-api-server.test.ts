import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { describeWithApiServer } from './api-server';
import { Cluster, announcedBy, documentsOf, documentsOfApp, ownCrds } from './cluster';
import { McpGateway, McpInferenceService, McpRoute, McpServer, McpServerSource } from '../../src';
import { Manifest } from '../support/validate';

const INFERENCE_SERVICES = join(__dirname, '..', '..', '..', 'shared', 'upstream', 'ome', 'inferenceservices.yaml');

/** InferenceServices, applied to the definition that OME has released. */
describeWithApiServer('a real API server', server => {
  const app = new App();
  const team = new Chart(app, 'analytics', { namespace: 'inference-analytics' });
  const gateway = new McpGateway(team, 'gateway');
  const postgres = new McpServer(team, 'postgres-tools', {
    source: McpServerSource.image('ghcr.io/acme/postgres-mcp:1.0.0'),
  });
  const route = new McpRoute(team, 'shared', { gateway, backends: [{ server: postgres }] });
  const model = { name: 'llama-3-70b' };
  new McpInferenceService(team, 'simple', {
    model,
    runtime: { name: 'vllm' },
    servers: [{ server: postgres }],
    gateway,
  });
  new McpInferenceService(team, 'explicit', {
    model,
    route,
    spec: { engine: { minReplicas: 1, runner: { name: 'sglang', image: 'docker.io/lmsysorg/sglang:v0.4.3' } } },
  });
  new McpInferenceService(team, 'several-nodes', {
    model,
    route,
    spec: { engine: { leader: { runner: { name: 'sglang' } }, worker: { size: 1 } }, decoder: { minReplicas: 1 } },
  });
  const documents = documentsOfApp(app);

  test('accepts them strictly, and nothing changes when they are applied again', async () => {
    const cluster = new Cluster(server().client);
    const released: Manifest[] = documentsOf(readFileSync(INFERENCE_SERVICES, 'utf8')).map(({ object }) => object);
    await cluster.install([...ownCrds(), ...released]);
    await cluster.prepare(documents);
    const expected = { announced: announcedBy(app) };
    const stored = new Map();
    expect(await cluster.apply(documents, stored, expected)).toEqual([]);
    const again = new Map();
    expect(await cluster.apply(documents, again, expected)).toEqual([]);
    for (const [object, { metadata }] of stored) {
      expect([object, again.get(object).metadata.resourceVersion]).toEqual([object, metadata.resourceVersion]);
    }
  });
});
