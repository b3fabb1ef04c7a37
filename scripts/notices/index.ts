/**
 * What is said of the packages in the tarball that others wrote: THIRD-PARTY-NOTICES.txt with their licenses, and sbom.cdx.json, a bill of
 * materials in the form of CycloneDX. Needs node_modules, and writes the same for the same lock file: npm run notices
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { BundledPackage, bundledPackages, licenseText } from './packages';

// Comes without types.
const parseExpression: (text: string) => unknown = require('spdx-expression-parse');

const ROOT = join(__dirname, '..', '..');
const RULE = '-'.repeat(80);

/** Licenses of all packages, one after the other. */
function notices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(
    item => `${item.name} ${item.version} (${item.license})\n${item.homepage ?? ''}\n\n${licenseText(item)}\n`,
  );
  return [
    'The package cdk8s-mcp carries the packages below, each under its own license.\n',
    ...parts.map(part => `${RULE}\n${part.replace(/\n\n\n+/g, '\n\n')}`),
  ].join('\n');
}

/** The bill of materials. Without a time and a random number, which would make it another with each run. */
function billOfMaterials(packages: readonly BundledPackage[]): string {
  const { name, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const ofLicense = new Contrib.License.Factories.LicenseFactory(parseExpression);
  const component = (item: BundledPackage): Models.Component => {
    const [group, own] = item.name.startsWith('@') ? item.name.split('/') : [undefined, item.name];
    const [algorithm, sum] = item.integrity.split('-');
    const purl = `pkg:npm/${item.name.replace('@', '%40')}@${item.version}`;
    return new Models.Component(Enums.ComponentType.Library, own, {
      group,
      version: item.version,
      bomRef: purl,
      purl,
      licenses: new Models.LicenseRepository([ofLicense.makeFromString(item.license)]),
      hashes: new Models.HashDictionary([
        [
          algorithm === 'sha512' ? Enums.HashAlgorithm['SHA-512'] : Enums.HashAlgorithm['SHA-1'],
          Buffer.from(sum, 'base64').toString('hex'),
        ],
      ]),
    });
  };
  const byName = new Map(packages.map(item => [item.name, component(item)]));
  packages.forEach(item =>
    item.needs.forEach(other => byName.get(item.name)!.dependencies.add(byName.get(other)!.bomRef)),
  );
  const whole = new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: `pkg:npm/${name}`,
    licenses: new Models.LicenseRepository([ofLicense.makeFromString(license)]),
  });
  const needed = new Set(packages.flatMap(({ needs }) => needs));
  byName.forEach((item, key) => needed.has(key) || whole.dependencies.add(item.bomRef));
  const bom = new Models.Bom({
    components: new Models.ComponentRepository([...byName.values()]),
    metadata: new Models.Metadata({ component: whole }),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

const packages = bundledPackages(ROOT);
writeFileSync(join(ROOT, 'THIRD-PARTY-NOTICES.txt'), notices(packages));
writeFileSync(join(ROOT, 'sbom.cdx.json'), billOfMaterials(packages));
