import { POLICY_FEATURES, PolicyFeature } from '../../api/gateway-policy';
import { Diagnostic, errorAt } from '../../model/diagnostic';
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

/** What is said where a plan asks for what is refused. */
export function refusal({ reason, remedy }: Refused, path: string, property: string, value: unknown): Diagnostic {
  return errorAt(path, property, value, reason, remedy);
}
