import { NetworkPermission } from './permission-grant';
import { Spelling } from './spelling';
import { hostProblem, normalizedHost } from '../model/hosts';
import { InputCheck } from '../model/input';
import { portProblem } from '../model/names';
import { EgressRule } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';
import { canonicalCidr, cidrProblem, familyOf } from '../values/cidr';
import { compact, Json } from '../values/json';

/** Checks a permission. `place` is what precedes its properties in messages. */
export function checkNetworkPermission(
  input: InputCheck,
  place: string,
  { allowHost = [], allowCidr = [] }: NetworkPermission,
  spelling: Spelling,
): void {
  allowHost.forEach((text, i) => {
    const { host, port } = parseHost(text);
    const found = hostProblem(host);
    input.check(`${place}.${spelling.host}[${i}]`, text, found?.problem, found?.remedy ?? '');
    input.optional(`${place}.${spelling.host}[${i}]`, port, portProblem, 'Give a port, or leave it out for all');
  });
  allowCidr.forEach((cidr, i) =>
    input.check(`${place}.${spelling.cidr}[${i}]`, cidr, cidrProblem(cidr), 'Correct it; hosts belong in allowHost'),
  );
}

/** A permission as plain data: one rule a host, with all of its ports. */
export function egressOf(
  { allowHost = [], allowCidr = [] }: NetworkPermission,
  origin: PolicyOrigin,
  spelling: Spelling,
): EgressRule[] {
  const at = (field: string, i: number): PolicyOrigin => ({
    path: origin.path,
    property: `${origin.property}.${field}[${i}]`,
  });
  const hosts = new Map<string, EgressRule>();
  allowHost.forEach((text, i) => {
    const { host, port } = parseHost(text);
    const name = normalizedHost(host);
    const key = port === undefined ? name : `${name}:`;
    const known = hosts.get(key);
    hosts.set(key, {
      target: { kind: 'host', host: name },
      ports: port === undefined ? [] : [...(known?.ports ?? []), { protocol: 'TCP', port }],
      origin: known?.origin ?? at(spelling.host, i),
    });
  });
  return [
    ...hosts.values(),
    ...allowCidr.map((cidr, i): EgressRule => ({
      target: { kind: 'cidr', cidr: canonicalCidr(cidr), except: [] },
      ports: [],
      origin: at(spelling.cidr, i),
    })),
  ];
}

/** A permission as a resource writes it. */
export function networkSpec({ allowHost = [], allowCidr = [] }: NetworkPermission): Json {
  return compact({ allowHost: [...allowHost], allowCIDR: [...allowCidr] });
}

/** `host:port`, `host`, `[::1]:port` or `::1`. */
function parseHost(text: string): { readonly host: string; readonly port?: number } {
  const [, host, port] = familyOf(text) === 6 ? [] : (/^(.*):([0-9]+)$/.exec(text) ?? []);
  return host === undefined ? { host: text } : { host, port: Number(port) };
}
