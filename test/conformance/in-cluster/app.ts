import { createHash } from 'crypto';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CLIENT_IMAGE, EVERYTHING_IMAGES, TOOLS_IMAGES } from '../../../scripts/cluster/images';
import { NODE_ADDRESS } from '../../../scripts/cluster/settings';
import {
  ApiKey,
  Authentication,
  ClusterProfile,
  GatewayDataPlane,
  McpCrds,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  PodSecurity,
  RateLimit,
  RateLimitUnit,
} from '../../../src';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';

/** The key that clients call with. */
export const KEY = 'cluster-key-0123456789abcdef0123456789abcdef';
/** A key that stands in a Secret, and the one that takes its place. */
export const KEYS = ['first', 'second'].map(name => `${name}-key-0123456789abcdef0123456789abcdef`);
export const PLATFORM = 'mcp-system';
export const TEAM = 'finance';

/** A workload, as kubectl names it. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
}

/** A Deployment. */
export function deployment(name: string, namespace: string): Workload {
  return { name: `deployment/${name}`, namespace };
}

const ASSISTANT = 'assistant';
const STRANGER_NAME = 'stranger';
/** Clients: one that is connected to all routes, and one that is to none. */
export const CONNECTED = deployment(ASSISTANT, TEAM);
export const STRANGER = deployment(STRANGER_NAME, TEAM);
export const REPLICAS = 2;
/** The server that waits for the Secret of its name, and the Deployment of that. */
export const INSPECTOR = 'inspector';
/** The Secret with a key that callers may have. */
const KEY_SECRET = 'caller';

/** A Secret of one value, `value`. */
export function secretOf(name: string, namespace: string, value: string): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { value } };
}

/** The Secret with the key of some callers. */
export function keySecret(key: string): Manifest {
  return secretOf(KEY_SECRET, PLATFORM, key);
}

/** The Secret that the inspector waits for. */
export function inspectorSecret(): Manifest {
  return secretOf(INSPECTOR, TEAM, 'anything');
}

/** What runs, and where clients find it. */
export interface ClusterApp {
  /** What has to be there before the rest: kinds and namespaces. */
  readonly foundation: readonly Manifest[];
  readonly objects: readonly Manifest[];
  /** Route to a server that keeps no sessions. */
  readonly toolsUrl: string;
  /** Route to one that does. */
  readonly everythingUrl: string;
  /** Route to the first and a newer version of it, by weight. */
  readonly sharedUrl: string;
  /** Route to a server that may read pods, and that waits for a Secret. */
  readonly inspectorUrl: string;
  /** Route to a server that keeps sessions, in one replica at first. */
  readonly deskUrl: string;
}

/** What changes while clients call. */
export interface Shape {
  /** How many of four calls the newer version gets; without a number there is no such server. */
  readonly newer?: number;
  /** Whether there is one more route. */
  readonly added?: boolean;
  /** Whether the desk has replicas, which makes a StatefulSet of its Deployment. */
  readonly replicated?: boolean;
  /** Whether tools and gateway have another label on their pods, and tools another image. */
  readonly relabelled?: boolean;
}

