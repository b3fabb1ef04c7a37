import { contradictoryReferences } from '../../../src/passes/servers/contradictions';
import { findingsInShort, serverOf } from '../../support/literals';

const created = serverOf('ledger', { path: 'app/created' });
const reference = serverOf('ledger', { path: 'app/reference', imported: true });

it.each([
  ['before it is created', [reference, created]],
  ['after it is created', [created, reference]],
])('a reference to a server of the app, made %s, is an error', (_, servers) => {
  expect(findingsInShort(contradictoryReferences(servers))).toEqual([
    'error app/reference name: refers to a server as if it were outside this app, but "app/created" creates it',
  ]);
});

it('references with different options are an error', () => {
  const other = serverOf('ledger', { path: 'app/other', imported: true, sessions: 'stateless' });
  expect(findingsInShort(contradictoryReferences([reference, other]))).toEqual([
    'error app/other name: refers to the same server as "app/reference" with other options',
  ]);
});

it('references that agree are none, nor are other servers', () => {
  expect(
    contradictoryReferences([
      reference,
      serverOf('ledger', { path: 'app/again', imported: true }),
      serverOf('ledger', { namespace: 'research' }),
      serverOf('other'),
    ]),
  ).toEqual([]);
});

it('servers that are created twice collide as objects, not here', () => {
  expect(contradictoryReferences([created, serverOf('ledger', { path: 'app/again' })])).toEqual([]);
});
