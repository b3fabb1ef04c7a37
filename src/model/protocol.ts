/*
 * Words of the Model Context Protocol that more than one room speaks.
 */

/** The request whose answer is a stream of events that never ends, since revision 2026-07-28; before, it was a GET. */
export const LISTEN = 'subscriptions/listen';

/** The first revision without sessions: no `initialize`, and questions of servers are answers. */
export const FIRST_STATELESS = '2026-07-28';

/** All revisions, the newest first. They sort as text. */
const REVISIONS = [FIRST_STATELESS, '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

/** Revisions of which some are accepted. */
export interface AcceptedVersions {
  /** These alone; undefined means all between `minimum` and `maximum`. */
  readonly supported?: readonly string[];
  readonly minimum: string;
  readonly maximum?: string;
}

/** The revisions that are accepted, the newest first; of a range, those that there are. */
export function acceptedVersions({ supported, minimum, maximum }: AcceptedVersions): string[] {
  return supported !== undefined
    ? [...supported].sort().reverse()
    : REVISIONS.filter(version => version >= minimum && (maximum === undefined || version <= maximum));
}

/** All revisions, for who says nothing of them. */
export const ANY_VERSION: AcceptedVersions = { minimum: REVISIONS[REVISIONS.length - 1] };