/** A gateway of Envoy with limits, and behind it a server that keeps sessions and one that does not. */
export function clusterApp({ newer, added, replicated, relabelled }: Shape = { newer: 1 }): ClusterApp {
  const app = new App();
  const podLabels = relabelled ? { 'acme.dev/tier': 'tools' } : undefined;
  new ClusterProfile({ apiServerCidrs: [`${NODE_ADDRESS}/32`] }).applyTo(app);
  const cluster = new Chart(app, 'cluster');
  new McpCrds(cluster, 'crds');
  for (const name of [PLATFORM, TEAM]) {
    PodSecurity.restricted().applyTo(new kplus.Namespace(cluster, name, { metadata: { name } }));
  }
  const platform = new Chart(app, 'platform', { namespace: PLATFORM });
  const gateway = new McpGateway(platform, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: REPLICAS,
    podLabels,
    authentication: [
      Authentication.apiKey({
        keys: [
          ApiKey.sha256(createHash('sha256').update(KEY).digest('hex'), { user: 'assistant' }),
          ApiKey.fromSecret(valueOf(platform, KEY_SECRET), { user: 'caller' }),
        ],
      }),
    ],
    healthCheck: { interval: Duration.seconds(10) },
  });
  const team = new Chart(app, 'team', { namespace: TEAM });
  const everything = new McpServer(team, 'everything', {
    source: McpServerSource.image(EVERYTHING_IMAGES[0]),
    replicas: REPLICAS,
  });
  const stateless = { sessions: McpSessions.STATELESS, tools: ['whoami'] };
  const tools = new McpServer(team, 'tools', {
    ...stateless,
    source: McpServerSource.image(TOOLS_IMAGES[relabelled ? 1 : 0]),
    replicas: REPLICAS,
    podLabels,
  });
  const toolsRoute = new McpRoute(team, 'tools-route', { gateway, backends: [{ server: tools }] });
  toolsRoute.addRateLimit(RateLimit.perUser(1_000_000, RateLimitUnit.HOUR));
  const everythingRoute = new McpRoute(team, 'everything-route', { gateway, backends: [{ server: everything }] });
  const desk = new McpServer(team, 'desk', {
    source: McpServerSource.image(EVERYTHING_IMAGES[0]),
    replicas: replicated ? REPLICAS : 1,
  });
  const deskRoute = new McpRoute(team, 'desk-route', { gateway, backends: [{ server: desk }] });

  const shared = new McpRoute(team, 'shared-route', {
    gateway,
    backends: [{ server: tools, weight: 4 - (newer ?? 0) }],
  });
  if (newer !== undefined) {
    const source = McpServerSource.image(TOOLS_IMAGES[1]);
    shared.addBackend(new McpServer(team, 'tools-newer', { ...stateless, source }), { weight: newer });
  }
  if (added) {
    new McpRoute(team, 'added-route', { gateway, backends: [{ server: tools }] });
  }

  const inspector = new McpServer(team, INSPECTOR, {
    ...stateless,
    source: McpServerSource.image(TOOLS_IMAGES[0]),
    env: { TOKEN: kplus.EnvValue.fromSecretValue(valueOf(team, INSPECTOR)) },
  });
  inspector.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get', 'list'] });
  const inspectorRoute = new McpRoute(team, 'inspector-route', { gateway, backends: [{ server: inspector }] });

  const clients = new Chart(app, 'clients', { namespace: TEAM });
  const connected = client(clients, ASSISTANT);
  toolsRoute.connect(connected);
  everythingRoute.connect(connected, { variable: 'EVERYTHING_URL' });
  shared.connect(connected, { variable: 'SHARED_URL' });
  deskRoute.connect(connected, { variable: 'DESK_URL' });
  inspectorRoute.connect(connected, { variable: 'INSPECTOR_URL' });
  client(clients, STRANGER_NAME);
  const objects = objectsOf(app);
  const isFoundation = ({ kind }: Manifest): boolean => ['CustomResourceDefinition', 'Namespace'].includes(kind);
  return {
    foundation: objects.filter(isFoundation),
    objects: objects.filter(object => !isFoundation(object)),
    toolsUrl: toolsRoute.url,
    everythingUrl: everythingRoute.url,
    sharedUrl: shared.url,
    inspectorUrl: inspectorRoute.url,
    deskUrl: deskRoute.url,
  };
}

/** A value of a Secret that is there. */
function valueOf(chart: Chart, name: string): kplus.SecretValue {
  return { secret: kplus.Secret.fromSecretName(chart, `secret-${name}`, name), key: 'value' };
}

/** A pod that calls when it is told to. */
export function client(chart: Chart, name: string): kplus.Deployment {
  return new kplus.Deployment(chart, name, {
    metadata: { name },
    replicas: 1,
    containers: [
      {
        image: CLIENT_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        resources: {},
        securityContext: {
          user: 1000,
          allowPrivilegeEscalation: false,
          capabilities: { drop: [kplus.Capability.ALL] },
          seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
        },
      },
    ],
  });
}
