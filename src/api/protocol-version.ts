import { boolean, text, textSet, ValueOf } from './codec';
import { demanding } from './feature';
import { filled, object } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/findings';
import { acceptedVersions } from '../model/protocol';
import { ProtocolVersions } from '../model/traffic-policy';

const PROTOCOL_VERSION_INVALID = errorKind('protocol-version-invalid', '{problem}', 'Write it as 2025-06-18');
const PROTOCOL_VERSION_NOT_ACCEPTED = errorKind(
  'protocol-version-not-accepted',
  '{problem}',
  'Give a version that is accepted',
);
const PROTOCOL_VERSION_ORDER = errorKind(
  'protocol-version-order',
  'is older than the oldest version accepted (minVersion {minimum})',
  'Give a newer one',
);
const PROTOCOL_VERSIONS_EMPTY = errorKind(
  'protocol-versions-empty',
  'is empty, so no client could connect',
  'Name versions, or leave it out',
);
const PROTOCOL_VERSION_OUTSIDE = errorKind(
  'protocol-version-outside',
  '{problem}',
  'Write a version such as 2025-06-18, and give minVersion and maxVersion that include it',
);
const PROTOCOL_VERSION_TWICE = errorKind('protocol-version-twice', 'is there twice', 'Keep one');

const DEFAULT_VERSION = '2025-06-18';

const versionProblem = (value: string) =>
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? undefined : 'is not a version of MCP';

const versions = object(
  'Versions of the Model Context Protocol.',
  {
    allowVersionNegotiation: boolean('Whether another supported version may be agreed on.', { default: true }),
    maxVersion: text('Newest version accepted.'),
    minVersion: text('Oldest version accepted.', { default: DEFAULT_VERSION }),
    preferredVersion: text('Version proposed first. The newest accepted by default.'),
    strictVersioning: boolean('Whether other versions are refused.', { default: false }),
    supported: textSet('Versions accepted.'),
  },
  {},
  (value, place) => checkVersions(value, place),
);

/** Versions of the Model Context Protocol, as a gateway asks for them. */
export type ProtocolVersionValue = ValueOf<typeof versions>;

/** `protocolVersion` of a gateway. */
export const protocolVersion = demanding(versions, {
  '': { fields: ['supported', 'minVersion', 'maxVersion', 'preferredVersion'], by: protocolVersionsModel },
  negotiation: {
    at: 'allowVersionNegotiation',
    by: value => (protocolVersionsModel(value).negotiable ? true : undefined),
  },
  strict: { at: 'strictVersioning', by: value => (protocolVersionsModel(value).strict ? true : undefined) },
});

function checkVersions(value: ProtocolVersionValue, place: Place): void {
  const { supported, minVersion, maxVersion, preferredVersion } = filled(versions, value);
  const outside = (version: string) =>
    version < minVersion
      ? `is older than the oldest version accepted (minVersion ${minVersion})`
      : maxVersion !== undefined && version > maxVersion
        ? `is newer than the newest version accepted (maxVersion ${maxVersion})`
        : undefined;
  place.at('minVersion').report(PROTOCOL_VERSION_INVALID, minVersion, because(versionProblem(minVersion)));
  place
    .at('maxVersion')
    .report(PROTOCOL_VERSION_INVALID, maxVersion, because(maxVersion && versionProblem(maxVersion)));
  place
    .at('maxVersion')
    .report(
      PROTOCOL_VERSION_ORDER,
      maxVersion,
      maxVersion !== undefined && maxVersion < minVersion ? { minimum: minVersion } : undefined,
    );
  place.at('supported').report(PROTOCOL_VERSIONS_EMPTY, supported, supported?.length === 0);
  supported?.forEach((version, i) => {
    const at = place.at('supported', i);
    at.report(PROTOCOL_VERSION_OUTSIDE, version, because(versionProblem(version) ?? outside(version)));
    at.report(PROTOCOL_VERSION_TWICE, version, supported.indexOf(version) < i);
  });
  place
    .at('preferredVersion')
    .report(
      PROTOCOL_VERSION_NOT_ACCEPTED,
      preferredVersion,
      because(
        preferredVersion === undefined
          ? undefined
          : (versionProblem(preferredVersion) ??
              outside(preferredVersion) ??
              (supported?.includes(preferredVersion) === false ? 'is not among the versions supported' : undefined)),
      ),
    );
}

/** What a data plane has to hold versions to. */
export function protocolVersionsModel(value: ProtocolVersionValue): ProtocolVersions {
  const said = filled(versions, value);
  const accepted = { supported: said.supported, minimum: said.minVersion, maximum: said.maxVersion };
  return {
    ...accepted,
    preferred: said.preferredVersion ?? acceptedVersions(accepted)[0] ?? said.minVersion,
    negotiable: said.allowVersionNegotiation,
    strict: said.strictVersioning,
  };
}
