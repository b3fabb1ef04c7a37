import * as kplus from 'cdk8s-plus-28';
import { PodSecurity, PodSecurityLevel } from '../../src';
import { find, messageOf, newChart, synth } from '../support/synth';

it('labels a namespace with what it enforces, warns of and logs', () => {
  const chart = newChart();
  const namespace = new kplus.Namespace(chart, 'finance', { metadata: { name: 'finance' } });
  PodSecurity.restricted({ version: 'v1.30' }).applyTo(namespace);
  expect(find(synth(chart), 'Namespace').metadata.labels).toEqual({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'v1.30',
    'pod-security.kubernetes.io/audit': 'restricted',
    'pod-security.kubernetes.io/audit-version': 'v1.30',
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/warn-version': 'v1.30',
  });
});

it('may warn of more than it enforces', () => {
  const labels = PodSecurity.privileged({ warnAt: PodSecurityLevel.BASELINE }).labels();
  expect([
    labels['pod-security.kubernetes.io/enforce'],
    labels['pod-security.kubernetes.io/warn'],
    labels['pod-security.kubernetes.io/enforce-version'],
  ]).toEqual(['privileged', 'baseline', 'latest']);
  expect(PodSecurity.baseline().labels()['pod-security.kubernetes.io/audit']).toBe('baseline');
});

it.each(['1.30', 'v1', 'v1.030', 'newest', ''])('refuses the version %s', version => {
  expect(messageOf(() => PodSecurity.restricted({ version }))).toContain(
    `[PodSecurity.restricted] version: got "${version}": is not a version of Kubernetes. Write it as v1.30, or latest`,
  );
});
