import { App } from 'cdk8s';
import { everyPeer } from '../every-peer';
import { oneRoute } from '../one-route';

export default (app: App) => {
  const { server } = oneRoute(app, { gateway: {}, server: { name: 'ledger' } });
  everyPeer(server);
};
