import { SERVER_CONTAINER } from './source-config';
import { podsCanWait } from '../model/cluster';
import { Json } from '../values/json';

/*
 * How a pod of a server ends without a lost call. Most programs end at once when they are told to, and gateways, proxies of nodes and
 * DNS need a moment to learn of it: the pod goes on answering for that long first.
 */

/** Seconds that a pod behind a Service still answers: gateways keep connections for some of them. */
const BEHIND_SERVICE = 12;
/** Seconds that a replica with a name of its own still answers, which is looked up again and again. */
const BY_NAME = 8;
/** Seconds that a replica with a name of its own has to be ready before the next one goes: gateways look its new address up. */
export const REPLICA_SETTLES = BY_NAME;
/** Seconds that Kubernetes gives pods to end. */
const USUAL_GRACE = 30;

/** What is known of a server's pods. */
export interface EndingPods {
  /** Whether each replica has a name of its own. */
  readonly named: boolean;
  readonly kubernetesMinor: number;
  /** Seconds that the pods get to end, as far as an option says. */
  readonly grace?: number;
  /** Templates of the user's own, the later one first asked. */
  readonly templates: readonly Json[];
}

/**
 * The template of a server's pods that makes them wait before they are told to end: at most for half of the time that they get. Empty where
 * a template of the user's own says what is done then, and where the cluster is too old.
 */
export function endingTemplate({ named, kubernetesMinor, grace, templates }: EndingPods): Json {
  const given = templates.map(({ spec }) => spec?.terminationGracePeriodSeconds).find(Number.isInteger);
  const seconds = Math.min(named ? BY_NAME : BEHIND_SERVICE, Math.floor((given ?? grace ?? USUAL_GRACE) / 2));
  return templates.some(saysHowItEnds) || seconds === 0 || !podsCanWait(kubernetesMinor)
    ? {}
    : { spec: { containers: [{ name: SERVER_CONTAINER, lifecycle: { preStop: { sleep: { seconds } } } }] } };
}

/** Whether a template says what is done before the program is told to end: null says that nothing is. */
function saysHowItEnds({ spec }: Json): boolean {
  const containers: readonly Json[] = spec?.containers ?? [];
  return containers.some(
    ({ name, lifecycle }) => name === SERVER_CONTAINER && (lifecycle === null || lifecycle?.preStop !== undefined),
  );
}
