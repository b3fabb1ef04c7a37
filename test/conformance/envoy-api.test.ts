import { readFileSync } from 'fs';
import { DESCRIPTORS_FILE, makeDescriptors } from '../../scripts/envoy-api/descriptors';

it("has the descriptors of the messages in use as the Go module of Envoy's API has them", async () => {
  const made = await makeDescriptors();
  expect(made.length).toBeGreaterThan(100_000);
  expect(Buffer.compare(Buffer.from(made), readFileSync(DESCRIPTORS_FILE))).toBe(0);
}, 600_000);
