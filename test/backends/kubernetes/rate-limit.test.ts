import { stringify } from 'yaml';
import {
  rateLimitObjects,
  rateLimitSelector,
  rateLimitStoreSelector,
} from '../../../src/backends/kubernetes/rate-limit';
import { Gateway } from '../../../src/model/gateway';
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
    for (const { securityContext, resources } of spec.containers) {
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
