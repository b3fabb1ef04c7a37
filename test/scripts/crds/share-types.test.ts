import * as ts from 'typescript';
import { shareTypes } from '../../../scripts/crds/share-types';

const converter = (name: string, ...fields: readonly string[]) => `/**
 * Converts an object of type '${name}' to JSON representation.
 */
export function toJson_${name}(obj: ${name} | undefined): Record<string, any> | undefined {
  return obj && { ${fields.join(', ')} };
}

`;

const holder = (name: string, inner: string, description: string) => `/**
 * ${description}
 *
 * @schema ${name}
 */
export interface ${name} {
  /**
   * What is held.
   *
   * @schema ${name}#inner
   */
  readonly inner?: ${inner};
}

${converter(name, `inner: toJson_${inner}(obj.inner)`)}`;

const level = (name: string, ...values: readonly string[]) => `/**
 * @schema ${name}
 */
export enum ${name} {
${values.map(value => `  /** ${value} */\n  ${value.toUpperCase()} = "${value}",\n`).join('')}}

`;

const leaf = (name: string, doc: string, kind: string) => `/**
 * A leaf.
 *
 * @schema ${name}
 */
export interface ${name} {
  /**
   * ${doc}
   *
   * @schema ${name}#level
   */
  readonly level?: ${kind};
}

${converter(name, 'level: obj.level')}`;

const GENERATED = [
  '// generated\n\n',
  holder('A', 'ALeaf', 'The first.'),
  leaf('ALeaf', 'How much.', 'ALevel'),
  level('ALevel', 'low', 'high'),
  holder('B', 'BLeaf', 'The second.'),
  leaf('BLeaf', 'How much.', 'BLevel'),
  level('BLevel', 'low', 'high'),
  leaf('CLeaf', 'How often.', 'CLevel'),
  level('CLevel', 'low'),
].join('');

const shared = shareTypes(GENERATED);

it('keeps what is alike once, from the inside out', () => {
  expect([...shared.matchAll(/^export (?:interface|enum) (\w+)/gm)].map(([, name]) => name)).toEqual([
    'A',
    'ALeaf',
    'ALevel',
    'CLeaf',
    'CLevel',
  ]);
});

it('keeps every name, of enums as a value too', () => {
  expect(shared).toContain(
    [
      'export type B = A;',
      'export type BLeaf = ALeaf;',
      'export type BLevel = ALevel;',
      'export const BLevel = ALevel;',
    ].join('\n'),
  );
});

it('keeps apart what is documented otherwise or takes other values', () => {
  expect(shared).toMatch(/export interface CLeaf {[^}]*How often\.[^}]*readonly level\?: CLevel;/);
});

it('is TypeScript that converts as before', () => {
  const { outputText, diagnostics } = ts.transpileModule(shared, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  const module = { exports: {} as any };
  new Function('exports', outputText)(module.exports);
  expect(module.exports.toJson_A({ inner: { level: module.exports.BLevel.HIGH } })).toEqual({
    inner: { level: 'high' },
  });
});

it('changes nothing where nothing is alike', () => {
  const single = ['// generated\n\n', leaf('ALeaf', 'How much.', 'ALevel'), level('ALevel', 'low')].join('');
  expect(shareTypes(single)).toBe(single);
});
