import { App } from 'cdk8s';
import { oneRoute } from '../../one-route';

/** A port that the data plane needs for itself. */
export default (app: App) => oneRoute(app, { gateway: { port: 15021 } });
