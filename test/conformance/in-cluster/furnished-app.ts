import { createHash } from 'crypto';
import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { client, deployment, KEY, REPLICAS, secretOf, Workload } from './app';
import {
  CLIENT_IMAGE,
  EVERYTHING_IMAGES,
  EVERYTHING_STDIO,
  NAMED_IMAGE,
  ROOT_IMAGE,
  TOOLS_IMAGES,
} from '../../../scripts/cluster/images';
import { NODE_ADDRESS } from '../../../scripts/cluster/settings';
import { AGENTGATEWAY } from '../../../scripts/cluster/tools';
import {
  ApiKey,
  Authentication,
  ClusterProfile,
  GatewayDataPlane,
  GatewayTls,
  IngressSource,
  McpGateway,
  McpInferenceService,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  OidcConfig,
  PodSecurity,
} from '../../../src';
import { find, objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';
import { Certificate } from '../end-to-end/certificates';
import { TokenIssuer } from '../end-to-end/token-issuer';

/* An app whose pods need something of their cluster: certificates, volumes, a user, a controller that starts what asks for tools. */

export const LAB = 'lab';
export const EDGE = deployment('edge', LAB);
/** Servers on a volume that is there, and on one for each replica. */
export const NOTES = deployment('notes', LAB);
export const PROFILES: Workload = { name: 'statefulset/profiles', namespace: LAB };
/** Where both have their volume. */
export const DATA = '/data';
/** Images that run as root, and as a user by name: with a number for it, and without. */
export const NUMBERED = ['root-numbered', 'named-numbered'].map(name => deployment(name, LAB));
export const UNNUMBERED = ['root', 'named'].map(name => deployment(name, LAB));
/** Servers that agentgateway stands in front of: a program of standard input and output, and one for whose callers it verifies tokens. */
export const ADAPTED = deployment('adapted', LAB);
export const GUARDED = deployment('guarded', LAB);
/** Whom tokens are for. */
export const AUDIENCE = 'guarded';
/** What asks over HTTPS, and the model of an InferenceService. */
export const VISITOR = deployment('visitor', LAB);
export const MODEL = deployment('model', LAB);

const CERTIFICATE = 'edge-certificate';
const AUTHORITY = 'authority';
const STORAGE_CLASS = 'local';
/** Pods of both apps share two CPUs. */
const resources: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(10) },
  memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) },
};

/** What runs, and where clients find it. */
export interface FurnishedApp {
  readonly objects: readonly Manifest[];
  /** Route to a server that keeps sessions. */
  readonly profilesUrl: string;
  /** Route of the InferenceService. */
  readonly modelUrl: string;
  /** Route to the program, and the other server itself, where there is an agentgateway for both. */
  readonly adaptedUrl?: string;
  readonly guardedUrl?: string;
}

/** A gateway with a certificate, and the servers behind it. */
export function furnishedApp(issuer: TokenIssuer): FurnishedApp {
  const app = new App();
  new ClusterProfile({ apiServerCidrs: [`${NODE_ADDRESS}/32`] }).applyTo(app);
  PodSecurity.restricted().applyTo(new kplus.Namespace(new Chart(app, 'namespace'), LAB, { metadata: { name: LAB } }));
  const chart = new Chart(app, LAB, { namespace: LAB });
  const gateway = new McpGateway(chart, 'edge', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: REPLICAS,
    resources,
    tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(chart, 'certificate', CERTIFICATE)),
    authentication: [
      Authentication.apiKey({
        keys: [ApiKey.sha256(createHash('sha256').update(KEY).digest('hex'), { user: 'visitor' })],
      }),
    ],
  });

  const claim = new kplus.PersistentVolumeClaim(chart, 'notes-claim', {
    metadata: { name: 'notes' },
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
    storageClassName: STORAGE_CLASS,
    storage: Size.gibibytes(1),
  });
  const notes = new McpServer(chart, 'notes', {
    source: McpServerSource.image(TOOLS_IMAGES[0]),
    tools: ['whoami'],
    resources,
    user: 1000,
  });
  notes.allowWrite(DATA, { volume: kplus.Volume.fromPersistentVolumeClaim(chart, 'notes-volume', claim) });
  const profiles = new McpServer(chart, 'profiles', {
    source: McpServerSource.image(EVERYTHING_IMAGES[0]),
    replicas: REPLICAS,
    resources,
    user: 1000,
    volumeClaimTemplates: [{ path: DATA, storage: Size.gibibytes(1), storageClass: STORAGE_CLASS }],
  });
  const route = new McpRoute(chart, 'profiles-route', { gateway, backends: [{ server: profiles }] });

  for (const [name, image] of [
    ['root', ROOT_IMAGE],
    ['named', NAMED_IMAGE],
  ]) {
    const source = McpServerSource.image(image);
    new McpServer(chart, name, { source, resources, sessions: McpSessions.STATELESS });
    new McpServer(chart, `${name}-numbered`, { source, resources, sessions: McpSessions.STATELESS, user: 1000 });
  }

  const model = new McpInferenceService(chart, 'model', {
    model: { name: 'llama-3-70b' },
    runtime: { name: 'vllm' },
    servers: [{ server: notes }],
    gateway,
  });

  const visitor = client(chart, 'visitor');
  trusting(chart, visitor);
  route.connect(visitor, { variable: 'PROFILES_URL' });
  const optional = AGENTGATEWAY === undefined ? {} : proxied(chart, gateway, visitor, issuer);
  const emitted = objectsOf(app);
  return {
    objects: [...emitted, runnerOf(find(emitted, 'InferenceService', 'model'))],
    profilesUrl: route.url,
    modelUrl: model.route!.url,
    ...optional,
  };
}

