import { kubernetesWarnings } from './kubernetes-dangers';
import { Diagnostic, warningAt } from '../../model/diagnostic';
import { Server } from '../../model/server';

/** What is allowed to servers and unwise. */
export function permissionWarnings(server: Server): Diagnostic[] {
  return [...profileWarnings(server), ...kubernetesWarnings(server)];
}

function profileWarnings({ path, permissions }: Server): Diagnostic[] {
  return permissions?.profile === 'full-access'
    ? [
        warningAt(
          path,
          'permissionProfile',
          permissions.profile,
          'lets the server connect to anything, and gives it a token of the Kubernetes API',
          'Allow what it needs: PermissionProfile.inline',
        ),
      ]
    : [];
}
