import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { SERVER_CONTAINER } from './source-config';
import { ServerValue } from '../api/mcp-server';
import { storedQuantity } from '../backends/kubernetes/stored-form';
import { because, Diagnostic, errorKind, findingOf, InputCheck } from '../model/findings';
import { ServerPermissions } from '../model/permissions';
import {
  AllowWriteOptions,
  checkMountPath,
  DEFAULT_SIZE_MEBIBYTES,
  nested,
  overlap,
  volumeName,
} from '../permissions/folders';
import { bytesOf } from '../synthesis/statement';
import { compact, Json } from '../values/json';
import { formatBytes } from '../values/quantities';
import { compareText } from '../values/text';

const WRITE_FOLDERS_OVERLAP = errorKind(
  'write-folders-overlap',
  '{problem}',
  'Name folders that do not contain each other, or drop it if the volume there is the one to write to',
);
const FOLDER_TAKEN = errorKind('folder-taken', '{problem}', 'Name a folder of its own');

const SIZE_LIMIT_OF_VOLUME = errorKind(
  'size-limit-of-volume',
  'is a limit of empty volumes, and a volume is given',
  'Drop it, or limit the volume itself',
);
const WRITE_FOLDER_READ_ONLY = errorKind(
  'write-folder-read-only',
  'is mounted read-only by the pod template',
  'Let the template mount it for writing, or drop it here',
);
const READ_FOLDER_WITHOUT_VOLUME = errorKind(
  'read-folder-without-volume',
  'has no volume, and the files of the image are readable anyway',
  'Mount a volume there (volumeMounts, or allowRead with the volume), or drop it',
);
const READ_FOLDER_WRITABLE = errorKind(
  'read-folder-writable',
  'is on a volume that is mounted for writing',
  'Mount it with readOnly: true, or say that the server writes there (allowWrite)',
);

/** A volume that is mounted into the server's container. */
interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
}

/** The folders that a hosted server may read and write, and the volumes behind them. */
export class ServerFiles {
  private readonly reading = new Set<string>();
  /** Size limits of the empty volumes, by path. */
  private readonly empty = new Map<string, Size>();
  /** Folders on volumes of the user's. */
  private readonly given = new Set<string>();
  private container?: kplus.Container;
  private described?: ServerPermissions['fileSystem'];

  /** `templates`: pod templates of the user's, whose volumes may be meant; `claimed`: folders of volumes that each replica has. */
  constructor(
    private readonly path: string,
    { read = [], write = [] }: NonNullable<ServerValue['fileSystem']>,
    private readonly templates: readonly Json[],
    private readonly claimed: readonly string[] = [],
  ) {
    claimed.forEach(folder => this.given.add(folder));
    read.forEach(folder => this.reading.add(folder));
    write.forEach(folder => this.empty.set(folder, Size.mebibytes(DEFAULT_SIZE_MEBIBYTES)));
  }

  /** Tells which container it is about, once that is there. */
  attach(container: kplus.Container | undefined): void {
    this.container = container;
  }

  allowWrite(input: InputCheck, folder: string, { volume, sizeLimit }: AllowWriteOptions): void {
    const limit = sizeLimit ?? Size.mebibytes(DEFAULT_SIZE_MEBIBYTES);
    const known = this.empty.get(folder);
    if (volume === undefined && known !== undefined && bytesOf(known) === bytesOf(limit)) {
      return;
    }
    checkMountPath(input, 'path', folder);
    input.report(
      SIZE_LIMIT_OF_VOLUME,
      'sizeLimit',
      sizeLimit && formatBytes(bytesOf(sizeLimit)),
      volume !== undefined && sizeLimit !== undefined,
    );
    this.checkFree(input, folder, overlap);
    input.throwIfAny();
    this.described = undefined;
    if (volume === undefined) {
      this.empty.set(folder, limit);
    } else {
      this.given.add(folder);
      this.container!.mount(folder, volume);
    }
  }

