import { Cron, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { json, numberFor, textFor } from './texts';
import * as library from '../../../src';

/*
 * Values of every type of the public API, by what jsii has written down of it (`.jsii`): what is new is generated without a
 * line here.
 */

/** What values are made in. */
export interface World {
  readonly scope: Construct;
  readonly servers: readonly library.IMcpServer[];
  readonly gateways: readonly library.IMcpGateway[];
  /** Whether an option that could be left out is given: of what was refused, less is tried again. */
  keeps(option: string): boolean;
  /** A number that no other construct of the world has. */
  unique(): number;
}

/** Something that is made in a world. */
export type Make = (world: World) => any;

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference };
}

interface Member {
  readonly name: string;
  readonly type: TypeReference;
  readonly optional?: boolean;
}

interface Method {
  readonly name: string;
  readonly static?: boolean;
  readonly protected?: boolean;
  readonly parameters?: readonly (Member & { readonly variadic?: boolean })[];
  readonly returns?: { readonly type: TypeReference };
}

interface Type {
  readonly kind: 'class' | 'interface' | 'enum';
  readonly name: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly base?: string;
  readonly properties?: readonly (Member & { readonly static?: boolean })[];
  readonly methods?: readonly Method[];
  readonly members?: readonly { readonly name: string }[];
  readonly initializer?: Method;
}

/** The part of a `.jsii` that matters here. */
export interface Assembly {
  readonly types: Readonly<Record<string, Type>>;
}

const make = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Make> => arbitrary.map(value => () => value);
const one = (...makes: readonly Make[]): fc.Arbitrary<Make> => fc.constantFrom(...makes);

const secret: Make = ({ scope, unique }) => kplus.Secret.fromSecretName(scope, `secret-${unique()}`, 'credentials');

/** Values of types of other libraries, such as users give. */
const OTHERS: Readonly<Record<string, fc.Arbitrary<Make>>> = {
  'constructs.Construct': one(({ scope }) => scope),
  'constructs.IConstruct': one(
    ({ scope, unique }) =>
      new kplus.Deployment(scope, `workload-${unique()}`, { containers: [{ name: 'main', image: 'acme/agent:1' }] }),
  ),
  'cdk8s.Duration': one(
    ...[
      Duration.seconds(5),
      Duration.seconds(30),
      Duration.minutes(2),
      Duration.millis(1500),
      Duration.millis(0),
      Duration.days(400),
    ].map(value => () => value),
  ),
  'cdk8s.Size': one(
    ...[Size.mebibytes(64), Size.gibibytes(1), Size.kibibytes(500), Size.mebibytes(0.5), Size.tebibytes(9)].map(
      value => () => value,
    ),
  ),
  'cdk8s.Cron': one(() => Cron.daily()),
  'cdk8s-plus-28.ISecret': one(secret),
  'cdk8s-plus-28.SecretValue': one(
    world => ({ secret: secret(world), key: 'token' }),
    world => ({ secret: secret(world), key: '' }),
  ),
  'cdk8s-plus-28.IConfigMap': one(
    ({ scope, unique }) => kplus.ConfigMap.fromConfigMapName(scope, `config-${unique()}`, 'config'),
    ({ scope, unique }) =>
      new kplus.ConfigMap(scope, `config-${unique()}`, {
        data: { 'policies.cedar': 'permit(principal, action, resource);' },
      }),
  ),
  'cdk8s-plus-28.EnvValue': fc.oneof(
    textFor('value').map(
      (value): Make =>
        () =>
          kplus.EnvValue.fromValue(value),
    ),
    one(world => kplus.EnvValue.fromSecretValue({ secret: secret(world), key: 'token' })),
  ),
  'cdk8s-plus-28.Probe': one(
    () => kplus.Probe.fromTcpSocket(),
    () => kplus.Probe.fromHttpGet('/ready', { periodSeconds: Duration.millis(1500) }),
  ),
  'cdk8s-plus-28.ContainerResources': one(
    () => ({ memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) } }),
    () => ({ memory: { limit: Size.kibibytes(500) }, cpu: { limit: kplus.Cpu.millis(250) } }),
  ),
  'cdk8s-plus-28.VolumeMount': one(({ scope, unique }) => {
    const id = `volume-${unique()}`;
    return { path: '/data', volume: kplus.Volume.fromEmptyDir(scope, id, id) };
  }),
  'cdk8s-plus-28.ImagePullPolicy': one(() => kplus.ImagePullPolicy.ALWAYS),
  'cdk8s-plus-28.ServiceType': one(...Object.values(kplus.ServiceType).map(value => () => value)),
  'cdk8s-plus-28.Cpu': one(() => kplus.Cpu.millis(100)),
  'cdk8s-plus-28.IApiResource': one(
    () => kplus.ApiResource.PODS,
    () => kplus.ApiResource.SECRETS,
    () => kplus.ApiResource.custom({ apiGroup: '*', resourceType: '*' }),
  ),
  'cdk8s-plus-28.NodeTaintQuery': one(() => kplus.NodeTaintQuery.exists('dedicated')),
  'cdk8s-plus-28.PercentOrAbsolute': one(
    () => kplus.PercentOrAbsolute.percent(50),
    () => kplus.PercentOrAbsolute.absolute(0),
  ),
  'cdk8s-plus-28.ISubject': one(({ scope, unique }) => kplus.User.fromName(scope, `user-${unique()}`, 'alice')),
  'cdk8s-plus-28.LabelExpression': one(() => kplus.LabelExpression.exists('team')),
};

