import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { GatewayPlan } from '../../model/plan';
import { PolicyOrigin } from '../../model/policy';
import { distinct } from '../../values/json';
import { asksForAddress } from '../policy/cedar-policies';

/*
 * The address that a caller connects from, where policies ask for it: what stands on the way may show its own.
 */

const SOURCE_ADDRESS_BEHIND_PROXY = warningKind(
  'source-address-behind-proxy',
  "is that of the pods in front of {gateway} (exposures) for whoever comes through them, and not the caller's",
  'Name those pods in trustedProxies (Envoy), tell callers apart by user, or have clients of those addresses use the Service',
);
const SOURCE_ADDRESS_OF_NODES = warningKind(
  'source-address-of-nodes',
  "is that of a node for whoever comes to {gateway} from outside of the cluster (service.externalTrafficPolicy), and not the caller's",
  'Leave externalTrafficPolicy out, or use ExternalTrafficPolicy.LOCAL',
);

/** Where policies of a plan ask for the address that callers connect from. */
export function addressQuestions({ entries }: GatewayPlan): PolicyOrigin[] {
  const policies = entries.flatMap(({ policy }) => policy ?? []);
  const levels = policies.flatMap(policy => policy.levels);
  const rules = levels
    .flatMap(level => level.rules)
    .filter(({ conditions }) => conditions.some(({ kind }) => kind === 'sourceIp'));
  const limits = policies.flatMap(({ rateLimits }) => rateLimits).filter(({ dimension }) => dimension === 'ip');
  const cedar = levels.flatMap(({ authzConfig }) =>
    authzConfig !== undefined && asksForAddress(authzConfig) ? [authzConfig] : [],
  );
  return distinct([...rules, ...limits, ...cedar].map(({ origin }) => origin));
}

/**
 * Whether the Service of a gateway has to hand connections from outside to pods of the node that they come to: only so are they
 * not sent on to another node, which puts its own address in the place of the caller's.
 */
export function keepsAddresses(plan: GatewayPlan): boolean {
  const { exposed, externalTraffic } = plan.gateway;
  return exposed && (externalTraffic ?? (addressQuestions(plan).length > 0 ? 'Local' : 'Cluster')) === 'Local';
}

/** Addresses that are asked for, and are not those of callers. */
export function hiddenAddresses(plan: GatewayPlan): Diagnostic[] {
  const { gateway } = plan;
  const kinds = [
    ...((gateway.exposures ?? []).length > 0 && gateway.trustedProxies === undefined
      ? [SOURCE_ADDRESS_BEHIND_PROXY]
      : []),
    ...(gateway.exposed && !keepsAddresses(plan) ? [SOURCE_ADDRESS_OF_NODES] : []),
  ];
  return kinds.flatMap(kind =>
    addressQuestions(plan).map(({ path, property }) =>
      findingOf(kind, path, property, 'source address', { gateway: gateway.path }),
    ),
  );
}
