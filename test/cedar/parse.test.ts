import { parsed } from './support';
import { CedarFinding, parseCedar } from '../../src/cedar';

const OPEN = 'permit(principal, action, resource)';

function errors(policies: string | readonly string[], entities: unknown = []): readonly CedarFinding[] {
  const { set, findings } = parseCedar(
    typeof policies === 'string' ? [policies] : policies,
    typeof entities === 'string' ? entities : JSON.stringify(entities),
  );
  expect(set).toBeUndefined();
  return findings;
}

function onlyError(policies: string | readonly string[], entities: unknown = []): CedarFinding {
  const found = errors(policies, entities);
  expect(found).toHaveLength(1);
  return found[0];
}

describe('syntax errors', () => {
  it('show the place', () => {
    const { property, problem, position, remedy } = onlyError([
      `${OPEN};`,
      '// naïve ☕\npermit(principal, action, resource)\n  when { "é" + };',
    ]);
    expect({ property, position }).toEqual({
      property: 'policies[1]',
      position: { line: 3, column: 16, text: '  when { "é" + };' },
    });
    expect(problem).toBe(
      'is not Cedar: unexpected token `}`, at line 3, column 16:\n    when { "é" + };\n                 ^ here',
    );
    expect(remedy).not.toBe('');
  });

  it.each([
    ['permit(principal, action)', 1, 26],
    ['permit(principal, action, resource)', 1, 36],
    ['allow(principal, action, resource);', 1, 1],
    ['permit(principal, action, resource) when {\r\n\tresource.name = "x" };', 2, 2],
    ['permit(principal, action, resource) when { "unclosed };', 1, 44],
  ])('%j at line %d, column %d', (text, line, column) => {
    expect(onlyError(text).position).toMatchObject({ line, column });
  });

  it('are reported of every policy', () => {
    expect(errors(['permit;', `${OPEN};`, 'forbid;']).map(({ property }) => property)).toEqual([
      'policies[0]',
      'policies[2]',
    ]);
  });

  it('are texts without a policy, and no texts', () => {
    expect(onlyError('// nothing').problem).toBe('holds no policy');
    expect(onlyError([]).problem).toMatch('is empty');
  });
});

describe('validation errors', () => {
  it('name the policy and show the place in the text as it was written', () => {
    const { property, problem, position } = onlyError(
      `// a comment\n${OPEN};\n@id("levels")\n${OPEN}\nwhen { principal.claims.level > 3 };`,
    );
    expect(property).toBe('policies[0]');
    expect(problem).toMatch(
      'policy "levels" does not fit the schema: unable to guarantee safety of access to optional attribute `claims.level`',
    );
    expect(position).toEqual({ line: 5, column: 8, text: 'when { principal.claims.level > 3 };' });
  });

  it('name policies without an id by their place, past the tenth too', () => {
    const policies = Array.from({ length: 12 }, (_, index) =>
      index === 11
        ? 'permit(principal, action, resource) when { principal.nothing };'
        : `permit(principal == User::"${index}", action, resource);`,
    );
    expect(onlyError(policies.join('\n')).problem).toMatch(
      'policy "policies[0]#11" does not fit the schema: attribute `nothing` on entity type `User` not found',
    );
    expect(parsed(policies.slice(0, 11).join('\n')).policies.map(({ text }) => text)).toEqual(policies.slice(0, 11));
  });

  it('show the place in the right one of several texts', () => {
    const found = errors([
      `// ☕ first\n${OPEN};`,
      `// second\n${OPEN} when { principal.nothing };`,
      `${OPEN} when { principal.claims.x == "y" };`,
    ]);
    expect(found.map(({ property, position }) => [property, position?.line, position?.column])).toEqual([
      ['policies[1]', 2, 44],
      ['policies[2]', 1, 44],
    ]);
  });

  it.each([
    ['permit(principal == Client::"x", action, resource);', /unrecognized entity type `Client`/],
    ['permit(principal, action == Action::"call", resource);', /unrecognized action `Action::"call"`/],
    [`${OPEN} when { "x" };`, /expected Bool but saw String/],
    [`${OPEN} when { context.sourceIp.isInRange(ip("10.0.0/8")) };`, /failed to parse as IP address/],
    [`${OPEN} when { [1, "x"].contains(1) };`, /not compatible/],
    [
      `${OPEN} when { context.arguments has x && context.arguments.x == "y" };`,
      /attribute `arguments` in context for Action::"list_tools" not found/,
    ],
    ['permit(principal == Group::"x", action, resource);', /can never apply/],
    ['forbid(principal, action, resource == Server::"x");', /can never apply/],
    [
      '@id("a") permit(principal, action, resource); @id("a") forbid(principal, action, resource);',
      /has the id "a", as another policy has/,
    ],
  ])('%s', (policy, problem) => {
    expect(onlyError(policy).problem).toMatch(problem);
  });

  it('say what to do about arguments where there are none', () => {
    expect(onlyError(`${OPEN} when { context.arguments has x };`).remedy).toMatch(
      'restrict the policy with action == Action::"call_tool"',
    );
  });
});

