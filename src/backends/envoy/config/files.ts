import { Any } from './api';
import { denseYaml } from '../../../values/dense-yaml';
import { compactYaml } from '../../../values/yaml';
import { Files } from '../../interface/config-map';

/** Files of resources, by name: each in the form of an answer of a control plane. */
export type ResourceFiles = Readonly<Record<string, { readonly resources: readonly Any[] }>>;

/** Bytes of JSON in all files up to which all of them are written for people. */
const READABLE_TOGETHER = 128 * 1024;
/** Bytes of JSON up to which a file is written for people, whatever the others are. */
const READABLE = 64 * 1024;

/** Files as texts, and what Envoy has to read of them. */
export interface WrittenFiles {
  readonly files: Files;
  /** Bytes of JSON: however short it was written, Envoy has all of it in memory while it reads. */
  readonly bytesToRead: number;
}

/**
 * Writes files. Of a gateway with many routes, a ConfigMap and `kubectl apply` would hold too few as people read them: there
 * what repeats stands once.
 */
export function writeFiles(files: ResourceFiles): WrittenFiles {
  const sized = Object.entries(files).map(([name, file]) => ({
    name,
    file,
    size: Buffer.byteLength(JSON.stringify(file)),
  }));
  const bytesToRead = sized.reduce((sum, { size }) => sum + size, 0);
  const isLarge = bytesToRead > READABLE_TOGETHER;
  return {
    files: Object.fromEntries(
      sized.map(({ name, file, size }) => [name, isLarge && size > READABLE ? denseYaml(file) : compactYaml(file)]),
    ),
    bytesToRead,
  };
}
