import { Entry, GatewayPlan } from '../../model/plan';
import { Refusal } from '../data-plane';
import { Json } from '../kubernetes/pod-template';

export const rateLimitFilters = (_plan: GatewayPlan): Json[] => [];
export const rateLimitActions = (_plan: GatewayPlan, _entry: Entry): Json[] => [];
export const rateLimitClusters = (_plan: GatewayPlan): Json[] => [];
export const checkRateLimits = (_plan: GatewayPlan): Refusal[] => [];
