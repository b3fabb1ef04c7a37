import { X509Certificate } from 'crypto';
import { KEY, REPLICAS, Workload } from './app';
import {
  ADAPTED,
  AUDIENCE,
  authorityMap,
  certificateSecret,
  CLAIMS,
  DATA,
  EDGE,
  furnishedApp,
  FurnishedApp,
  GUARDED,
  LAB,
  MODEL,
  NOTES,
  NUMBERED,
  PROFILES,
  UNNUMBERED,
  VISITOR,
} from './furnished-app';
import { ask, Call, untilAnswered } from './load';
import { Report } from './report';
import { volumesFor } from './volumes';
import { until, World } from './world';
import { AGENTGATEWAY } from '../../../scripts/cluster/tools';
import { Manifest } from '../../support/validate';
import { INFERENCE_SERVICE_CRD } from '../cluster';
import { Authority, Certificate } from '../end-to-end/certificates';
import { TokenIssuer } from '../end-to-end/token-issuer';

const ECHO: Call = ['echo', { message: 'hello' }];
const WHOAMI: Call = ['whoami', {}];
/** Calls while a certificate is replaced. */
const CALLS = 1000;

/** Prints the fingerprint of the certificate that is shown at an address. */
const FINGERPRINT = `
const socket = require('tls').connect({ host: process.argv[1], port: 8080, rejectUnauthorized: false }, () => {
  console.log(socket.getPeerCertificate().fingerprint256);
  process.exit(0);
});
`;
/** Writes a text into a file, and prints what a file has. */
const WRITE = "require('fs').writeFileSync(process.argv[1], process.argv[2])";
const READ = "process.stdout.write(require('fs').readFileSync(process.argv[1], 'utf8'))";

/** For what agentgateway stands in front of. */
const itWithAgentgateway = AGENTGATEWAY === undefined ? it.skip : it;

