import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { errorKind, InputCheck } from '../model/findings';
import { digest } from '../values/text';

/** What a server may do with files. Its root file system is read-only. */
export interface FileSystemPermissions {
  /**
   * Folders that the server reads and must not write: each the path of a volume that is mounted read-only (`volumeMounts`). The files
   * of the image are readable anyway.
   *
   * @default - none
   */
  readonly read?: string[];

  /**
   * Folders that the server may write. Each is an empty volume of up to 256 MiB that is gone with its pod; see `allowWrite` for others.
   *
   * @default - those that the source needs
   */
  readonly write?: string[];
}

/** Options of {@link McpServer.allowWrite}. */
export interface AllowWriteOptions {
  /**
   * The volume to write to.
   *
   * @default - an empty one, which is gone with its pod
   */
  readonly volume?: kplus.Volume;

  /**
   * How much may be written to an empty volume. A pod that writes more is evicted.
   *
   * @default Size.mebibytes(256)
   */
  readonly sizeLimit?: Size;
}

/* Folders of a container that volumes are mounted to. */

const FOLDER_INVALID = errorKind(
  'folder-invalid',
  'is not a path of a folder (absolute, without "." and "..", ":" and a "/" at its end)',
  'Write it as /var/lib/data',
);
const FOLDER_OF_SYSTEM = errorKind(
  'folder-of-system',
  'holds what the image needs to run, and a volume would hide it',
  'Name a folder below it that the server has for itself',
);
const FOLDER_OF_KERNEL = errorKind(
  'folder-of-kernel',
  'is a view of the kernel, over which nothing is mounted',
  'Name another folder',
);
const FOLDER_OF_TOKEN = errorKind(
  'folder-of-token',
  'is where Kubernetes mounts the token of the service account',
  'Name another folder',
);

/** Size limit of empty volumes, in MiB. */
export const DEFAULT_SIZE_MEBIBYTES = 256;

/** Where Kubernetes mounts the token. */
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Views of the kernel, but for the one that is memory. */
const KERNEL = /^\/(proc|sys|dev)(\/|$)/;
const SHARED_MEMORY = /^\/dev\/shm(\/|$)/;
/** Folders without which no program of an image runs. */
const SYSTEM = [
  '/',
  '/bin',
  '/boot',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/sbin',
  '/usr',
  '/usr/bin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
  '/usr/sbin',
];

/** Checks the path of a volume. */
export function checkMountPath(input: InputCheck, property: string, path: string): void {
  const valid = /^(\/[^/:\0]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path);
  input.report(FOLDER_INVALID, property, path, !valid && path !== '/');
  input.report(FOLDER_OF_SYSTEM, property, path, SYSTEM.includes(path));
  input.report(FOLDER_OF_KERNEL, property, path, KERNEL.test(path) && !SHARED_MEMORY.test(path));
  input.report(FOLDER_OF_TOKEN, property, path, isWithin(path, TOKEN_FOLDER));
}

/**
 * How a writable folder and another mount get into each other's way; undefined when they do not. A mount inside of the folder does not:
 * runtimes mount what is further up first, and the folder can have one more in it.
 */
export function overlap(path: string, other: string): string | undefined {
  if (path === other) {
    return 'is mounted already';
  }
  return isWithin(path, other) ? `is inside ${other}, where a volume is mounted already` : undefined;
}

/** The same of two that must not be in each other: where the outer one cannot be written, or has room for what is in the inner one. */
export function nested(path: string, other: string): string | undefined {
  return overlap(path, other) ?? (isWithin(other, path) ? `is around ${other}, which is mounted by itself` : undefined);
}

/** Name of the volume at a path: the same whatever else is mounted. */
export function volumeName(path: string): string {
  return `write-${digest(path, 10)}`;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
