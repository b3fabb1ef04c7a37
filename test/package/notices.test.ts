import { readFileSync } from 'fs';
import { join } from 'path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { bundledPackages, licenseText } from '../../scripts/notices/packages';

const ROOT = join(__dirname, '..', '..');
const NOTICES = readFileSync(join(ROOT, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
const BOM = readFileSync(join(ROOT, 'sbom.cdx.json'), 'utf8');
const packages = bundledPackages(ROOT);

it.each(packages.map(item => [item.name, item] as const))('has the license of %s', (_, item) => {
  expect(licenseText(item)).toMatch(/Permission|Redistribution|Apache License/);
  expect(NOTICES).toContain(`\n${item.name} ${item.version} (${item.license})\n`);
});

it('has a bill of materials that scanners read, of every package and its checksum', async () => {
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(BOM)).toBeNull();
  const { components, dependencies } = JSON.parse(BOM);
  expect(components.map(({ purl }: { purl: string }) => decodeURIComponent(purl)).sort()).toEqual(
    packages.map(({ name, version }) => `pkg:npm/${name}@${version}`).sort(),
  );
  expect(dependencies.find(({ ref }: { ref: string }) => ref === 'pkg:npm/cdk8s-mcp').dependsOn).toContainEqual(
    expect.stringMatching(/^pkg:npm\/ajv@/),
  );
});
