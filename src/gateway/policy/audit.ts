import { Duration, Size } from 'cdk8s';

/** How much of each request an audit record holds. */
export enum AuditLevel {
  /** Nothing: there is no record. */
  NONE = 'None',
  /** Who called which tool, with what outcome. */
  REQUEST = 'Request',
  /** What was answered too. Answers may hold personal data and secrets. */
  RESPONSE = 'Response',
  /** What was asked too: the arguments of calls. They may hold personal data and secrets. */
  FULL = 'Full',
}

/** The form of an audit record. */
export enum AuditFormat {
  /** A JSON object a line. */
  JSON = 'JSON',
  /** Common Event Format. */
  CEF = 'CEF',
  /** Messages of syslog. */
  SYSLOG = 'SYSLOG',
}

/** Kinds of places that an audit record goes to. */
export enum AuditDestinationType {
  /** A file. */
  FILE = 'File',
  /** A syslog server. */
  SYSLOG = 'Syslog',
  /** An HTTP endpoint. */
  HTTP = 'HTTP',
  /** An object store. */
  S3 = 'S3',
  /** A database. */
  DATABASE = 'Database',
}

/** A file that an audit record goes to. */
export interface AuditFileOptions {
  /**
   * Path of the file.
   *
   * @default /var/log/mcpgateway/audit.log
   */
  readonly path?: string;

  /**
   * Size at which a new file is begun.
   *
   * @default - none
   */
  readonly maxSize?: Size;

  /**
   * Old files that are kept.
   *
   * @default 3
   */
  readonly maxBackups?: number;
}

/** Transport protocols of syslog. */
export enum SyslogProtocol {
  /** UDP. */
  UDP = 'UDP',
  /** TCP. */
  TCP = 'TCP',
  /** TCP with TLS. */
  TLS = 'TLS',
}

/** A syslog server that an audit record goes to. */
export interface AuditSyslogOptions {
  /** Address of the server. */
  readonly server: string;

  /**
   * Transport protocol.
   *
   * @default SyslogProtocol.UDP
   */
  readonly protocol?: SyslogProtocol;

  /**
   * Facility code, from 0 to 23.
   *
   * @default 16
   */
  readonly facility?: number;
}

/** An HTTP endpoint that an audit record goes to. */
export interface AuditHttpOptions {
  /** URL of the endpoint. */
  readonly endpoint: string;

  /**
   * HTTP method, `POST` or `PUT`.
   *
   * @default POST
   */
  readonly method?: string;

  /**
   * Headers to send.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * Time a request may take.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;
}

/** Where an audit record goes, besides the log of the gateway's pods. Only for data planes that can write there. */
export interface AuditDestinationOptions {
  /**
   * Kind of the place.
   *
   * @default AuditDestinationType.FILE
   */
  readonly type?: AuditDestinationType;

  /**
   * The file, for `FILE`.
   *
   * @default - the usual one
   */
  readonly file?: AuditFileOptions;

  /**
   * The syslog server, for `SYSLOG`.
   *
   * @default - none
   */
  readonly syslog?: AuditSyslogOptions;

  /**
   * The HTTP endpoint, for `HTTP`.
   *
   * @default - none
   */
  readonly http?: AuditHttpOptions;
}

/**
 * A record of who called which tool, with what outcome: fields that start with `audit.` on each line of the gateway's log,
 * denied calls included. Collect the log of the pods to keep it.
 */
export interface AuditOptions {
  /**
   * How much is recorded.
   *
   * @default AuditLevel.REQUEST
   */
  readonly level?: AuditLevel;

  /**
   * The form of the record.
   *
   * @default AuditFormat.JSON
   */
  readonly format?: AuditFormat;

  /**
   * Whether the address, the session and the program of the caller are recorded too. Of a session it is a digest, which
   * tells sessions apart and opens none.
   *
   * @default true
   */
  readonly includeMetadata?: boolean;

  /**
   * Where the record goes.
   *
   * @default - the log of the gateway's pods
   */
  readonly destination?: AuditDestinationOptions;
}
