import * as fc from 'fast-check';
import { BodyFilter, HeaderFilter, TrafficPolicy } from '../../../src/model/traffic-policy';

/* What a gateway asks of its traffic, as far as agentgateway can do it. */

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const pattern = fc.constantFrom('[0-9]{3}-[0-9]{2}', 'a$|${HOME}', '\\bsecret\\b', '"q"', 'é+');
const text = fc.constantFrom('[redacted]', '', '"$1"', '${HOME}', '\\');

const headerFilter = (actions: readonly HeaderFilter['action'][]): fc.Arbitrary<HeaderFilter> =>
  fc.record({
    name: fc.constantFrom('x-a', 'x-debug'),
    action: fc.constantFrom(...actions),
    pattern,
  });

const regexFilter: fc.Arbitrary<BodyFilter> = fc.record({
  type: fc.constant('Regex' as const),
  action: fc.constantFrom('Deny' as const, 'Remove' as const, 'Redact' as const),
  pattern,
  replacement: option(text),
});
const sizeFilter: fc.Arbitrary<BodyFilter> = fc.constant({ type: 'Size', action: 'Deny', pattern: '64Ki' });
const pathFilter: fc.Arbitrary<BodyFilter> = fc.record({
  type: fc.constant('JSONPath' as const),
  action: fc.constantFrom('Deny' as const, 'Remove' as const, 'Redact' as const),
  pattern: fc.constantFrom('$.params.arguments.password', '$["params"]["a b$"]'),
  replacement: option(text),
});

/** Traffic policies of the gateway `app/gw`. */
export const trafficArbitrary: fc.Arbitrary<TrafficPolicy> = fc.record({
  path: fc.constant('app/gw'),
  demands: fc.constant([]),
  audit: option(
    fc.record({
      level: fc.constantFrom('Request' as const, 'Response' as const, 'Full' as const),
      format: fc.constant('JSON' as const),
      metadata: fc.boolean(),
    }),
  ),
  requestFiltering: option(
    fc.record({
      sizeLimit: option(fc.constantFrom(1, 65_536, 5_000_000)),
      contentTypes: option(fc.constant(['application/json'])),
      headerFilters: fc.array(headerFilter(['Allow', 'Deny', 'Remove', 'Redact']), { maxLength: 3 }),
      bodyFilters: fc.array(fc.oneof(regexFilter, sizeFilter, pathFilter), { maxLength: 2 }),
    }),
  ),
  responseFiltering: option(
    fc.record({
      sizeLimit: option(fc.constantFrom(1, 65_536)),
      headerFilters: fc.array(headerFilter(['Remove', 'Redact']), { maxLength: 2 }),
      bodyFilters: fc.array(fc.oneof(regexFilter, sizeFilter), { maxLength: 2 }),
      removeInternalHeaders: fc.constant(true),
    }),
  ),
  compliance: option(
    fc.record({
      pii: option(
        fc.record({
          action: fc.constantFrom('Log' as const, 'Block' as const, 'Redact' as const),
          data: fc.constant([{ name: 'n$"é', pattern: '[0-9]{4}' }]),
        }),
      ),
    }),
  ),
  sampling: option(fc.constant({ enabled: false })),
  elicitation: option(fc.constant({ enabled: false })),
  sessionIsolation: option(
    fc.record({
      mode: fc.constantFrom('strict' as const, 'relaxed' as const),
      lifetime: fc.constantFrom(1500, 3_600_000),
      sharing: fc.constant(false),
      sharedData: fc.constant([]),
      resourceBoundaries: fc.constant(true),
      auditLevel: fc.constantFrom('None' as const, 'Basic' as const, 'Full' as const),
    }),
  ),
  protocolVersion: option(
    fc.record({
      supported: option(fc.constant(['2025-06-18', '2025-11-25'])),
      minimum: fc.constant('2025-06-18'),
      maximum: option(fc.constant('2025-11-25')),
      preferred: fc.constant('2025-06-18'),
      negotiable: fc.boolean(),
      strict: fc.boolean(),
    }),
  ),
});
