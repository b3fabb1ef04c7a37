/** Servers that keep files: one on a volume that is there, and one whose replicas each have a volume of their own. */
import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IngressSource, McpGateway, McpRoute, McpServer, McpServerSource, ToolMatch } from 'cdk8s-mcp';

export function build(app: App): void {
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
  });
  const team = new Chart(app, 'research', { namespace: 'research' });

  // One node at a time may mount the claim: there is one replica, and in a rollout the old pod goes before the new one comes.
  const claim = new kplus.PersistentVolumeClaim(team, 'notes-claim', {
    metadata: { name: 'notes' },
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
    storage: Size.gibibytes(10),
  });
  const notes = new McpServer(team, 'notes', {
    source: McpServerSource.image('ghcr.io/acme/notes-mcp:2.1.0'),
    user: 1000,
    tools: ['note_write', 'note_read'],
  });
  notes.allowWrite('/data', { volume: kplus.Volume.fromPersistentVolumeClaim(team, 'notes-volume', claim) });

  // Each replica keeps the profiles of its own callers, and finds them again after a rollout.
  const browser = new McpServer(team, 'browser', {
    source: McpServerSource.image('ghcr.io/acme/browser-mcp:0.9.0', { port: 3000 }),
    user: 1000,
    replicas: 3,
    volumeClaimTemplates: [{ path: '/home/node/profile', storage: Size.gibibytes(2) }],
    fileSystem: { write: ['/tmp'] },
    tools: ['browse_open', 'browse_read'],
  });

  const route = new McpRoute(team, 'desk', { gateway, backends: [{ server: notes }] });
  route.addMatch({ tools: ToolMatch.prefix('browse_'), backends: [{ server: browser }] });
}
