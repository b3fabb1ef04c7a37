import * as kplus from 'cdk8s-plus-28';
import { errorKind, InputCheck } from '../model/findings';

const POD_SECURITY_VERSION_INVALID = errorKind(
  'pod-security-version-invalid',
  'is not a version of Kubernetes',
  'Write it as v1.30, or latest',
);

/** How strictly a namespace's pods are judged (Pod Security Standards). */
export enum PodSecurityLevel {
  /** Pods that could take over their node are possible. */
  PRIVILEGED = 'privileged',
  /** Known ways to more privileges are closed. */
  BASELINE = 'baseline',
  /** What every pod of this library passes. */
  RESTRICTED = 'restricted',
}

/** Options of {@link PodSecurity}. */
export interface PodSecurityOptions {
  /**
   * Version of Kubernetes whose rules are meant, such as `v1.30`: with `latest` an upgrade of the cluster may refuse pods that ran before.
   *
   * @default latest
   */
  readonly version?: string;

  /**
   * What warnings and the audit log hold pods to.
   *
   * @default - the level that is enforced
   */
  readonly warnAt?: PodSecurityLevel;
}

/**
 * Labels by which a namespace refuses pods that are not secure enough (Pod Security Admission).
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { PodSecurity } from 'cdk8s-mcp';
 *
 * const chart = new Chart(new App(), 'cluster');
 * const finance = new kplus.Namespace(chart, 'finance', { metadata: { name: 'finance' } });
 * PodSecurity.restricted({ version: 'v1.30' }).applyTo(finance);
 */
export class PodSecurity {
  /**
   * Refuses pods that are not `restricted`.
   *
   * @param options version of the rules
   * @throws when the version is none
   */
  public static restricted(options: PodSecurityOptions = {}): PodSecurity {
    return PodSecurity.of(PodSecurityLevel.RESTRICTED, options);
  }

  /**
   * Refuses pods that are not at least `baseline`.
   *
   * @param options version of the rules, and what to warn of
   * @throws when the version is none
   */
  public static baseline(options: PodSecurityOptions = {}): PodSecurity {
    return PodSecurity.of(PodSecurityLevel.BASELINE, options);
  }

  /**
   * Refuses no pods, and may warn of some.
   *
   * @param options version of the rules, and what to warn of
   * @throws when the version is none
   */
  public static privileged(options: PodSecurityOptions = {}): PodSecurity {
    return PodSecurity.of(PodSecurityLevel.PRIVILEGED, options);
  }

  private static of(level: PodSecurityLevel, options: PodSecurityOptions): PodSecurity {
    const input = new InputCheck(`PodSecurity.${level}`);
    const version = options.version ?? 'latest';
    input.report(POD_SECURITY_VERSION_INVALID, 'version', version, !/^(latest|v1\.(0|[1-9][0-9]*))$/.test(version));
    input.throwIfAny();
    return new PodSecurity(level, options.warnAt ?? level, version);
  }

  private constructor(
    private readonly enforced: PodSecurityLevel,
    private readonly warned: PodSecurityLevel,
    private readonly version: string,
  ) {}

  /** The labels, for a namespace that is defined elsewhere. */
  public labels(): { [key: string]: string } {
    const modes = { enforce: this.enforced, audit: this.warned, warn: this.warned };
    return Object.fromEntries(
      Object.entries(modes).flatMap(([mode, level]) => [
        [`pod-security.kubernetes.io/${mode}`, level],
        [`pod-security.kubernetes.io/${mode}-version`, this.version],
      ]),
    );
  }

  /**
   * Puts the labels on a namespace.
   *
   * @param namespace the namespace
   */
  public applyTo(namespace: kplus.Namespace): void {
    Object.entries(this.labels()).forEach(([key, value]) => namespace.metadata.addLabel(key, value));
  }
}
