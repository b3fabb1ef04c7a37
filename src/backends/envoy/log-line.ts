import { AccessLog } from './api';
import { extension } from './config';
import { literal } from './formats';
import { mergedParts } from './parts';
import { EnvoyPlan } from './plan';

/** The log of requests, on the standard output of the pod: a line for each, refused ones included, with the fields of all parts. */
export function accessLog(plan: EnvoyPlan): AccessLog {
  const fields = mergedParts(part => part.logFields?.(plan));
  return extension('envoy.access_loggers.stdout', 'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
    log_format:
      plan.gateway.logFormat === 'json'
        ? { json_format: fields }
        : { text_format_source: { inline_string: textLine(fields) } },
  });
}

function textLine(fields: Readonly<Record<string, string>>): string {
  return `${Object.entries(fields)
    .map(([name, format]) => `${literal(name)}=${format}`)
    .join(' ')}\n`;
}
