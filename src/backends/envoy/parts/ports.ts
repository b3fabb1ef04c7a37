import { refusal } from '../../interface/standing';
import { part } from '../part';
import { ADMIN_PORT, METRICS_PORT, READINESS_PORT } from '../ports';
import { refused } from '../standings';

const RESERVED = refused('port.reserved', 'the pod of the gateway uses this port itself', 'choose another port');

/** Where the gateway listens. */
export const ports = part({
  limits: { 'port.reserved': RESERVED },
  check: ({ gateway: { path, port } }) =>
    [ADMIN_PORT, METRICS_PORT, READINESS_PORT].includes(port) ? [refusal(RESERVED, path, 'port', port)] : [],
});
