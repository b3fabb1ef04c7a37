import { createHash } from 'crypto';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CLIENT_IMAGE, EVERYTHING_IMAGES, TOOLS_IMAGES } from '../../../scripts/cluster/images';
import {
  ApiKey,
  Authentication,
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
export const PLATFORM = 'mcp-system';
export const TEAM = 'finance';
/** Deployments of clients: one that is connected to both routes, and one that is to none. */
export const CONNECTED = 'assistant';
export const STRANGER = 'stranger';
export const REPLICAS = 2;

/** What runs, and where clients find it. */
export interface ClusterApp {
  /** What has to be there before the rest: kinds and namespaces. */
  readonly foundation: readonly Manifest[];
  readonly objects: readonly Manifest[];
  /** Route to a server that keeps no sessions. */
  readonly toolsUrl: string;
  /** Route to one that does. */
  readonly everythingUrl: string;
}

/** A gateway of Envoy with limits, and behind it a server that keeps sessions and one that does not. */
export function clusterApp(): ClusterApp {
  const app = new App();
  const cluster = new Chart(app, 'cluster');
  new McpCrds(cluster, 'crds');
  for (const name of [PLATFORM, TEAM]) {
    PodSecurity.restricted().applyTo(new kplus.Namespace(cluster, name, { metadata: { name } }));
  }
  const platform = new Chart(app, 'platform', { namespace: PLATFORM });
  const gateway = new McpGateway(platform, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: REPLICAS,
    authentication: [
      Authentication.apiKey({
        keys: [ApiKey.sha256(createHash('sha256').update(KEY).digest('hex'), { user: 'assistant' })],
      }),
    ],
    healthCheck: { interval: Duration.seconds(10) },
  });
  const team = new Chart(app, 'team', { namespace: TEAM });
  const everything = new McpServer(team, 'everything', {
    source: McpServerSource.image(EVERYTHING_IMAGES[0]),
    replicas: REPLICAS,
  });
  const tools = new McpServer(team, 'tools', {
    source: McpServerSource.image(TOOLS_IMAGES[0]),
    sessions: McpSessions.STATELESS,
    replicas: REPLICAS,
    tools: ['whoami'],
  });
  const toolsRoute = new McpRoute(team, 'tools-route', { gateway, backends: [{ server: tools }] });
  toolsRoute.addRateLimit(RateLimit.perUser(1_000_000, RateLimitUnit.HOUR));
  const everythingRoute = new McpRoute(team, 'everything-route', { gateway, backends: [{ server: everything }] });

  const clients = new Chart(app, 'clients', { namespace: TEAM });
  const connected = client(clients, CONNECTED);
  toolsRoute.connect(connected);
  everythingRoute.connect(connected, { variable: 'EVERYTHING_URL' });
  client(clients, STRANGER);
  const objects = objectsOf(app);
  const isFoundation = ({ kind }: Manifest): boolean => ['CustomResourceDefinition', 'Namespace'].includes(kind);
  return {
    foundation: objects.filter(isFoundation),
    objects: objects.filter(object => !isFoundation(object)),
    toolsUrl: toolsRoute.url,
    everythingUrl: everythingRoute.url,
  };
}

function client(chart: Chart, name: string): kplus.Deployment {
  return new kplus.Deployment(chart, name, {
    metadata: { name },
    replicas: 1,
    containers: [
      {
        image: CLIENT_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        envVariables: { KEY: kplus.EnvValue.fromValue(KEY) },
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
