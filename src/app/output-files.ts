import { join } from 'path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { chartName } from './charts';
import { fileNames, FileOf } from '../synthesis/file-names';

/** An object as it is written. */
export interface WrittenObject {
  readonly object: ApiObject;
  /** What the name of its file is made of. */
  readonly json: FileOf;
  /** Its document. */
  readonly text: string;
  /** Whether other objects of the app need it to be applied before them. */
  readonly first: boolean;
}

/** A chart with what is written of it. */
export interface WrittenChart {
  readonly chart: Chart;
  readonly objects: readonly WrittenObject[];
}

/** What is written, by paths in the output folder. */
export interface OutputFiles {
  /** Folders, with those that stay empty. */
  readonly folders: readonly string[];
  readonly files: readonly (readonly [path: string, text: string])[];
}

/** Which files an app has, by its type of output. */
export function outputFiles(
  { outputFileExtension, yamlOutputType }: App,
  charts: readonly WrittenChart[],
  numbered: boolean,
): OutputFiles {
  const nameOf = (chart: Chart, i: number) => `${numbered ? `${String(i).padStart(4, '0')}-` : ''}${chartName(chart)}`;
  const file = (name: string, objects: readonly WrittenObject[]) =>
    [`${name}${outputFileExtension}`, objects.map(({ text }) => text).join('---\n')] as const;
  const each = (folder: string, objects: readonly WrittenObject[]) => {
    const names = fileNames(objects.map(({ json }) => json));
    // By name a Namespace would come after a Deployment in it, and a definition after what it defines.
    const number = (object: WrittenObject) => (object.first ? '0000-' : '');
    return objects.map((object, i) => file(join(folder, `${number(object)}${names[i]}`), [object]));
  };
  const all = charts.flatMap(({ objects }) => objects);
  switch (yamlOutputType) {
    case YamlOutputType.FILE_PER_APP:
      return { folders: [], files: charts.length === 0 ? [] : [file('app', all)] };
    case YamlOutputType.FILE_PER_CHART:
      return { folders: [], files: charts.map(({ chart, objects }, i) => file(nameOf(chart, i), objects)) };
    case YamlOutputType.FILE_PER_RESOURCE:
      return { folders: [], files: each('', all) };
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
      return {
        folders: charts.map(({ chart }, i) => nameOf(chart, i)),
        files: charts.flatMap(({ chart, objects }, i) => each(nameOf(chart, i), objects)),
      };
  }
}
