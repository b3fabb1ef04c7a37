import { Json } from '../../values/json';

/*
 * The spelling in which an API server stores things. It reads several and stores one ("1024Mi" becomes "1Gi", a false
 * that is the default goes), and whoever compares what is applied with what is stored (`kubectl apply`, GitOps) then
 * sees a change each time where there is none.
 */

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Decimal quantities are counted in billionths, of which `n` is the name. */
const BILLION = 10n ** 9n;

/** A quantity as Kubernetes writes it: the largest unit of which it is a whole number. */
export function storedQuantity(quantity: unknown): unknown {
  const [, whole, fraction = '', unit] = /^(\d+)(?:\.(\d+))?([numkMGTPE]|[KMGTPE]i|)$/.exec(String(quantity)) ?? [];
  if (whole === undefined) {
    return quantity;
  }
  const binary = unit.endsWith('i');
  const [units, base] = binary ? [BINARY, 1024n] : [DECIMAL, 1000n];
  const scaled = BigInt(whole + fraction) * base ** BigInt(units.indexOf(unit));
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) {
    return quantity;
  }
  const amount = scaled / divisor;
  // Of small amounts Kubernetes forgets that they were binary.
  return binary && amount >= 1024n
    ? inLargestUnit(amount, base, units)
    : inLargestUnit(binary ? amount * BILLION : amount, 1000n, DECIMAL);
}

function inLargestUnit(amount: bigint, base: bigint, units: readonly string[]): string {
  let step = 0;
  let rest = amount;
  while (rest !== 0n && rest % base === 0n && step < units.length - 1) {
    rest /= base;
    step++;
  }
  return rest === 0n ? '0' : `${rest}${units[step]}`;
}

/** A Deployment or StatefulSet as it is stored, defaults that it does not say left out. */
export function storedWorkload(workload: Json): Json {
  const { minReadySeconds, template, ...spec } = workload.spec;
  return {
    ...workload,
    spec: inOrder({
      ...spec,
      minReadySeconds: minReadySeconds === 0 ? undefined : minReadySeconds,
      template: storedTemplate(template),
    }),
  };
}

function storedTemplate(template: Json): Json {
  const { hostNetwork, containers, initContainers, volumes, ...spec } = template.spec;
  return {
    ...template,
    spec: inOrder({
      ...spec,
      containers: containers?.map(storedContainer),
      hostNetwork: hostNetwork === false ? undefined : hostNetwork,
      initContainers: initContainers?.map(storedContainer),
      volumes: volumes?.map(storedVolume),
    }),
  };
}

function storedContainer(container: Json): Json {
  const { args, command, env, ports, resources, volumeMounts } = container;
  return inOrder({
    ...container,
    args: args?.length === 0 ? undefined : args,
    command: command?.length === 0 ? undefined : command,
    env: env?.map((variable: Json) => (variable.value === '' ? inOrder({ ...variable, value: undefined }) : variable)),
    volumeMounts: volumeMounts?.map((mount: Json) =>
      mount.readOnly === false ? inOrder({ ...mount, readOnly: undefined }) : mount,
    ),
    // Resources of the API merge lists as a whole, so that this default would be missed each time.
    ports: ports?.map((port: Json) => (port.protocol === undefined ? inOrder({ ...port, protocol: 'TCP' }) : port)),
    resources:
      resources === undefined
        ? undefined
        : mapValues(resources, (amounts, key) => (key === 'claims' ? amounts : mapValues(amounts, storedQuantity))),
  });
}

/** A volume: a name, and a source that may have a size and may be read-only. */
function storedVolume(volume: Json): Json {
  return mapValues(volume, (source, key) =>
    key === 'name'
      ? source
      : inOrder({
          ...source,
          readOnly: source.readOnly === false ? undefined : source.readOnly,
          sizeLimit: source.sizeLimit === undefined ? undefined : storedQuantity(source.sizeLimit),
        }),
  );
}

/** A Service as it is stored. */
export function storedService(service: Json): Json {
  const { externalIPs, ...spec } = service.spec;
  return externalIPs?.length === 0 ? { ...service, spec } : service;
}

/** Keys sorted, as cdk8s writes objects, and those without a value left out. */
export function inOrder(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function mapValues(object: Json, map: (value: any, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
