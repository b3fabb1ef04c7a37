import { randomBytes } from 'crypto';
import { App } from 'cdk8s';
import { Authority } from './end-to-end/certificates';
import { describeWithEnvoy } from './end-to-end/describe';
import { Secrets } from './end-to-end/pod-files';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { GatewayDataPlane } from '../../src';
import * as dataPlanes from '../../src/gateway/data-plane';
import { Synthesis } from '../../src/synthesis/synthesis';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* Every example with Envoy for its data plane: a real Envoy takes what is emitted, or synthesis says what it cannot, and who can. */

/** Examples that ask for what Envoy cannot do, with the properties that it is asked for by. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  canary: ['sessionAffinityHeader'],
  cedar: ['authzConfig', 'matches'],
  compliance: [
    'audit.includeMetadata',
    'authorization',
    'compliance.piiDetection',
    'elicitation',
    'protocolVersion',
    'protocolVersion.allowVersionNegotiation',
    'requestFiltering.bodyFilters',
    'requestFiltering.headerFilters',
    'responseFiltering.removeInternalHeaders',
    'responseFiltering.sizeLimit',
    'sampling',
    'sessionIsolation.auditLevel',
    'sessionIsolation.contextRetention',
    'sessionIsolation.enforceResourceBoundaries',
    'sessionIsolation.mode',
  ],
  development: ['discovery'],
  'existing-deployment': ['authorization'],
  'exposed-gateway': ['authorization'],
  'external-server': ['toolsFilter'],
  'kubernetes-tools': ['toolsFilter'],
  'mutual-tls': ['authorization'],
  'north-star': ['authorization', 'matches', 'toolsFilter'],
  policies: ['authorization'],
  'protected-server': ['matches'],
  'shared-server': ['matches'],
  'staging-and-production': ['authorization'],
  'stateful-server': ['matches'],
  'tool-routing': ['matches'],
};

describeWithEnvoy('examples on a real Envoy', envoy => {
  beforeAll(() => {
    jest
      .spyOn(GatewayDataPlane, 'agentgateway')
      .mockImplementation(({ image } = {}) => GatewayDataPlane.envoy({ image }));
    // Of gateways that do not say which, too.
    const { planeOf } = dataPlanes;
    jest.spyOn(dataPlanes, 'planeOf').mockImplementation(value => planeOf({ type: 'envoy', image: value?.image }));
  });
  afterAll(() => jest.restoreAllMocks());

  it.each(exampleNames())('%s', async name => {
    const app = new App();
    loadExample(name).build(app);
    const errors = Synthesis.all(app)
      .flatMap(synthesis => synthesis.diagnostics())
      .filter(({ severity }) => severity === 'error');
    expect([...new Set(errors.map(({ property }) => property.replace(/\[.*/, '')))].sort()).toEqual(
      REFUSED[name] ?? [],
    );
    // Each says which plane can, or that none can.
    expect(
      errors.filter(({ problem }) => !/; (agentgateway|no data plane of this library) can$/.test(problem)),
    ).toEqual([]);
    if (errors.length > 0) {
      return;
    }
    const objects = objectsOf(app);
    const running = await envoy().start(objects, { secrets: secretsFor(objects) });
    for (const gateway of objects.filter(({ kind }) => kind === 'MCPGateway' || kind === 'ClusterMCPGateway')) {
      const process = running.gateway(gateway.metadata.name);
      const rejected = await process.stats('update_rejected$');
      expect(Object.entries(rejected).filter(([, count]) => count > 0)).toEqual([]);
      expect(await process.stat('listener_manager.listener_create_success')).toBeGreaterThan(0);
    }
    await running.stop();
  });
});

const authority = new Authority('example-ca');

/** Something for every key that pods read of Secrets. */
function secretsFor(objects: readonly Manifest[]): Secrets {
  const secrets: Record<string, Record<string, string>> = {};
  const add = (namespace: string, name: string, keys: readonly string[]): void => {
    const certificate = authority.issue({ commonName: name, dnsNames: [name] });
    const known: Readonly<Record<string, string>> = {
      'tls.crt': certificate.cert,
      'tls.key': certificate.key,
      'ca.crt': authority.cert,
    };
    const data = (secrets[`${namespace}/${name}`] ??= {});
    keys.forEach(key => {
      data[key] ??= known[key] ?? randomBytes(32).toString('hex');
    });
  };
  for (const {
    metadata: { namespace },
    spec,
  } of objects.filter(({ kind }) => kind === 'Deployment')) {
    const { containers, volumes = [] } = spec.template.spec;
    volumes
      .filter(({ secret }: Manifest) => secret !== undefined)
      .forEach(({ secret }: Manifest) =>
        add(
          namespace,
          secret.secretName,
          (secret.items ?? []).map(({ key }: Manifest) => key),
        ),
      );
    containers
      .flatMap(({ env = [] }: Manifest) => env)
      .filter(({ valueFrom }: Manifest) => valueFrom?.secretKeyRef !== undefined)
      .forEach(({ valueFrom }: Manifest) => add(namespace, valueFrom.secretKeyRef.name, [valueFrom.secretKeyRef.key]));
  }
  return secrets;
}
