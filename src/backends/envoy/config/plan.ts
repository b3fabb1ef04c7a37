import { shortest } from './config';
import { entryName } from './names';
import { Entry, GatewayPlan, serversOf } from '../../../model/plan';
import { alternatives, SecretKey, SingleMethod } from '../../../model/policy';
import { Server } from '../../../model/server';
import { sizeLimit } from '../../../model/traffic-policy';
import { clientAuthorities } from '../../../passes/gateways/certificates';
import { callerTokenOf, wantsCallerToken } from '../../../passes/servers/credentials';

/** An entry, and what follows from it and its gateway. */
export interface EnvoyEntry extends Entry {
  /** Its name in the configuration: `finance.smart`. */
  readonly name: string;
  /** Property by which its servers were named, as the user writes it. */
  readonly backendsProperty: 'backends' | 'discovery';
  /** Each once. */
  readonly servers: readonly Server[];
  /** Every way by which callers may prove who they are. */
  readonly methods: readonly SingleMethod[];
  /** Whether the token that a caller was verified by goes on to a server, in `Authorization`. */
  readonly forwardsToken: boolean;
  /** Milliseconds that one attempt at a server may take; undefined where it may take any time. */
  readonly attemptLimit?: number;
}

/** A plan, and what follows from it: worked out once, and read by all parts. */
export interface EnvoyPlan extends GatewayPlan {
  readonly entries: readonly EnvoyEntry[];
  /** Longest body that is read, in bytes. */
  readonly bodyLimit: number;
  /** Whether what tools are called with has to be read: the log shows it. */
  readonly readsArguments: boolean;
  /** Authorities of client certificates; undefined where no entry asks for one. The check made sure that all ask for the same. */
  readonly clientAuthorities?: SecretKey;
}

/** The longest body that is read, unless the gateway says otherwise, in bytes. */
const DEFAULT_BODY_LIMIT = 2 * 1024 * 1024;

/** Works out what follows from a plan. Nothing of it was checked yet. */
export function envoyPlan(plan: GatewayPlan): EnvoyPlan {
  const { entries, gateway } = plan;
  const filtering = gateway.traffic?.requestFiltering;
  return {
    gateway,
    entries: entries.map(entry => envoyEntry(entry, plan)),
    bodyLimit: (filtering && sizeLimit(filtering)) ?? DEFAULT_BODY_LIMIT,
    readsArguments: gateway.accessLog.some(({ source }) => source.kind === 'toolArguments'),
    clientAuthorities: clientAuthorities(plan),
  };
}

function envoyEntry(entry: Entry, { gateway }: GatewayPlan): EnvoyEntry {
  const servers = serversOf(entry);
  return {
    ...entry,
    name: entryName(entry),
    backendsProperty: entry.origin === gateway.path ? 'discovery' : 'backends',
    servers,
    methods: (entry.policy?.authentication ?? []).flatMap(({ method }) => alternatives(method)),
    forwardsToken: callerTokenOf(entry.policy) === 'verified' && servers.some(wantsCallerToken),
    attemptLimit: shortest(entry.timeouts?.backendRequest, gateway.circuitBreaker?.requestTimeout),
  };
}
