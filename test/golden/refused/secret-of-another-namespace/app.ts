import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { oneRoute } from '../../one-route';
import { Authentication } from 'cdk8s-mcp';

/** The gateway's pods could not read it. */
export default (app: App) => {
  const secret = kplus.Secret.fromSecretName(new Chart(app, 'hr', { namespace: 'hr' }), 'passwords', 'passwords');
  oneRoute(app, { gateway: {}, route: { authentication: [Authentication.basic({ secret, key: 'htpasswd' })] } });
};
