import { Part, unsupported } from './part';

/** What is said of data at rest and in transit: by others, or by a synthesis that fails. */
export const compliance = {
  features: {
    'policy.compliance.dataRetention.auditLogRetention': unsupported(
      'policy.compliance.dataRetention.auditLogRetention',
      'agentgateway cannot say how long audit logs are kept: it writes them to the log of its pods, and keeps none itself',
      'set it where the logs are collected',
    ),
    'policy.compliance.dataRetention.contextRetention': unsupported(
      'policy.compliance.dataRetention.contextRetention',
      'agentgateway cannot say how long contexts are kept: servers keep them',
      'bound the life of sessions with sessionIsolation.contextRetention',
    ),
    'policy.compliance.dataRetention.sessionRetention': unsupported(
      'policy.compliance.dataRetention.sessionRetention',
      'agentgateway cannot say how long sessions are kept: the session is in the id that the client has, and in the server',
      'bound the life of sessions with sessionIsolation.contextRetention',
    ),
    'policy.compliance.encryption': {
      supported: true,
      reason:
        'synthesis fails while the gateway serves plain HTTP or reaches a server outside the cluster by it; with requireEncryption, while any of its connections but those within its pods is plain',
    },
    'policy.compliance.encryption.encryptionAtRest': unsupported(
      'policy.compliance.encryption.encryptionAtRest',
      'agentgateway cannot encrypt stored data: it stores none',
      "encrypt Secrets in the cluster's own store, and the store of rate limits where it runs",
    ),
  },
} as const satisfies Part;
