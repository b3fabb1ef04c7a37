import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { DETAILS, FEATURES } from './parts';
import { envoyPlan } from './plan';
import { render } from './render';
import { secrets } from './secrets';
import { DataPlane, ENVOY } from '../interface/data-plane';

/** The data plane that understands sessions, weights and failover best: plain Envoy 1.40, without a control plane. */
export const envoy: DataPlane = {
  name: ENVOY,
  title: 'Envoy 1.40',
  features: FEATURES,
  details: DETAILS,
  check: plan => check(envoyPlan(plan)),
  render: plan => render(envoyPlan(plan)),
  container,
  secrets: plan => secrets(envoyPlan(plan)),
  enforcement,
};
