import { Gateway } from '../../../src/model/gateway';
import { Entry } from '../../../src/model/plan';
import { attackSurface } from '../../../src/passes/gateways/attack-surface';
import {
  anyOf,
  apiKeyOf,
  BASIC,
  CERTIFICATE,
  jwtOf,
  levelOf,
  policyOf,
} from '../../backends/agentgateway/policy-fixtures';
import { findingsInShort, gatewayOf } from '../../support/literals';

const TLS = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };

function found(options: Partial<Gateway>, ...policies: (Entry['policy'] | undefined)[]): string[] {
  const entries = policies.map((policy, i): Entry => ({
    origin: `app/r${i}`,
    id: `finance/r${i}`,
    path: `/routes/finance/r${i}`,
    groups: [],
    skipUnavailable: false,
    counters: [],
    policy,
  }));
  return findingsInShort(attackSurface({ gateway: gatewayOf(options), entries }));
}

const OPEN =
  'warning app/gw authentication: the gateway can be reached from outside the cluster (service.type), and everyone may call';
const token = policyOf({ level: 'gateway', authentication: [jwtOf()] });

describe('a gateway that is reached from outside', () => {
  it('and asks nobody is pointed out, with what is open', () => {
    expect(found({ exposed: true })).toEqual([OPEN]);
    expect(found({ exposed: true }, undefined, token, policyOf({ rateLimits: [] }))).toEqual([
      `${OPEN} /routes/finance/r0, /routes/finance/r2`,
    ]);
  });

  it('and asks everyone is not', () => {
    expect(found({ exposed: true }, token, token)).toEqual([]);
    expect(found({ exposed: true, policy: levelOf({ level: 'gateway', authentication: [jwtOf()] }) })).toEqual([]);
    expect(found({ exposed: false }, undefined)).toEqual([]);
  });
});

describe('credentials that stay good', () => {
  const inTheClear = (where = 'app/smart authentication[0]') =>
    `warning ${where}: is sent as it is over plain HTTP, and whoever sees the traffic of app/gw can use it`;

  it('are pointed out where they are sent without TLS, at each level that asks for them', () => {
    expect(found({}, policyOf({ authentication: [apiKeyOf()] }))).toEqual([inTheClear()]);
    expect(found({}, policyOf({ authentication: [BASIC] }))).toEqual([inTheClear()]);
    expect(found({}, policyOf({ authentication: [anyOf(jwtOf(), apiKeyOf())] }))).toEqual([inTheClear()]);
    expect(found({}, policyOf({ level: 'gateway', authentication: [BASIC] }, { authentication: [BASIC] }))).toEqual([
      inTheClear('app/gw authentication[0]'),
      inTheClear(),
    ]);
  });

  it('are not where there is TLS, and tokens and certificates are none of them', () => {
    expect(found({ tls: TLS }, policyOf({ authentication: [apiKeyOf(), BASIC] }))).toEqual([]);
    expect(found({}, token, policyOf({ authentication: [CERTIFICATE] }))).toEqual([]);
  });

  it('are named', () => {
    const policy = policyOf({ authentication: [anyOf(BASIC, apiKeyOf(), jwtOf())] });
    const [{ value, remedy }] = attackSurface({
      gateway: gatewayOf(),
      entries: [{ origin: 'app/r', id: 'r', path: '/r', groups: [], skipUnavailable: false, counters: [], policy }],
    });
    expect(value).toBe('a user name and password or an API key in the header x-api-key');
    expect(remedy).toBe('Give the gateway a certificate (tls), unless a mesh or an ingress encrypts the way to it');
  });
});
