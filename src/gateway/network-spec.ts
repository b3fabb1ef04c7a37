import { exposedService } from './gateway-address';
import { GatewayExposure } from './gateway-exposure';
import { McpGatewayOptions } from './gateway-options';
import { Gateway } from '../model/gateway';
import { compact, Json } from '../values/json';

/** What stands in front of a gateway, as its resource writes it: the first Ingress in upstream's field, everything else in fields of this library. */
export function exposuresSpec({ name, workloadNamespace }: Gateway, options: McpGatewayOptions): Json {
  const service = exposedService(name, workloadNamespace, options);
  const specs = (kind: GatewayExposure['_model']['kind']) =>
    (options.exposures ?? []).filter(({ _model }) => _model.kind === kind).map(exposure => exposure._spec(service));
  const [first, ...others] = specs('Ingress');
  return compact({
    ingress: first && { enabled: true, ...first },
    additionalIngresses: others,
    httpRoutes: specs('HTTPRoute'),
  });
}
