import { Demand } from './demand';
import { RoutingFeature } from './features';
import { Gateway } from '../../model/gateway';

/** What a gateway asks by itself, whatever it serves. */
export function gatewayDemands({ affinity, circuitBreaker, healthCheck, path, tls }: Gateway): Demand[] {
  const asked = (feature: RoutingFeature, property: string, value: unknown): Demand[] =>
    value === undefined ? [] : [{ feature, path, property, value }];
  return [
    ...asked('affinity.header', 'sessionAffinityHeader', affinity.header),
    ...asked('circuitBreaker', 'circuitBreaker', circuitBreaker),
    ...asked('healthCheck', 'healthCheck', healthCheck),
    ...asked('tls', 'tls', tls?.certificate.secretName),
  ];
}
