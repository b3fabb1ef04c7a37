import { Diagnostic, errorAt } from '../../model/diagnostic';
import { PlaneFeature } from '../../passes/demands';

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
