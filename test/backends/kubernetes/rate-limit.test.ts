import { stringify } from 'yaml';
import {
  rateLimitObjects,
  rateLimitSelector,
  rateLimitStoreSelector,
} from '../../../src/backends/kubernetes/rate-limit';
import { DEFAULT_PROFILE } from '../../../src/model/cluster';
import { Gateway } from '../../../src/model/gateway';
import { DEFAULT_IMAGES } from '../../../src/model/images';
import { Json } from '../../../src/values/json';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';
import { validateObjects } from '../../support/validate';
import { limitOf, policyOf } from '../agentgateway/policy-fixtures';

const limited = policyOf({ rateLimits: [limitOf('ip', 5)] });
const objects = (gateway: Partial<Gateway> = {}) =>
  rateLimitObjects({
    gateway: gatewayOf(gateway),
    entries: [entryOf([groupOf('default', [serverOf('ledger')])], { policy: limited })],
  });
const kinds = (found: readonly Json[]) =>
  found.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
const deployment = (found: readonly Json[]) =>
  found.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'gw-rate-limit')!;
const environment = (found: readonly Json[]) =>
  Object.fromEntries(
    deployment(found).spec.template.spec.containers[0].env.map(({ name, value, valueFrom }: Json) => [
      name,
      value ?? valueFrom,
    ]),
  );

it('is nothing without a limit', () => {
  expect(
    rateLimitObjects({ gateway: gatewayOf(), entries: [entryOf([groupOf('default', [serverOf('ledger')])])] }),
  ).toEqual([]);
});

it('is a service and a store', () => {
  expect(kinds(objects())).toEqual([
    'ServiceAccount mcp-system/gw-rate-limit',
    'ConfigMap mcp-system/gw-rate-limit',
    'Deployment mcp-system/gw-rate-limit',
    'Service mcp-system/gw-rate-limit',
    'Deployment mcp-system/gw-rate-limit-store',
    'Service mcp-system/gw-rate-limit-store',
  ]);
});

it('is what Kubernetes knows', () => {
  expect(validateObjects(objects({ replicas: 2 }))).toEqual([]);
  expect(
    validateObjects(
      objects({
        rateLimitService: { store: { host: 'r', port: 1, tls: false, password: { secretName: 'r', key: 'p' } } },
      }),
    ),
  ).toEqual([]);
});

it('has two replicas and a budget where its gateway has several', () => {
  const found = objects({ replicas: 3 });
  expect(deployment(found).spec.replicas).toBe(2);
  expect(kinds(found)).toContain('PodDisruptionBudget mcp-system/gw-rate-limit');
  expect(deployment(objects({ replicas: 3, rateLimitService: { replicas: 1 } })).spec.replicas).toBe(1);
});

it("uses a store of the user's", () => {
  const found = objects({
    rateLimitService: {
      store: { host: 'redis.data.svc', port: 6380, tls: true, password: { secretName: 'redis', key: 'password' } },
    },
  });
  expect(kinds(found).filter(name => name.includes('store'))).toEqual([]);
  expect(environment(found)).toMatchObject({
    REDIS_URL: 'redis.data.svc:6380',
    REDIS_TLS: 'true',
    REDIS_AUTH: { secretKeyRef: { name: 'redis', key: 'password' } },
  });
});

it('reads a mounted ConfigMap where it is, and sees it change', () => {
  const { RUNTIME_ROOT, RUNTIME_SUBDIRECTORY, RUNTIME_WATCH_ROOT, RUNTIME_IGNOREDOTFILES } = environment(objects());
  const [{ mountPath, subPath }] = deployment(objects()).spec.template.spec.containers[0].volumeMounts;
  expect([mountPath, subPath, RUNTIME_WATCH_ROOT, RUNTIME_IGNOREDOTFILES]).toEqual([
    `${RUNTIME_ROOT}/${RUNTIME_SUBDIRECTORY}/config`,
    undefined,
    'false',
    'true',
  ]);
});

it('starts when its store answers, where that starts with it', () => {
  const podOf = (gateway: Partial<Gateway>) => deployment(objects(gateway)).spec.template.spec;
  const [{ command, image }] = podOf({}).initContainers;
  const ping = 'valkey-cli -h gw-rate-limit-store.mcp-system.svc.cluster.local. -p 6379 ping';
  expect(command).toEqual(['sh', '-c', `n=0; until [ $n = 3 ]; do ${ping} && n=$((n + 1)) || n=0; sleep 1; done`]);
  expect(environment(objects()).REDIS_URL).toBe('gw-rate-limit-store.mcp-system.svc.cluster.local.:6379');
  expect(image).toBe(DEFAULT_IMAGES.rateLimitStore);
  expect(podOf({ rateLimitService: { store: { host: 'r', port: 1, tls: false } } })).not.toHaveProperty(
    'initContainers',
  );
  // It may have no shell.
  const images = { ...DEFAULT_IMAGES, rateLimitStore: 'registry.acme.dev/hardened/valkey:8' };
  expect(podOf({ profile: { ...DEFAULT_PROFILE, images } })).not.toHaveProperty('initContainers');
});

it('answers on while proxies of nodes learn that a pod goes, from the version on that can wait', () => {
  const waits = (kubernetesMinor: number) =>
    objects({ profile: { ...DEFAULT_PROFILE, kubernetesMinor } })
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => spec.template.spec.containers[0].lifecycle);
  expect(waits(30)).toEqual(Array(2).fill({ preStop: { sleep: { seconds: 10 } } }));
  expect(waits(29)).toEqual([undefined, undefined]);
});

it('has the next pod ready before the last one goes', () => {
  for (const { spec } of objects().filter(({ kind }) => kind === 'Deployment')) {
    expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  }
});

it('selects the pods that it labels', () => {
  const found = objects();
  for (const { spec } of found.filter(({ kind }) => kind === 'Deployment')) {
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
  }
  expect(found.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.selector)).toEqual([
    rateLimitSelector(gatewayOf()),
    rateLimitStoreSelector(gatewayOf()),
  ]);
});

it('passes Pod Security restricted', () => {
  for (const {
    spec: {
      template: { spec },
    },
  } of objects().filter(({ kind }) => kind === 'Deployment')) {
    expect(spec.automountServiceAccountToken).toBe(false);
    for (const { securityContext, resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(Object.keys(resources)).toEqual(['requests', 'limits']);
    }
  }
});

it('starts the store without anything to write', () => {
  expect(
    stringify(
      objects().find(({ metadata }) => metadata.name === 'gw-rate-limit-store')!.spec.template.spec.containers[0]
        .command,
    ),
  ).toContain('allkeys-lfu');
});
