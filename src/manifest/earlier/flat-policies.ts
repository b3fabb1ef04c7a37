import { listAt, objectAt, Rewriting } from './rewriting';
import { unknownField, wrongType } from '../../api/schema-findings';
import { errorKind } from '../../model/findings';
import { emptyList, isPort, LIST_EMPTY } from '../../model/validation';
import { isObject, Json } from '../../values/json';
import { Path } from '../../values/paths';
import type { ConfigMapDocument } from '../authz-document';
import type { DocumentCheck } from '../source-document';

/*
 * What a server of OEP-0005 as of August 2025 may do and lets in. There, `type` said which of several fields counts, profiles were
 * lists of hosts and ports, and fields came from ToolHive, whose proxy ran beside the server.
 */

const OTHER_FORM = errorKind('flat-other-form', 'is set, and type says {type}', 'Keep one of the two');
const FORM_UNKNOWN = errorKind('flat-form-unknown', 'is not a form that it has', 'Write {forms}');
const FORM_MISSING = errorKind('flat-form-missing', 'is missing, and type says that it is there', 'Add it');
const PROFILE_UNKNOWN = errorKind('flat-profile-unknown', 'is not a builtin profile', 'Write none or network');
const OUTBOUND_ALL_AND_SOME = errorKind(
  'flat-outbound-all-and-some',
  'allows every connection, beside lists of what is allowed',
  'Remove it, or the lists',
);
const OUTBOUND_UNKNOWN = errorKind(
  'flat-profile-field-unknown',
  'is not a field of a profile',
  'Remove it; the fields are read, write and network.outbound with allowHost, allowPort and insecureAllowAll',
);
const OUTBOUND_PORT_INVALID = errorKind('flat-outbound-port-invalid', 'is not a port', 'Write numbers from 1 to 65535');
const NOT_ENFORCED = errorKind('flat-field-not-enforced', '{problem}', '{remedy}');

/** Fields of `oidcConfig` that have no counterpart: why, and what to do instead. */
const OIDC_REFUSED: Readonly<Record<string, { readonly problem: string; readonly remedy: string }>> = {
  introspectionURL: {
    problem: 'asks the issuer about each token, and what protects the server verifies tokens by their signature',
    remedy: 'Have the issuer sign tokens (JWT), and give the URL of its keys in jwksURL',
  },
  clientID: {
    problem: 'is who asks the issuer about tokens, and tokens are verified by their signature',
    remedy: 'Remove it',
  },
  clientSecret: {
    problem: 'is the password of who asks the issuer about tokens, and tokens are verified by their signature',
    remedy: 'Remove it, and withdraw the secret if it was written here',
  },
  thvCABundlePath: {
    problem: 'is a file of a proxy that is not there: the certificate of the issuer has to be of a public authority',
    remedy: "Give the keys themselves in oidcConfig.inline.jwks of today's form (ome.io/v1alpha1)",
  },
  jwksAuthTokenPath: {
    problem: 'is a file of a proxy that is not there: keys are fetched without a token',
    remedy: "Give the keys themselves in oidcConfig.inline.jwks of today's form (ome.io/v1alpha1)",
  },
  serviceAccount: {
    problem:
      'names one service account whose tokens pass, and oidcConfig lets in every token of its issuer and audience',
    remedy: 'Say who may call in authzConfig of the server, or in authorization of its routes',
  },
  resourceURL: {
    problem: 'is where the server says what it is protected by, which gateways do for their routes',
    remedy:
      'Remove it, and expose the gateway (network.ingress or network.httpRoutes): its routes with OpenID Connect name that URL',
  },
};

/** Fields that say nothing where they are false. */
const OIDC_SWITCHES: Readonly<Record<string, { readonly problem: string; readonly remedy: string }>> = {
  useClusterAuth: {
    problem: 'fetches keys from the API server with the token of the pod, which what protects the server has not',
    remedy:
      "Write false, and give the public URL of the keys in jwksURL or the keys in jwks of today's form (ome.io/v1alpha1)",
  },
  jwksAllowPrivateIP: {
    problem: 'lifts a check that is not there: keys are fetched from any address that network policies let through',
    remedy: 'Remove it',
  },
};

/** Which of the forms counts, without the field that says so. */
function formOf(
  value: Json,
  forms: readonly string[],
  fallback: string,
  check: DocumentCheck,
  path: Path,
): { readonly form: string; readonly rest: Json } {
  const { type: form = fallback, ...rest } = value;
  check.report(FORM_UNKNOWN, [...path, 'type'], form, forms.includes(form) ? undefined : { forms: forms.join(', ') });
  // The others have names, or defaults for all that they say.
  const missing = ['configMap', 'inline'].includes(form) && rest[form] === undefined;
  check.report(FORM_MISSING, [...path, form], undefined, missing);
  if (forms.includes(form)) {
    forms
      .filter(other => other !== form && rest[other] !== undefined)
      .forEach(other => check.report(OTHER_FORM, [...path, other], '(given)', { type: form }));
  }
  return { form, rest };
}