/** Servers in front of which agentgateway stands. */
function proxied(
  chart: Chart,
  gateway: McpGateway,
  visitor: kplus.Deployment,
  { issuer, jwks }: TokenIssuer,
): Pick<FurnishedApp, 'adaptedUrl' | 'guardedUrl'> {
  const adapted = new McpServer(chart, 'adapted', {
    source: McpServerSource.command(EVERYTHING_IMAGES[0], EVERYTHING_STDIO, { writablePaths: ['/tmp'] }),
    resources,
  });
  const route = new McpRoute(chart, 'adapted-route', { gateway, backends: [{ server: adapted }] });
  route.connect(visitor, { variable: 'ADAPTED_URL' });
  const guarded = new McpServer(chart, 'guarded', {
    source: McpServerSource.image(TOOLS_IMAGES[0], { port: 9000 }),
    sessions: McpSessions.STATELESS,
    resources,
    oidcConfig: OidcConfig.inline({ issuer, audiences: [AUDIENCE], jwks }),
  });
  guarded.allowIngress(IngressSource.namespaces(LAB));
  return { adaptedUrl: route.url, guardedUrl: guarded.url };
}

/** The certificate of the gateway, as its Secret. */
export function certificateSecret({ cert, key }: Certificate): Manifest {
  return {
    ...secretOf(CERTIFICATE, LAB, ''),
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  };
}

/** The certificate that clients trust, as they mount it. */
export function authorityMap(cert: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: AUTHORITY, namespace: LAB },
    data: { 'ca.crt': cert },
  };
}

/** Has a client trust the authority of the tests. */
function trusting(chart: Chart, workload: kplus.Deployment): void {
  const [container] = workload.containers;
  const map = kplus.ConfigMap.fromConfigMapName(chart, 'authority', AUTHORITY);
  container.mount(TRUST.mountPath, kplus.Volume.fromConfigMap(chart, 'authority-volume', map));
  container.env.addVariable(TRUST.name, kplus.EnvValue.fromValue(TRUST.value));
}

const TRUST = { mountPath: '/etc/authority', name: 'NODE_EXTRA_CA_CERTS', value: '/etc/authority/ca.crt' };

/** The Deployment that OME makes of an InferenceService, with a client in the place of its model. */
function runnerOf({ metadata, spec }: Manifest): Manifest {
  const labels = { 'ome.io/inferenceservice': metadata.name };
  const { name, env } = spec.engine.runner;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: metadata.name, namespace: metadata.namespace },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name,
              image: CLIENT_IMAGE,
              imagePullPolicy: 'IfNotPresent',
              env: [...env, { name: TRUST.name, value: TRUST.value }],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: [{ name: AUTHORITY, mountPath: TRUST.mountPath }],
            },
          ],
          volumes: [{ name: AUTHORITY, configMap: { name: AUTHORITY } }],
        },
      },
    },
  };
}

/** Claims of both servers, as far as a volume has to know them. */
export const CLAIMS = Array.from({ length: 1 + REPLICAS }, () => ({
  storageClassName: STORAGE_CLASS,
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
}));
