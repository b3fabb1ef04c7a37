/**
 * Generates the types of Envoy's configuration, src/backends/envoy/config/api.ts, from the descriptors of its API and what is in use of it.
 */
import { writeFileSync } from 'fs';
import { join } from 'path';
import { format, resolveConfig } from 'prettier';
import { readDescriptors } from './descriptors';
import { typesModule } from './types';

const API = join(__dirname, '..', '..', 'src', 'backends', 'envoy', 'config', 'api.ts');

async function write(): Promise<void> {
  const options = await resolveConfig(API);
  writeFileSync(API, await format(typesModule(readDescriptors()), { ...options, filepath: API }));
}

void write();
