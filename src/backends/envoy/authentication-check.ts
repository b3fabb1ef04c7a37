import { GatewayPlan } from '../../model/plan';
import { Refusal } from '../data-plane';
export function checkAuthentication(_plan: GatewayPlan): Refusal[] { return []; }
