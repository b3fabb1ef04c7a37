import * as nodeModule from 'module';
import { join, resolve } from 'path';
import { inTurn, scriptCost } from './process';
import { Extent, Row } from './row';

/** What most programs name. */
const NAMES = ['McpApp', 'McpGateway', 'McpRoute', 'McpServer', 'McpServerSource', 'Authentication', 'Principal'];

/** What it costs to import the package, and what most programs name of it, beside cdk8s-plus-28. */
export function importRows(folder: string, { smoke }: Extent): Row[] {
  const cache = join(folder, 'compile-cache');
  const named = `const own = require(${JSON.stringify(resolve(__dirname, '..', 'lib'))}); [${NAMES.map(name => `own.${name}`).join(', ')}]`;
  const everything = `({ ...require(${JSON.stringify(resolve(__dirname, '..', 'lib'))}) })`;
  const plus = `require(${JSON.stringify(require.resolve('cdk8s-plus-28'))})`;
  const cached = (): number => scriptCost(`require('module').enableCompileCache(${JSON.stringify(cache)}); ${named}`);
  const keepsCompiled = 'enableCompileCache' in nodeModule;
  if (keepsCompiled) {
    // The first fills the cache when its process ends.
    cached();
  }
  const costs = inTurn(smoke ? 1 : 15, {
    named: () => scriptCost(named),
    cached: () => (keepsCompiled ? cached() : NaN),
    everything: () => scriptCost(everything),
    plus: () => scriptCost(plus),
  });
  const row = (title: string, cost: number, atMost?: number): Row => ({
    title,
    value: cost / costs.plus,
    unit: '×',
    atMost,
    detail: `${cost.toFixed(0)} ms to ${costs.plus.toFixed(0)}`,
  });
  return [
    row('import of what most programs name, to that of cdk8s-plus-28', costs.named, 1.35),
    ...(keepsCompiled
      ? [row('import of what most programs name, compiled before, to that of cdk8s-plus-28', costs.cached, 1)]
      : []),
    row('import of everything, to that of cdk8s-plus-28', costs.everything),
  ];
}
