import * as kplus from 'cdk8s-plus-28';
import { AntiAffinity, McpServer, McpServerProps, McpServerSource, McpSessions } from '../../src';
import { find, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const LABEL_SELECTOR = {
  matchLabels: { 'app.kubernetes.io/component': 'mcp-server', 'app.kubernetes.io/name': 'ledger' },
};
const TERM = { labelSelector: LABEL_SELECTOR, topologyKey: 'kubernetes.io/hostname' };

function podsOf(props: Partial<McpServerProps>): Manifest {
  const chart = newChart();
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1.0.0'), ...props });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  return podOf(find(objects, server.statefulSet === undefined ? 'Deployment' : 'StatefulSet'));
}

it.each<[string, Partial<McpServerProps>]>([
  ['of a StatefulSet', { replicas: 2 }],
  ['of a Deployment', { replicas: 2, sessions: McpSessions.STATELESS }],
  ['that are scaled', { autoscaling: { maxReplicas: 3 }, sessions: McpSessions.STATELESS }],
])('keeps replicas %s on nodes of their own, and spreads them over zones', (_, props) => {
  expect(podsOf(props)).toMatchObject({
    affinity: {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: TERM, weight: 100 }] },
    },
    topologySpreadConstraints: [
      {
        labelSelector: LABEL_SELECTOR,
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
      },
    ],
  });
});

it('has nothing to keep apart where there is one', () => {
  const { affinity, topologySpreadConstraints } = podsOf({ replicas: 1 });
  expect([affinity, topologySpreadConstraints]).toEqual([undefined, undefined]);
});

it('follows what the user says', () => {
  expect(podsOf({ antiAffinity: AntiAffinity.REQUIRED }).affinity).toEqual({
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [TERM] },
  });
  const free = podsOf({ replicas: 3, antiAffinity: AntiAffinity.NONE, spreadOver: [] });
  expect([free.affinity, free.topologySpreadConstraints]).toEqual([undefined, undefined]);
  const racks = podsOf({ replicas: 3, spreadOver: [kplus.Topology.custom('acme.dev/rack')] });
  expect(racks.topologySpreadConstraints.map(({ topologyKey }: Manifest) => topologyKey)).toEqual(['acme.dev/rack']);
});

it('goes together with the affinity of a template', () => {
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'DoesNotExist' }] }],
    },
  };
  expect(Object.keys(podsOf({ replicas: 2, podTemplate: { spec: { affinity: { nodeAffinity } } } }).affinity)).toEqual([
    'nodeAffinity',
    'podAntiAffinity',
  ]);
});
