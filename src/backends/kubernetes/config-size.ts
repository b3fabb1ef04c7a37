import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';

/** What a ConfigMap may hold, in bytes (Kubernetes, MaxSecretSize). */
const MAX_CONFIG_MAP = 1024 * 1024;

const GATEWAY_CONFIG_TOO_LARGE = errorKind(
  'gateway-config-too-large',
  `its configuration does not fit into a ConfigMap, which holds ${MAX_CONFIG_MAP} bytes`,
  'Serve some of its routes by another gateway, or say for the whole gateway what many routes say each',
);

/** What `kubectl apply` may note of an object, in bytes, unless the server does (Kubernetes, TotalAnnotationSizeLimitB). */
const MAX_NOTED = 256 * 1024;
/** The object around the files, as it is noted. */
const REST = 4096;
const GATEWAY_CONFIG_NOT_NOTED = warningKind(
  'gateway-config-not-noted',
  'its configuration is too long for `kubectl apply` to note in an annotation',
  'Apply it with `kubectl apply --server-side`',
);

/** What is wrong with the size of a gateway's configuration. */
export function checkConfigSize(gateway: Gateway, files: Readonly<Record<string, string>>): Diagnostic[] {
  const size = Object.entries(files).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text),
    0,
  );
  const noted = Buffer.byteLength(JSON.stringify(files)) + REST;
  if (size > MAX_CONFIG_MAP) {
    return [findingOf(GATEWAY_CONFIG_TOO_LARGE, gateway.path, 'routes', `${size} bytes`)];
  }
  return noted <= MAX_NOTED ? [] : [findingOf(GATEWAY_CONFIG_NOT_NOTED, gateway.path, 'routes', `${size} bytes`)];
}
