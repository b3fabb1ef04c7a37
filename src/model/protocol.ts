/*
 * Words of the Model Context Protocol that more than one room speaks.
 */

/** The request whose answer is a stream of events that never ends, since revision 2026-07-28; before, it was a GET. */
export const LISTEN = 'subscriptions/listen';
