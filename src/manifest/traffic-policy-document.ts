import { Duration, Size } from 'cdk8s';
import { parseDuration, wholeDurationProblem } from './durations';
import { Fields } from './fields';
import { Path } from './property-path';
import { DocumentCheck } from './source-document';
import { AuditDestinationOptions, AuditOptions } from '../gateway/audit-options';
import { GatewayCircuitBreakerOptions } from '../gateway/circuit-breaker-options';
import { ComplianceOptions } from '../gateway/compliance-options';
import { RequestFilteringOptions, ResponseFilteringOptions } from '../gateway/filtering-options';
import { GatewayPolicyOptions } from '../gateway/gateway-policy-options';
import { sizeOf } from '../gateway/sizes';
import { Json } from '../values/json';
import { parseBytes } from '../values/quantity';

/** Where options of a gateway's policy were read from. */
export const TRAFFIC_TRANSLATIONS = {
  audit: 'spec.policy.audit',
  requestFiltering: 'spec.policy.requestFiltering',
  responseFiltering: 'spec.policy.responseFiltering',
  compliance: 'spec.policy.compliance',
  sampling: 'spec.policy.sampling',
  elicitation: 'spec.policy.elicitation',
  sessionIsolation: 'spec.policy.sessionIsolation',
  circuitBreaker: 'spec.policy.circuitBreaker',
  'circuitBreaker.consecutiveFailures': 'spec.policy.circuitBreaker.failureThreshold',
  'circuitBreaker.ejection': 'spec.policy.circuitBreaker.openStateTimeout',
};

/** Reads what a gateway asks of its traffic beyond who may call what and how often. */
export function readTrafficPolicy(fields: Fields, check: DocumentCheck): GatewayPolicyOptions {
  const reader = new TrafficPolicyReader(check);
  const policy = (name: string): Json | undefined => fields.read('policy', name);
  return {
    audit: reader.audit(policy('audit')),
    requestFiltering: reader.filtering(policy('requestFiltering'), ['spec', 'policy', 'requestFiltering']),
    responseFiltering: reader.filtering(policy('responseFiltering'), ['spec', 'policy', 'responseFiltering']),
    compliance: reader.compliance(policy('compliance')),
    sampling: reader.serverRequests(policy('sampling'), ['spec', 'policy', 'sampling']),
    elicitation: reader.serverRequests(policy('elicitation'), ['spec', 'policy', 'elicitation']),
    sessionIsolation: reader.withTimes(
      policy('sessionIsolation'),
      ['spec', 'policy', 'sessionIsolation'],
      'contextRetention',
    ),
    circuitBreaker: reader.circuitBreaker(policy('circuitBreaker')),
    protocolVersion: fields.read('protocolVersion'),
  };
}

class TrafficPolicyReader {
  constructor(private readonly check: DocumentCheck) {}

  audit(audit: Json | undefined): AuditOptions | undefined {
    const path = ['spec', 'policy', 'audit'];
    if (!this.isOn(audit, path)) {
      return undefined;
    }
    const { level, format, includeMetadata, destination } = audit!;
    return {
      level,
      format,
      includeMetadata,
      destination: destination && this.destination(destination, [...path, 'destination']),
    };
  }

  filtering(filtering: Json | undefined, path: Path): (RequestFilteringOptions & ResponseFilteringOptions) | undefined {
    if (filtering === undefined) {
      return undefined;
    }
    filtering.bodyFilters?.forEach(({ pattern }: Json, i: number) =>
      this.check.check(
        [...path, 'bodyFilters', i, 'pattern'],
        pattern,
        pattern === undefined ? 'is missing' : undefined,
        'Say what is looked for',
      ),
    );
    return {
      ...filtering,
      sizeLimit: this.size(filtering.sizeLimit, [...path, 'sizeLimit']),
      // What is missing is reported above.
      bodyFilters: filtering.bodyFilters?.map((filter: Json) => ({ pattern: '', ...filter })),
    };
  }

