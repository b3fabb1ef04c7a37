import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { loadExample } from '../../scripts/demo/examples';
import { McpApp, McpDiagnostics, McpGateway, McpReport, McpRoute, McpServer, McpServerSource } from '../../src';
import { messageOf } from '../support/synth';

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function northStar(app: App = new McpApp()): App {
  loadExample('north-star').build(app);
  return app;
}

/** A server alone. */
function ledger(app: App, image = 'ghcr.io/acme/ledger-mcp:1.4.0'): McpServer {
  return new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', {
    source: McpServerSource.image(image),
  });
}

describe('what is in it', () => {
  const { content } = McpReport.of(northStar());

  it('has every object that is written, also those that only validation brings into the tree', () => {
    const app = northStar();
    const before = McpReport.of(app).content.objects.map(({ kind, name, namespace }) => [namespace, kind, name]);
    app.synthYaml();
    const after = app.node
      .findAll()
      .filter(construct => ApiObject.isApiObject(construct))
      .map(construct => construct as ApiObject)
      .map(({ kind, metadata, name }) => [metadata.namespace, kind, name]);
    expect(before).toHaveLength(after.length);
    expect(new Set(before.map(String))).toEqual(new Set(after.map(String)));
    expect(before).toContainEqual(['finance', 'NetworkPolicy', 'ledger']);
  });

  it('says who answers what where', () => {
    expect(content.endpoints.map(({ branches, gateway, route, url }) => ({ branches, gateway, route, url }))).toEqual([
      {
        gateway: 'mcp-system/gateway',
        route: 'finance/smart',
        url: 'http://gateway.mcp-system/routes/finance/smart',
        branches: [
          { when: 'tools *_time', servers: [{ server: 'finance/time', percent: 100 }] },
          { when: 'tools crm_*', servers: [{ server: 'finance/crm', percent: 100 }] },
          {
            when: 'all else',
            servers: [
              { server: 'finance/ledger', percent: 90 },
              { server: 'finance/ledger-canary', percent: 10 },
            ],
          },
        ],
      },
    ]);
    expect(content.endpoints[0].policy[1]).toContain('a token of https://auth.acme.dev');
  });

  it('says who may use which tool, and what must be there', () => {
    const [{ route, rows }] = content.access;
    expect(route).toBe('finance/smart');
    expect(rows.find(({ principal }) => principal === 'group:finance-admins')?.calls).toContain('db_insert');
    expect(rows.find(({ principal }) => principal === 'any authenticated caller')?.calls).not.toContain('db_insert');
    expect(content.secrets).toEqual([
      { namespace: 'finance', name: 'ledger-database', keys: ['uri'] },
      { namespace: 'mcp-system', name: 'gateway-session-key', keys: ['key'] },
    ]);
  });

  it('has servers, clients and rights', () => {
    expect(content.servers.map(({ name, place }) => `${name} ${place}`)).toEqual([
      'finance/crm remote',
      'finance/ledger hosted',
      'finance/ledger-canary hosted',
      'finance/time hosted',
    ]);
    expect(content.clients).toEqual([{ name: 'finance/assistant', target: 'route finance/smart' }]);
    expect(content.permissions.map(({ workload }) => workload)).toContain('MCPServer finance/ledger');
  });
});

it('has workloads that are connected to what is outside of the app', () => {
  const chart = new Chart(new McpApp(), 'finance', { namespace: 'finance' });
  const gateway = McpGateway.fromMcpGatewayName(chart, 'gateway', 'gateway', { namespace: 'mcp-system' });
  const route = McpRoute.fromMcpRouteName(chart, 'books', 'books', { gateway });
  route.connect(new kplus.Deployment(chart, 'assistant', { containers: [{ image: 'ghcr.io/acme/assistant:1.0.0' }] }));
  expect(McpReport.of(chart).content.clients[0].target).toMatch(/^(route|gateway) /);
});