  allowRead(input: InputCheck, folder: string, volume: kplus.Volume): void {
    checkMountPath(input, 'path', folder);
    this.checkFree(input, folder, nested);
    input.throwIfAny();
    this.described = undefined;
    this.reading.add(folder);
    this.container!.mount(folder, volume, { readOnly: true });
  }

  model(): ServerPermissions['fileSystem'] {
    return (this.described ??= {
      read: [...this.reading].sort(compareText),
      write: [...this.empty.keys(), ...this.given].sort(compareText),
    });
  }

  /** As the resource says it; undefined when there is nothing to say. */
  value(): ServerValue['fileSystem'] {
    const { read, write } = this.model();
    return read.length + write.length === 0 ? undefined : compact({ read, write });
  }

  /** The empty volumes, as a template to merge. Where the user's template has a volume at the path, that is the one. */
  template(): Json {
    if (this.empty.size === 0) {
      return {};
    }
    const mounted = this.templateMounts().map(({ path }) => path);
    const folders = [...this.empty]
      .filter(([folder]) => !mounted.includes(folder))
      .sort(([a], [b]) => compareText(a, b));
    return folders.length === 0
      ? {}
      : {
          spec: {
            containers: [
              {
                name: SERVER_CONTAINER,
                volumeMounts: folders.map(([folder]) => ({ mountPath: folder, name: volumeName(folder) })),
              },
            ],
            volumes: folders.map(([folder, size]) => ({
              name: volumeName(folder),
              emptyDir: { sizeLimit: storedQuantity(formatBytes(bytesOf(size))) },
            })),
          },
        };
  }

  /** What is wrong with the folders, as the container is now. */
  findings(): Diagnostic[] {
    return [...this.empty.keys()]
      .flatMap(folder => this.writeFindings(folder))
      .concat([...this.reading].flatMap(folder => this.readFindings(folder)));
  }

  private writeFindings(folder: string): Diagnostic[] {
    const template = this.templateMounts().find(({ path }) => path === folder);
    if (template?.readOnly === true) {
      return [findingOf(WRITE_FOLDER_READ_ONLY, this.path, 'fileSystem.write', folder)];
    }
    const mounts = [...this.ownMounts(), ...this.templateMounts().filter(({ path }) => path !== folder)];
    const problems = new Set([
      ...mounts.flatMap(({ path }) => overlap(folder, path) ?? []),
      ...[...this.empty.keys()].filter(path => path !== folder).flatMap(path => nested(folder, path) ?? []),
    ]);
    return [...problems].map(problem =>
      findingOf(WRITE_FOLDERS_OVERLAP, this.path, 'fileSystem.write', folder, { problem }),
    );
  }

  private readFindings(folder: string): Diagnostic[] {
    const mount = [...this.templateMounts(), ...this.ownMounts()].find(({ path }) => path === folder);
    if (mount === undefined) {
      return [findingOf(READ_FOLDER_WITHOUT_VOLUME, this.path, 'fileSystem.read', folder)];
    }
    return mount.readOnly ? [] : [findingOf(READ_FOLDER_WRITABLE, this.path, 'fileSystem.read', folder)];
  }

  /** Reports a path that is not free, as far as is known now. */
  private checkFree(input: InputCheck, folder: string, clash: typeof overlap): void {
    const problem = [
      ...[...this.ownMounts(), ...this.templateMounts()].map(({ path }) => clash(folder, path)),
      ...[...this.empty.keys()].map(path => nested(folder, path)),
    ].find(found => found !== undefined);
    input.report(FOLDER_TAKEN, 'path', folder, because(problem));
  }

  private ownMounts(): Mount[] {
    return [
      ...(this.container?.mounts ?? []).map(({ path, readOnly }) => ({ path, readOnly: readOnly === true })),
      ...this.claimed.map(path => ({ path, readOnly: false })),
    ];
  }

  private templateMounts(): Mount[] {
    return this.templates
      .flatMap(template => (template.spec?.containers ?? []) as Json[])
      .filter(({ name }) => name === SERVER_CONTAINER)
      .flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ mountPath, readOnly }: Json) => ({ path: mountPath, readOnly: readOnly === true })),
      );
  }
}
