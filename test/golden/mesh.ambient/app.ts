import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { ClusterProfile, ServiceMesh } from 'cdk8s-mcp';

export default (app: App) => {
  new ClusterProfile({ mesh: ServiceMesh.istioAmbient() }).applyTo(app);
  oneRoute(app, { gateway: {} });
};
