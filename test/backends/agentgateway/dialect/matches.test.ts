import { exposesOnly, requestMeets, servesItem } from '../../../../src/backends/agentgateway/dialect/matches';

describe('exposesOnly', () => {
  it('restricts tools, and lets prompts and resources pass', () => {
    expect(
      exposesOnly([
        { kind: 'exact', value: 'db_query' },
        { kind: 'prefix', value: 'log_' },
      ]),
    ).toBe('(!(has(mcp.tool))) || ((mcp.tool.name == "db_query") || (mcp.tool.name.startsWith("log_")))');
  });

  it('exposes no tool for an empty list', () => {
    expect(exposesOnly([])).toBe('(!(has(mcp.tool))) || (false)');
  });
});

describe('servesItem', () => {
  it('is undefined where all is served', () => {
    expect(servesItem(undefined, [])).toBeUndefined();
    expect(servesItem({ headers: [] }, [])).toBeUndefined();
  });

  it('serves nothing but tools under a condition on tools', () => {
    expect(servesItem({ tools: [{ kind: 'prefix', value: 'k8s_' }], headers: [] }, [])).toBe(
      '(has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_"))',
    );
  });

  it('leaves the rest, prompts and resources included, to the group without a condition', () => {
    expect(servesItem(undefined, [{ tools: [{ kind: 'prefix', value: 'k8s_' }], headers: [] }])).toBe(
      '!((has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_")))',
    );
  });

  it('serves nothing after a match of everything', () => {
    expect(servesItem(undefined, [{ headers: [] }])).toBe('!(true)');
  });

  it('compares whole values by glob and regex', () => {
    expect(
      servesItem(
        {
          tools: [
            { kind: 'glob', value: 'a.*_x' },
            { kind: 'regex', value: 'a|ab' },
          ],
          headers: [],
        },
        [],
      ),
    ).toBe(
      '(has(mcp.tool)) && ((mcp.tool.name.matches("^(?:a\\\\.(?s:.*)_x)$")) || (mcp.tool.name.matches("^(?:a|ab)$")))',
    );
  });

  it('takes a missing header for no match, whatever the comparison', () => {
    expect(servesItem({ headers: [{ name: 'x-env', kind: 'Regex', value: '.*' }] }, [])).toBe(
      'default(request.headers.join()["x-env"].matches("^(?:.*)$"), false)',
    );
    expect(
      servesItem(
        {
          headers: [
            { name: 'x-env', kind: 'Exact', value: 'a' },
            { name: 'x-team', kind: 'Prefix', value: 'b' },
          ],
        },
        [],
      ),
    ).toBe(
      '(default(request.headers.join()["x-env"] == "a", false)) && (default(request.headers.join()["x-team"].startsWith("b"), false))',
    );
  });
});

describe('requestMeets', () => {
  it('reads the body, and names a tool in calls alone', () => {
    expect(requestMeets({ method: 'prompts/get', headers: [] })).toBe(
      'default(json(request.body).method, "") == "prompts/get"',
    );
    expect(requestMeets({ tools: [{ kind: 'exact', value: 'a' }], headers: [] })).toBe(
      '(default(json(request.body).method, "") == "tools/call") && (default(json(request.body).params.name, "") == "a")',
    );
  });
});
