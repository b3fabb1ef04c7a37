import { Duration } from 'cdk8s';

/** How long data is kept. Only for data planes that keep it. */
export interface DataRetentionOptions {
  /**
   * Audit logs.
   *
   * @default - as long as whoever collects them keeps them
   */
  readonly auditLogRetention?: Duration;

  /**
   * Contexts.
   *
   * @default - as long as servers keep them
   */
  readonly contextRetention?: Duration;

  /**
   * Sessions. See `sessionIsolation.contextRetention` for how long one may last.
   *
   * @default - as long as they are used
   */
  readonly sessionRetention?: Duration;
}

/** What has to be encrypted. */
export interface EncryptionOptions {
  /**
   * Whether stored data is encrypted. Only for data planes that store some.
   *
   * @default false
   */
  readonly encryptionAtRest?: boolean;

  /**
   * Whether connections of clients and connections to servers outside the cluster have to be encrypted: the gateway needs
   * `tls`, and remote servers https.
   *
   * @default true
   */
  readonly encryptionInTransit?: boolean;

  /**
   * Whether every connection of the gateway has to be encrypted, those within the cluster included: to servers, to the
   * collector of traces and to the service that counts calls.
   *
   * @default false
   */
  readonly requireEncryption?: boolean;
}

/** Kinds of personal data. */
export enum PiiType {
  /** Social security numbers of the United States. */
  SSN = 'SSN',
  /** Numbers of credit cards. */
  CREDIT_CARD = 'CreditCard',
  /** E-mail addresses. */
  EMAIL = 'Email',
  /** Telephone numbers, in the form of North America or with a country code. */
  PHONE = 'Phone',
  /** What a pattern of your own finds. */
  CUSTOM = 'Custom',
}

/** What is done about personal data. */
export enum PiiAction {
  /** The kinds found are recorded, in the field `pii` of the gateway's log. */
  LOG = 'Log',
  /** Calls with it are refused, and so are answers. */
  BLOCK = 'Block',
  /** It is replaced by `[redacted]`, in calls and in answers. */
  REDACT = 'Redact',
}

/** A kind of personal data to look for. */
export interface PiiPattern {
  /** Which kind it is. */
  readonly type: PiiType;

  /**
   * RE2 expression that finds it, for `PiiType.CUSTOM` alone.
   *
   * @default - the expression of the kind
   */
  readonly pattern?: string;

  /**
   * What it is called in the log.
   *
   * @default - the name of the kind
   */
  readonly description?: string;
}

/** Detection of personal data in calls and their answers. Patterns find what looks like such data, and not all of it. */
export interface PiiDetectionOptions {
  /**
   * What is done about it.
   *
   * @default PiiAction.LOG
   */
  readonly action?: PiiAction;

  /**
   * What is looked for.
   *
   * @default - all kinds but `PiiType.CUSTOM`
   */
  readonly patterns?: PiiPattern[];
}

/** Handling of data. */
export interface ComplianceOptions {
  /**
   * How long data is kept.
   *
   * @default - not said
   */
  readonly dataRetention?: DataRetentionOptions;

  /**
   * What has to be encrypted.
   *
   * @default - not said
   */
  readonly encryption?: EncryptionOptions;

  /**
   * Detection of personal data.
   *
   * @default - none
   */
  readonly piiDetection?: PiiDetectionOptions;
}
