import { ReportContent, ReportedEndpoint, ReportedServer } from './report-parts';
import { compareText } from '../values/text';

/** Shapes of nodes, around their text. */
const SHAPES = {
  client: ['([', '])'],
  gateway: ['{{', '}}'],
  route: ['(', ')'],
  hosted: ['[', ']'],
  imported: ['[[', ']]'],
  remote: ['[/', '/]'],
} as const;

type Shape = keyof typeof SHAPES;

/** The topology as a flowchart of Mermaid: who connects to which gateway, what it serves where, and who answers. */
export function topologyGraph({ clients, endpoints, servers }: ReportContent): string {
  const nodes = new Map<string, string>();
  const lines: string[] = [];
  const node = (shape: Shape, name: string, text = name): string => {
    const key = `${shape === 'imported' || shape === 'remote' ? 'hosted' : shape} ${name}`;
    const known = nodes.get(key);
    if (known !== undefined) {
      return known;
    }
    const id = `${key.slice(0, 1)}${nodes.size}`;
    nodes.set(key, id);
    const [open, close] = SHAPES[shape];
    lines.push(`  ${id}${open}${quoted(text)}${close}`);
    return id;
  };
  const places = new Map(servers.map(server => [server.name, server]));
  const server = (name: string): string => node(shapeOf(places.get(name)), name);

  // What is in one namespace stands together.
  const namespaces = [...new Set(servers.map(({ name }) => namespaceOf(name)))].sort(compareText);
  namespaces.forEach((namespace, i) => {
    const inside = servers.filter(({ name }) => namespaceOf(name) === namespace);
    lines.push(`  subgraph n${i} [${quoted(namespace === '' ? 'the whole cluster' : namespace)}]`);
    inside.forEach(({ name }) => server(name));
    lines.push('  end');
  });
  const edges = [
    ...endpoints.flatMap(endpoint => {
      const gateway = node('gateway', endpoint.gateway);
      const route = node('route', endpoint.url, endpoint.route ?? pathOf(endpoint));
      return [
        edge(gateway, route, pathOf(endpoint)),
        ...endpoint.branches.flatMap(({ servers: answering, when }) =>
          answering.map(({ percent, server: name }) =>
            edge(route, server(name), percent === 100 ? when : `${when}: ${percent} %`),
          ),
        ),
      ];
    }),
    ...clients.flatMap(({ name, target }) => {
      const to = targetOf(target, endpoints);
      return to === undefined
        ? []
        : [edge(node('client', name), 'gateway' in to ? node('gateway', to.gateway) : server(to.server))];
    }),
  ];
  return ['flowchart LR', ...lines, ...new Set(edges), ''].join('\n');
}

function shapeOf(server: ReportedServer | undefined): Shape {
  return (server?.place ?? 'imported') as Shape;
}

function namespaceOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
}

function pathOf({ url }: ReportedEndpoint): string {
  return new URL(url).pathname;
}

/** Who is connected to where a client is let connect: routes are reached by their gateways. */
function targetOf(
  target: string,
  endpoints: readonly ReportedEndpoint[],
): { readonly gateway: string } | { readonly server: string } | undefined {
  const [kind, name] = [target.slice(0, target.indexOf(' ')), target.slice(target.indexOf(' ') + 1)];
  if (kind === 'server') {
    return { server: name };
  }
  const gateway = kind === 'gateway' ? name : endpoints.find(({ route }) => route === name)?.gateway;
  return gateway === undefined ? undefined : { gateway };
}

function edge(from: string, to: string, label?: string): string {
  return `  ${from} -->${label === undefined ? '' : `|${quoted(label)}|`} ${to}`;
}

/** Text that Mermaid takes for nothing but text. */
function quoted(text: string): string {
  return `"${text.replace(/[#&<>"`]/g, character => `#${character.charCodeAt(0)};`)}"`;
}
