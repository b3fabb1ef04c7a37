import { own, textSet } from './codec';
import { errorKind } from '../model/findings';

/*
 * Origins of web pages (RFC 6454): who a browser says that a request comes from.
 */

const ORIGIN = errorKind(
  'origin-invalid',
  'is no origin of web pages',
  'Write scheme, host and port as browsers send them, without a path: https://chat.example.com, http://localhost:6274; each by itself, * is none',
);
const ORIGIN_TWICE = errorKind('origin-twice', 'is there twice', 'Drop one');

/** Whether a text is an origin as browsers send it: lower case, without the port that goes without saying. */
function isOrigin(text: string): boolean {
  // Addresses of IPv6 are none for every data plane.
  return /^https?:\/\/[a-z0-9.-]+(?::[0-9]+)?$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const origins = textSet('Origins of web pages that may ask, such as https://chat.example.com. Default: none.');

const checked: typeof origins = {
  ...origins,
  check: (given, place) =>
    given.forEach((origin, i) => {
      place.at(i).report(ORIGIN, origin, !isOrigin(origin));
      place.at(i).report(ORIGIN_TWICE, origin, given.indexOf(origin) < i);
    }),
};

/** `allowedOrigins` of a gateway and of a route. */
export const allowedOrigins = own(checked);
