import { selects } from '../../model/label-selector';
import { Server } from '../../model/server';
import { Index, namespaceLabels } from '../../model/topology';

/** Whether a namespace may use a server. */
export function mayUse(namespace: string, server: Server, index: Index): boolean {
  const consent = server.consent;
  if (consent === undefined) {
    return server.namespace === namespace;
  }
  return (
    consent.all ||
    consent.namespaces.includes(namespace) ||
    (consent.namespaceSelector !== undefined && selects(consent.namespaceSelector, namespaceLabels(index, namespace)))
  );
}
