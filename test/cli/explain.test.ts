import { existsSync } from 'fs';
import { join } from 'path';
import { Chart } from 'cdk8s';
import { Workplace } from './support';
import { loadExample } from '../../scripts/demo/examples';
import { McpApp, McpGateway, McpReport, McpRoute } from '../../src';

const place = new Workplace();
const app = new McpApp();
loadExample('exposed-gateway').build(app);
const report = place.report('report.json', app);

it.each([
  ['text', McpReport.of(app).toText({ folder: 'dist' })],
  ['markdown', McpReport.of(app).toMarkdown({ folder: 'dist' })],
  ['json', McpReport.of(app).toJson()],
  ['mermaid', McpReport.of(app).toMermaid()],
])('shows a report as %s', (format, text) => {
  expect(place.run('explain', '--report', report, '--format', format)).toEqual({ code: 0, out: text, err: '' });
});

describe('a program', () => {
  /** One that does what synthesis does where its environment asks for a report. */
  const program = (written: string, status = 0): string[] => [
    process.execPath,
    place.write(
      'main.js',
      `require('fs').copyFileSync(${JSON.stringify(written)}, process.env.CDK8S_MCP_REPORT);
       require('fs').mkdirSync(process.env.CDK8S_OUTDIR);
       process.exitCode = ${status};`,
    ),
  ];

  it('is run, and writes nothing where it would write', () => {
    const { code, err, out } = place.run('explain', '--', ...program(report));
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(McpReport.of(app).toText({ folder: 'dist' }));
    expect(existsSync(join(place.folder, 'dist'))).toBe(false);
  });

  it('that is wrong ends with 1, and its errors', () => {
    const wrong = new McpApp();
    const chart = new Chart(wrong, 'finance', { namespace: 'finance' });
    new McpRoute(chart, 'books', { gateway: new McpGateway(chart, 'gateway') });
    const { code, err, out } = place.run('explain', '--', ...program(place.report('wrong.json', wrong), 1));
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/^Errors\n {2}[a-z-]+: \[finance\/books\] backends: /);
  });

  it('that fails for another reason is an error', () => {
    expect(place.run('explain', '--', ...program(report, 3))).toMatchObject({ code: 2, out: '' });
  });

  describe('for several clusters', () => {
    const several = [
      process.execPath,
      '-e',
      `for (const name of ['staging', 'production'])
         require('fs').copyFileSync(${JSON.stringify(report)}, process.env.CDK8S_MCP_REPORT.replace('.json', '.' + name + '.json'));`,
    ];

    it('is explained for the one that is named', () => {
      expect(place.run('explain', '--cluster', 'staging', '--', ...several)).toMatchObject({ code: 0, err: '' });
    });

    it('says which there are where none is, or another', () => {
      expect(place.run('check', '--', ...several).err).toContain(
        'the app is for several clusters (production, staging): say which with --cluster',
      );
      expect(place.run('check', '--cluster', 'test', '--', ...several).err).toContain(
        'the app has no cluster test: it has',
      );
      expect(place.run('check', '--cluster', 'test', '--', ...program(report)).err).toContain('is for one cluster');
    });
  });

  it('that synthesizes nothing of ours is an error', () => {
    const { code, err } = place.run('explain', '--', process.execPath, '-e', 'console.log("hello")');
    expect(code).toBe(2);
    expect(err).toContain('ended with status 0 and synthesized no app with constructs of cdk8s-mcp.\nhello');
  });

  it('that cannot be run is an error', () => {
    const { code, err } = place.run('explain', '--', './no-such-program');
    expect(code).toBe(2);
    expect(err).toContain('`./no-such-program` cannot be run: ');
  });

  it('is that of cdk8s.yaml where none is named', () => {
    place.write('cdk8s.yaml', 'language: typescript\n');
    expect(place.run('explain').err).toContain('names no app: say which program');
    const command = program(report);
    place.write('cdk8s.yaml', `app: ${command.join(' ')}\n`);
    expect(place.run('explain').out).toContain('Namespace finance');
  });
});

describe('export', () => {
  it('has what is reached from outside the cluster, as the client has it', () => {
    const { servers } = JSON.parse(place.run('export', '-r', report, '--client', 'vscode').out);
    const [[name, { type, url }]] = Object.entries<any>(servers);
    expect([name, type]).toEqual(['finance-books', 'http']);
    expect(url).toMatch(/^https:\/\/.*\/routes\/finance\/books$/);
    expect(Object.keys(JSON.parse(place.run('export', '-r', report).out))).toEqual(['mcpServers']);
  });

  it('has what is reached inside, where that is asked for', () => {
    const out = place.run('export', '-r', report, '--inside').out;
    expect(out).toContain('"http');
    expect(out).toContain('.mcp-system');
  });

  it('says where nothing is served', () => {
    const alone = place.report('alone.json', new McpApp());
    expect(place.run('export', '-r', alone)).toMatchObject({ code: 2, out: '' });
  });
});
