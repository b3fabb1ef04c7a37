import { GatewayPlan } from '../../model/plan';
import { Json } from '../kubernetes/pod-template';

/** The logs of requests. */
export function accessLogs(_plan: GatewayPlan): Json[] {
  return [];
}

/** How requests are traced; undefined where they are not. */
export function tracing(_plan: GatewayPlan): Json | undefined {
  return undefined;
}

/** Where traces go. */
export function tracingClusters(_plan: GatewayPlan): Json[] {
  return [];
}
