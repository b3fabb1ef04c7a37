import { storedQuantity, storedService, storedWorkload } from '../../../src/backends/kubernetes/stored-form';

describe('quantities', () => {
  test.each([
    ['1024Mi', '1Gi'],
    ['1536Mi', '1536Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['0', '0'],
    ['0Mi', '0'],
    ['1', '1'],
    [2, '2'],
    [0.25, '250m'],
  ])('%p is stored as %p', (given, stored) => {
    expect(storedQuantity(given)).toBe(stored);
  });

  test.each(['1e3', '-1', 'many', '0.0000000001', '0.1Ki', ''])('%p is left to the API server', given => {
    expect(storedQuantity(given)).toBe(given);
  });
});

describe('objects', () => {
  const workload = (spec: object, pod: object) => ({
    kind: 'Deployment',
    spec: { replicas: 1, ...spec, template: { metadata: {}, spec: { containers: [], ...pod } } },
  });

  test('lose what is the default and not stored', () => {
    expect(storedWorkload(workload({ minReadySeconds: 0 }, { hostNetwork: false }))).toEqual(workload({}, {}));
    expect(
      storedWorkload(
        workload(
          {},
          {
            containers: [
              {
                name: 'a',
                args: [],
                command: [],
                env: [{ name: 'E', value: '' }],
                volumeMounts: [{ name: 'b', mountPath: '/b', readOnly: false }],
              },
            ],
            volumes: [{ name: 'b', persistentVolumeClaim: { claimName: 'b', readOnly: false } }],
          },
        ),
      ),
    ).toEqual(
      workload(
        {},
        {
          containers: [{ name: 'a', env: [{ name: 'E' }], volumeMounts: [{ name: 'b', mountPath: '/b' }] }],
          volumes: [{ name: 'b', persistentVolumeClaim: { claimName: 'b' } }],
        },
      ),
    );
    expect(storedService({ spec: { externalIPs: [], ports: [] } })).toEqual({ spec: { ports: [] } });
  });

  test('keep what is said', () => {
    const said = workload(
      { minReadySeconds: 5 },
      {
        hostNetwork: true,
        initContainers: [{ name: 'a', ports: [{ containerPort: 1, protocol: 'UDP' }] }],
        volumes: [{ name: 'a', emptyDir: {} }],
      },
    );
    expect(storedWorkload(said)).toEqual(said);
    expect(storedService({ spec: { externalIPs: ['192.0.2.1'] } })).toEqual({ spec: { externalIPs: ['192.0.2.1'] } });
  });

  test('have protocols, and quantities in their largest unit', () => {
    const stored = storedWorkload(
      workload(
        {},
        {
          containers: [
            {
              name: 'a',
              ports: [{ containerPort: 80, name: 'http' }],
              resources: { limits: { cpu: '2000m' }, requests: { memory: '1024Mi' }, claims: [{ name: 'gpu' }] },
            },
          ],
          volumes: [{ name: 'b', emptyDir: { sizeLimit: '2048Mi' } }],
        },
      ),
    );
    expect(stored.spec.template.spec).toEqual({
      containers: [
        {
          name: 'a',
          ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }],
          resources: { limits: { cpu: '2' }, requests: { memory: '1Gi' }, claims: [{ name: 'gpu' }] },
        },
      ],
      volumes: [{ name: 'b', emptyDir: { sizeLimit: '2Gi' } }],
    });
  });
});