describe('types of claims, arguments and headers', () => {
  it('are what the policies use them as', () => {
    const { shape } = parsed([
      'permit(principal, action, resource) when { principal.claims has a && principal.claims.a == principal.name };',
      'permit(principal, action, resource) when { principal.claims has b && principal.claims has c && principal.claims.b == principal.claims.c && principal.claims.c > 3 };',
      'permit(principal, action, resource) when { principal.claims has d.e && principal.claims.d.e.containsAny([true]) && principal.claims has f && principal has claims.g };',
      'permit(principal, action, resource) when { context.headers has "x-y" && context.headers["x-y"] == "z" };',
    ]);
    expect(shape.claims.fields).toEqual(
      new Map<string, unknown>([
        ['a', { kind: 'value', type: { scalar: 'String', set: false } }],
        ['b', { kind: 'value', type: { scalar: 'Long', set: false } }],
        ['c', { kind: 'value', type: { scalar: 'Long', set: false } }],
        ['d', { kind: 'record', fields: new Map([['e', { kind: 'value', type: { scalar: 'Boolean', set: true } }]]) }],
        ['f', { kind: 'presence' }],
        ['g', { kind: 'presence' }],
      ]),
    );
    expect(shape.headers.fields).toEqual(new Map([['x-y', { kind: 'value', type: { scalar: 'String', set: false } }]]));
  });

  it.each([
    [
      'principal.claims has x && principal.claims.x == "a" || principal.claims has x && principal.claims.x > 1',
      'uses principal.claims.x as String and as Long',
    ],
    [
      'principal.claims has x && principal.claims.x.contains("a") && principal.claims.x == "a"',
      'uses principal.claims.x as Set<String> and as String',
    ],
    [
      'principal.claims has x.y && principal.claims.x.y == "a" && principal.claims.x == "a"',
      'uses principal.claims.x as a record and as a value',
    ],
    ['principal.claims has __entity', 'uses principal.claims.__entity, which has a name that Cedar reserves'],
    ['context.headers has "X-Team"', 'uses context.headers["X-Team"], which is not in lower case'],
    ['context.headers has a.b', 'uses context.headers.a.b, which is text and has no fields'],
  ])('%s', (condition, problem) => {
    expect(errors(`${OPEN} when { ${condition} };`).map(finding => finding.problem)).toContainEqual(
      expect.stringContaining(problem),
    );
  });
});

