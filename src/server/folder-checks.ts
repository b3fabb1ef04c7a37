import { ServerStatement } from './server-statement';
import { because, errorKind, InputCheck } from '../model/findings';
import { checkMountPath, nested, overlap } from '../permissions/folders';

const WRITE_FOLDER_TAKEN = errorKind(
  'write-folder-taken',
  '{problem}',
  'Drop it if the volume there is the one to write to, or name a folder of its own',
);
const CLAIM_FOLDER_TAKEN = errorKind('claim-folder-taken', '{problem}', 'Name a folder of its own');
const READ_FOLDER_TWICE = errorKind('read-folder-twice', 'is there twice', 'Drop it');
const READ_FOLDER_WRITTEN = errorKind('read-folder-written', 'is written too, which lets it be read', 'Drop it');

/** Checks the folders that a server reads and writes: each is one volume's, and none hides another. */
export function checkFolders(input: InputCheck, { pods, source, value }: ServerStatement): void {
  const { read = [], write = [] } = value.fileSystem ?? {};
  const scratch = source.kind === 'remote' ? [] : source.scratch;
  const given = [...scratch, ...(pods.volumeMounts ?? [])].map(({ path }) => path);
  const claimed = pods.volumeClaimTemplates?.map(({ path }) => path) ?? [];
  claimed.forEach((folder, i) => {
    const property = `volumeClaimTemplates[${i}].path`;
    checkMountPath(input, property, folder);
    const others = [...given, ...claimed.slice(0, i)];
    const problem = others.map(other => overlap(folder, other)).find(found => found !== undefined);
    input.report(CLAIM_FOLDER_TAKEN, property, folder, because(problem));
  });
  const mounted = [...given, ...claimed];
  write.forEach((folder, i) => {
    const property = `fileSystem.write[${i}]`;
    checkMountPath(input, property, folder);
    const problem = [
      ...mounted.map(other => overlap(folder, other)),
      ...write.slice(0, i).map(other => nested(folder, other)),
    ].find(found => found !== undefined);
    input.report(WRITE_FOLDER_TAKEN, property, folder, because(problem));
  });
  read.forEach((folder, i) => {
    const property = `fileSystem.read[${i}]`;
    checkMountPath(input, property, folder);
    const twice = read.indexOf(folder) < i;
    input.report(READ_FOLDER_TWICE, property, folder, twice);
    input.report(READ_FOLDER_WRITTEN, property, folder, !twice && write.includes(folder));
  });
}
