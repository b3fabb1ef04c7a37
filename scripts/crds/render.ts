import { stringify } from 'yaml';
import { CustomResourceDefinition } from './crd';
import { definitions } from './definitions';
import { podTemplate } from './pod-template';

/** Text of one generated file. */
export interface RenderedFile {
  readonly name: string;
  readonly text: string;
}

const NOTICE = '# Generated from src/api: edit there, then run `npm run crds`.\n';

/**
 * YAML that reads the same to every parser: keys in alphabetical order as controller-gen writes them, no anchors for the
 * schemas that kinds share, no folded lines, and quotes around what YAML 1.1 would take for a date or a boolean.
 */
export const toYaml = (crd: CustomResourceDefinition): string =>
  stringify(crd, {
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    lineWidth: 0,
    sortMapEntries: true,
  });

/** The files of `crds/`, named as controller-gen names them. */
export const renderCrds = (): readonly RenderedFile[] =>
  definitions(podTemplate()).map(crd => ({
    name: `${crd.spec.group}_${crd.spec.names.plural}.yaml`,
    text: NOTICE + toYaml(crd),
  }));
