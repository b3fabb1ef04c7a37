import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { Refusal } from '../data-plane';
import { Json } from '../kubernetes/pod-template';

export const authorizationFilters = (_plan: GatewayPlan): Json[] => [];
export const authorizationPerRoute = (_plan: GatewayPlan, _entry: Entry): Json => ({});
export const routeConditions = (_group: BackendGroup): { headers?: Json[]; dynamic_metadata?: Json[] } => ({});
export const checkAuthorization = (_plan: GatewayPlan): Refusal[] => [];
export const checkMatches = (_plan: GatewayPlan): Refusal[] => [];
