import * as fc from 'fast-check';
import { MESSAGE_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { LuaRequest, serve } from '../../../support/lua/handle';
import { utf8 } from '../../../support/lua/vm';

const REFUSED = {
  headers: { ':status': '400', 'content-type': 'text/plain' },
  body: 'the message can be read in more than one way\n',
};
const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"db_query","arguments":{}}}';

const outcomeOf = async (request: LuaRequest) => (await serve(MESSAGE_PROGRAM, [request]))[0];
/** Which messages pass. One is refused by an answer: that a program fails, nobody notices. */
const passing = async (texts: readonly string[]): Promise<boolean[]> =>
  (
    await serve(
      MESSAGE_PROGRAM,
      texts.map(text => ({ headers: { ':method': 'POST' }, body: utf8(text) })),
    )
  ).map(({ response, failure }) => {
    expect(failure).toBeUndefined();
    expect([undefined, REFUSED]).toContainEqual(response);
    return response === undefined;
  });

describe('a message', () => {
  it.each([
    ['a call', CALL],
    ['an answer', '{"jsonrpc":"2.0","id":1,"result":{"method":"ping"}}'],
    ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}'],
    [
      'names of others, wherever they are nobody of us',
      '{"method":"x","params":{"arguments":{"Name":1,"na\\u006de":2,"ä":3}}}',
    ],
    ['params that are no object', '{"method":"x","params":[{"Name":1},"Name",":"]}'],
    ['a name of params outside of them', '{"method":"x","_meta":{"Name":1}}'],
    ['texts that look like JSON', '{"method":"x","params":{"name":"\\"{[:]}\\\\","arguments":{"a":"\'"}}}'],
    ['space around what is written', ' {\t"method" :\r\n"x" , "params" : { "name" : "y" } } '],
    ['a member that is unknown', '{"method":"x","extension":1,"params":{"extension":1}}'],
  ])('passes with %s', async (_, text) => {
    expect(await passing([text])).toEqual([true]);
  });

  it.each([
    ['a member in another case', '{"Method":"x","method":"y"}'],
    ['params in another case', '{"method":"x","PARAMS":{"name":"y"}}'],
    ['the name in another case', '{"method":"x","params":{"Name":"y"}}'],
    ['an answer in another case', '{"jsonrpc":"2.0","method":"x","Result":{}}'],
    ['a member that is escaped', '{"m\\u0065thod":"x"}'],
    ['the name escaped', '{"method":"x","params":{"n\\u0061me":"y"}}'],
    ['a member beyond ASCII', '{"method":"x","param\u017f":{"name":"y"}}'],
    ['a name beyond ASCII', '{"method":"x","params":{"n\u00e4me":"y"}}'],
    ['a URI in another case', '{"method":"resources/read","params":{"URI":"y","uri":"x"}}'],
    ['a URI escaped', '{"method":"resources/read","params":{"\\u0075ri":"y"}}'],
    ['a reference in another case', '{"method":"completion/complete","params":{"Ref":{"type":"ref/prompt"}}}'],
    [
      'the type of a reference in another case',
      '{"method":"completion/complete","params":{"ref":{"Type":"ref/prompt"}}}',
    ],
    [
      'a reference to a prompt and a resource',
      '{"params":{"ref":{"type":"ref/prompt","name":"x","uri":"y"}},"method":"x"}',
    ],
    ['a result of a request', '{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{}}'],
    ['an error of a request', '{"jsonrpc":"2.0","id":1,"error":{},"method":"tools/call"}'],
    ['other quotation marks', "{'method':'x'}"],
    ['a name without quotation marks', '{"id":1,method:"x"}'],
    ['a text that does not end', '{"method":"x'],
    ['a text whose end is escaped', '{"method":"x\\"'],
    ['nothing', ''],
  ])('does not pass with %s', async (_, text) => {
    expect(await passing([text])).toEqual([false]);
  });

  it('does not pass without a body', async () => {
    expect((await outcomeOf({ headers: { ':method': 'POST' } })).response).toEqual(REFUSED);
  });

  it('is only looked for where one is sent', async () => {
    expect((await outcomeOf({ headers: { ':method': 'GET' }, body: 'no JSON' })).response).toBeUndefined();
    expect((await outcomeOf({ headers: { ':method': 'DELETE' } })).response).toBeUndefined();
  });

  it('goes on as it came', async () => {
    const headers = { ':method': ['POST'], 'content-type': ['application/json'] };
    expect(await outcomeOf({ headers, body: CALL })).toEqual({ headers, metadata: {}, log: [] });
  });
});

