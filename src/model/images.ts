import { errorKind } from './findings';

/** An image that nobody can run. */
export const IMAGE_INVALID = errorKind(
  'image-invalid',
  'is not an image reference',
  'Name an image with its tag, such as ghcr.io/acme/ledger-mcp:1.4.0',
);

/** Whether a text may name an image. */
export const isImage = (value: unknown): boolean => typeof value === 'string' && /^\S+$/.test(value);

/**
 * Images of what the library runs without being told which: exact versions, since a tag that moves would be another program
 * after each restart.
 */
export const DEFAULT_IMAGES = {
  /** Gateways, and what stands in front of a server in the server's own pod. Linked to glibc: it runs in no musl image. */
  agentgateway: 'cr.agentgateway.dev/agentgateway:v1.4.1',
  /** The one with a shell, by which it drains before it ends. */
  envoy: 'docker.io/envoyproxy/envoy:v1.40.0',
  /** Envoy's rate-limit service: its only releases are named by commit. This is v1.4.1-0.20260122083618-3fb702589d36. */
  rateLimitService: 'docker.io/envoyproxy/ratelimit:3fb70258',
  /** A store that speaks the Redis protocol. The one with a shell, by which pods wait for it. */
  rateLimitStore: 'docker.io/valkey/valkey:8.1.9-alpine',
  /** What runs npm packages. On Debian trixie, as agentgateway's binary is, which stands in front of them. */
  npx: 'node:22.23.1-trixie-slim',
  /** What runs Python packages; on Debian trixie, too. */
  uvx: 'ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie-slim',
} as const;

/** What an image is for. */
export type ImageRole = keyof typeof DEFAULT_IMAGES;

/** The image of each. */
export type Images = Readonly<Record<ImageRole, string>>;

/** A registry of one's own, which has the images of others. */
export interface ImageRegistry {
  /** Host, with the port and folder where it has them: `registry.acme.dev/mirror`. */
  readonly name: string;
  /** Registries whose images are pulled from them all the same, by host. */
  readonly direct: readonly string[];
  /** Images that were named for the cluster, each as it is pulled. */
  readonly named: readonly string[];
}

/** Registry and namespace of images that name none. */
const DOCKER_HUB = 'docker.io';
const OFFICIAL = 'library';

/** The host of an image's registry, and its path with tag and digest there: `node:22` is `library/node:22` at `docker.io`. */
function partsOf(image: string): { readonly host: string; readonly path: string } {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  // As container runtimes tell hosts from folders.
  const named = /[.:]/.test(first) || first === 'localhost';
  const host = named ? first : DOCKER_HUB;
  const path = named ? image.slice(slash + 1) : image;
  return { host, path: host === DOCKER_HUB && !path.includes('/') ? `${OFFICIAL}/${path}` : path };
}

/** Where an image is pulled from: the registry of the cluster has each under its path in its own registry. */
export function pulledFrom(image: string, registry: ImageRegistry | undefined): string {
  if (registry === undefined || image.startsWith(`${registry.name}/`) || registry.named.includes(image)) {
    return image;
  }
  const { host, path } = partsOf(image);
  return registry.direct.includes(host) ? image : `${registry.name}/${path}`;
}
