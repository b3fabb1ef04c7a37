import { pulledAs } from './image-registry';
import { mergePodTemplates } from './pod-template';
import { rateLimitName } from './rate-limit-service';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { Gateway } from '../../model/gateway';
import { Json } from '../../values/json';

/* What the pods of the service and of its store have in common. */

/** Pods beside those of the gateway are where those are, and pulled as those are. */
export function placed({ companionPods = {}, profile = DEFAULT_PROFILE }: Gateway, template: Json): Json {
  return pulledAs(mergePodTemplates(companionPods, template), profile);
}

/** A pod that runs as a user, with an account that has no rights. */
export function podSpec(gateway: Gateway, user: number): Json {
  return {
    serviceAccountName: rateLimitName(gateway),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/** What a container asks for, and may use at most. */
export function resources({ profile = DEFAULT_PROFILE }: Gateway, cpu: string, memory: string): Json {
  return { requests: { cpu: '50m', memory: '64Mi' }, limits: profile.cpuLimits ? { cpu, memory } : { memory } };
}

/** A container that passes Pod Security `restricted`. */
export function restricted(user: number): Json {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** A port that a container listens on. */
export function port(name: string, containerPort: number): Json {
  return { name, containerPort, protocol: 'TCP' };
}
