import { App, Chart } from 'cdk8s';
import {
  ClusterMcpGateway,
  ClusterProfile,
  GatewayDashboard,
  GatewayDashboardProps,
  GatewayDataPlane,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

function appOf(props: Partial<GatewayDashboardProps> = {}, dataPlane?: GatewayDataPlane): App {
  const app = new App();
  new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { app: 'prometheus' } } }).applyTo(app);
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new ClusterMcpGateway(platform, 'gateway', { dataPlane });
  new GatewayDashboard(new Chart(app, 'dashboards', { namespace: 'monitoring' }), 'mcp', { gateway, ...props });
  return app;
}

function configMapOf(props: Partial<GatewayDashboardProps> = {}, dataPlane?: GatewayDataPlane): Manifest {
  const objects = objectsOf(appOf(props, dataPlane));
  expect(validateObjects(objects)).toEqual([]);
  return find(objects, 'ConfigMap', 'mcp');
}

const dashboardOf = ({ data }: Manifest): Manifest => JSON.parse(data['mcp-system.gateway.json']);

it('is found by the sidecar of Grafana', () => {
  expect(configMapOf().metadata).toMatchObject({ namespace: 'monitoring', labels: { grafana_dashboard: '1' } });
  expect(configMapOf({ folder: 'MCP', sidecarLabels: { dashboards: 'yes' } }).metadata).toMatchObject({
    labels: { dashboards: 'yes' },
    annotations: { grafana_folder: 'MCP' },
  });
});

it.each([GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()])(
  'has panels that Grafana can place ($name)',
  plane => {
    const { panels, title, uid } = dashboardOf(configMapOf({}, plane));
    expect(title).toBe('MCP gateway mcp-system/gateway');
    expect(uid).toMatch(/^[0-9a-f]{40}$/);
    expect(new Set(panels.map(({ id }: Manifest) => id)).size).toBe(panels.length);
    const corners = panels.map(({ gridPos: { x, y, w, h } }: Manifest) => ({ x, y, right: x + w, bottom: y + h }));
    for (const [i, a] of corners.entries()) {
      expect(a.right).toBeLessThanOrEqual(24);
      const over = corners
        .slice(i + 1)
        .filter((b: Manifest) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom);
      expect(over).toEqual([]);
    }
    for (const { targets, datasource } of panels) {
      expect(datasource.uid).toBe('${datasource}');
      expect(new Set(targets.map(({ refId }: Manifest) => refId)).size).toBe(targets.length);
    }
  },
);

it('names everything that is wrong', () => {
  const message = messageOf(() => appOf({ title: ' ', folder: '', sidecarLabels: {} }));
  for (const property of ['title', 'folder', 'sidecarLabels']) {
    expect(message).toContain(`${property}: got`);
  }
});