describe('what cannot be translated names the policy and the construct', () => {
  const claim = 'principal.claims has x && ';
  it.each([
    [`${claim}principal.claims.x + 1 == 2`, 'arithmetic (+)'],
    [`${claim}principal.claims.x - 1 == 2`, 'arithmetic (-)'],
    [`${claim}principal.claims.x * 2 == 2`, 'arithmetic (*)'],
    [`${claim}-principal.claims.x == 2`, 'arithmetic (unary -)'],
    [`${claim}principal.claims.x == 9007199254740993`, 'a number beyond 2^53'],
    [
      'principal.claims == principal.claims',
      'a comparison of the record principal.claims with the record principal.claims',
    ],
    ['[principal.claims].contains(principal.claims)', 'a set of the record principal.claims'],
    ['{a: principal.name}.a == "x"', 'a record literal'],
    ['decimal("1.0").lessThan(decimal("2.0"))', 'decimal'],
    ['context.time.offset(duration("2h")) < datetime("2026-01-01")', 'offset'],
    ['context.time.toDate() == datetime("2026-01-01")', 'toDate'],
    ['context.time.durationSince(datetime("2026-01-01")) > duration("1d")', 'durationSince'],
    ['context.time.toTime().toHours() > 3', 'toHours'],
    [
      'datetime("2026-01-01").toTime() == duration("0s") && context.time < datetime("0000-01-01")',
      'a datetime outside the years 1 to 9999',
    ],
    [
      'ip("10.0.0.1").isInRange(ip("10.0.0.0/8")) && principal.name == "a"',
      'isInRange of ip("10.0.0.1") and ip("10.0.0.0/8")',
    ],
    ['ip("10.0.0.1").isLoopback() || principal.name == "a"', 'isLoopback of ip("10.0.0.1")'],
    [
      '(if principal.name == "a" then principal else User::"x") == User::"x"',
      'if-then-else of principal and User::"x"',
    ],
    ['[context.sourceIp].contains(ip("10.0.0.1"))', 'a set of context.sourceIp'],
    ['Tool::"x".name == "x" && principal.name == "a"', 'the attribute name of Tool::"x"'],
    [
      `${Array.from({ length: 40 }, (_, index) => `principal.name == "${index}" && (resource.name == "${index}" || `).join('')}true${')'.repeat(40)}`,
      'nesting of more than 32 levels',
    ],
  ])('%s', (condition, construct) => {
    const { property, problem, remedy } = onlyError([
      'permit(principal, action, resource);',
      `@id("it") ${OPEN} when { ${condition} };`,
    ]);
    expect(property).toBe('policies[1]');
    expect(problem).toContain(`policy "it" uses ${construct}`);
    expect(remedy).toMatch(/^[A-Z]/);
  });

  it('a template', () => {
    expect(onlyError('permit(principal == ?principal, action, resource);').problem).toMatch('uses a template');
  });
});

describe('entities', () => {
  const group = (id: string, ...parents: readonly string[]) => ({
    uid: { type: 'Group', id },
    parents: parents.map(parent => ({ type: 'Group', id: parent })),
  });

  it.each([
    ['[{', /is not JSON/],
    ['{}', /is not a JSON array/],
    [[1], /is not an entity/],
    [[{ uid: 'User::"x"' }], /is not an entity/],
    [[{ ...group('a'), tags: {} }], /has "tags"/],
    [[{ ...group('a'), parents: ['x'] }], /does not name entities/],
    [[{ uid: { type: 'Client', id: 'a' } }], /Client/],
    [[{ uid: { type: 'User', id: 'a' }, parents: [{ type: 'Server', id: 's' }] }], /do not fit the schema/],
    [[group('a', 'b'), group('b', 'a')], /cycle/],
    [[group('a'), group('a', 'b')], /duplicate/],
    [
      [
        { uid: { type: 'Tool', id: 'a' }, attrs: { tier: 1 } },
        { uid: { type: 'Tool', id: 'b' }, attrs: { tier: 'x' } },
      ],
      /do not fit the schema.*tier/,
    ],
    [[{ uid: { type: 'Tool', id: 'a' }, attrs: { tier: 1.5 } }], /is not a value that can be compiled/],
    [
      [{ uid: { type: 'Tool', id: 'a' }, attrs: { owner: { __entity: { type: 'User', id: 'x' } } } }],
      /is not a value that can be compiled/,
    ],
    [
      [{ uid: { type: 'User', id: 'a' }, attrs: { claims: 1 } }],
      /cannot be set on User::"a": it comes from the request/,
    ],
  ])('%j', (entities, problem) => {
    expect(onlyError(`${OPEN};`, entities).problem).toMatch(problem);
  });

  it('take the type of a set from the entity whose set is not empty', () => {
    const tool = (id: string, tags: readonly unknown[]) => ({ uid: { type: 'Tool', id }, attrs: { tags } });
    const { attributes } = parsed(`${OPEN};`, [tool('a', []), tool('b', [1]), tool('c', [])]);
    expect(attributes.get('Tool')!.get('tags')).toEqual({ scalar: 'Long', set: true });
  });
});

it('warns of what Cedar finds strange, and goes on', () => {
  const { set, findings } = parseCedar([`${OPEN} when { principal.name == "a\u202eb" };`]);
  expect(set).toBeDefined();
  expect(findings).toMatchObject([{ severity: 'warning', problem: expect.stringContaining('BIDI') }]);
});

it('does not load Cedar before a policy is parsed', () => {
  jest.isolateModules(() => {
    const load = jest.fn();
    jest.doMock('@cedar-policy/cedar-wasm/nodejs', load);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require('../../src/cedar');
    expect(load).not.toHaveBeenCalled();
    jest.dontMock('@cedar-policy/cedar-wasm/nodejs');
  });
});