/** How much more often an option is left out than given. */
const LEFT_OUT = 14;
/** How deep options stand inside of others. */
const MAX_DEPTH = 5;

/** Arbitraries of the types of an assembly. */
export class Options {
  private readonly known = new Map<string, fc.Arbitrary<Make> | undefined>();

  constructor(private readonly assembly: Assembly) {}

  /** Values of a type of the library; undefined for one of which none can be made. */
  type(fqn: string, depth = 0): fc.Arbitrary<Make> | undefined {
    const key = `${fqn} ${depth}`;
    if (!this.known.has(key)) {
      this.known.set(key, depth > MAX_DEPTH ? undefined : this.declared(fqn, depth));
    }
    return this.known.get(key);
  }

  /** Calls of the methods of a construct that have no result of their own. */
  calls(fqn: string): fc.Arbitrary<(target: any) => Make> {
    const calls = this.inherited(fqn)
      .flatMap(({ methods = [] }) => methods)
      .filter(method => !method.static && !method.protected && method.name !== 'toString')
      .flatMap(method => {
        const args = this.parameters(method, 1);
        return args === undefined
          ? []
          : [
              args.map(
                values =>
                  (target: any): Make =>
                  world =>
                    target[method.name](...values(world)),
              ),
            ];
      });
    return fc.oneof(...calls);
  }

  private inherited(fqn: string): Type[] {
    const type = this.assembly.types[fqn];
    return type === undefined
      ? []
      : [
          type,
          ...(type.base === undefined ? [] : this.inherited(type.base)),
          ...(type.interfaces ?? []).flatMap(name => this.inherited(name)),
        ];
  }

  private declared(fqn: string, depth: number): fc.Arbitrary<Make> | undefined {
    const type = this.assembly.types[fqn];
    if (type === undefined) {
      return OTHERS[fqn];
    }
    if (type.name === 'IMcpServer') {
      return fc.nat().map(
        (n): Make =>
          ({ servers }) =>
            servers[n % servers.length],
      );
    }
    if (type.name === 'IMcpGateway') {
      return fc.nat().map(
        (n): Make =>
          ({ gateways }) =>
            gateways[n % gateways.length],
      );
    }
    const members = (library as any)[type.name];
    switch (type.kind) {
      case 'enum':
        return make(fc.constantFrom(...Object.values(members)));
      case 'interface':
        return type.datatype ? this.struct(fqn, depth) : undefined;
      case 'class':
        return this.made(fqn, type, members, depth);
    }
  }

