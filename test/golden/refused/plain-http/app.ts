import { App } from 'cdk8s';
import { oneRoute } from '../../one-route';

/** Encryption is asked for, and the gateway serves plain HTTP. */
export default (app: App) => oneRoute(app, { gateway: { compliance: { encryption: { encryptionInTransit: true } } } });
