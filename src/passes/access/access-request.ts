import { Caller, Verified } from './caller';
import { ToolAction } from '../../model/policy';

/** A request as far as its admission depends on it. What is left out is missing, and missing data denies. */
export interface AccessRequest {
  /** Undefined: without any credentials. */
  readonly caller?: Caller;
  readonly tool: string;
  readonly action: ToolAction;
  readonly sourceIp?: string;
  /** By name, in any case; several values for a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly time?: Date;
  /** Arguments of a call; none when left out. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** A request whose caller was authenticated. The same object for everything that is asked of one request. */
export interface PresentedRequest {
  readonly request: AccessRequest;
  /** Those of the request, and those that every client of the entry sends, by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly verified: Verified;
}
