import { existsSync } from 'fs';
import { basename, dirname, join } from 'path';
import { isDefinition } from './apply-order';
import { WrittenChart } from './output-files';

/** Folders and file of a Helm chart (https://helm.sh/docs/topics/charts/). */
const TEMPLATES = 'templates';
const DEFINITIONS = 'crds';
const CHART_FILE = 'Chart.yaml';

/** Whether what is written to a folder are the templates of a Helm chart, as `cdk8s synth --format helm` writes them. */
export function isHelmChart(outdir: string): boolean {
  return basename(outdir) === TEMPLATES && existsSync(join(dirname(outdir), CHART_FILE));
}

/** What Helm is given: templates, and definitions of resources, which it installs before it looks at templates. */
export interface HelmChart {
  readonly templates: readonly WrittenChart[];
  /** Files of definitions, by their path from the folder of templates. */
  readonly definitions: readonly (readonly [path: string, text: string])[];
}

/** Charts of an app for Helm, which would read braces in texts as its own language. */
export function helmChartOf(charts: readonly WrittenChart[], extension: string): HelmChart {
  return {
    templates: charts.map(({ chart, objects }) => ({
      chart,
      objects: objects
        .filter(({ object }) => !isDefinition(object))
        .map(written => ({ ...written, text: written.text.replaceAll('{{', '{{ "{{" }}') })),
    })),
    definitions: charts.flatMap(({ objects }) =>
      objects
        .filter(({ object }) => isDefinition(object))
        .map(({ object, text }) => [join('..', DEFINITIONS, `${object.name}${extension}`), text] as const),
    ),
  };
}
