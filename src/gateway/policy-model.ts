import { RateLimitServiceOptions, RouteConstraintsOptions } from './gateway-options';
import { RateLimitService } from '../model/gateway';
import { RouteConstraints } from '../model/policy';
import { secretKeyOf } from '../synthesis/secrets';

/** How calls are counted, as plain data. */
export function rateLimitServiceModel({ replicas, store }: RateLimitServiceOptions): RateLimitService {
  return {
    replicas,
    store: store && {
      host: store.host,
      port: store.port ?? 6379,
      tls: store.tls ?? true,
      password: store.password && secretKeyOf(store.password),
    },
  };
}

/** By what routes are admitted, as plain data. */
export function routeConstraintsModel(options: RouteConstraintsOptions): RouteConstraints {
  return {
    requireAuthentication: options.requireAuthentication ?? false,
    allowedMethods: options.allowedMethods,
    maximumRates: (options.maximumRates ?? []).map(({ _value: { dimension, requests, unit } }) => ({
      dimension,
      requests,
      unit,
    })),
  };
}
