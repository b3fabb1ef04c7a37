import { Demand } from './demand';
import { PolicyFeature } from './features';
import { Gateway } from '../../model/gateway';
import { BodyFilter, Filtering, HeaderFilter, TrafficPolicy } from '../../model/traffic-policy';
import { memberPath } from '../../values/json-path';

/** Everything that the traffic policy of a gateway asks for. */
export function trafficDemands({ traffic }: Gateway): Demand[] {
  return traffic === undefined ? [] : policyDemands(traffic);
}

function policyDemands(traffic: TrafficPolicy): Demand[] {
  const demands: Demand[] = [];
  const ask = (feature: PolicyFeature, property: string, value: unknown, asked = value !== undefined): void => {
    if (asked) {
      demands.push({ feature, path: traffic.path, property, value });
    }
  };
  const {
    audit,
    compliance,
    elicitation,
    protocolVersion,
    requestFiltering,
    responseFiltering,
    sampling,
    sessionIsolation,
  } = traffic;
  ask('policy.audit', 'audit', audit?.level);
  ask('policy.audit.answers', 'audit.level', audit?.level, audit !== undefined && audit.level !== 'Request');
  ask('policy.audit.format.other', 'audit.format', audit?.format, audit !== undefined && audit.format !== 'JSON');
  ask('policy.audit.destination', 'audit.destination', audit?.destination);
  ask(
    'policy.compliance.dataRetention.auditLogRetention',
    'compliance.dataRetention.auditLogRetention',
    compliance?.dataRetention?.auditLogs,
  );
  ask(
    'policy.compliance.dataRetention.contextRetention',
    'compliance.dataRetention.contextRetention',
    compliance?.dataRetention?.contexts,
  );
  ask(
    'policy.compliance.dataRetention.sessionRetention',
    'compliance.dataRetention.sessionRetention',
    compliance?.dataRetention?.sessions,
  );
  ask('policy.compliance.encryption', 'compliance.encryption', compliance?.encryption);
  ask(
    'policy.compliance.encryption.encryptionAtRest',
    'compliance.encryption.encryptionAtRest',
    true,
    compliance?.encryption?.atRest === true,
  );
  ask('policy.compliance.piiDetection.log', 'compliance.piiDetection', 'Log', compliance?.pii?.action === 'Log');
  ask('policy.compliance.piiDetection.block', 'compliance.piiDetection', 'Block', compliance?.pii?.action === 'Block');
  ask(
    'policy.compliance.piiDetection.redact',
    'compliance.piiDetection',
    'Redact',
    compliance?.pii?.action === 'Redact',
  );
  ask(
    elicitation?.enabled === true ? 'policy.elicitation.enabled' : 'policy.elicitation.disabled',
    'elicitation',
    elicitation,
  );
  ask(sampling?.enabled === true ? 'policy.sampling.enabled' : 'policy.sampling.disabled', 'sampling', sampling);
  ask(
    'policy.requestFiltering.contentTypeFilter',
    'requestFiltering.contentTypeFilter',
    requestFiltering?.contentTypes,
  );
  if (requestFiltering !== undefined) {
    demands.push(...filterDemands('requestFiltering', requestFiltering, traffic.path));
  }
  if (responseFiltering !== undefined) {
    demands.push(...filterDemands('responseFiltering', responseFiltering, traffic.path));
    ask(
      responseFiltering.removeInternalHeaders
        ? 'policy.responseFiltering.removeInternalHeaders'
        : 'policy.responseFiltering.removeInternalHeaders.off',
      'responseFiltering.removeInternalHeaders',
      responseFiltering.removeInternalHeaders,
    );
  }
  if (sessionIsolation !== undefined) {
    const { auditLevel, lifetime, mode, resourceBoundaries, sharedData, sharing } = sessionIsolation;
    ask(`policy.sessionIsolation.mode.${mode}`, 'sessionIsolation.mode', mode);
    ask('policy.sessionIsolation.contextRetention', 'sessionIsolation.contextRetention', lifetime);
    ask('policy.sessionIsolation.auditLevel', 'sessionIsolation.auditLevel', auditLevel, auditLevel !== 'None');
    ask('policy.sessionIsolation.crossSessionSharing', 'sessionIsolation.crossSessionSharing', true, sharing);
    ask(
      'policy.sessionIsolation.allowedCrossSessionData',
      'sessionIsolation.allowedCrossSessionData',
      sharedData,
      sharedData.length > 0,
    );
    ask(
      resourceBoundaries
        ? 'policy.sessionIsolation.enforceResourceBoundaries'
        : 'policy.sessionIsolation.enforceResourceBoundaries.off',
      'sessionIsolation.enforceResourceBoundaries',
      resourceBoundaries,
    );
  }
  if (protocolVersion !== undefined) {
    ask('protocolVersion', 'protocolVersion', protocolVersion);
    ask('protocolVersion.negotiation', 'protocolVersion.allowVersionNegotiation', true, protocolVersion.negotiable);
    ask('protocolVersion.strict', 'protocolVersion.strictVersioning', true, protocolVersion.strict);
  }
  return demands;
}

type FilteringField = 'requestFiltering' | 'responseFiltering';

function filterDemands(
  field: FilteringField,
  { bodyFilters, headerFilters, sizeLimit }: Filtering,
  path: string,
): Demand[] {
  return [
    ...(sizeLimit === undefined
      ? []
      : [{ feature: `policy.${field}.sizeLimit` as const, path, property: `${field}.sizeLimit`, value: sizeLimit }]),
    ...headerFilters.map((filter, i) => ({
      feature: headerFeature(field, filter),
      path,
      property: `${field}.headerFilters[${i}]`,
      value: filter,
    })),
    ...bodyFilters.map((filter, i) => ({
      feature: bodyFeature(field, filter),
      path,
      property: `${field}.bodyFilters[${i}]`,
      value: filter,
    })),
  ];
}

function headerFeature(field: FilteringField, { action }: HeaderFilter): PolicyFeature {
  return action === 'Allow' || action === 'Deny'
    ? `policy.${field}.headerFilters.refuse`
    : `policy.${field}.headerFilters.change`;
}

function bodyFeature(field: FilteringField, { type, action, pattern }: BodyFilter): PolicyFeature {
  if (action === 'Allow') {
    return `policy.${field}.bodyFilters.allow`;
  }
  switch (type) {
    case 'Regex':
      return `policy.${field}.bodyFilters.regex`;
    case 'Size':
      return action === 'Deny' ? `policy.${field}.bodyFilters.size` : `policy.${field}.bodyFilters.size.change`;
    case 'JSONPath':
      return memberPath(pattern) === undefined
        ? `policy.${field}.bodyFilters.path.selectors`
        : `policy.${field}.bodyFilters.path`;
  }
}
