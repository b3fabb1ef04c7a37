/*
 * Cedar's literals of time. The syntax is checked by Cedar; here they are only read.
 */

const DATETIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{3})?)(Z|[+-]\d{4}))?$/;
const DURATION = /^(-)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `2024-10-15T11:35:00+0100` as an RFC 3339 timestamp in UTC; undefined outside the years that timestamps have. */
export function timestampOf(datetime: string): string | undefined {
  const [, date, time = '00:00:00', offset = 'Z'] = DATETIME.exec(datetime) ?? [];
  const instant = new Date(`${date}T${time}${offset.replace(/(\d{2})(\d{2})$/, '$1:$2')}`);
  const year = Number.isNaN(instant.getTime()) ? 0 : instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? instant.toISOString() : undefined;
}

/** `1d2h3m4s5ms` in milliseconds. */
export function millisecondsOf(duration: string): number | undefined {
  const match = DURATION.exec(duration);
  if (match === null) {
    return undefined;
  }
  const [days, hours, minutes, seconds, milliseconds] = match.slice(2).map(part => Number(part ?? 0));
  const total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  return Number.isSafeInteger(total) ? (match[1] === '-' && total !== 0 ? -total : total) : undefined;
}
