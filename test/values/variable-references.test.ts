import { variableReferences } from '../../src/values/variable-references';

/* The cases of Kubernetes' own expansion (k8s.io/kubernetes/third_party/forked/golang/expansion). */

const VAR_A = { variable: 'VAR_A' };

it.each<[string, (string | { variable: string })[]]>([
  ['', ['']],
  ['plain', ['plain']],
  ['$(VAR_A)', [VAR_A]],
  ['___$(VAR_A)___', ['___', VAR_A, '___']],
  ['$(VAR_A)$(VAR_A)', [VAR_A, VAR_A]],
  ['$(UNKNOWN)-$(VAR_A)', ['$(UNKNOWN)-', VAR_A]],
  ['$$(VAR_A)', ['$(VAR_A)']],
  ['$$$(VAR_A)', ['$', VAR_A]],
  ['$$$$(VAR_A)', ['$$(VAR_A)']],
  ['foo$$bar$', ['foo$bar$']],
  ['$VAR_A ${VAR_A} $(VAR_A', ['$VAR_A ${VAR_A} $(VAR_A']],
  ['$(VAR_A$(VAR_A)', ['$(VAR_A$(VAR_A)']],
])('reads %j as Kubernetes does', (text, parts) => {
  expect(variableReferences(text, name => name === 'VAR_A')).toEqual(parts);
});
