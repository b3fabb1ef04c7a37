/** OME's stories as YAML: whoever writes manifests gets the same compiler. */
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { McpGateway, McpManifest, OtherKinds } from 'cdk8s-mcp';

export function build(app: App): void {
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');

  const chart = new Chart(app, 'stories');
  for (const story of ['database-tools', 'kubernetes-tools', 'canary']) {
    // The stories' InferenceServices are OME's to read: they are emitted as they are.
    McpManifest.fromFile(chart, story, join(__dirname, 'manifests', `${story}.yaml`), { otherKinds: OtherKinds.PASS_THROUGH });
  }
}
