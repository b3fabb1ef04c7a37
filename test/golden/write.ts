/**
 * Writes what the apps of this folder emit, and removes what they no longer do.
 *
 *   npm run golden              all folders
 *   npm run golden -- NAME...   some of them
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { filesOf, filesOnDisk, folderNames, ROOT, strayFolders } from './folders';

// They are written, as files.
process.env.CDK8S_MCP_WARNINGS = 'off';

const asked = process.argv.slice(2);
const changed: string[] = [];

for (const folder of folderNames().filter(name => asked.length === 0 || asked.includes(name))) {
  const before = filesOnDisk(folder);
  const files = filesOf(folder);
  for (const file of Object.keys(before).filter(name => !(name in files))) {
    rmSync(join(ROOT, folder, file));
    changed.push(`${folder}/${file} (removed)`);
  }
  for (const [file, text] of Object.entries(files).filter(([name]) => before[name] !== files[name])) {
    mkdirSync(dirname(join(ROOT, folder, file)), { recursive: true });
    writeFileSync(join(ROOT, folder, file), text);
    changed.push(`${folder}/${file}`);
  }
}
for (const folder of asked.length === 0 ? strayFolders() : []) {
  if (readdirSync(join(ROOT, folder)).some(file => file.endsWith('.ts'))) {
    throw new Error(`test/golden/${folder} has no app.ts`);
  }
  rmSync(join(ROOT, folder), { recursive: true });
  changed.push(`${folder} (removed)`);
}
console.log(changed.length === 0 ? 'nothing has changed' : changed.map(file => `test/golden/${file}`).join('\n'));
