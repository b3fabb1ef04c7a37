import * as fc from 'fast-check';
import { LuaRequest, serve } from './handle';

const outcomeOf = async (body: string, request: LuaRequest = {}) =>
  (await serve(`function envoy_on_request(handle)\n${body}\nend`, [request]))[0];

it('ends a program that answers', async () => {
  const outcome = await outcomeOf(`handle:respond({ [":status"] = "403" }, "no")\nhandle:headers():remove("a")`, {
    headers: { a: 'b' },
  });
  expect(outcome).toEqual({
    response: { headers: { ':status': '403' }, body: 'no' },
    headers: { a: ['b'] },
    metadata: {},
    log: [],
  });
});

it('passes a request on when the program fails', async () => {
  const { response, failure } = await outcomeOf('handle:unheardOf()');
  expect(response).toBeUndefined();
  expect(failure).toContain('unheardOf');
});

it('has headers without case, and with several values', async () => {
  const { headers } = await outcomeOf(
    `local headers = handle:headers()
headers:replace("Joined", headers:get("MANY") .. " " .. headers:getNumValues("many"))
headers:replace("none", tostring(headers:get("other")) .. " " .. headers:getNumValues("other"))
headers:remove("Many")`,
    { headers: { Many: ['a', 'b'] } },
  );
  expect(headers).toEqual({ joined: ['a,b 2'], none: ['nil 0'] });
});

it('gives copies of what was said', async () => {
  const { metadata } = await outcomeOf(
    `local metadata = handle:streamInfo():dynamicMetadata()
metadata:get("filter").claims.sub = "bob"
local set = { user = "carol" }
metadata:set("other", "caller", set)
set.user = "dave"`,
    { metadata: { filter: { claims: { sub: 'alice' } } } },
  );
  expect(metadata).toEqual({ filter: { claims: { sub: 'alice' } }, other: { caller: { user: 'carol' } } });
});

it('writes base64 as others do', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async array => {
      const body = Buffer.from(array);
      const { headers } = await outcomeOf(
        'handle:headers():replace("escaped", handle:base64Escape(handle:body():getBytes(0, handle:body():length())))',
        { body: body.toString('latin1') },
      );
      expect(headers).toEqual({ escaped: [body.toString('base64')] });
    }),
  ));