/** Tests of what pods need of their cluster: certificates, volumes, users, and what else starts pods. */
export function testFurnished(given: () => World, report: Report): void {
  const authority = new Authority('cluster');
  const issuer = new TokenIssuer('https://auth.acme.dev');
  let app: FurnishedApp;
  let names: readonly string[];
  const certificate = (): Certificate => authority.issue({ commonName: 'edge', dnsNames: names });

  beforeAll(async () => {
    const { cluster } = given();
    app = furnishedApp(issuer);
    names = [new URL(app.profilesUrl).hostname];
    const isNamespace = ({ kind }: Manifest): boolean => kind === 'Namespace';
    cluster.apply([...app.objects.filter(isNamespace), INFERENCE_SERVICE_CRD]);
    cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    cluster.apply([
      certificateSecret(certificate()),
      authorityMap(authority.cert),
      ...volumesFor(cluster, LAB, CLAIMS),
      ...app.objects.filter(object => !isNamespace(object)),
    ]);
    [EDGE, VISITOR, MODEL, NOTES, PROFILES].forEach(workload => given().rolledOut(workload));
  });

  /** Runs a program of Node.js in the first container of a pod. */
  const run = ({ metadata }: Manifest, program: string, ...args: readonly string[]): string =>
    given().cluster.kubectl(['exec', '-n', metadata.namespace, metadata.name, '--', 'node', '-e', program, ...args]);

  it('shows a renewed certificate at once, and no session ends by that', async () => {
    const { cluster } = given();
    await untilAnswered(cluster, app.profilesUrl, ECHO, 1, VISITOR);
    const renewed = certificate();
    const { fingerprint256 } = new X509Certificate(renewed.cert);
    const [visitor] = given().pods(VISITOR);
    const seconds: number[] = [];
    const { calls, lost, reopened, took, slowest, errors } = await given().during(
      app.profilesUrl,
      ECHO,
      async () => {
        const applied = Date.now();
        cluster.apply([certificateSecret(renewed)]);
        for (const { status } of given().pods(EDGE)) {
          await until(
            'the gateway shows its renewed certificate',
            () => run(visitor, FINGERPRINT, status.podIP).trim() === fingerprint256,
          );
          seconds.push((Date.now() - applied) / 1000);
        }
      },
      { client: VISITOR, calls: CALLS },
    );
    report({
      event: 'a certificate renewed',
      calls,
      lost,
      ended: reopened,
      seconds: took,
      slowest,
      configured: seconds,
    });
    expect(seconds).toHaveLength(REPLICAS);
    expect({ lost, reopened, errors }).toEqual({ lost: 0, reopened: 0, errors: [] });
  });

  it('keeps what servers write on their volumes, each replica its own', async () => {
    const world = given();
    const file = `${DATA}/written`;
    const pods = (): Manifest[] => [NOTES, PROFILES].flatMap(workload => world.pods(workload));
    const former = pods();
    former.forEach(pod => run(pod, WRITE, file, nameOf(pod)));
    world.cluster.kubectl([
      ...['delete', 'pod', '-n', LAB, '--grace-period=1'],
      ...former.map(({ metadata }) => metadata.name),
    ]);
    [NOTES, PROFILES].forEach(workload => world.rolledOut(workload));
    const later = pods();
    expect(
      later.map(({ metadata }) => metadata.uid).filter(uid => former.some(pod => pod.metadata.uid === uid)),
    ).toEqual([]);
    expect(later.map(pod => run(pod, READ, file)).sort()).toEqual(former.map(nameOf).sort());
    // Replicas find their own.
    expect(world.pods(PROFILES).map(pod => [run(pod, READ, file), nameOf(pod)])).toEqual(
      world.pods(PROFILES).map(pod => [nameOf(pod), nameOf(pod)]),
    );
  });

  it('starts images that run as root or as a user by name where the server has a number for it, and Kubernetes says why not where not', async () => {
    const world = given();
    NUMBERED.forEach(workload => {
      world.rolledOut(workload);
      expect(run(world.pods(workload)[0], 'process.stdout.write(String(process.getuid()))')).toBe('1000');
    });
    for (const workload of UNNUMBERED) {
      await until(
        `${workload.name} is refused`,
        () => waitingOf(world, workload)?.reason === 'CreateContainerConfigError',
      );
      expect(waitingOf(world, workload)!.message).toContain('runAsNonRoot');
    }
  });

  it('gives the model of an InferenceService a route that it finds, and that others are refused at', async () => {
    const { cluster } = given();
    const [{ spec }] = given().pods(MODEL);
    const { value: url } = spec.containers[0].env.find(({ name }: Manifest) => name === 'MCP_GATEWAY_URL');
    expect(url).toBe(app.modelUrl);
    expect(await ask(cluster, MODEL, url, WHOAMI)).toMatchObject({ tools: ['whoami'] });
    expect(await ask(cluster, MODEL, url, WHOAMI, `not-${KEY}`)).toMatchObject({
      error: expect.stringContaining('401'),
    });
  });

  itWithAgentgateway('serves a program of standard input and output by its adapter (AGENTGATEWAY_BINARY)', async () => {
    given().rolledOut(ADAPTED);
    expect(await ask(given().cluster, VISITOR, app.adaptedUrl!, ECHO)).toMatchObject({
      answer: expect.stringContaining('hello'),
    });
  });

  itWithAgentgateway('lets callers with a token past a guard, and no others (AGENTGATEWAY_BINARY)', async () => {
    given().rolledOut(GUARDED);
    const call = (audience: string): ReturnType<typeof ask> =>
      ask(given().cluster, VISITOR, app.guardedUrl!, WHOAMI, `Bearer ${issuer.token({ sub: 'alice', aud: audience })}`);
    expect(await call(AUDIENCE)).toMatchObject({ tools: ['whoami'] });
    expect(await call('another')).toMatchObject({ error: expect.stringContaining('401') });
    expect(await ask(given().cluster, VISITOR, app.guardedUrl!, WHOAMI)).toMatchObject({
      error: expect.stringContaining('401'),
    });
  });
}

function nameOf({ metadata }: Manifest): string {
  return metadata.name;
}

/** Why the container of a workload's pod does not start. */
function waitingOf(
  world: World,
  workload: Workload,
): { readonly reason: string; readonly message: string } | undefined {
  return world.pods(workload)[0]?.status.containerStatuses?.[0].state.waiting;
}
