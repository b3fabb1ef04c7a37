/** The YAML library, loaded on first use: it takes longer to load than all of this package. */
export function yamlLibrary(): typeof import('yaml') {
  return require('yaml');
}