/** Rewrites `authzConfig`: its `type` says no more than its fields. */
export function rewriteAuthzConfig(rewriting: Rewriting, check: DocumentCheck): void {
  const path: Path = ['spec', 'authzConfig'];
  const value: unknown = rewriting.object.spec.authzConfig;
  if (isObject(value)) {
    const { form, rest } = formOf(value, ['configMap', 'inline'], 'configMap', check, path);
    const { configMap } = rest;
    rewriting.put(
      path,
      form === 'configMap' && isObject(configMap) ? { ...rest, configMap: { key: 'authz.json', ...configMap } } : rest,
      path,
    );
  }
}

/** Rewrites `oidcConfig` of a server whose pods are in a namespace. */
export function rewriteOidcConfig(rewriting: Rewriting, namespace: string | undefined, check: DocumentCheck): void {
  const path: Path = ['spec', 'oidcConfig'];
  const value: unknown = rewriting.object.spec.oidcConfig;
  if (!isObject(value)) {
    return;
  }
  const { form, rest } = formOf(value, ['kubernetes', 'configMap', 'inline'], 'kubernetes', check, path);
  const kept = withoutRefused(rest, path, check);
  if (form === 'kubernetes') {
    const settings = objectAt(kept.kubernetes, [...path, form], check);
    const { namespace: ofAccount, ...others } = withoutRefused(settings, [...path, form], check);
    check.report(
      NOT_ENFORCED,
      [...path, form, 'namespace'],
      ofAccount,
      ofAccount === undefined || ofAccount === namespace
        ? undefined
        : {
            problem: 'is the namespace of callers, of which oidcConfig lets in all',
            remedy: OIDC_REFUSED.serviceAccount.remedy,
          },
    );
    // Defaults of the schema of then.
    rewriting.put(path, { ...kept, kubernetes: { audience: 'toolhive', ...others } }, path);
  } else {
    rewriting.put(
      path,
      isObject(kept[form]) ? { ...kept, [form]: withoutRefused(kept[form], [...path, form], check) } : kept,
      path,
    );
  }
}

function withoutRefused(value: Json, path: Path, check: DocumentCheck): Json {
  const entries = Object.entries(value).filter(([field, given]) => {
    const refused = Object.hasOwn(OIDC_REFUSED, field) ? OIDC_REFUSED[field] : undefined;
    const switched = Object.hasOwn(OIDC_SWITCHES, field) ? OIDC_SWITCHES[field] : undefined;
    const shown = field === 'clientSecret' ? '(not shown)' : given;
    check.report(NOT_ENFORCED, [...path, field], shown, refused ?? (given === false ? undefined : switched));
    return refused === undefined && switched === undefined;
  });
  return Object.fromEntries(entries);
}

/** Rewrites `permissionProfile` of a server whose pods are in a namespace. */
export function rewriteProfile(
  rewriting: Rewriting,
  namespace: string | undefined,
  configMaps: readonly ConfigMapDocument[],
  check: DocumentCheck,
): void {
  const path: Path = ['spec', 'permissionProfile'];
  const value: unknown = rewriting.object.spec.permissionProfile;
  if (!isObject(value)) {
    return;
  }
  const { form, rest } = formOf(value, ['builtin', 'configMap', 'inline'], 'builtin', check, path);
  const { name, ...others } = rest;
  if (form === 'builtin') {
    check.report(PROFILE_UNKNOWN, [...path, 'name'], name, name !== 'none' && name !== 'network');
    const builtin = name === 'network' ? 'network-only' : 'none';
    rewriting.make(path, { ...others }, path);
    rewriting.make([...path, 'builtin'], builtin, [...path, 'name']);
    return;
  }
  check.report(OTHER_FORM, [...path, 'name'], name, name === undefined ? undefined : { type: form });
  const { configMap, inline, ...unknown } = others;
  if (form === 'inline' && isOutbound(inline)) {
    rewriting.put(path, unknown, path);
    rewriteOutbound(rewriting, inline, [...path, 'inline'], false, check);
    return;
  }
  if (form !== 'configMap' || !isObject(configMap)) {
    rewriting.put(path, others, path);
    return;
  }
  const { key = 'permissions.json' } = configMap;
  const document = outboundIn(
    configMaps.find(candidate => candidate.name === configMap.name && candidate.namespace === namespace)?.data[key],
  );
  if (document === undefined) {
    rewriting.put(path, { ...others, configMap: { key, ...configMap } }, path);
  } else {
    Object.keys(configMap)
      .filter(field => !['key', 'name'].includes(field))
      .forEach(field => unknownField(check, [...path, 'configMap', field], configMap[field], ['key', 'name']));
    rewriting.put(path, unknown, path);
    rewriteOutbound(rewriting, document, [...path, 'configMap'], true, check);
  }
}

