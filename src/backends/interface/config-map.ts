/*
 * What holds the configuration of a gateway, and how much.
 */

/** What a ConfigMap may hold, in bytes (Kubernetes, MaxSecretSize). */
export const MAX_CONFIG_MAP = 1024 * 1024;

/** What `kubectl apply` may note of an object, in bytes, unless the server does (Kubernetes, TotalAnnotationSizeLimitB). */
const MAX_NOTED = 256 * 1024;
/** The object around the files, as it is noted. */
const REST = 4096;

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** What files take in a ConfigMap, in bytes. */
export function bytesOf(files: Files): number {
  return Object.entries(files).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text),
    0,
  );
}

/** Whether `kubectl apply` can note a ConfigMap with files in an annotation. */
export function canBeNoted(files: Files): boolean {
  return Buffer.byteLength(JSON.stringify(files)) + REST <= MAX_NOTED;
}
