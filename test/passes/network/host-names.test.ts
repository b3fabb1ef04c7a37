import { HostName, mayBeService, readHost } from '../../../src/passes/network/host-names';

const context = { namespace: 'finance', clusterDomain: 'cluster.local', isNamespace: (name: string) => name === 'hr' };

it.each<[string, HostName]>([
  ['postgres', { kind: 'service', namespace: 'finance', name: 'postgres' }],
  ['postgres.hr', { kind: 'service', namespace: 'hr', name: 'postgres' }],
  ['postgres.com', { kind: 'external', host: 'postgres.com' }],
  ['postgres.hr.', { kind: 'external', host: 'postgres.hr' }],
  ['postgres.', { kind: 'external', host: 'postgres' }],
  ['postgres.com.svc', { kind: 'service', namespace: 'com', name: 'postgres' }],
  ['postgres.hr.svc.', { kind: 'external', host: 'postgres.hr.svc' }],
  ['postgres.hr.svc.cluster.local', { kind: 'service', namespace: 'hr', name: 'postgres' }],
  ['postgres.hr.svc.cluster.local.', { kind: 'service', namespace: 'hr', name: 'postgres' }],
  ['postgres-0.postgres.hr.svc', { kind: 'service', namespace: 'hr', name: 'postgres' }],
  ['*.hr.svc', { kind: 'services', namespace: 'hr' }],
  ['*.hr', { kind: 'services', namespace: 'hr' }],
  ['*.com', { kind: 'external', host: '*.com' }],
  ['*.postgres.hr.svc', { kind: 'service', namespace: 'hr', name: 'postgres' }],
  ['*.svc', { kind: 'services' }],
  ['*.svc.cluster.local', { kind: 'services' }],
  ['*.cluster.local', { kind: 'services' }],
  ['api.example.com', { kind: 'external', host: 'api.example.com' }],
  ['*.example.com', { kind: 'external', host: '*.example.com' }],
  ['10.0.0.7', { kind: 'address', cidr: '10.0.0.7/32' }],
  ['2001:db8::7', { kind: 'address', cidr: '2001:db8::7/128' }],
  ['a.b.c.hr.svc', { kind: 'unknown', problem: 'is not the name of a Service ({name}.{namespace}.svc)' }],
  ['hr.svc', { kind: 'unknown', problem: 'is not the name of a Service ({name}.{namespace}.svc)' }],
  [
    '1-2-3-4.hr.pod.cluster.local',
    { kind: 'unknown', problem: "is a name of the cluster's domain, but not of a Service" },
  ],
])('%s', (host, expected) => {
  expect(readHost(host, context)).toEqual(expected);
  // Services are looked for wherever a name may be one.
  expect(expected.kind === 'service' || expected.kind === 'services' ? mayBeService(host, 'cluster.local') : true).toBe(
    true,
  );
});

it('needs no Services to read names that are clearly outside', () => {
  expect(
    ['api.example.com', '10.0.0.7', '2001:db8::7', '*.example.co.uk'].map(host => mayBeService(host, 'cluster.local')),
  ).toEqual([false, false, false, false]);
});
