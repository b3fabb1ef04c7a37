import { App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpApp, McpGateway, McpManifest, McpRoute, McpServer, McpServerProps, McpServerSource } from '../../src';
import { messageOf } from '../support/synth';

/* Texts that kubectl takes for numbers where cdk8s writes them: `0o17` became 15. */

function appOf(app: App, props: Partial<McpServerProps>, tenant = 'a'): App {
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1'), ...props });
  const gateway = new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'r', { gateway, backends: [{ server }], requestHeaders: { set: { 'x-tenant': tenant } } });
  return app;
}

it.each<[string, Partial<McpServerProps>, string]>([
  ['a variable', { env: { UMASK: kplus.EnvValue.fromValue('0o17') } }, 'env.UMASK'],
  ['an argument', { source: McpServerSource.image('acme/ledger:1', { args: ['0X1F'] }) }, 'source.args[0]'],
  ['an annotation', { podAnnotations: { a: '1e+1_0' } }, 'podAnnotations.a'],
  ['a template', { podTemplate: { spec: { hostname: '0B1' } } }, 'podTemplate.spec.hostname'],
])('in %s is refused by App, and quoted by McpApp', (_, props, property) => {
  expect(messageOf(() => appOf(new App(), props).synthYaml())).toMatch(
    new RegExp(
      `\\[finance/ledger\\] ${property.replace(/[[\].]/g, '\\$&')}: got ".*": is text that cdk8s writes without quotes`,
    ),
  );
  expect(appOf(new McpApp(), props).synthYaml()).toMatch(/"(?:0o17|0X1F|1e\+1_0|0B1)"/);
});

it('in a route is refused by App, and quoted by McpApp', () => {
  expect(messageOf(() => appOf(new App(), {}, '0o17').synthYaml())).toContain(
    '[finance/r] requestHeaders.set[0].value',
  );
  expect(appOf(new McpApp(), {}, '0o17').synthYaml()).toContain('value: "0o17"');
});

it('in an object of somebody else is refused by App', () => {
  const app = appOf(new App(), {});
  new kplus.ConfigMap(new Chart(app, 'other'), 'config', { data: { mode: '0o17' } });
  expect(messageOf(() => app.synthYaml())).toMatch(/\[other\/config\/Resource\] data\.mode: got "0o17"/);
});

it('is a number in documents without quotes, as it is to kubectl', () => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const text = (value: string) =>
    `apiVersion: ome.io/v1alpha1\nkind: MCPServer\nmetadata: {name: ${value}}\nspec: {remote: {url: https://mcp.example.com/mcp}}\n`;
  expect(messageOf(() => McpManifest.fromYaml(chart, 'm', text('0o17')))).toMatch(/got 15/);
  expect(messageOf(() => McpManifest.fromYaml(chart, 'n', text('-0o17')))).toMatch(/got -15/);
  expect(Testing.synth(chart)).toEqual([]);
});