/** A member of an object: its name, how that is written, and the value as JSON. */
interface Member {
  readonly name: string;
  readonly written: string;
  readonly value: string;
}

const MESSAGE = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];

/** A name with some of its characters escaped. */
const escapedArbitrary = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map(flags =>
      [...JSON.stringify(name).slice(1, -1)]
        .map((character, i) =>
          flags[i] && /\w/.test(character) ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character,
        )
        .join(''),
    );
/** Names that are known, or that somebody may take for one that is, and others. */
const nameArbitrary = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...known), fc.nat(9))
        .map(([name, at]) => name.slice(0, at) + name.slice(at).toUpperCase()),
    },
    { weight: 1, arbitrary: fc.constantFrom(...known).map(name => name.replace('s', '\u017f')) },
    { weight: 2, arbitrary: fc.constantFrom('_meta', 'arguments', 'extension', 'ä', '"', '{', ':', "'") },
  );
const memberArbitrary = (known: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<Member> =>
  nameArbitrary(known).chain(name =>
    fc.record({
      name: fc.constant(name),
      written: fc.oneof(
        { weight: 9, arbitrary: fc.constant(JSON.stringify(name).slice(1, -1)) },
        { weight: 1, arbitrary: escapedArbitrary(name) },
      ),
      value: values,
    }),
  );
/** No name stands twice: the filter for MCP refuses that. */
const objectArbitrary = (known: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<readonly Member[]> =>
  fc.uniqueArray(memberArbitrary(known, values), { selector: ({ name }) => name, maxLength: 5 });
const print = (members: readonly Member[], blank: string): string =>
  `${blank}{${members.map(({ written, value }) => `${blank}"${written}"${blank}:${blank}${value}`).join(`${blank},`)}${blank}}`;

const deepArbitrary = fc.oneof(
  fc.json(),
  fc.constantFrom('{"Method":1,"Params":{"Name":2}}', '"\\"method\\":"', '"{\'"', '"\\\\"', '[[{"NAME":1}]]'),
);
const messageArbitrary = fc
  .record({
    members: objectArbitrary(MESSAGE, deepArbitrary),
    params: objectArbitrary(['name'], deepArbitrary),
    blank: fc.constantFrom('', ' ', '\n\t'),
  })
  .map(({ members, params, blank }) => ({
    members,
    params,
    text: print(
      members.map(member =>
        member.name.toLowerCase() === 'params' ? { ...member, value: print(params, blank) } : member,
      ),
      blank,
    ),
  }));

/** The rule, read from how the message was made: each name that counts is written plainly, or is none of ours in any case. */
function isPlain({ name, written }: Member, known: readonly string[]): boolean {
  return (
    name === written && /^[\x00-\x7f]*$/.test(name) && (known.includes(name) || !known.includes(name.toLowerCase()))
  );
}

/** What is asked, of what, and whether it is an answer, to a reader of JSON. */
function strictly(text: string): unknown {
  const message = JSON.parse(text);
  return { method: message.method, name: message.params?.name, answer: 'result' in message || 'error' in message };
}

/** The same to a reader that takes names in whatever case, as Go's does, the last of two. */
function leniently(text: string): unknown {
  const folded = (value: object = {}): Record<string, any> =>
    Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toLowerCase().replace(/\u017f/g, 's'), item]));
  const message = folded(JSON.parse(text));
  return {
    method: message.method,
    name: folded(message.params).name,
    answer: 'result' in message || 'error' in message,
  };
}

