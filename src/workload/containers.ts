import * as kplus from 'cdk8s-plus-28';

/** Security of every container the library emits: what Pod Security `restricted` asks for, and a read-only root. */
export function restrictedContainer(user?: number): kplus.ContainerSecurityContextProps {
  return {
    user,
    group: user,
    ensureNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: [kplus.Capability.ALL] },
    seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
  };
}

/** The pull policy Kubernetes itself would choose; cdk8s-plus would always pull. */
export function defaultPullPolicy(image: string): kplus.ImagePullPolicy {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return image.includes('@') || (tag !== undefined && tag !== 'latest')
    ? kplus.ImagePullPolicy.IF_NOT_PRESENT
    : kplus.ImagePullPolicy.ALWAYS;
}
