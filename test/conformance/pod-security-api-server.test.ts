import * as fc from 'fast-check';
import { describeWithApiServer } from './api-server';
import { hardened, restrictedFindings } from '../../src/backends/kubernetes/pod-security';
import { Manifest } from '../support/validate';

/**
 * Pod Security `restricted` as this library judges pods and as a real API server does, for random pods. How many:
 * CONFORMANCE_PODS. A failure is repeated with the CONFORMANCE_SEED that it prints.
 */

const COUNT = Number(process.env.CONFORMANCE_PODS ?? 400);
const SEED = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
const NAMESPACE = 'restricted';

/** A value, most often one that is as it should be. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom<T>(usual, ...others) },
  );
}

/** Fields with values, those without one left out. */
function fields(model: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Manifest> {
  return fc
    .record(model)
    .map(record => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

const seccompProfile = (usual: unknown): fc.Arbitrary<unknown> =>
  mostly(
    usual,
    undefined,
    { type: 'RuntimeDefault' },
    { type: 'Localhost', localhostProfile: 'a.json' },
    { type: 'Unconfined' },
  );
const seLinuxOptions = mostly(
  undefined,
  { level: 's0' },
  { type: 'container_t' },
  { type: 'spc_t' },
  { user: 'a' },
  { role: 'b' },
);
const appArmorProfile = mostly(
  undefined,
  { type: 'RuntimeDefault' },
  { type: 'Localhost', localhostProfile: 'a' },
  { type: 'Unconfined' },
);

const containerContext = fields({
  allowPrivilegeEscalation: mostly<unknown>(false, undefined, true),
  capabilities: mostly<unknown>(
    { drop: ['ALL'] },
    undefined,
    {},
    { drop: ['NET_RAW'] },
    { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    { drop: ['ALL'], add: ['NET_ADMIN'] },
    { add: ['SYS_ADMIN'] },
  ),
  privileged: mostly<unknown>(undefined, false, true),
  procMount: mostly<unknown>(undefined, 'Default'),
  runAsNonRoot: mostly<unknown>(true, undefined, false),
  runAsUser: mostly<unknown>(undefined, 0, 1000),
  seccompProfile: seccompProfile({ type: 'RuntimeDefault' }),
  seLinuxOptions,
  appArmorProfile,
});

const container = fields({
  image: fc.constant('acme/x:1'),
  securityContext: fc.option(containerContext, { nil: undefined, freq: 8 }),
  ports: mostly<unknown>(undefined, [{ containerPort: 80 }], [{ containerPort: 80, hostPort: 80 }]),
  livenessProbe: mostly<unknown>(
    undefined,
    { httpGet: { port: 80 } },
    { httpGet: { port: 80, host: '10.0.0.1' } },
    { tcpSocket: { port: 80, host: '10.0.0.1' } },
  ),
  lifecycle: mostly<unknown>(
    undefined,
    { preStop: { httpGet: { port: 80, host: 'a' } } },
    { postStart: { exec: { command: ['a'] } } },
  ),
});

const pod: fc.Arbitrary<Manifest> = fc
  .record({
    annotations: mostly<Manifest>(
      {},
      { 'container.apparmor.security.beta.kubernetes.io/c0': 'unconfined' },
      { 'container.apparmor.security.beta.kubernetes.io/c0': 'runtime/default' },
    ),
    spec: fields({
      hostNetwork: mostly<unknown>(undefined, false, true),
      hostPID: mostly<unknown>(undefined, true),
      hostIPC: mostly<unknown>(undefined, true),
      volumes: mostly<unknown>(
        undefined,
        [
          { name: 'a', emptyDir: {} },
          { name: 'b', projected: { sources: [] } },
        ],
        [{ name: 'a', hostPath: { path: '/' } }],
        [{ name: 'a', nfs: { server: 'a', path: '/' } }],
      ),
      securityContext: fc.option(
        fields({
          runAsNonRoot: mostly<unknown>(undefined, true, false),
          runAsUser: mostly<unknown>(undefined, 0, 1000),
          seccompProfile: seccompProfile(undefined),
          seLinuxOptions,
          appArmorProfile,
          sysctls: mostly<unknown>(
            undefined,
            [{ name: 'net.ipv4.tcp_rmem', value: '1' }],
            [{ name: 'kernel.msgmax', value: '1' }],
          ),
        }),
        { nil: undefined },
      ),
      containers: fc
        .array(container, { minLength: 1, maxLength: 2 })
        .map(list => list.map((one, i) => ({ ...one, name: `c${i}` }))),
      initContainers: fc.option(
        container.map(({ livenessProbe: _, lifecycle: ignored, ...one }) => [{ ...one, name: 'i' }]),
        { nil: undefined },
      ),
    }),
  })
  .map(({ annotations, spec }) => ({ metadata: { annotations }, spec }));

describeWithApiServer(`a real API server, seed ${SEED}`, server => {
  beforeAll(async () => {
    const { client } = server();
    await client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await client.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: NAMESPACE },
    });
  });

  /** What Pod Security has against a pod; undefined for a pod that is refused for another reason. */
  async function verdict({ metadata, spec }: Manifest): Promise<string | undefined> {
    const { status, body } = await server().client.create(
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'x', namespace: NAMESPACE }, spec },
      { dryRun: true },
    );
    return status < 300 ? '' : status === 403 ? body.message : undefined;
  }

  test('agrees about pods', async () => {
    const pods = fc.sample(pod, { numRuns: COUNT, seed: SEED });
    const judged = { passed: 0, refused: 0 };
    for (const one of pods) {
      const answer = await verdict(one);
      if (answer !== undefined) {
        const found = restrictedFindings(one);
        expect((answer === '') === (found.length === 0) ? '' : JSON.stringify({ pod: one, answer, found })).toBe('');
        judged[answer === '' ? 'passed' : 'refused']++;
      }
    }
    // Neither side may be trivial.
    expect(judged.passed).toBeGreaterThan(0);
    expect(judged.refused).toBeGreaterThan(0);
  });

  test('takes every hardened pod that says nothing against it, and none that it cannot start', async () => {
    const open = fields({
      image: fc.constant('acme/x:1'),
      securityContext: mostly<unknown>(
        undefined,
        {},
        { runAsUser: 1000 },
        { capabilities: { add: ['NET_BIND_SERVICE'] } },
      ),
    });
    for (const containers of fc.sample(fc.array(open, { minLength: 1, maxLength: 3 }), { numRuns: 20, seed: SEED })) {
      expect(
        await verdict(hardened({ spec: { containers: containers.map((one, i) => ({ ...one, name: `c${i}` })) } })),
      ).toBe('');
    }
    // What is added never makes a pod one that the API refuses as invalid.
    for (const one of fc.sample(pod, { numRuns: COUNT / 4, seed: SEED })) {
      const before = await verdict(one);
      expect(before === undefined || (await verdict(hardened(one))) !== undefined).toBe(true);
    }
  });
});
