import { Authentication } from './authentication';
import { AuthorizationRule } from './authorization';
import { AuthzConfig } from './authz-config';
import { RateLimit } from './rate-limit';

/** Options by which a gateway or a route says who may use it and how often. */
export interface PolicyOptions {
  /**
   * How callers prove who they are; every method must pass. The methods of a gateway and of its routes add up.
   *
   * @default - none; every caller is let in, unless the other level says otherwise
   */
  readonly authentication?: Authentication[];

  /**
   * Rules by which callers may list and call tools. A request passes when some rule grants it, at each level that has
   * rules. With any rule, what no rule grants is denied, prompts and resources included.
   *
   * @default - none; every authenticated caller may use every tool, unless the other level says otherwise
   */
  readonly authorization?: AuthorizationRule[];

  /**
   * Policies in Cedar, by which callers may list and call tools. They must permit a request, and where there are rules, some rule must
   * grant it too. With policies, what is no tool is denied, prompts and resources included.
   *
   * @default - none
   */
  readonly authzConfig?: AuthzConfig;

  /**
   * How often tools may be called. Of the limits of a gateway and its route with the same dimension and tools, the lowest
   * holds.
   *
   * @default - no limits, unless the other level says otherwise
   */
  readonly rateLimits?: RateLimit[];
}
