import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ownerOf } from './objects';
import { Diagnostic, errorKind, findingIf, findingOf, warningKind } from '../model/findings';

/*
 * Names of files that hold one object each. cdk8s names them by kind and name alone, so that of objects of several namespaces,
 * or of several APIs, the last one written is left.
 */

const OBJECT_FILE_TWICE = errorKind(
  'object-file-twice',
  'would be written to the file of "{other}", which would be lost',
  'Use McpApp instead of App, which writes both, or a yamlOutputType that has no file for each resource',
);

/** Of an object, what the name of its file is made of. */
export interface FileOf {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** The name that cdk8s gives to the file of an object, without its extension. */
function usualName({ kind, metadata }: FileOf): string {
  return cleaned(`${kind}.${metadata.name}`);
}

function cleaned(name: string): string {
  return name.replace(/[^0-9a-zA-Z-_.]/g, '');
}

/**
 * Names for the files of objects in one folder, each of which has one of its own: that of cdk8s, but for objects which would
 * share it: these have their namespaces in it, and their API groups where that is not enough.
 */
export function fileNames(objects: readonly FileOf[]): string[] {
  const told = (tell: (object: FileOf) => string | undefined) => (names: readonly string[]) => {
    const shared = sharedOf(names);
    return names.map((name, i) => {
      const part = shared.has(name) ? tell(objects[i]) : undefined;
      return part === undefined ? name : `${name}.${cleaned(part)}`;
    });
  };
  const byNamespace = told(({ metadata }) => metadata.namespace);
  const byGroup = told(({ apiVersion }) => apiVersion.split('/').at(-2));
  return numbered(byGroup(byNamespace(objects.map(usualName))));
}

function sharedOf(names: readonly string[]): Set<string> {
  const once = new Set<string>();
  return new Set(names.filter(name => once.has(name) || !once.add(name)));
}

/** What is the same object twice, or looks like another's name, gets a number: whatever was asked for is written. */
function numbered(names: readonly string[]): string[] {
  const taken = new Set(names);
  const used = new Set<string>();
  return names.map(name => {
    let free = name;
    for (let i = 2; used.has(free); i++) {
      const candidate = `${name}.${i}`;
      free = taken.has(candidate) ? free : candidate;
    }
    used.add(free);
    return free;
  });
}

const APART = new WeakSet<IConstruct>();

/** Says of an app that it writes all objects, whatever their names. */
export function writesApart(app: App): void {
  APART.add(app);
}

const CLUSTERS_IN_ONE_FOLDER = warningKind(
  'clusters-in-one-folder',
  'is written to the folder of all clusters, where one is applied to another by mistake: App of cdk8s knows no others',
  'Use McpApp, which writes a folder for each',
);

/** A cluster that an app of cdk8s would write among others. */
export function clusterWithoutFolder({ node }: IConstruct): Diagnostic[] {
  return findingIf(
    CLUSTERS_IN_ONE_FOLDER,
    node.path,
    'scope',
    undefined,
    node.scope !== undefined && !APART.has(node.root),
  );
}

/** Objects that an app of cdk8s would write over each other. The same object twice is not meant: that is no question of files. */
export function objectsWithoutFile(
  root: IConstruct,
  constructs: readonly IConstruct[],
  isOurs: (construct: IConstruct) => boolean,
): Diagnostic[] {
  const { yamlOutputType } = root as Partial<App>;
  const byChart = yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  if (APART.has(root) || !(byChart || yamlOutputType === YamlOutputType.FILE_PER_RESOURCE)) {
    return [];
  }
  const first = new Map<string, ApiObject>();
  return constructs.flatMap(construct => {
    if (!ApiObject.isApiObject(construct)) {
      return [];
    }
    const object = construct as ApiObject;
    const file = `${byChart ? Chart.of(object).node.path : ''}/${usualName(object)}`;
    const other = first.get(file);
    if (other === undefined) {
      first.set(file, object);
      return [];
    }
    const { path } = (ownerOf(object, isOurs) ?? object).node;
    return identity(other) === identity(object)
      ? []
      : [findingOf(OBJECT_FILE_TWICE, path, object.kind, object.name, { other: other.node.path })];
  });
}

function identity({ apiGroup, kind, metadata, name }: ApiObject): string {
  return [apiGroup, kind, metadata.namespace ?? '', name].join('/');
}
