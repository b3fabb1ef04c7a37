/** Milliseconds in the form data planes and CRDs read: `90s`, `1500ms`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
