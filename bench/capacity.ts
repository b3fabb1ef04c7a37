import { App } from 'cdk8s';
import { Extent, Row } from './row';
import { manyRoutes, RouteSize } from './topology';
import * as library from '../src';

/** What the error of a configuration that is too large says of how many routes would fit. */
const FITTING = /of [\d,]+ routes like these about ([\d,]+) would/;
/** No more are tried: a configuration that never is too large is a fault of its own. */
const MOST = 100_000;

/** How many routes like these a gateway holds, as the error says where there are too many; as many as were tried where none did. */
export function capacityOf(size: Omit<RouteSize, 'routes'>, from: number): number {
  for (let routes = from; routes < MOST; routes *= 2) {
    const app = manyRoutes(library, new App(), { ...size, routes });
    const { errors } = library.McpDiagnostics.of(app);
    const fitting = errors.map(({ problem }) => FITTING.exec(problem)?.[1]).find(found => found !== undefined);
    if (fitting !== undefined) {
      return Number(fitting.replace(/\D/g, ''));
    }
    if (errors.length > 0) {
      throw new Error(`${routes} routes have other errors: ${errors[0].problem}`);
    }
  }
  throw new Error(`a gateway of ${MOST} routes is not too large`);
}

/** How many routes a gateway holds, on each plane, with policies and without. */
export function capacityRows({ smoke }: Extent): Row[] {
  const cases = (['agentgateway', 'envoy'] as const).flatMap(plane =>
    [true, false].map(policies => ({ plane, policies })),
  );
  return cases.slice(0, smoke ? 1 : undefined).map(({ plane, policies }) => ({
    title: `routes of one gateway of ${plane}, ${policies ? 'with a token, five rules and a limit' : 'without policies'}`,
    value: capacityOf({ plane, policies }, policies ? 500 : 4000),
    unit: 'routes',
  }));
}