  private struct(fqn: string, depth: number): fc.Arbitrary<Make> | undefined {
    const properties = this.inherited(fqn).flatMap(({ properties: own = [] }) => own);
    const optional = new Set(properties.filter(property => property.optional).map(({ name }) => name));
    const fields = properties.map(({ name, type }): [string, fc.Arbitrary<Make | undefined> | undefined] => {
      const value = this.value(type, name, depth + 1);
      return [
        name,
        optional.has(name) && value !== undefined
          ? fc.oneof({ weight: LEFT_OUT, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
          : value,
      ];
    });
    if (fields.some(([name, value]) => value === undefined && !optional.has(name))) {
      return undefined;
    }
    const there = fields.filter((field): field is [string, fc.Arbitrary<Make | undefined>] => field[1] !== undefined);
    return fc.tuple(...there.map(([, value]) => value)).map(
      (values): Make =>
        world =>
          Object.fromEntries(
            values.flatMap((value, i) => {
              const [name] = there[i];
              return value === undefined || (optional.has(name) && depth === 0 && !world.keeps(name))
                ? []
                : [[name, value(world)]];
            }),
          ),
    );
  }

  /** What static members of a class give, or its constructor where it is no construct. */
  private made(fqn: string, type: Type, members: any, depth: number): fc.Arbitrary<Make> | undefined {
    const constants = (type.properties ?? [])
      .filter(property => property.static && property.type.fqn === fqn)
      .map(({ name }) => one(() => members[name]));
    const factories = (type.methods ?? [])
      .filter(method => method.static && method.returns?.type.fqn === fqn && method.name !== 'of')
      .flatMap(method => {
        const args = this.parameters(method, depth + 1);
        return args === undefined
          ? []
          : [
              args.map(
                (values): Make =>
                  world =>
                    members[method.name](...values(world)),
              ),
            ];
      });
    const construct = type.initializer?.parameters?.[0]?.name === 'scope';
    const created =
      construct || type.initializer === undefined ? undefined : this.parameters(type.initializer, depth + 1);
    const all = [
      ...constants,
      ...(construct ? [] : factories),
      ...(created === undefined
        ? []
        : [
            created.map(
              (values): Make =>
                world =>
                  new members(...values(world)),
            ),
          ]),
    ];
    return all.length === 0 ? undefined : fc.oneof(...all);
  }

  private parameters({ parameters = [] }: Method, depth: number): fc.Arbitrary<(world: World) => any[]> | undefined {
    const values = parameters.map(({ name, type, optional, variadic }) => {
      const value = this.value(type, name, depth);
      return variadic && value !== undefined
        ? fc.array(value, { maxLength: 2 }).map(items => (world: World) => items.map(item => item(world)))
        : value === undefined
          ? optional
            ? fc.constant(() => [undefined])
            : undefined
          : value.map(item => (world: World) => [item(world)]);
    });
    if (values.includes(undefined)) {
      return undefined;
    }
    return fc
      .tuple(...(values as fc.Arbitrary<(world: World) => any[]>[]))
      .map(items => (world: World) => items.flatMap(item => item(world)));
  }

  private value(type: TypeReference, name: string, depth: number): fc.Arbitrary<Make> | undefined {
    if (type.collection !== undefined) {
      const element = this.value(type.collection.elementtype, name, depth);
      if (element === undefined) {
        return undefined;
      }
      return type.collection.kind === 'array'
        ? fc.array(element, { maxLength: 3 }).map(
            (items): Make =>
              world =>
                items.map(item => item(world)),
          )
        : fc.array(fc.tuple(textFor(name), element), { maxLength: 3 }).map(
            (entries): Make =>
              world =>
                Object.fromEntries(entries.map(([key, item]) => [key, item(world)])),
          );
    }
    switch (type.primitive) {
      case 'string':
        return make(textFor(name));
      case 'number':
        return make(numberFor(name));
      case 'boolean':
        return make(fc.boolean());
      case 'any':
      case 'json':
        return make(json);
      default:
        return this.type(type.fqn!, depth);
    }
  }
}
