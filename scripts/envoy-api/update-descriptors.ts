/**
 * Writes descriptors.binpb anew, for another version of Envoy or for messages that were not in use before:
 *
 *   npx ts-node scripts/envoy-api/update-descriptors.ts
 *
 * Needs Go and its module proxy.
 */
import { writeFileSync } from 'fs';
import { DESCRIPTORS_FILE, makeDescriptors } from './descriptors';

void makeDescriptors().then(descriptors => writeFileSync(DESCRIPTORS_FILE, descriptors));