describe('any message', () => {
  const messagesArbitrary = fc.array(messageArbitrary, { minLength: 5, maxLength: 10 });

  it('passes if all names that count are plain, and it is not both a request and an answer', () =>
    fc.assert(
      fc.asyncProperty(messagesArbitrary, async messages => {
        expect(await passing(messages.map(({ text }) => text))).toEqual(
          messages.map(({ members, params }) => {
            const names = members.map(({ name }) => name);
            return (
              members.every(member => isPlain(member, MESSAGE)) &&
              (!names.includes('params') || params.every(member => isPlain(member, ['name']))) &&
              !(names.includes('method') && (names.includes('result') || names.includes('error')))
            );
          }),
        );
      }),
    ));

  it('is the same to whoever reads it, if it passes', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(messagesArbitrary, async messages => {
        const passed = await passing(messages.map(({ text }) => text));
        for (const { text } of messages.filter((_, i) => passed[i])) {
          count++;
          expect(leniently(text)).toEqual(strictly(text));
        }
      }),
    );
    expect(count).toBeGreaterThan(10);
  });

  it('is answered or passes, even where it is no JSON', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringOf(fc.constantFrom(...'{}[]:,"\'\\ aN\u00e4'), { maxLength: 30 }), {
          minLength: 1,
          maxLength: 10,
        }),
        async texts => {
          await passing(texts);
        },
      ),
    ));
});

describe('a request for a stream of changes', () => {
  const listsAlone = async (notifications: string): Promise<unknown> => {
    const text = `{"method":"subscriptions/listen","params":{"notifications":${notifications},"other":{"a":{}}}}`;
    const { metadata, response } = await outcomeOf({ headers: { ':method': 'POST' }, body: utf8(text) });
    expect(response).toBeUndefined();
    return metadata['mcp.message'];
  };

  it.each(['{}', '{"toolsListChanged":true,"promptsListChanged":false}', '{ "resourcesListChanged" : true }'])(
    'is for lists alone: %s',
    async notifications => {
      expect(await listsAlone(notifications)).toEqual({ listsAlone: true });
    },
  );

  it.each<[string, object]>([
    ['{"resourceSubscriptions":["memo://a"]}', { changesAlone: true, resource: 'memo://a' }],
    [
      '{"resourceSubscriptions": [ "file:///a b" ],"toolsListChanged":true}',
      { changesAlone: true, resource: 'file:///a b' },
    ],
    ['{"toolsListChanged":true,"resourceSubscriptions":["memo://a","memo://b"]}', { changesAlone: true }],
    ['{"toolsListChanged":true,"resourceSubscriptions":[]}', { changesAlone: true }],
    ['{"resourceSubscriptions":["memo:\\/\\/a"]}', { changesAlone: true }],
    ['{"resourceSubscriptions":"memo://a"}', { changesAlone: true }],
  ])('is for resources: %s', async (notifications, expected) => {
    expect(await listsAlone(notifications)).toEqual(expected);
  });

  it.each([
    '{"resourceSubscriptions":[["memo://a"]]}',
    '{"resourceSubscriptions":["memo://a",{"a":"memo://b"}]}',
    '{"resourceSubscriptions":["memo://a"],"other":["memo://b"]}',
    '{"resourceSubscriptions":["memo://a"],"other":1}',
    '{"ResourceSubscriptions":"memo://a"}',
    '{"resource\\u0053ubscriptions":["memo://a"]}',
    '{"toolsListChanged":{"resourceSubscriptions":[]}}',
    '[{"resourceSubscriptions":["memo://a"]}]',
  ])('is for more: %s', async notifications => {
    expect(await listsAlone(notifications)).toBeUndefined();
  });

  it('says nothing of other messages', async () => {
    const { metadata } = await outcomeOf({ headers: { ':method': 'POST' }, body: utf8(CALL) });
    expect(metadata['mcp.message']).toBeUndefined();
  });
});
