/** Label that says which kind of thing of ours an object belongs to. */
export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** Label that says which server, route or gateway it belongs to. */
export const NAME_LABEL = 'app.kubernetes.io/name';

/** Value of `app.kubernetes.io/managed-by` on everything this library emits. */
export const MANAGER = 'cdk8s-mcp';

/** Says whether Istio's webhook adds a sidecar, whatever it does for others in the namespace. */
export const INJECT_LABEL = 'sidecar.istio.io/inject';

/** Components: the value of the component label. */
export type Component =
  | 'mcp-server'
  | 'mcp-gateway'
  | 'mcp-route'
  | 'mcp-rate-limit'
  | 'mcp-rate-limit-store'
  | 'mcp-tenant'
  | 'mcp-inference-service'
  | 'mcp-client';

/**
 * Labels that select the pods of one workload. They never change with the
 * content of a server: a Deployment's selector is immutable.
 */
export function selectorLabels(component: Component, name: string): Record<string, string> {
  return { [NAME_LABEL]: name, [COMPONENT_LABEL]: component };
}

/** Labels of every object emitted for a server or gateway. */
export function objectLabels(component: Component, name: string): Record<string, string> {
  return { ...selectorLabels(component, name), 'app.kubernetes.io/managed-by': MANAGER };
}
