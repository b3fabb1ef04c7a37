import * as fc from 'fast-check';
import { parse } from 'yaml';
import { AgwConfig, caFileName, formatConfig } from '../../../../src/backends/agentgateway/config/config';
import { EnvReference, EnvText, escapeDollars } from '../../../../src/backends/agentgateway/config/escape';
import { nastyText } from '../plan-arbitrary';

/** What agentgateway does to the text of the file before it reads it as YAML. */
function expand(text: string, env: Record<string, string>): string {
  return text.replace(/\$\$|\$\{(\w+)\}|\$(\w+)/g, (match, braced?: string, bare?: string) => {
    if (match === '$$') {
      return '$';
    }
    const value = env[braced ?? bare!];
    if (value === undefined) {
      throw new Error(`${match} is not set`);
    }
    return value;
  });
}

describe('escapeDollars', () => {
  it('doubles every dollar, in keys too, and writes references alone as placeholders', () => {
    expect(
      escapeDollars({
        key: new EnvReference('SESSION_KEY'),
        $a: ['${SESSION_KEY}', 1, true, null, { b: '$$' }],
        gone: undefined,
      }),
    ).toEqual({ key: '${SESSION_KEY}', $$a: ['$${SESSION_KEY}', 1, true, null, { b: '$$$$' }] });
  });
});

describe('formatConfig', () => {
  it('takes any text of one line from a variable, with a line break behind it or none', () => {
    fc.assert(
      fc.property(
        nastyText.map(text => text.replace(/[\r\n\u0085\u2028\u2029\0]/g, '').trim()),
        fc.constantFrom('', '\n'),
        (key, end) => {
          const text = expand(
            formatConfig({
              keys: [{ key: new EnvText([new EnvReference('API_KEY')]), after: 'x' }],
            } as unknown as AgwConfig),
            { API_KEY: `${key}${end}` },
          );
          expect(parse(text, { version: '1.2' })).toEqual({ keys: [{ key, after: 'x' }] });
        },
      ),
    );
  });

  it('writes text that agentgateway reads back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(nastyText, fc.oneof(nastyText, fc.array(nastyText))), value => {
        const text = expand(formatConfig(value as unknown as AgwConfig), {});
        expect(parse(text, { version: '1.2' }) ?? {}).toEqual(Object.fromEntries(Object.entries(value)));
        expect(parse(text, { version: '1.1', merge: false }) ?? {}).toEqual(Object.fromEntries(Object.entries(value)));
      }),
    );
  });

  it('quotes what some readers would not take for text', () => {
    expect(
      formatConfig({
        a: ['E0', '0b1', '0o7', '1_0', '12:30', 'on', 'Null', '.inf', '-', 'plain'],
      } as unknown as AgwConfig),
    ).toBe(
      'a:\n  - "E0"\n  - "0b1"\n  - "0o7"\n  - "1_0"\n  - "12:30"\n  - "on"\n  - "Null"\n  - ".inf"\n  - "-"\n  - plain\n',
    );
  });

  it('writes neither anchors nor folded lines', () => {
    const shared = { text: 'word '.repeat(100) };
    const text = formatConfig({ a: shared, b: shared } as unknown as AgwConfig);
    expect(text).not.toMatch(/[&*]/);
    expect(text.split('\n')).toHaveLength(5);
  });
});

describe('formatConfig of a gateway with many routes', () => {
  const route = (i: number) => ({
    name: `route-${i}`,
    policies: { jwtAuth: { issuer: 'https://auth.acme.dev', audiences: ['$mcp'], jwks: 'K'.repeat(200) } },
  });
  const configOf = (count: number, more: object = {}) =>
    ({
      key: new EnvReference('SESSION_KEY'),
      routes: Array.from({ length: count }, (_, i) => route(i)),
      ...more,
    }) as unknown as AgwConfig;

  it('says once what repeats', () => {
    const text = formatConfig(configOf(1000));
    expect(text.length).toBeLessThan(60_000);
    expect(parse(expand(text, { SESSION_KEY: '0123' }), { maxAliasCount: -1 })).toEqual({
      key: '0123',
      routes: Array.from({ length: 1000 }, (_, i) => JSON.parse(JSON.stringify(route(i)))),
    });
    expect(formatConfig(configOf(100))).not.toMatch(/[&*]/);
  });

  it('is in blocks where a variable may hold any text', () => {
    const text = formatConfig(configOf(1000, { keys: [{ key: new EnvText([new EnvReference('API_KEY')]) }] }));
    expect(text).not.toMatch(/[&*]/);
    expect(parse(expand(text, { SESSION_KEY: '0123', API_KEY: 'a "key": \\ #\n' })).keys).toEqual([
      { key: 'a "key": \\ #' },
    ]);
  });
});

describe('caFileName', () => {
  it('names a file by its content', () => {
    expect(caFileName('a')).toBe('ca-ca978112ca1bbdca.pem');
    expect(caFileName('b')).not.toBe(caFileName('a'));
  });
});
