import { kubernetesWarnings } from './kubernetes-dangers';
import { Diagnostic } from '../../model/diagnostic';
import { findingOf, warningKind } from '../../model/finding-kind';
import { Server } from '../../model/server';

const PROFILE_FULL_ACCESS = warningKind(
  'profile-full-access',
  'lets the server connect to anything, and gives it a token of the Kubernetes API',
  'Allow what it needs: PermissionProfile.inline',
);

/** What is allowed to servers and unwise. */
export function permissionWarnings(server: Server): Diagnostic[] {
  return [...profileWarnings(server), ...kubernetesWarnings(server)];
}

function profileWarnings({ path, permissions }: Server): Diagnostic[] {
  return permissions?.profile === 'full-access'
    ? [findingOf(PROFILE_FULL_ACCESS, path, 'permissionProfile', permissions.profile)]
    : [];
}