/** Whether a profile is one of hosts and ports; one of today lists what is allowed. */
function isOutbound(value: unknown): value is Json {
  return isObject(value) && value.allow === undefined;
}

/** The profile in the data of a ConfigMap, if it is one of hosts and ports: any other is read as today's are. */
function outboundIn(text: string | undefined): Json | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isOutbound(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Rewrites a profile of hosts and ports. Folders that may be read are those of the image, which every program reads, or of volumes.
 *
 * @param elsewhere whether the profile is in a ConfigMap: then its parts have no places of their own
 */
function rewriteOutbound(
  rewriting: Rewriting,
  { read, write, network, ...unknown }: Json,
  from: Path,
  elsewhere: boolean,
  check: DocumentCheck,
): void {
  const at = (...path: Path): Path => (elsewhere ? from : [...from, ...path]);
  const refuse = (fields: Json, ...path: Path): void =>
    Object.entries(fields).forEach(([field, given]) =>
      check.report(OUTBOUND_UNKNOWN, at(...path, field), elsewhere ? field : given, true),
    );
  const { outbound, ...others } = objectAt(network, at('network'), check);
  const { allowHost, allowPort, insecureAllowAll, ...further } = objectAt(outbound, at('network', 'outbound'), check);
  refuse(unknown);
  refuse(others, 'network');
  refuse(further, 'network', 'outbound');
  const profile: Path = ['spec', 'permissionProfile'];
  const readable = listAt(read, at('read'), check);
  const mounted = mountPaths(rewriting.object).filter(path => readable.includes(path));
  const written = Array.isArray(write) ? write : [];
  rewriting.make(['spec', 'fileSystem'], read === undefined && write === undefined ? undefined : {}, at());
  const folders = mounted.filter(path => !written.includes(path));
  rewriting.make(['spec', 'fileSystem', 'read'], folders.length === 0 ? undefined : folders, at('read'));
  rewriting.put(['spec', 'fileSystem', 'write'], write, at('write'));
  const some = allowHost !== undefined || allowPort !== undefined;
  if (insecureAllowAll !== undefined && typeof insecureAllowAll !== 'boolean') {
    wrongType(check, at('network', 'outbound', 'insecureAllowAll'), insecureAllowAll, 'true or false');
  }
  if (insecureAllowAll === true) {
    check.report(OUTBOUND_ALL_AND_SOME, at('network', 'outbound', 'insecureAllowAll'), true, some);
    rewriting.make([...profile, 'builtin'], 'network-only', at('network', 'outbound', 'insecureAllowAll'));
    return;
  }
  rewriting.make([...profile, 'inline'], { allow: some ? [{ network: {} }] : [] }, at());
  const allowed: Path = [...profile, 'inline', 'allow', 0, 'network'];
  const given = listAt(allowPort, at('network', 'outbound', 'allowPort'), check);
  check.report(
    LIST_EMPTY,
    at('network', 'outbound', 'allowPort'),
    allowPort,
    Array.isArray(allowPort) ? emptyList(allowPort, 'port', 'for all') : undefined,
  );
  const ports = given.filter(port => isPort(Number(port)));
  given.forEach((port, i) =>
    check.report(OUTBOUND_PORT_INVALID, at('network', 'outbound', 'allowPort', i), port, !isPort(Number(port))),
  );
  if (Array.isArray(allowHost)) {
    // Hosts alone allow every port, ports alone every host, and both together what both allow.
    const pairs = allowHost.flatMap((host, i) =>
      ports.length === 0 ? [{ host, i }] : ports.map(port => ({ host: `${host}:${port}`, i })),
    );
    pairs.forEach(({ host, i }, position) =>
      rewriting.make([...allowed, 'allowHost', position], host, at('network', 'outbound', 'allowHost', i)),
    );
  } else {
    rewriting.put([...allowed, 'allowHost'], allowHost, at('network', 'outbound', 'allowHost'));
    rewriting.make(
      [...allowed, 'egress'],
      some ? [{ anywhere: true, ports: ports.map(port => ({ port })) }] : undefined,
      at('network', 'outbound', 'allowPort'),
    );
  }
}

/** Folders of volumes in the container of the server. */
function mountPaths({ spec }: Json): unknown[] {
  const mounts: unknown = spec.hosted?.podSpec?.spec?.containers?.[0]?.volumeMounts;
  return Array.isArray(mounts) ? mounts.flatMap(mount => (isObject(mount) ? [mount.mountPath] : [])) : [];
}
