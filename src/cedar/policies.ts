import type { PolicyJson, SchemaJson, Type, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs';
import { AttributeTypes, StaticEntity } from './entities';
import { EntityUid, formatUid, RequestShape, Shape, ValueType } from './vocabulary';

/** One policy. */
export interface CedarPolicy {
  /** Its `@id`, else its place: `policies[2]`, or `policies[2]#1` for the second policy of one text. */
  readonly id: string;
  /** Where it was written: `policies[2]`. */
  readonly property: string;
  readonly text: string;
  readonly json: PolicyJson;
}

/** Policies and entities that Cedar has validated and that can be translated. */
export interface CedarPolicies {
  readonly policies: readonly CedarPolicy[];
  readonly entities: readonly StaticEntity[];
  readonly attributes: AttributeTypes;
  /** What the policies use of claims, arguments and headers. */
  readonly shape: RequestShape;
  readonly schema: CedarSchema;
}

/** A schema in Cedar's JSON form. */
export type CedarSchema = SchemaJson<string>;

type RecordAttributes = Record<string, TypeOfAttribute<string>>;

const TEXT: Type<string> = { type: 'String' };

/**
 * The schema that policies are validated against. Users, groups, tools, servers and the two actions are always the same; the fields
 * of claims, arguments and headers are those that the policies use, and attributes of entities those that the given entities have.
 */
export function cedarSchema(request: RequestShape, attributes: AttributeTypes): CedarSchema {
  const context: RecordAttributes = {
    sourceIp: { type: 'Extension', name: 'ipaddr' },
    time: { type: 'Extension', name: 'datetime' },
    headers: recordType(request.headers),
  };
  return {
    '': {
      entityTypes: {
        User: {
          memberOfTypes: ['Group'],
          shape: record({ ...staticAttributes(attributes, 'User'), name: TEXT, claims: recordType(request.claims) }),
        },
        Group: { memberOfTypes: ['Group'], shape: record(staticAttributes(attributes, 'Group')) },
        Tool: { memberOfTypes: ['Server'], shape: record({ ...staticAttributes(attributes, 'Tool'), name: TEXT }) },
        Server: { memberOfTypes: [], shape: record(staticAttributes(attributes, 'Server')) },
      },
      actions: {
        call_tool: {
          appliesTo: {
            principalTypes: ['User'],
            resourceTypes: ['Tool'],
            context: record({ ...context, arguments: recordType(request.arguments) }),
          },
        },
        list_tools: { appliesTo: { principalTypes: ['User'], resourceTypes: ['Tool'], context: record(context) } },
      },
    },
  };
}

function staticAttributes(attributes: AttributeTypes, entityType: string): RecordAttributes {
  const types = attributes.get(entityType) ?? new Map<string, ValueType>();
  // A request may name users and tools that the entities do not list, so no attribute is sure to be there.
  return Object.fromEntries([...types].map(([name, type]) => [name, { ...valueType(type), required: false }]));
}

function recordType(shape: Shape): Type<string> {
  switch (shape.kind) {
    case 'record':
      return record(
        Object.fromEntries([...shape.fields].map(([name, field]) => [name, { ...recordType(field), required: false }])),
      );
    case 'value':
      return valueType(shape.type);
    // No policy reads it, so its type does not matter.
    case 'presence':
      return TEXT;
  }
}

function record(attributes: RecordAttributes): Type<string> {
  return { type: 'Record', attributes };
}

function valueType(type: ValueType): Type<string> {
  const scalar: Type<string> = { type: type.scalar };
  return type.set ? { type: 'Set', element: scalar } : scalar;
}

/** The entities that policies name, each once, in the order of the text. Actions are among them. */
export function mentionedEntities(policies: readonly CedarPolicy[]): readonly EntityUid[] {
  const found = new Map<string, EntityUid>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) {
      return;
    }
    const { type, id } = node as Partial<EntityUid>;
    if (typeof type === 'string' && typeof id === 'string') {
      found.set(formatUid({ type, id }), { type, id });
      return;
    }
    Object.values(node).forEach(visit);
  };
  policies.forEach(({ json: { principal, action, resource, conditions } }) =>
    visit([principal, action, resource, conditions]),
  );
  return [...found.values()];
}
