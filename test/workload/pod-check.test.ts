import { McpGateway, McpManifest, McpServer, McpServerSource } from '../../src';
import { containerOf, find, messageOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

const serverWith = (podTemplate: unknown, chart = newChart()) =>
  new McpServer(chart, 'ledger', { source, podTemplate });
const gatewayWith = (podTemplate: unknown, chart = newChart()) => new McpGateway(chart, 'gateway', { podTemplate });

/** What synthesis says of a template. */
function said(podTemplate: unknown, create: (template: unknown, chart: any) => unknown = serverWith): string {
  const chart = newChart();
  return messageOf(() => {
    create(podTemplate, chart);
    synth(chart);
  });
}

describe.each([
  ['server', serverWith, 'mcp-server'],
  ['gateway', gatewayWith, 'gateway'],
])('a template of a %s', (_, create, name) => {
  it.each<[string, unknown, RegExp]>([
    [
      'a field that pods do not have',
      { spec: { nodeSelectors: { pool: 'mcp' } } },
      /podTemplate\.spec\.nodeSelectors: .*Write nodeSelector/,
    ],
    ['a field that is elsewhere', { containers: [] }, /podTemplate\.containers: .*is not a field here/],
    [
      'a value of another type',
      { spec: { containers: [{ name, env: [{ name: 'LIMIT', value: 5 }] }] } },
      /podTemplate\.spec\.containers\[0\]\.env\[0\]\.value: got 5: is a number, not text/,
    ],
    ['an object in the place of a list', { spec: { containers: {} } }, /podTemplate\.spec\.containers: .*not a list/],
    [
      'a container without a name',
      { spec: { containers: [{ image: 'a/b:1' }] } },
      /containers\[0\]\.name: .*is missing/,
    ],
    [
      'one port twice',
      { spec: { containers: [{ name, ports: [{ containerPort: 9000 }, { containerPort: 9000, protocol: 'TCP' }] }] } },
      /ports\[1\]: .*has the same containerPort and protocol/,
    ],
  ])('is refused with %s', (_fault, template, message) => {
    expect(messageOf(() => create(template))).toMatch(message);
  });

  it('is refused with a container that has no image and is none of the pods', () => {
    const message = said({ spec: { containers: [{ name: 'mcp', env: [{ name: 'TMPDIR', value: '/tmp' }] }] } }, create);
    expect(message).toMatch(/podTemplate\.spec\.containers: got "mcp": .*no image/);
    expect(message).toContain(`(${name})`);
  });

  it('is refused with a mount of a volume that is not there', () => {
    expect(
      said({ spec: { containers: [{ name, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } }, create),
    ).toMatch(/volumeMounts\[\/data\]: got "data": is no volume of the pods/);
  });

  it('may have all that pods have: containers of its own, null, and one number for TCP and UDP', () => {
    const chart = newChart();
    create(
      {
        spec: {
          initContainers: [
            { name: 'migrate', image: 'acme/migrate:1.0.0', volumeMounts: [{ name: 'work', mountPath: '/w' }] },
          ],
          containers: [
            {
              name: 'proxy',
              image: 'acme/proxy:1.0.0',
              ports: [{ containerPort: 5300, protocol: 'UDP' }, { containerPort: 5300 }],
            },
            { name, livenessProbe: null, volumeMounts: [{ name: 'work', mountPath: '/w' }] },
          ],
          volumes: [{ name: 'work', emptyDir: {} }],
          terminationGracePeriodSeconds: 60,
        },
      },
      chart,
    );
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    const deployment = find(objects, 'Deployment');
    expect(containerOf(deployment, 'proxy').ports).toEqual([
      { containerPort: 5300, protocol: 'UDP' },
      { containerPort: 5300, protocol: 'TCP' },
    ]);
    expect(containerOf(deployment, name).livenessProbe).toBeUndefined();
  });
});

it('may say of a mount that is there only what changes', () => {
  const chart = newChart();
  const server = serverWith(
    {
      spec: {
        containers: [{ name: 'mcp-server', volumeMounts: [{ mountPath: '/cache', readOnly: false, subPath: 'a' }] }],
      },
    },
    chart,
  );
  expect(messageOf(() => synth(chart))).toMatch(/volumeMounts\[\/cache\]/);
  server.allowWrite('/tmp');
  expect(() =>
    serverWith({ spec: { containers: [{ name: 'mcp-server', volumeMounts: [{ mountPath: '/tmp' }] }] } }),
  ).not.toThrow();
});

it('is checked as a source, too', () => {
  const container = { name: 'mcp-server', image: 'acme/ledger:1.4.0' };
  const of = (template: unknown) =>
    new McpServer(newChart(), 'ledger', { source: McpServerSource.podTemplate(template) });
  expect(messageOf(() => of({ spec: { containers: [{ ...container, imagePullPolice: 'Always' }] } }))).toMatch(
    /source\.template\.spec\.containers\[0\]\.imagePullPolice: .*Write imagePullPolicy/,
  );
  expect(() => of({ spec: { containers: [container] } })).not.toThrow();
});

it('is held to its volumes in documents, too', () => {
  const chart = newChart();
  const spec = {
    transport: 'streamable-http',
    hosted: {
      podSpec: {
        spec: {
          containers: [{ name: 'mcp-server', image: 'a/b:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        },
      },
    },
  };
  const document: Manifest = { apiVersion: 'ome.io/v1alpha1', kind: 'MCPServer', metadata: { name: 'ledger' }, spec };
  McpManifest.fromYaml(chart, 'manifest', JSON.stringify(document));
  expect(messageOf(() => synth(chart))).toMatch(
    /volumeMounts\[\/data\]: got "data": is no volume of the pods \(none\)/,
  );
});
