import { mayBeService } from './host-names';
import { keyAddresses } from './key-addresses';
import { ClusterProfile, DEFAULT_PROFILE } from '../../model/cluster';
import { Gateway, otlpAddress } from '../../model/gateway';
import { LevelPolicy } from '../../model/policy';
import { Route } from '../../model/route';
import { Server } from '../../model/server';

/** Whether the Services of an app have to be known to read the names that its servers and gateways connect to. To find them costs more than most apps need. */
export function needsServices(
  servers: readonly Server[],
  routes: readonly Route[],
  gateways: readonly Gateway[],
): boolean {
  const hosted = gateways.filter(({ imported }) => !imported);
  const ofGateways = [
    ...servers
      .filter(({ workloadNamespace }) => workloadNamespace === undefined)
      .flatMap(({ endpoints }) => endpoints.map(({ host }) => host)),
    ...[...hosted, ...routes].flatMap(({ policy }) => hostsOfKeys(policy)),
    ...hosted.flatMap(({ tracing, rateLimitService }) => [
      tracing && otlpAddress(tracing).host,
      rateLimitService?.store?.host,
    ]),
  ].filter(host => host !== undefined);
  const profiles = new Set<ClusterProfile>([...servers, ...hosted].map(({ profile }) => profile ?? DEFAULT_PROFILE));
  return (
    servers.some(
      ({ permissions, policy, profile = DEFAULT_PROFILE }) =>
        permissions?.egress.some(
          ({ target }) =>
            target.kind === 'service' || (target.kind === 'host' && mayBeService(target.host, profile.clusterDomain)),
        ) === true || hostsOfKeys(policy).some(host => mayBeService(host, profile.clusterDomain)),
    ) ||
    [...profiles].some(
      ({ clusterDomain, proxy }) => proxy !== undefined || ofGateways.some(host => mayBeService(host, clusterDomain)),
    )
  );
}

function hostsOfKeys(policy: LevelPolicy | undefined): string[] {
  return keyAddresses(policy?.authentication ?? []).map(({ host }) => host);
}
