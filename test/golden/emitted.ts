import { parse } from 'yaml';

/* What an app emits, as files that people read. */

/** Texts of files by their names. */
export type Files = Readonly<Record<string, string>>;

/** The configuration of one gateway. */
export interface GatewayConfiguration {
  /** Namespace and name of its gateway, such as `finance.gateway`. */
  readonly gateway: string;
  readonly files: Files;
}

/** What an app emits: its objects, and the files of configuration that stand in ConfigMaps of gateways. */
export interface Emitted {
  /** The objects as they are written, one text each; the configuration of gateways is replaced by the names of its files. */
  readonly objects: readonly string[];
  readonly configurations: readonly GatewayConfiguration[];
}

const SEPARATOR = '\n---\n';
const CONFIG_SUFFIX = '-gateway-config';
/** What agentgateway calls its file, and Envoy its own beside those that it watches. */
const AGENTGATEWAY_KEY = 'config.yaml';
const BOOTSTRAP_KEY = 'envoy.yaml';

/** Takes a written app apart. */
export function emitted(yaml: string): Emitted {
  const documents = yaml.replace(/\n+$/, '').split(SEPARATOR).map(separate);
  return {
    objects: documents.map(({ object }) => object),
    configurations: documents.flatMap(({ configuration }) => configuration ?? []),
  };
}

/** Objects as one text, as they are written. */
export function joined(objects: readonly string[]): string {
  return `${objects.join(SEPARATOR)}\n`;
}

interface Separated {
  readonly object: string;
  readonly configuration?: GatewayConfiguration;
}

function separate(object: string): Separated {
  const { kind, name, namespace } = identityOf(object);
  if (kind !== 'ConfigMap' || !name.endsWith(CONFIG_SUFFIX)) {
    return { object };
  }
  const data: Files = parse(object).data;
  const agentgateway = AGENTGATEWAY_KEY in data;
  const fileOf = (key: string): string =>
    agentgateway
      ? key === AGENTGATEWAY_KEY
        ? 'agentgateway.yaml'
        : `agentgateway-${key}`
      : `envoy/${key === BOOTSTRAP_KEY ? 'bootstrap.yaml' : key}`;
  const gateway = `${namespace}.${name.slice(0, -CONFIG_SUFFIX.length)}`;
  return {
    object: blocksOf(object)
      .map(block =>
        block.parent === 'data' && block.key in data ? [block.lines[0], `    (${fileOf(block.key)})`] : block.lines,
      )
      .flat()
      .join('\n'),
    configuration: {
      gateway,
      files: Object.fromEntries(Object.entries(data).map(([key, text]) => [fileOf(key), text])),
    },
  };
}

/**
 * Objects but for what they have in common with others: an object that stands there in the same words is one line, and so is
 * each of its fields that does.
 */
export function lessCommon(objects: readonly string[], others: readonly string[], where: string): string {
  const known = new Map(others.map(object => [titleOf(object), object]));
  return joined(
    objects.map(object => {
      const other = known.get(titleOf(object));
      return other === undefined
        ? object
        : other === object
          ? `# ${titleOf(object)}: as in ${where}`
          : lessCommonFields(object, other, where);
    }),
  );
}

function lessCommonFields(object: string, other: string, where: string): string {
  const known = new Set(blocksOf(other).map(({ parent, lines }) => `${parent}\n${lines.join('\n')}`));
  return blocksOf(object)
    .flatMap(({ parent, lines }) =>
      parent !== undefined && parent !== 'metadata' && lines.length > 1 && known.has(`${parent}\n${lines.join('\n')}`)
        ? [`${lines[0]} # as in ${where}`]
        : lines,
    )
    .join('\n');
}

/** A field of an object, or of one of its first fields, with all that is below it. */
interface Block {
  /** The field that it is in. */
  readonly parent?: string;
  readonly key: string;
  readonly lines: readonly string[];
}

function blocksOf(object: string): Block[] {
  const blocks: { parent?: string; key: string; lines: string[] }[] = [];
  let top: string | undefined;
  for (const line of object.split('\n')) {
    const [, indent, key] = /^( {0,2})([^\s:"-][^\s:]*):/.exec(line) ?? [];
    if (indent === '') {
      top = key;
      blocks.push({ key, lines: [line] });
    } else if (indent === '  ') {
      blocks.push({ parent: top, key, lines: [line] });
    } else {
      blocks[blocks.length - 1].lines.push(line);
    }
  }
  return blocks;
}

interface Identity {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function identityOf(object: string): Identity {
  const field = (pattern: RegExp) => pattern.exec(object)?.[1] ?? '';
  return {
    kind: field(/^kind: (.*)$/m),
    namespace: field(/^ {2}namespace: (.*)$/m),
    name: field(/^ {2}name: (.*)$/m),
  };
}

function titleOf(object: string): string {
  const { kind, namespace, name } = identityOf(object);
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
