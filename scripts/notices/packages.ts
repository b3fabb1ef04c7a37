import { existsSync, readdirSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import licenses from 'spdx-license-list/full';

/** A package that stands in the tarball. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  readonly homepage?: string;
  /** Checksum of what was downloaded, as the lock file has it: `sha512-` and base64. */
  readonly integrity: string;
  /** Names of the packages that it needs. */
  readonly needs: readonly string[];
  readonly folder: string;
}

const readJson = (path: string): any => JSON.parse(readFileSync(path, 'utf8'));

/** The packages that are bundled with the one in a folder, with all that they need, by name. */
export function bundledPackages(root: string): readonly BundledPackage[] {
  const { packages: locked } = readJson(join(root, 'package-lock.json'));
  const found = new Map<string, BundledPackage>();
  const add = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    const path = folder.slice(root.length + 1);
    if (found.has(path)) {
      return;
    }
    const { version, license, homepage, dependencies = {} } = readJson(join(folder, 'package.json'));
    const needs = Object.keys(dependencies).sort();
    const { integrity } = locked[path];
    // `(A AND B)` is `A AND B`.
    found.set(path, {
      name,
      version,
      license: license.replace(/^\((.*)\)$/, '$1'),
      homepage,
      integrity,
      needs,
      folder,
    });
    needs.forEach(other => add(other, folder));
  };
  readJson(join(root, 'package.json')).bundledDependencies.forEach((name: string) => add(name, root));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where Node finds a package from a folder. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) {
    return folder;
  }
  if (dirname(from) === from) {
    throw new Error(`The package ${name} is not installed: run npm ci`);
  }
  return folderOf(name, dirname(from));
}

/** The license of a package as it comes with it, or else the standard text with the copyright that its files name. */
export function licenseText({ folder, license }: BundledPackage): string {
  const files = readdirSync(folder).filter(name => /^(licen[cs]e|notice|copying)/i.test(name));
  if (files.length > 0) {
    return files.map(name => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  }
  const texts = license.split(/ AND /).map(id => {
    const known = (licenses as Readonly<Record<string, { readonly licenseText: string } | undefined>>)[id];
    if (known === undefined) {
      throw new Error(`No text is known of the license ${id} of ${folder}: see spdx-license-list`);
    }
    return known.licenseText.trim();
  });
  return [...copyrights(folder), ...texts].join('\n\n');
}

/** Copyright lines in the comments of a package's files. */
function copyrights(folder: string): readonly string[] {
  const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(js|ts|md)$/.test(name) && !name.includes('node_modules'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').match(/^[ /*#]*Copyright [^\n]*$/gm) ?? [])
    .map(line => line.replace(/^[ /*#]+/, '').trim());
  return [...new Set(lines)].sort();
}
