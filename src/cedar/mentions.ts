import { CedarPolicy } from './policies';
import { EntityUid, formatUid } from './vocabulary';

/** The entities that policies name, each once, in the order of the text. Actions are among them. */
export function mentionedEntities(policies: readonly CedarPolicy[]): readonly EntityUid[] {
  const found = new Map<string, EntityUid>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) {
      return;
    }
    const { type, id } = node as Partial<EntityUid>;
    if (typeof type === 'string' && typeof id === 'string') {
      found.set(formatUid({ type, id }), { type, id });
      return;
    }
    Object.values(node).forEach(visit);
  };
  policies.forEach(({ json: { principal, action, resource, conditions } }) =>
    visit([principal, action, resource, conditions]),
  );
  return [...found.values()];
}
