import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import { EntityUid, formatUid, isReservedField, ScalarType, ValueType } from './vocabulary';
import { CedarFinding, cedarFinding } from './wasm';
import { errorKind, say } from '../model/findings';
import { isObject } from '../values/json';

/** What an attribute of an entity may hold. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[];

/** An entity that was given with the policies. */
export interface StaticEntity {
  readonly uid: EntityUid;
  readonly parents: readonly EntityUid[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** Types of the attributes that the entities of each type have. */
export type AttributeTypes = ReadonlyMap<string, ReadonlyMap<string, ValueType>>;

/** Attributes that every user and every tool has from the request. */
const REQUEST_ATTRIBUTES: Readonly<Record<string, readonly string[] | undefined>> = {
  User: ['name', 'claims'],
  Tool: ['name'],
};

/** Whether an attribute is one that a request says, and not the entities. */
export function isRequestAttribute(entityType: string, name: string): boolean {
  return (REQUEST_ATTRIBUTES[entityType] ?? []).includes(name);
}

const PROPERTY = 'entities';
const SHAPE =
  'Write each entity as {"uid": {"type": "Group", "id": "admins"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]}';
const CEDAR_ENTITIES_NOT_JSON = errorKind(
  'cedar-entities-not-json',
  'is not JSON ({reason})',
  'Write a JSON array of Cedar entities; [] for none',
);
const CEDAR_ENTITIES_NOT_LIST = errorKind(
  'cedar-entities-not-list',
  'is not a JSON array',
  'Write a JSON array of Cedar entities; [] for none',
);
const CEDAR_ENTITY_INVALID = errorKind('cedar-entity-invalid', 'is not an entity', SHAPE);
const CEDAR_ENTITY_FIELD_UNKNOWN = errorKind(
  'cedar-entity-field-unknown',
  'has {field}, which entities do not have here',
  SHAPE,
);
const CEDAR_PARENTS_INVALID = errorKind(
  'cedar-parents-invalid',
  'does not name entities',
  'Write each parent as {"type": "Group", "id": "staff"}',
);
const CEDAR_ATTRIBUTE_TAKEN = errorKind(
  'cedar-attribute-taken',
  'cannot be set on {entity}: {why}',
  'Give the attribute another name',
);
const CEDAR_ATTRIBUTE_VALUE = errorKind(
  'cedar-attribute-value',
  'is not a value that can be compiled',
  'Give it text, a whole number, true or false, or a list of one of these',
);

/** The entities in Cedar's JSON form. Whether they fit the schema is for Cedar to say. */
export function readEntities(json: string): {
  readonly entities: readonly StaticEntity[];
  readonly findings: readonly CedarFinding[];
} {
  const findings: CedarFinding[] = [];
  const entities: StaticEntity[] = [];
  let document: unknown;
  try {
    document = json.trim() === '' ? [] : JSON.parse(json);
  } catch (error) {
    return {
      entities,
      findings: [cedarFinding(say(CEDAR_ENTITIES_NOT_JSON, { reason: (error as Error).message }), PROPERTY, json)],
    };
  }
  if (!Array.isArray(document)) {
    return {
      entities,
      findings: [cedarFinding(say(CEDAR_ENTITIES_NOT_LIST), PROPERTY, json)],
    };
  }
  document.forEach((item: unknown, index) => {
    const entity = readEntity(item, `${PROPERTY}[${index}]`, findings);
    if (entity) {
      entities.push(entity);
    }
  });
  return { entities, findings };
}

function readEntity(item: unknown, property: string, findings: CedarFinding[]): StaticEntity | undefined {
  if (!isObject(item)) {
    findings.push(cedarFinding(say(CEDAR_ENTITY_INVALID), property, item));
    return undefined;
  }
  const uid = readUid(item.uid);
  const parents = (item.parents ?? []) as unknown;
  const attrs = item.attrs ?? {};
  const unknown = Object.keys(item).find(key => !['uid', 'attrs', 'parents'].includes(key));
  if (uid === undefined || !Array.isArray(parents) || !isObject(attrs) || unknown !== undefined) {
    const said =
      unknown === undefined
        ? say(CEDAR_ENTITY_INVALID)
        : say(CEDAR_ENTITY_FIELD_UNKNOWN, { field: JSON.stringify(unknown) });
    findings.push(cedarFinding(said, property, item));
    return undefined;
  }
  const parentUids = parents.map(readUid);
  if (parentUids.includes(undefined)) {
    findings.push(cedarFinding(say(CEDAR_PARENTS_INVALID), `${property}.parents`, parents));
    return undefined;
  }
  return { uid, parents: parentUids as EntityUid[], attributes: readAttributes(uid, attrs, property, findings) };
}

function readUid(value: unknown): EntityUid | undefined {
  const plain = isObject(value) && isObject(value.__entity) ? value.__entity : value;
  return isObject(plain) && typeof plain.type === 'string' && typeof plain.id === 'string'
    ? { type: plain.type, id: plain.id }
    : undefined;
}

function readAttributes(
  uid: EntityUid,
  attrs: Record<string, unknown>,
  property: string,
  findings: CedarFinding[],
): ReadonlyMap<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(attrs)) {
    const at = `${property}.attrs.${name}`;
    if (isRequestAttribute(uid.type, name) || isReservedField(name)) {
      const why = isReservedField(name) ? 'the name is reserved' : 'it comes from the request';
      findings.push(cedarFinding(say(CEDAR_ATTRIBUTE_TAKEN, { entity: formatUid(uid), why }), at, value));
    } else if (!isAttributeValue(value)) {
      findings.push(cedarFinding(say(CEDAR_ATTRIBUTE_VALUE), at, value));
    } else {
      attributes.set(name, value);
    }
  }
  return attributes;
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return Array.isArray(value) ? value.every(isScalar) : isScalar(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

/** The entity in Cedar's JSON form, with what the schema asks of each and a request will say. */
export function entityJson({ uid, parents, attributes }: StaticEntity): EntityJson {
  const fromRequest = uid.type === 'User' ? { name: uid.id, claims: {} } : uid.type === 'Tool' ? { name: uid.id } : {};
  return {
    uid: { ...uid },
    parents: parents.map(parent => ({ ...parent })),
    attrs: { ...Object.fromEntries(attributes), ...fromRequest } as EntityJson['attrs'],
  };
}

/** The types that the values show; the first of an attribute decides, and Cedar says where another differs. */
export function attributeTypes(entities: readonly StaticEntity[]): AttributeTypes {
  const types = new Map<string, Map<string, ValueType>>();
  const emptySets = new Set<ValueType>();
  for (const { uid, attributes } of entities) {
    const ofEntity = types.get(uid.type) ?? new Map<string, ValueType>();
    types.set(uid.type, ofEntity);
    for (const [name, value] of attributes) {
      const known = ofEntity.get(name);
      if (known === undefined || emptySets.has(known)) {
        const type = typeOfValue(value);
        ofEntity.set(name, type);
        if (Array.isArray(value) && value.length === 0) {
          emptySets.add(type);
        }
      }
    }
  }
  return types;
}

function typeOfValue(value: AttributeValue): ValueType {
  const scalar = Array.isArray(value)
    ? (value[0] as string | number | boolean | undefined)
    : (value as string | number | boolean);
  return { scalar: scalarTypeOf(scalar ?? ''), set: Array.isArray(value) };
}

/** The type of a scalar in JSON. */
export function scalarTypeOf(value: string | number | boolean): ScalarType {
  return typeof value === 'string' ? 'String' : typeof value === 'boolean' ? 'Boolean' : 'Long';
}

/** The entities of a type that are the given one or are below it. */
export function membersOf(entities: readonly StaticEntity[], ancestor: EntityUid, type: string): readonly string[] {
  const target = formatUid(ancestor);
  const byKey = new Map(entities.map(entity => [formatUid(entity.uid), entity]));
  const below = entities
    .filter(entity => entity.uid.type === type && reaches(entity.uid, target, byKey))
    .map(entity => entity.uid.id);
  return ancestor.type === type && !below.includes(ancestor.id) ? [ancestor.id, ...below] : below;
}

/** Whether an entity is another or is below it, by the given entities alone. */
export function isWithin(entities: readonly StaticEntity[], uid: EntityUid, ancestor: EntityUid): boolean {
  return reaches(uid, formatUid(ancestor), new Map(entities.map(entity => [formatUid(entity.uid), entity])));
}

function reaches(start: EntityUid, target: string, byKey: ReadonlyMap<string, StaticEntity>): boolean {
  const seen = new Set<string>();
  const queue = [start];
  for (let uid = queue.pop(); uid !== undefined; uid = queue.pop()) {
    const key = formatUid(uid);
    if (key === target) {
      return true;
    }
    if (!seen.has(key)) {
      seen.add(key);
      queue.push(...(byKey.get(key)?.parents ?? []));
    }
  }
  return false;
}
