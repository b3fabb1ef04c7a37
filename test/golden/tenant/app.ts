import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpTenant, PodSecurity } from 'cdk8s-mcp';

export default (app: App) => {
  const chart = new Chart(app, 'tenants');
  new McpTenant(chart, 'finance', {
    members: [kplus.Group.fromName(chart, 'developers', 'finance-developers')],
    viewers: [kplus.Group.fromName(chart, 'auditors', 'auditors')],
    quota: {
      servers: 10,
      routes: 20,
      gateways: 0,
      pods: 40,
      cpuRequests: kplus.Cpu.units(8),
      memoryRequests: Size.gibibytes(16),
    },
    podSecurity: PodSecurity.restricted(),
  });
};
