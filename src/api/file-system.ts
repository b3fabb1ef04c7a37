import { textSet } from './codec';
import { object } from './object';

/** Where the server may read and write. */
export const fileSystem = object('Folders the server may use; its root file system is read-only.', {
  read: textSet('Folders on volumes that it may only read.'),
  write: textSet('Folders it may write; an empty volume where the pod template mounts none.'),
});
