/*
 * Loopback addresses: each pod of a test has one of its own, so that it listens on its real ports. Linux answers all of
 * 127.0.0.0/8.
 */

/** Tests that run at the same time are unlikely to draw the same block, and each draws again when it does. */
const block = 16 + Math.floor(Math.random() * 200);
let used = Math.floor(Math.random() * 2 ** 15);

/** An address that no other pod of this process has. */
export function nextAddress(): string {
  used = (used + 1) % 2 ** 16;
  // Without the addresses that look like those of networks.
  return [0, 255].includes(used % 256) ? nextAddress() : `127.${block}.${Math.floor(used / 256)}.${used % 256}`;
}
