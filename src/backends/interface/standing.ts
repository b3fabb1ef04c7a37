import { POLICY_FEATURES, PolicyFeature } from '../../api/gateway-policy';
import { Diagnostic, errorKind, findingAt, FindingKind, say } from '../../model/findings';
import { ROUTING_FEATURES, RoutingFeature } from '../../passes/demands';

/** How a data plane stands to something that a chart may ask for. The checks and the documentation are made from these. */
export type Standing = Enforced | Refused;

/** What a data plane enforces. */
export interface Enforced {
  readonly supported: true;
  /** How, as a sentence without its full stop. */
  readonly reason: string;
  /** Where not all values of the fields that ask for it are: those that are. */
  readonly values?: string;
}

/** What a data plane cannot do. */
export interface Refused {
  readonly supported: false;
  /** What is said where a plan asks for it. */
  readonly kind: FindingKind;
  /** Why not, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead. */
  readonly remedy: string;
}

/** Names of features of the model that a data plane has or has not. */
export type PlaneFeature = RoutingFeature | PolicyFeature;

/** All features: each plane says of every one of them how it stands to it, so that a refusal by one can name the others. */
export const PLANE_FEATURES: readonly PlaneFeature[] = [...ROUTING_FEATURES, ...POLICY_FEATURES];

/** How a data plane stands to every feature there is: none can be forgotten. */
export type PlaneTable = Readonly<Record<PlaneFeature, Standing>>;

/** Something that is said of a data plane besides: a limit of its own, or what it does that nobody has to ask for. */
export type Detail = Standing & { readonly name: string };

/** What is said of a data plane besides, from lists of it. */
export function detailsOf(lists: readonly Readonly<Record<string, Standing>>[]): Detail[] {
  return lists.flatMap(list => Object.entries(list)).map(([name, standing]) => ({ name, ...standing }));
}

/** What a plane cannot do, a feature or a limit by name. The finding's id is the plane and that name in words. */
export function refusedBy(plane: string, name: string, reason: string, remedy: string): Refused {
  return {
    supported: false,
    kind: errorKind(`${plane}-${inWords(name)}`, reason, asSentence(remedy)),
    reason,
    remedy,
  };
}

/** `policy.requestFiltering.bodyFilters` as `request-filtering-body-filters`. */
function inWords(name: string): string {
  return name
    .replace(/^policy\./, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/\./g, '-')
    .toLowerCase();
}

/** A remedy of a table, where it goes on after other words, as a sentence of its own. */
const asSentence = (remedy: string): string => remedy.charAt(0).toUpperCase() + remedy.slice(1);

/** What is said where a plan asks for what is refused, with a finer reason where there is one. */
export function refusal(
  { kind, reason }: Refused,
  path: string,
  property: string,
  value: unknown,
  finer = reason,
): Diagnostic {
  return findingAt({ ...say(kind), problem: finer }, path, property, value);
}
