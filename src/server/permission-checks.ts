import { ServerGrants } from './server-permissions';
import { ServerStatement } from './server-statement';
import { InputCheck } from '../model/input';
import { checkMountPath, overlap } from '../permissions/folders';

/** Checks what a server is allowed when it is created, as far as it alone can know. */
export function checkPermissions(
  input: InputCheck,
  grants: ServerGrants,
  { pods, source, value }: ServerStatement,
): void {
  // For a remote server every one of these is refused already.
  if (source.kind === 'remote') {
    return;
  }
  grants.checkProfile(input);
  pods.kubernetes?.forEach((permission, i) => grants.checkKubernetes(input, i, permission));
  const { read = [], write = [] } = value.fileSystem ?? {};
  const mounted = [...source.scratch, ...(pods.volumeMounts ?? [])].map(({ path }) => path);
  write.forEach((folder, i) => {
    const property = `fileSystem.write[${i}]`;
    checkMountPath(input, property, folder);
    const problem = [...mounted, ...write.slice(0, i)]
      .map(other => overlap(folder, other))
      .find(found => found !== undefined);
    input.check(
      property,
      folder,
      problem,
      'Drop it if the volume there is the one to write to, or name a folder of its own',
    );
  });
  read.forEach((folder, i) => {
    const property = `fileSystem.read[${i}]`;
    checkMountPath(input, property, folder);
    input.check(
      property,
      folder,
      read.indexOf(folder) < i
        ? 'is there twice'
        : write.includes(folder)
          ? 'is written too, which lets it be read'
          : undefined,
      'Drop it',
    );
  });
}
