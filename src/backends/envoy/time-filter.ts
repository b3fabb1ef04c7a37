import { extension, typed } from './config';
import { timesOf } from './time-condition';
import { GatewayPlan } from '../../model/plan';
import { Json } from '../../values/json';
import { compareText } from '../../values/text';

const TIME = 'mcp.time';
const CONFIG = 'envoy.extensions.filters.http.set_filter_state.v3.Config';

/** Finds out which conditions on the time of day hold. It stands in the listener, and what it asks for in the routes. */
export function timeFilter(): Json {
  return extension(TIME, CONFIG);
}

/** What it asks for: each condition of a plan's rules once, however many routes have it. */
export function timePerHost({ entries }: GatewayPlan): Json {
  const distinct = [...new Map(entries.flatMap(entry => [...timesOf(entry)]))].sort(([a], [b]) => compareText(a, b));
  return distinct.length === 0
    ? {}
    : {
        [TIME]: typed(CONFIG, {
          on_request_headers: distinct.map(([key, expression]) => ({
            object_key: key,
            factory_key: 'envoy.string',
            format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } },
          })),
        }),
      };
}
