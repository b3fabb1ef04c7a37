import { spawnSync } from 'child_process';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { McpApp, McpDiagnostics, McpServer, McpServerSource } from '../../src';
import { checkWarningMode, warningMode } from '../../src/synthesis/warnings';
import { messageOf } from '../support/synth';

/* What a user sees of warnings, whatever runs the program, and what one can say to them. */

/** An app with servers whose images name no version. */
function floating(app: App, ...ids: string[]): Chart {
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  ids.forEach(id => new McpServer(chart, id, { source: McpServerSource.image(`ghcr.io/acme/${id}`) }));
  return chart;
}

/** Synthesizes with something in the environment; what is printed to standard error, or thrown. */
function printed(app: App, mode: string | undefined): string {
  const before = process.env.CDK8S_MCP_WARNINGS;
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0);
  try {
    if (mode !== undefined) {
      process.env.CDK8S_MCP_WARNINGS = mode;
    }
    app.synthYaml();
  } finally {
    spy.mockRestore();
    delete process.env.CDK8S_MCP_WARNINGS;
    if (before !== undefined) {
      process.env.CDK8S_MCP_WARNINGS = before;
    }
  }
  return written.join('');
}

describe.each([
  ['App', () => new App()],
  ['McpApp', () => new McpApp()],
])('under %s', (_, newApp) => {
  it('are printed once, with their ids, however often and into however many charts it is written', () => {
    const app = newApp();
    floating(app, 'ledger');
    floating(new Chart(app, 'other') as unknown as App, 'crm');
    const text = printed(app, 'print');
    expect(text).toContain('cdk8s-mcp: 2 warnings');
    expect(text.match(/image-floating: \[finance\/ledger\] pods\./g)).toHaveLength(1);
    expect(printed(app, 'print')).toBe('');
  });

  it('are printed when they are new', () => {
    const app = newApp();
    const chart = floating(app, 'ledger');
    printed(app, 'print');
    new McpServer(chart, 'crm', { source: McpServerSource.image('ghcr.io/acme/crm') });
    expect(printed(app, 'print')).toMatch(/^cdk8s-mcp: 1 warning .*\n {2}image-floating: \[finance\/crm\]/);
  });

  it('are counted where there are many of one kind', () => {
    const app = newApp();
    floating(app, 'a', 'b', 'c', 'd', 'e');
    const lines = printed(app, 'print').trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe('  image-floating: and 2 more');
  });

  it('fail where they are to', () => {
    const app = newApp();
    floating(app, 'ledger');
    expect(messageOf(() => printed(app, 'error'))).toMatch(
      /\[finance\/ledger\] pods\.\S+: got "ghcr.io\/acme\/ledger"/,
    );
    expect(printed(app, 'off')).toBe('');
  });

  it('fail nothing and are not printed where they are acknowledged', () => {
    const app = newApp();
    const chart = floating(app, 'ledger', 'ledgers');
    McpDiagnostics.acknowledgeWarning(chart.node.findChild('ledger'), 'image-floating', 'a mirror pins it');
    expect(printed(app, 'print')).toMatch(/^cdk8s-mcp: 1 warning .*\n {2}image-floating: \[finance\/ledgers\]/);
    McpDiagnostics.acknowledgeWarning(app, 'image-floating', 'all of them');
    expect(printed(app, 'error')).toBe('');
    const { acknowledged, warnings } = McpDiagnostics.of(app);
    expect(acknowledged.map(({ id, path, reason }) => [id, path, reason])).toEqual([
      ['image-floating', 'finance/ledger', 'a mirror pins it'],
      ['image-floating', 'finance/ledgers', 'all of them'],
    ]);
    expect(warnings).toEqual([]);
  });
});

it('an acknowledgement of nothing is a warning itself', () => {
  const app = new App();
  floating(app, 'ledger');
  McpDiagnostics.acknowledgeWarning(app, 'image-flaoting', 'a typo');
  expect(McpDiagnostics.of(app).warnings.map(({ id, text }) => [id, text])).toEqual([
    ['image-floating', expect.stringContaining('[finance/ledger]')],
    [
      'acknowledgement-unused',
      '[(app)] acknowledgeWarning: got "image-flaoting": is acknowledged here, and nothing at or below it warns so. ' +
        'Remove the acknowledgement, or write the id as the warning shows it.',
    ],
  ]);
});

it('an acknowledgement says why', () => {
  const chart = floating(new App(), 'ledger');
  expect(messageOf(() => McpDiagnostics.acknowledgeWarning(chart, 'image-floating', ' '))).toContain(
    '[finance] acknowledgeWarning.reason: got " ": does not say why',
  );
});

it('errors come first, and alone', () => {
  const app = new App();
  const chart = floating(app, 'ledger');
  new McpServer(chart, 'twice', { name: 'ledger', source: McpServerSource.image('ghcr.io/acme/ledger:1.0.0') });
  const text: string[] = [];
  expect(messageOf(() => text.push(printed(app, 'print')))).toContain('Validation failed');
  expect(text).toEqual([]);
});

it('the environment has a word of three', () => {
  const app = new App();
  floating(app, 'ledger');
  expect(messageOf(() => printed(app, 'silent'))).toContain(
    '[(environment)] CDK8S_MCP_WARNINGS: got "silent": is none of print, off and error',
  );
  expect([warningMode({}), warningMode({ JEST_WORKER_ID: '1' }), warningMode({ CDK8S_MCP_WARNINGS: 'error' })]).toEqual(
    ['print', 'off', 'error'],
  );
  expect(checkWarningMode({ CDK8S_MCP_WARNINGS: '' })).toEqual([]);
});

it('are seen by whoever runs the program, on standard error alone', () => {
  const program = `
    const { App, Chart } = require('cdk8s');
    const { McpServer, McpServerSource } = require(${JSON.stringify(join(__dirname, '../../src'))});
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger') });
    app.synthYaml();`;
  const { JEST_WORKER_ID, ...environment } = process.env;
  expect(JEST_WORKER_ID).toBeDefined();
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', program], {
    cwd: join(__dirname, '../..'),
    env: environment,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(stderr).toContain('image-floating: [finance/ledger]');
}, 120_000);
