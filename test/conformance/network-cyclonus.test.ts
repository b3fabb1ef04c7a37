import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { loadExample, singleClusterExamples } from '../../scripts/demo/examples';
import { EgressTarget, IngressSource } from '../../src';
import { DNS_POD, NetworkPolicies, Party, Pod, podOfWorkload, stranger } from '../support/network-policy';
import { programArbitrary } from '../support/program-arbitrary';
import { construct } from '../support/program-builder';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/*
 * Every connection between the pods of an app, strangers and the outside, judged by cyclonus, which CYCLONUS_BINARY names, and
 * by the reading of NetworkPolicies that the unit tests rely on: they must agree on each. How many random topologies:
 * CONFORMANCE_TOPOLOGIES. A failure is repeated with the CONFORMANCE_SEED that it prints.
 */

const { CYCLONUS_BINARY } = process.env;
const COUNT = Number(process.env.CONFORMANCE_TOPOLOGIES ?? 50);
const SEED = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
const OUTSIDE = ['203.0.113.7', '10.20.0.7', '2a00:1450::1'];

interface Connection {
  readonly from: Party;
  readonly to: Party;
  readonly port: number;
}

function connectionsOf(objects: readonly Manifest[]): Connection[] {
  const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const pods = workloads.map(podOfWorkload);
  const ports = [
    ...new Set<number>([
      53,
      443,
      ...workloads.flatMap(({ spec }) =>
        spec.template.spec.containers.flatMap((container: Manifest) =>
          (container.ports ?? []).map((port: Manifest) => port.containerPort),
        ),
      ),
    ]),
  ];
  const namespaces = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const parties: Party[] = [...pods, ...namespaces.map(stranger), DNS_POD, ...OUTSIDE];
  return parties.flatMap(from =>
    parties
      .filter(to => (to !== from && typeof from !== typeof to) || typeof from === 'object')
      .flatMap(to => ports.map(port => ({ from, to, port }))),
  );
}

/** What cyclonus says of each connection. */
function judged(objects: readonly Manifest[], connections: readonly Connection[]): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-cyclonus-'));
  try {
    mkdirSync(join(folder, 'policies'));
    objects
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .forEach((policy, i) => writeFileSync(join(folder, 'policies', `${i}.yaml`), JSON.stringify(policy)));
    writeFileSync(
      join(folder, 'traffic.json'),
      JSON.stringify(
        connections.map(({ from, to, port }) => ({
          Source: peer(from, 1),
          Destination: peer(to, 2),
          ResolvedPort: port,
          ResolvedPortName: '',
          Protocol: 'TCP',
        })),
      ),
    );
    const { status, stdout, stderr } = spawnSync(
      CYCLONUS_BINARY!,
      [
        'analyze',
        '--policy-path',
        join(folder, 'policies'),
        '--mode',
        'query-traffic',
        '--traffic-path',
        join(folder, 'traffic.json'),
      ],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      },
    );
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return [...stdout.matchAll(/IS ALLOWED\?\s*\|\s*(TRUE|FALSE)/g)].map(([, answer]) => answer === 'TRUE');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Pods have addresses of documentation that no policy names: whether ranges cover pods is up to implementations. */
function peer(party: Party, i: number): object {
  return typeof party === 'string'
    ? { IP: party }
    : {
        Internal: { Namespace: party.namespace, NamespaceLabels: labelsOf(party), PodLabels: party.labels },
        IP: `192.0.0.${i}`,
      };
}

function labelsOf({ namespace, namespaceLabels }: Pod): object {
  return { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace };
}

function expectAgreement(app: App): void {
  const objects = objectsOf(app);
  const cluster = new NetworkPolicies(objects);
  const connections = connectionsOf(objects);
  const answers = judged(objects, connections);
  expect(answers).toHaveLength(connections.length);
  expect(connections.filter(({ from, to, port }, i) => cluster.mayConnect(from, to, port) !== answers[i])).toEqual([]);
  expect(answers).toContain(false);
}

if (CYCLONUS_BINARY === undefined) {
  process.stderr.write(
    'SKIPPED: network policies as cyclonus reads them: set CYCLONUS_BINARY (github.com/mattfenwick/cyclonus, cmd/cyclonus)\n',
  );
}

(CYCLONUS_BINARY === undefined ? describe.skip : describe)(`cyclonus, seed ${SEED}`, () => {
  const plain = singleClusterExamples().filter(name => name !== 'network');
  test.each(plain)('agrees about the example %s', name => {
    const app = new App();
    loadExample(name).build(app);
    expectAgreement(app);
  });

  const programs = CYCLONUS_BINARY === undefined ? [] : fc.sample(programArbitrary, { numRuns: COUNT, seed: SEED });
  test.each(programs.map((program, i) => ({ i, program })))('agrees about topology $i', ({ program }) => {
    const { app, servers } = construct(program);
    const hosted = program.servers.filter(
      ({ source, permissions }) => source.kind !== 'remote' && permissions?.profile !== 'none',
    );
    const connected = hosted.slice(0, 2).map(({ id }) => servers.get(id)!);
    // Servers of other namespaces are among those that connect to them, and are let in.
    connected.forEach(server =>
      server.allowIngress(IngressSource.namespaces(...program.namespaces.map(({ name }) => name))),
    );
    const targets = [
      ...connected.map(server => EgressTarget.server(server)),
      EgressTarget.cidr('10.20.0.0/16', { ports: [443] }),
      EgressTarget.publicInternet(),
      EgressTarget.pods({ allNamespaces: true, labels: { app: 'stranger' }, ports: [8080] }),
    ];
    hosted.forEach(({ id }, i) => servers.get(id)!.allowEgress(targets[i % targets.length]));
    if (program.servers.some(({ source }) => source.kind !== 'remote') || program.gateways.length > 0) {
      expectAgreement(app);
    }
  });
});
