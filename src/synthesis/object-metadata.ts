import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

type Texts = Readonly<Record<string, string>>;

/** Labels and annotations that a construct was given for every object of it. */
export interface ObjectMetadata {
  readonly labels?: Texts;
  readonly annotations?: Texts;
}

/**
 * Gives objects what their constructs were given for all of theirs. What an object has of its own stays: annotations of a Service
 * alone, or a label that the library sets.
 */
export function addObjectMetadata(
  construct: IConstruct,
  { labels = {}, annotations = {} }: ObjectMetadata,
  isOf: (object: ApiObject) => boolean,
): void {
  if (Object.keys(labels).length + Object.keys(annotations).length === 0) {
    return;
  }
  for (const object of construct.node.findAll().filter(isApiObject).filter(isOf)) {
    const own = object.metadata.toJson() ?? {};
    addMissing(labels, own.labels, (key, value) => object.metadata.addLabel(key, value));
    addMissing(annotations, own.annotations, (key, value) => object.metadata.addAnnotation(key, value));
  }
}

function addMissing(given: Texts, own: Texts = {}, add: (key: string, value: string) => void): void {
  for (const [key, value] of Object.entries(given)) {
    if (own[key] === undefined) {
      add(key, value);
    }
  }
}

/** Whether a construct is an object that is written. */
export function isApiObject(construct: IConstruct): construct is ApiObject {
  return ApiObject.isApiObject(construct);
}
