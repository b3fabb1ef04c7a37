import { RenderedTemplate } from './rendered-template';
import { ClusterProfile, ISTIO_AMBIENT, LINKERD } from '../model/cluster';
import { Diagnostic, findingIf, findingOf, warningKind } from '../model/findings';
import { isProbablySecret, isSecretText } from '../values/credentials';
import { Json } from '../values/json';

/*
 * What is suspicious in pods, whoever said it: options, a template of the user's own, or code that changed the workload.
 */

const IMAGE_FLOATING = warningKind(
  'image-floating',
  '{what}, so that pods of one rollout may run different programs, and nobody can tell which',
  'Name the tag of one version, or a digest',
);
const SECRET_IN_ENV = warningKind(
  'secret-in-env',
  'is named like a secret, or looks like one, and has a plain value, which everyone can read who sees the pods',
  'Take it from a Secret: kplus.EnvValue.fromSecretValue',
);
const SECRET_IN_ARGUMENT = warningKind(
  'secret-in-argument',
  'looks like a secret, and everyone can read it who sees the pods',
  'Take a variable from a Secret, and write $(VARIABLE) in its place',
);

const SECRET_IN_PROGRAM_ARGUMENT = warningKind(
  'secret-in-program-argument',
  'has an argument that looks like a secret, and arguments of a stdio server stand in a ConfigMap',
  'Take a variable from a Secret (env), and write $(VARIABLE) in its place',
);

const IMAGE_OF_ROOT = warningKind(
  'image-of-root',
  'runs as root unless a user is named, and the pods run nothing as root: Kubernetes would not start the container',
  'Name the number of a user (user: 1000, whom images of Node.js call node), or an image whose USER is a number other than 0',
);
const IMAGE_WITHOUT_GLIBC = warningKind(
  'image-without-glibc',
  'is built on musl by its name, and the adapter that starts stdio programs needs glibc: the pods would not start',
  'Name an image on Debian trixie or newer, such as node:22.23.1-trixie-slim',
);

/** Images of Docker Hub that programs are built on or started in, and which have no user of their own. */
const ROOT_IMAGE =
  /^(?:docker\.io\/)?(?:library\/)?(?:alpine|amazoncorretto|bash|busybox|debian|eclipse-temurin|golang|node|openjdk|perl|php|python|ruby|rust|ubuntu)(?:[:@]|$)/;
/** Names and tags of images on musl. */
const MUSL_IMAGE = /(?:^|\/)alpine(?:[:@]|$)|:[^/@]*(?:alpine|musl)/;

/** Not shown: messages stand in the logs of builds. */
const HIDDEN = '(not shown)';

/** What is worth a look in the pods of a construct. */
export function podAdvice(path: string, template: RenderedTemplate): Diagnostic[] {
  const { initContainers = [], containers = [], securityContext = {} }: Json = template.read().spec;
  return [...initContainers, ...containers].flatMap((container: Json) => [
    ...findingIf(IMAGE_FLOATING, path, `pods.${container.name}.image`, container.image, floating(container.image)),
    ...findingIf(
      IMAGE_OF_ROOT,
      path,
      `pods.${container.name}.image`,
      container.image,
      needsUser(container, securityContext),
    ),
    ...(container.env ?? [])
      .filter(({ name, value }: Json) => typeof value === 'string' && isProbablySecret(name, value))
      .map(({ name }: Json) => findingOf(SECRET_IN_ENV, path, `pods.${container.name}.env.${name}`, HIDDEN)),
    ...secretArguments([...(container.command ?? []), ...(container.args ?? [])]).map(position =>
      findingOf(SECRET_IN_ARGUMENT, path, `pods.${container.name}.args[${position}]`, HIDDEN),
    ),
  ]);
}

/** What is worth a look in a program that an adapter starts. Its command is in the adapter's configuration, and not in the pod. */
export function programAdvice(path: string, image: string, command: readonly string[]): Diagnostic[] {
  return [
    ...findingIf(SECRET_IN_PROGRAM_ARGUMENT, path, 'source', HIDDEN, secretArguments(command).length > 0),
    ...findingIf(IMAGE_WITHOUT_GLIBC, path, 'source', image, MUSL_IMAGE.test(image)),
  ];
}

/** Whether Kubernetes would refuse a container for the user of its image. */
function needsUser({ image, securityContext = {} }: Json, pod: Json): boolean {
  const { runAsNonRoot, runAsUser }: Json = { ...pod, ...securityContext };
  return runAsNonRoot === true && runAsUser === undefined && ROOT_IMAGE.test(String(image));
}

/** Why an image may be another tomorrow; undefined for one of which a tag or digest says what it is. */
function floating(image: unknown): { readonly what: string } | undefined {
  if (typeof image !== 'string' || image.includes('@')) {
    return undefined;
  }
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined
    ? { what: 'has no tag, which means latest' }
    : tag === 'latest'
      ? { what: 'is whatever was published last' }
      : undefined;
}

/** Positions of arguments that are secrets: `--token=abc`, `abc` after `--token`, or what looks like one anywhere. */
function secretArguments(args: readonly string[]): number[] {
  return args.flatMap((argument, i) => {
    const [, name, value] = /^--?([\w-]+)=(.*)$/s.exec(argument) ?? [];
    const option = /^--?([\w-]+)$/.exec(args[i - 1] ?? '')?.[1];
    const secret =
      name === undefined
        ? isSecretText(argument) ||
          (option !== undefined && !argument.startsWith('-') && isProbablySecret(option, argument))
        : isProbablySecret(name, value);
    return secret ? [i] : [];
  });
}

const MESH_PORTS = warningKind(
  'mesh-ports-closed',
  'asks for a mesh that carries connections on a port of its own ({port}), which the network policy of the pods admits nobody to',
  'Say it: new ClusterProfile({ mesh: ServiceMesh.{factory}() }), or keep the pods out of the mesh',
);

/** What pods say of meshes that tunnel connections: labels and annotations, with the port of the tunnel. */
const TUNNELS = [
  { list: 'labels', key: 'istio.io/dataplane-mode', value: 'ambient', mesh: ISTIO_AMBIENT, factory: 'istioAmbient' },
  { list: 'annotations', key: 'linkerd.io/inject', value: 'enabled', mesh: LINKERD, factory: 'linkerd' },
] as const;

/** What pods should know that ask for a mesh. Where a namespace asks for all of its pods, nothing here tells. */
export function meshAdvice(path: string, template: RenderedTemplate, { network, mesh }: ClusterProfile): Diagnostic[] {
  const metadata: Json = template.read().metadata ?? {};
  return network === 'none'
    ? []
    : TUNNELS.filter(
        ({ list, key, value, mesh: asked }) => metadata[list]?.[key] === value && mesh?.name !== asked.name,
      ).map(({ key, value, mesh: asked, factory }) =>
        findingOf(MESH_PORTS, path, `pods.${key}`, value, { port: asked.tunnelPort!, factory }),
      );
}
