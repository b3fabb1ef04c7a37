import { readFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { parsed } from './support';
import { cedarWasm } from '../../src/cedar/wasm';
import { readAuthzDocument } from '../../src/passes/policy/cedar-document';

const DOCS = readFileSync(join(__dirname, '../../docs/cedar.md'), 'utf8');

function blocks(language: string): readonly string[] {
  return [...DOCS.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text);
}

const isEntities = (text: string) => Array.isArray(JSON.parse(text));

it.each(blocks('cedar'))('the policies of the documentation are valid: %s', text => {
  parsed(text, JSON.parse(blocks('json').find(isEntities)!));
});

it.each(blocks('json').filter(text => !isEntities(text)))('the documents of ConfigMaps can be read: %s', text => {
  expect(readAuthzDocument(text)).toEqual({
    policies: ['permit(principal, action, resource);'],
    entities: '[]',
    findings: [],
  });
});

it.each(blocks('ts'))('the samples run: %s', text => {
  const { outputText } = transpileModule(text, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const words = /^\/\/ (.*)$/m.exec(text)?.[1];
  const last = outputText.trimEnd().replace(/^(access\.decide.*);$/m, 'return $1;');
  expect(new Function('require', 'exports', last)(require, {})).toBe(words);
});

it('the schema of the documentation is the schema', () => {
  const [text] = blocks('cedarschema');
  const documented = cedarWasm().schemaToJson(`type Claims = {}; type Headers = {}; type Arguments = {};\n${text}`);
  const { schema } = parsed('permit(principal, action, resource);');
  const resolved = (form: Parameters<ReturnType<typeof cedarWasm>['schemaToText']>[0]) => {
    const answer = cedarWasm().schemaToText(form);
    return answer.type === 'success'
      ? answer.text
          .replaceAll('__cedar::', '')
          .replace(/type \w+ = \{\};\s*/g, '')
          .replace(/\b(?:Claims|Headers|Arguments)\b/g, '{}')
          .replace(/\s+/g, '')
      : answer.errors;
  };
  expect(documented.type).toBe('success');
  expect(resolved((documented as Extract<typeof documented, { type: 'success' }>).json)).toEqual(resolved(schema));
});