  compliance(compliance: Json | undefined): ComplianceOptions | undefined {
    if (compliance === undefined) {
      return undefined;
    }
    const path = ['spec', 'policy', 'compliance'];
    const { dataRetention, encryption, piiDetection } = compliance;
    const { action, patterns } = piiDetection ?? {};
    return {
      dataRetention: this.retention(dataRetention, [...path, 'dataRetention']),
      encryption,
      piiDetection: this.isOn(piiDetection, [...path, 'piiDetection']) ? { action, patterns } : undefined,
    };
  }

  /** Sampling and elicitation: that they are off is something to see to. */
  serverRequests(requests: Json | undefined, path: Path): Json | undefined {
    if (requests === undefined || !this.saysWhetherOn(requests, path)) {
      return undefined;
    }
    const { temperature, ...rest } = requests;
    return requests.enabled !== true
      ? { enabled: false }
      : {
          ...this.withTimes(rest, path, 'timeout'),
          temperature: temperature === undefined ? undefined : Number(temperature),
        };
  }

  circuitBreaker(breaker: Json | undefined): GatewayCircuitBreakerOptions | undefined {
    if (breaker === undefined) {
      return undefined;
    }
    const { failureThreshold, openStateTimeout, errorRateThreshold, ...rest } = this.withTimes(
      breaker,
      ['spec', 'policy', 'circuitBreaker'],
      'openStateTimeout',
      'requestTimeout',
    )!;
    return {
      ...rest,
      consecutiveFailures: failureThreshold,
      ejection: openStateTimeout,
      errorRateThreshold: errorRateThreshold === undefined ? undefined : Number(errorRateThreshold),
    };
  }

  /** Times may be in days, which are no unit of Go's durations: the API's own defaults have them. */
  private retention(retention: Json | undefined, path: Path): Json | undefined {
    return (
      retention &&
      Object.fromEntries(
        Object.entries(retention as Record<string, string>).map(([name, text]) => {
          const [, days] = /^([0-9]+)d$/.exec(text) ?? [];
          return [name, days === undefined ? this.time(text, [...path, name]) : Duration.days(Number(days))];
        }),
      )
    );
  }

  /** An object whose times are read as such. */
  withTimes(object: Json | undefined, path: Path, ...names: readonly string[]): Json | undefined {
    return (
      object && {
        ...object,
        ...Object.fromEntries(names.map(name => [name, this.time(object[name], [...path, name])])),
      }
    );
  }

  private destination({ type, file, syslog, http }: Json, path: Path): AuditDestinationOptions {
    return {
      type,
      file: file && { ...file, maxSize: this.size(file.maxSize, [...path, 'file', 'maxSize']) },
      syslog,
      http: this.withTimes(http, [...path, 'http'], 'timeout') as AuditDestinationOptions['http'],
    };
  }

  private isOn(feature: Json | undefined, path: Path): boolean {
    return feature !== undefined && this.saysWhetherOn(feature, path) && feature.enabled === true;
  }

  /** The API's default is off: a feature that is described and not switched on is hardly meant so. */
  private saysWhetherOn(feature: Json, path: Path): boolean {
    const silent = feature.enabled === undefined && Object.keys(feature).length > 0;
    this.check.check(
      [...path, 'enabled'],
      feature.enabled,
      silent ? `is missing, and ${String(path.at(-1))} is off by default` : undefined,
      `Write enabled: true, or remove ${String(path.at(-1))}`,
    );
    return !silent;
  }

  private time(text: string | undefined, path: Path): Duration | undefined {
    const problem = text === undefined ? undefined : wholeDurationProblem(text);
    this.check.check(path, text, problem, 'Write it as 30s or 1m30s');
    return text === undefined || problem !== undefined ? undefined : parseDuration(text);
  }

  private size(quantity: string | number | undefined, path: Path): Size | undefined {
    const bytes = quantity === undefined ? undefined : parseBytes(String(quantity));
    this.check.check(
      path,
      quantity,
      quantity !== undefined && bytes === undefined ? 'is not a size of whole bytes' : undefined,
      'Write it as 64Ki',
    );
    return bytes === undefined ? undefined : sizeOf(bytes);
  }
}
