import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * A folder in which files are mounted as kubelet mounts a ConfigMap or a Secret: each a link through `..data` to a folder
 * that is replaced as a whole.
 */
export class MountedFolder {
  private generation = 0;
  private names: readonly string[] = [];

  constructor(public readonly path: string) {
    mkdirSync(path, { recursive: true });
  }

  /** Replaces all files at once. */
  public mount(files: Readonly<Record<string, string | Buffer>>): void {
    const version = `..${this.generation++}`;
    mkdirSync(join(this.path, version));
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.path, version, name), content);
    }
    symlinkSync(version, join(this.path, '..data_tmp'));
    renameSync(join(this.path, '..data_tmp'), join(this.path, '..data'));
    const names = Object.keys(files);
    names
      .filter(name => !this.names.includes(name))
      .forEach(name => symlinkSync(join('..data', name), join(this.path, name)));
    this.names.filter(name => !names.includes(name)).forEach(name => rmSync(join(this.path, name)));
    this.names = names;
    readdirSync(this.path)
      .filter(name => /^\.\.\d+$/.test(name) && name !== version)
      .forEach(name => rmSync(join(this.path, name), { recursive: true }));
  }
}
