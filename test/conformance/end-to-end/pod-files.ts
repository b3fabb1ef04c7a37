import { mkdirSync } from 'fs';
import { join } from 'path';
import { MountedFolder } from './mounted-folder';
import { Pod } from './pods';
import { Manifest } from '../../support/validate';

/** Data of Secrets that an app refers to, by `{namespace}/{name}`. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is mounted into a container and stands in its environment, below a folder instead of the root. */
export class PodFiles {
  private readonly folders = new Map<string, MountedFolder>();
  private readonly container: Manifest;

  constructor(
    private readonly root: string,
    private readonly pod: Pod,
    name: string,
    private readonly secrets: Secrets,
  ) {
    this.container = pod.workload.spec.template.spec.containers.find((container: Manifest) => container.name === name)!;
  }

  /** Mounts what stands in ConfigMaps and Secrets now. `edit` changes a file of a ConfigMap. */
  public mount(objects: readonly Manifest[], edit: (text: string) => string): void {
    for (const { name, mountPath, subPath } of this.container.volumeMounts ?? []) {
      const volume = this.pod.workload.spec.template.spec.volumes.find(
        (candidate: Manifest) => candidate.name === name,
      );
      if (subPath !== undefined) {
        throw new Error(`${mountPath} is mounted by subPath, and would never change`);
      }
      if (volume.emptyDir !== undefined) {
        mkdirSync(this.pathOf(mountPath), { recursive: true });
      }
      const files = this.filesOf(volume, objects, edit);
      if (files !== undefined) {
        const folder = this.folders.get(mountPath) ?? new MountedFolder(this.pathOf(mountPath));
        this.folders.set(mountPath, folder);
        folder.mount(files);
      }
    }
  }

  /** A text with the container's folders where they really are. */
  public relocated(text: string): string {
    return (this.container.volumeMounts ?? []).reduce(
      (result: string, { mountPath }: Manifest) => result.split(mountPath).join(this.pathOf(mountPath)),
      text,
    );
  }

  /** Where a path of the container really is. */
  public pathOf(path: string): string {
    return join(this.root, path);
  }

  /** Its environment. */
  public environment(): Record<string, string> {
    return Object.fromEntries(
      (this.container.env ?? []).map(({ name, value, valueFrom }: Manifest) => [
        name,
        valueFrom === undefined ? value : this.secret(valueFrom.secretKeyRef.name)[valueFrom.secretKeyRef.key],
      ]),
    );
  }

  private filesOf(
    volume: Manifest,
    objects: readonly Manifest[],
    edit: (text: string) => string,
  ): Record<string, string> | undefined {
    if (volume.projected !== undefined) {
      return Object.assign(
        {},
        ...volume.projected.sources.map((source: Manifest) => this.filesOf(source, objects, edit)),
      );
    }
    if (volume.configMap !== undefined) {
      const found = objects.find(
        ({ kind, metadata }) =>
          kind === 'ConfigMap' && metadata.namespace === this.pod.namespace && metadata.name === volume.configMap.name,
      )!;
      return Object.fromEntries(
        Object.entries<string>(found.data).map(([name, text]) => [name, edit(this.relocated(text))]),
      );
    }
    if (volume.secret !== undefined) {
      const data = this.secret(volume.secret.secretName);
      return volume.secret.items === undefined
        ? data
        : Object.fromEntries(
            volume.secret.items.map(({ key, path }: Manifest) => [path, this.keyOf(volume.secret.secretName, key)]),
          );
    }
    return undefined;
  }

  private secret(name: string): Record<string, string> {
    const found = this.secrets[`${this.pod.namespace}/${name}`];
    if (found === undefined) {
      throw new Error(`the test gives no Secret ${this.pod.namespace}/${name}`);
    }
    return { ...found };
  }

  private keyOf(name: string, key: string): string {
    const value = this.secret(name)[key];
    if (value === undefined) {
      throw new Error(`the test gives no key ${key} of the Secret ${this.pod.namespace}/${name}`);
    }
    return value;
  }
}
