import { DETAILS, FEATURES } from './capabilities';
import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { render } from './render';
import { secrets } from './secrets';
import { DataPlane, ENVOY } from '../data-plane';

/** The data plane that understands sessions, weights and failover best: plain Envoy 1.40, without a control plane. */
export const envoy: DataPlane = {
  name: ENVOY,
  title: 'Envoy 1.40',
  features: FEATURES,
  details: DETAILS,
  check,
  render,
  container,
  secrets,
  enforcement,
};
