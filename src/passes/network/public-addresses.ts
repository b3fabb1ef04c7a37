import { NetworkPeer } from '../../model/network';

/** Ranges that are not of the public internet (IANA's registries of special-purpose addresses). */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Not ::ffff:0:0/96, IPv4 addresses written in IPv6: no packet has them, and the API server refuses them as a part of ::/0.
const SPECIAL_IPV6 = ['::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** Every public address. */
export const PUBLIC_ADDRESSES: readonly NetworkPeer[] = [
  { kind: 'cidr', cidr: '0.0.0.0/0', except: SPECIAL_IPV4 },
  { kind: 'cidr', cidr: '::/0', except: SPECIAL_IPV6 },
];
