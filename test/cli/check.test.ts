import { Chart } from 'cdk8s';
import { Workplace } from './support';
import { McpApp, McpDiagnostics, McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';

const place = new Workplace();

/** A server whose image names no version, which is a warning. */
function floating(): McpApp {
  const app = new McpApp();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger') });
  return app;
}

function wrong(): McpApp {
  const app = new McpApp();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpRoute(chart, 'books', { gateway: new McpGateway(chart, 'gateway') });
  return app;
}

const warned = place.report('warned.json', floating());
const failed = place.report('failed.json', wrong());

it('fails by errors, and by warnings where that is asked for', () => {
  expect(place.run('check', '--report', warned).code).toBe(0);
  expect(place.run('check', '--report', warned, '--fail-on', 'warning').code).toBe(1);
  expect(place.run('check', '--report', failed).code).toBe(1);
});

it('lists them with their ids', () => {
  const { out } = place.run('check', '--report', warned);
  expect(out).toMatch(/^warning image-floating: \[finance\/ledger\] pods\./);
  expect(out.endsWith('0 errors, 1 warning\n')).toBe(true);
});

it('does not fail by warnings that are meant', () => {
  const app = floating();
  McpDiagnostics.acknowledgeWarning(app, 'image-floating', 'pinned at admission');
  const { code, out } = place.run('check', '--fail-on', 'warning', '--report', place.report('meant.json', app));
  expect([code, out]).toEqual([0, '0 errors, 0 warnings, 1 more meant\n']);
});

it('as JSON', () => {
  const { errors, warnings } = JSON.parse(place.run('check', '-f', 'json', '-r', warned).out);
  expect([errors.length, warnings[0].id]).toEqual([0, 'image-floating']);
});

it('as SARIF, with a rule for each id, and what is meant suppressed', () => {
  const [{ results, tool }] = JSON.parse(place.run('check', '-f', 'sarif', '-r', failed).out).runs;
  expect(results[0].level).toBe('error');
  expect(tool.driver.rules[results[0].ruleIndex].id).toBe(results[0].ruleId);
  expect(results[0].locations[0].logicalLocations[0].fullyQualifiedName).toMatch(/^finance\//);
  const [meant] = JSON.parse(place.run('check', '-f', 'sarif', '-r', 'meant.json').out).runs[0].results;
  expect(meant.suppressions).toEqual([{ kind: 'inSource', justification: 'pinned at admission' }]);
});

it('as JUnit, which fails where the check does', () => {
  const of = (...args: string[]): string => place.run('check', '-f', 'junit', '-r', warned, ...args).out;
  expect(of()).toContain('<testsuites tests="1" failures="0">');
  expect(of('--fail-on', 'warning')).toContain('<testsuites tests="1" failures="1">');
  expect(of()).toContain('name="finance/ledger: pods.');
  expect(place.run('check', '-f', 'junit', '-r', 'meant.json').out).toContain('name="no findings"');
});

it.each([
  ['a format that is not there', ['check', '-f', 'xml'], "argument 'xml' is invalid"],
  ['an option that is not there', ['check', '--strict'], "unknown option '--strict'"],
  ['a command that is not there', ['chekc'], "unknown command 'chekc'"],
  ['a report that is not there', ['check', '-r', 'no.json'], 'ENOENT'],
  ['no program', ['check'], 'there is no cdk8s.yaml'],
])('%s ends with 2 and says so', (_, args, message) => {
  const { code, err, out } = place.run(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

it.each([['--help'], ['check', '--help'], ['--version']])('%s %s is no failure', (...args) => {
  const { code, err, out } = place.run(...args);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/Usage: cdk8s-mcp|^1\.2\.3\n$/);
});
