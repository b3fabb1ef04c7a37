import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AuthzConfig } from '../../src';
import { messageOf } from '../support/synth';

const PERMIT = 'permit(principal, action, resource);';
const chart = () => new Chart(new App(), 'finance', { namespace: 'finance' });
const configMap = (data?: Record<string, string>) =>
  new kplus.ConfigMap(chart(), 'cedar', { metadata: { name: 'cedar' }, data });
const problemsOf = (config: AuthzConfig) =>
  (config._model('finance/books').problems ?? []).map(
    ({ property, problem, remedy }) => `${property}: ${problem}. ${remedy}.`,
  );

describe('inline', () => {
  test('is plain data, and a field of resources', () => {
    const config = AuthzConfig.inline({ policies: [PERMIT], entitiesJson: '[]' });
    expect(config._model('finance/books')).toEqual({
      policies: [PERMIT],
      entities: '[]',
      origin: { path: 'finance/books', property: 'authzConfig' },
    });
    expect(config._spec).toEqual({ inline: { policies: [PERMIT], entitiesJSON: '[]' } });
    expect(AuthzConfig.inline({ policies: [PERMIT] })._spec).toEqual({ inline: { policies: [PERMIT] } });
  });

  test('keeps what it was given', () => {
    const policies = [PERMIT];
    const config = AuthzConfig.inline({ policies });
    policies.push('nonsense');
    expect(config._model('x').policies).toEqual([PERMIT]);
  });

  test.each<[string, string[], RegExp]>([
    ['no policies', [], /policies: got \[\]: is empty/],
    ['an empty text', [PERMIT, ' \n'], /policies\[1\]: got " \\n": is empty/],
    [
      'a text twice, which the resource could not hold',
      [PERMIT, PERMIT],
      /policies\[1\]: got "permit.*": is there twice/,
    ],
  ])('refuses %s', (_, policies, message) => {
    expect(messageOf(() => AuthzConfig.inline({ policies }))).toMatch(message);
  });
});

describe('fromConfigMap', () => {
  const TOOLHIVE = JSON.stringify({
    version: '1.0',
    type: 'cedarv1',
    cedar: { policies: [PERMIT], entities_json: '[]' },
  });

  test.each([
    ['as ToolHive writes it', TOOLHIVE, '[]'],
    ['without its version', JSON.stringify({ cedar: { policies: [PERMIT] } }), undefined],
    ['with the fields of the inline form', JSON.stringify({ policies: [PERMIT], entitiesJSON: '[ ]' }), '[ ]'],
  ])('reads a document %s', (_, text, entities) => {
    const config = AuthzConfig.fromConfigMap(configMap({ 'authz.json': text }));
    expect(config._model('finance/books')).toEqual({
      policies: [PERMIT],
      entities,
      origin: { path: 'finance/books', property: 'authzConfig.configMap[authz.json]' },
    });
    expect(config._spec).toEqual({ configMap: { name: 'cedar', key: 'authz.json' } });
  });

  test('reads what is added later, and is the same object until then', () => {
    const map = configMap();
    const config = AuthzConfig.fromConfigMap(map, { key: 'p.json' });
    expect(problemsOf(config)).toEqual([
      'authzConfig.configMap[p.json]: the ConfigMap cedar has no key p.json, and no data at all. Add the key with the policies to the ConfigMap, or name another key.',
    ]);
    map.addData('p.json', TOOLHIVE);
    const model = config._model('finance/books');
    expect(model.policies).toEqual([PERMIT]);
    map.addData('other', 'x');
    expect(config._model('finance/books')).toBe(model);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['another key', { policies: TOOLHIVE }, /has no key authz.json, only policies/],
    ['no JSON', { 'authz.json': 'permit;' }, /^authzConfig.configMap\[authz.json\]: is not JSON \(/],
    ['a list', { 'authz.json': '[]' }, /is not a JSON object/],
    [
      'another language',
      { 'authz.json': JSON.stringify({ type: 'httpv1', cedar: { policies: [PERMIT] } }) },
      /\.type: is not a language that is known here/,
    ],
    [
      'fields that nobody knows',
      { 'authz.json': JSON.stringify({ cedar: { policies: [PERMIT], group_claim_name: 'x' } }) },
      /\.cedar\.group_claim_name: is not a field of the document/,
    ],
    ['Cedar that is no object', { 'authz.json': '{"cedar": "permit"}' }, /\.cedar: is not an object/],
    ['no policies', { 'authz.json': '{"entitiesJSON": "[]"}' }, /\.policies: is not a list of policies/],
    ['a policy that is no text', { 'authz.json': '{"policies": [1]}' }, /\.policies\[0\]: is not text/],
    [
      'entities that are no text',
      { 'authz.json': '{"policies": [], "entitiesJSON": []}' },
      /\.entitiesJSON: is not text/,
    ],
  ])('says what is wrong with %s', (_, data, problem) => {
    const config = AuthzConfig.fromConfigMap(configMap(data));
    expect(problemsOf(config)).toEqual([expect.stringMatching(problem)]);
    expect(config._model('finance/books').policies).toEqual([]);
  });

  test('refuses a ConfigMap whose data the app does not know, and an empty key', () => {
    const imported = kplus.ConfigMap.fromConfigMapName(chart(), 'imported', 'cedar');
    expect(messageOf(() => AuthzConfig.fromConfigMap(imported, { key: '' }))).toMatch(
      /configMap: got "cedar": is only referred to.*AuthzConfig\.inline\.\n.*key: got "": is empty/,
    );
  });
});
