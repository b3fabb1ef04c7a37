import { Duration } from 'cdk8s';
import { ClusterProfile, McpServer, McpServerOptions, McpServerSource, McpSessions } from '../../src';
import { containerOf, newChart, synth } from '../support/synth';
import { Manifest } from '../support/validate';

/** The workload of a server. */
function workloadOf(options: Partial<McpServerOptions> = {}, kubernetesVersion = '1.34'): Manifest {
  const chart = newChart();
  new ClusterProfile({ kubernetesVersion }).applyTo(chart);
  new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.0.0'), ...options });
  return synth(chart).find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')!;
}
const sleepOf = (...args: Parameters<typeof workloadOf>) =>
  containerOf(workloadOf(...args)).lifecycle?.preStop?.sleep?.seconds;
const preStop = (value: unknown) => ({
  spec: { containers: [{ name: 'mcp-server', lifecycle: { preStop: value } }] },
});

it('keeps a pod answering while gateways learn that it goes', () => {
  expect(sleepOf()).toBe(12);
  expect(sleepOf({ sessions: McpSessions.STATELESS, replicas: 3 })).toBe(12);
});

it('lets a replica with a name settle before the next one goes', () => {
  const { kind, spec } = workloadOf({ replicas: 2 });
  expect([kind, spec.minReadySeconds]).toEqual(['StatefulSet', 8]);
  expect(sleepOf({ replicas: 2 })).toBe(8);
});

it('takes no more than half of the time that pods get', () => {
  expect(sleepOf({ terminationGracePeriod: Duration.seconds(9) })).toBe(4);
  expect(sleepOf({ terminationGracePeriod: Duration.seconds(1) })).toBeUndefined();
  expect(sleepOf({ podTemplate: { spec: { terminationGracePeriodSeconds: 5 } } })).toBe(2);
  expect(sleepOf({ terminationGracePeriod: Duration.minutes(5) })).toBe(12);
});

it("is the user's to say otherwise", () => {
  const exec = { exec: { command: ['/bin/drain'] } };
  const ended = workloadOf({ podTemplate: preStop(exec) });
  expect(containerOf(ended).lifecycle).toEqual({ preStop: exec });
  expect(sleepOf({ podTemplate: preStop(null) })).toBeUndefined();
  expect(sleepOf({ podTemplate: { spec: { containers: [{ name: 'mcp-server', lifecycle: null }] } } })).toBeUndefined();
  // A container beside the program is not the program.
  expect(
    sleepOf({
      podTemplate: { spec: { containers: [{ name: 'sidecar', image: 'a:1', lifecycle: { preStop: exec } }] } },
    }),
  ).toBe(12);
});

it('needs a Kubernetes that can wait by itself', () => {
  expect(sleepOf({}, '1.29')).toBeUndefined();
  expect(sleepOf({}, '1.30')).toBe(12);
});
