import { objectLabels, selectorLabels } from '../../../src/backends/kubernetes/labels';

it('selects by name and component alone: a selector is immutable', () => {
  expect(selectorLabels('mcp-server', 'ledger')).toEqual({
    'app.kubernetes.io/name': 'ledger',
    'app.kubernetes.io/component': 'mcp-server',
  });
});

it('labels objects with what selects them and their manager', () => {
  expect(objectLabels('mcp-gateway', 'gateway')).toEqual({
    ...selectorLabels('mcp-gateway', 'gateway'),
    'app.kubernetes.io/managed-by': 'cdk8s-mcp',
  });
});
