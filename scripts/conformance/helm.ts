import { goBuild } from './go-build';
import { Tool } from './tool';

const VERSION = '3.19.0';

/** Helm, which makes objects of templates: what the benchmark compares with. */
export const HELM: Tool = {
  name: 'helm',
  version: VERSION,
  versionArgs: ['version', '--short'],
  variable: 'HELM_BINARY',
  build: file =>
    goBuild(
      {
        package: 'helm.sh/helm/v3/cmd/helm',
        module: 'helm.sh/helm/v3',
        version: VERSION,
        variables: { 'helm.sh/helm/v3/internal/version.version': `v${VERSION}` },
      },
      file,
    ),
};
