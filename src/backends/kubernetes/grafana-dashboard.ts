import { Json } from '../../values/json';
import { digest } from '../../values/text';
import { Panel } from '../interface/monitoring';

/** Version of the form of dashboards: Grafana 10 and newer read it. */
const SCHEMA_VERSION = 39;
/** Two panels stand side by side in the 24 columns that there are. */
const WIDTH = 12;
const HEIGHT = 8;

/** Which data source, of those that Grafana has: chosen by whoever looks. */
const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard of Grafana, of panels two by two. */
export function grafanaDashboard(title: string, identity: string, panels: readonly Panel[]): Json {
  return {
    uid: digest(identity, 40),
    title,
    tags: ['mcp'],
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    schemaVersion: SCHEMA_VERSION,
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels: panels.map(panelOf),
  };
}

function panelOf({ title, unit, description, queries }: Panel, i: number): Json {
  return {
    id: i + 1,
    type: 'timeseries',
    title,
    ...(description === undefined ? {} : { description }),
    datasource: DATA_SOURCE,
    gridPos: { x: (i % 2) * WIDTH, y: Math.floor(i / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expression, legend }, query) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + query),
      datasource: DATA_SOURCE,
      expr: expression,
      legendFormat: legend,
    })),
  };
}
