/*
 * What texts look like that are credentials. Guesses by name and form, for warnings: nothing is let through by them.
 */

/** Headers that carry nothing but credentials. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key']);

/** Whether a header is one for credentials. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name.toLowerCase());
}

/** Words that a name of a secret ends with, in any spelling: `DB_PASSWORD`, `apiKey`, `--access-token`. */
const SECRET_NAME =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)|secret|token|credentials?|(?:api|access|private|secret|auth)[-_]?key)$/;

/** Whether something is named like a secret. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return SECRET_NAME.test(words);
}

/** Forms that tokens have which are issued to people and programs, and a URL with a password. */
const SECRET_TEXT =
  /^(?:bearer |basic )?(?:gh[pousr]_\w|github_pat_|glpat-|sk-\w|xox[abeprs]-|AKIA[0-9A-Z]{12}|eyJ[\w-]+\.eyJ)|^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/i;

/** Whether a text is a credential by its form. Variables in it are none: `postgres://app:$(PASSWORD)@db`. */
export function isSecretText(text: string): boolean {
  return SECRET_TEXT.test(text.replace(/\$\([^)]*\)/g, ''));
}

/** Text that stands for something else: a variable, a file, a switch. */
const REFERENCE = /^(?:\$[({].*[)}]|\/.*|true|false|)$/i;

/** Whether a named text is probably a secret: by its form, or by its name if it is more than a reference to one. */
export function isProbablySecret(name: string, text: string): boolean {
  return isSecretText(text) || (isSecretName(name) && !REFERENCE.test(text));
}