it('tells a change of pods from a change of the rest', () => {
  const digests = (image: string, label: string) => {
    const app = new McpApp();
    ApiObject.of(ledger(app, image)).metadata.addLabel('team', label);
    const { objects } = McpReport.of(app).content;
    const { podDigest } = objects.find(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')!;
    return { podDigest, resource: objects.find(({ kind }) => kind === 'MCPServer')!.digest };
  };
  const a = digests('ghcr.io/acme/ledger-mcp:1.4.0', 'a');
  const relabelled = digests('ghcr.io/acme/ledger-mcp:1.4.0', 'b');
  const updated = digests('ghcr.io/acme/ledger-mcp:1.5.0', 'a');
  expect(relabelled.resource).not.toBe(a.resource);
  expect(updated.podDigest).not.toBe(a.podDigest);
  expect(digests('ghcr.io/acme/ledger-mcp:1.4.0', 'a')).toEqual(a);
});

it('tells nothing of what is in a Secret', () => {
  const digestOf = (value: string) => {
    const chart = new Chart(new McpApp(), 'finance', { namespace: 'finance' });
    new kplus.Secret(chart, 'database', { metadata: { name: 'database' }, stringData: { uri: value } });
    const report = McpReport.of(chart);
    expect(report.toJson()).not.toContain(value);
    return report.content.objects[0].digest;
  };
  expect(digestOf('postgres://one')).toBe(digestOf('postgres://other'));
});

it('of an app with errors has those, and nothing else', () => {
  const app = new McpApp();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpRoute(chart, 'books', { gateway: new McpGateway(chart, 'gateway') });
  const { errors, objects, endpoints } = McpReport.of(app).content;
  expect(errors.map(({ path }) => path)).toContain('finance/books');
  expect([objects, endpoints]).toEqual([[], []]);
  expect(McpReport.of(app).toText()).toMatch(/^Errors\n {2}\S+: \[finance\/books\]/);
});

describe('how it is written', () => {
  it('for a terminal, with the commands that apply it', () => {
    const app = northStar(new McpApp({ outdir: 'dist/finance' }));
    const text = McpReport.of(app).toText();
    expect(text).toContain('    all else      finance/ledger 90 %, finance/ledger-canary 10 %\n');
    expect(text).toContain('kubectl apply --server-side -f dist/finance\n');
    expect(text).toContain('kubectl -n finance create secret generic ledger-database --from-literal=uri=...\n');
    expect(McpReport.of(app).toText({ folder: 'out' })).toContain('kubectl apply --server-side -f out\n');
  });

  it('as Markdown, with tables', () => {
    const text = McpReport.of(northStar()).toMarkdown();
    expect(text).toContain('## Namespace finance\n\n| Kind | Names |\n|-|-|\n| MCPRoute | smart |\n');
    expect(text).toContain(
      '| http://gateway.mcp-system/routes/finance/smart | all else | finance/ledger 90 %, finance/ledger-canary 10 % |',
    );
    expect(text).toContain('### MCPServer finance/ledger\n\n- connects to: DNS');
  });

  it('as a flowchart', () => {
    expect(McpReport.of(northStar()).toMermaid().split('\n')).toEqual([
      'flowchart LR',
      '  subgraph n0 ["finance"]',
      '  h0[/"finance/crm"/]',
      '  h1["finance/ledger"]',
      '  h2["finance/ledger-canary"]',
      '  h3["finance/time"]',
      '  end',
      '  g4{{"mcp-system/gateway"}}',
      '  r5("finance/smart")',
      '  c6(["finance/assistant"])',
      '  g4 -->|"/routes/finance/smart"| r5',
      '  r5 -->|"tools *_time"| h3',
      '  r5 -->|"tools crm_*"| h0',
      '  r5 -->|"all else: 90 %"| h1',
      '  r5 -->|"all else: 10 %"| h2',
      '  c6 --> g4',
      '',
    ]);
  });

  it('to a file, and from it', () => {
    const path = join(folder, 'report.json');
    const report = McpReport.of(northStar());
    report.writeJson(path);
    const read = McpReport.fromFile(path);
    expect(read.content).toEqual(JSON.parse(JSON.stringify(report.content)));
    expect(read.toMermaid()).toBe(report.toMermaid());
    expect(read.toText({ folder: 'dist' })).toBe(report.toText({ folder: 'dist' }));
  });

  it.each(['{', '{}', '[]', 'null'])('%s is no report', text => {
    const path = join(folder, 'other.json');
    writeFileSync(path, text);
    expect(messageOf(() => McpReport.fromFile(path))).toContain('is no report as McpReport.writeJson writes it');
  });
});

describe.each([
  ['App', () => new App()],
  ['McpApp', () => new McpApp()],
])('asked for by the environment, under %s', (_, newApp) => {
  const path = join(folder, 'asked.json');
  const synth = (app: App, file = path): void => {
    process.env.CDK8S_MCP_REPORT = file;
    try {
      app.synthYaml();
    } finally {
      delete process.env.CDK8S_MCP_REPORT;
    }
  };

  it('is written when it is synthesized', () => {
    const app = northStar(newApp());
    synth(app);
    expect(McpReport.fromFile(path).toText()).toBe(McpReport.of(app).toText({ folder: 'dist' }));
  });

  it('is written when synthesis fails, with the errors', () => {
    const app = newApp();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpRoute(chart, 'books', { gateway: new McpGateway(chart, 'gateway') });
    expect(messageOf(() => synth(app))).toContain('Validation failed');
    const { errors } = JSON.parse(readFileSync(path, 'utf8')).content;
    expect(errors).toEqual(JSON.parse(JSON.stringify(McpDiagnostics.of(app).errors)));
  });

  it('fails where it cannot be written', () => {
    const app = newApp();
    ledger(app);
    expect(messageOf(() => synth(app, join(folder, 'no', 'such', 'folder.json')))).toMatch(
      /CDK8S_MCP_REPORT: got ".*": cannot be written: ENOENT.* Name a file in a folder that is there/,
    );
  });
});
