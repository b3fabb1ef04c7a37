import { Filters, part } from './part';
import { compareText } from '../../../values/text';
import { extension, typed } from '../config/config';
import { timesOf } from '../dialect/conditions';

const TIME = 'mcp.time';
const CONFIG = 'envoy.extensions.filters.http.set_filter_state.v3.Config';

/** Finds out which conditions on the time of day hold: each condition of a plan's rules once, however many routes have it. */
export const timeOfDay = part({
  filters: () => [extension(TIME, CONFIG, {})],
  host: ({ entries }) => {
    const distinct = [...new Map(entries.flatMap(entry => [...timesOf(entry)]))].sort(([a], [b]) => compareText(a, b));
    const config: Filters = {
      [TIME]: typed(CONFIG, {
        on_request_headers: distinct.map(([key, expression]) => ({
          object_key: key,
          factory_key: 'envoy.string',
          format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } },
        })),
      }),
    };
    return distinct.length === 0 ? {} : config;
  },
});
