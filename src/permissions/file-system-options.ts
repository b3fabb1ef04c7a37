import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

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
