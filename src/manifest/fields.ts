import { Json } from '../values/json';
import { Path, startsWith } from '../values/paths';

/** A field that nobody has read. */
export interface UnreadField {
  readonly path: Path;
  readonly value: unknown;
}

/** Reads the fields of a spec and remembers which: what nobody read would be dropped silently. */
export class Fields {
  private readonly reads: Path[] = [];

  constructor(private readonly spec: Json) {}

  /** A value of the spec, which counts as read with everything in it. */
  read(...path: string[]): any {
    this.reads.push(path);
    return this.peek(...path);
  }

  /** A value of the spec, which stays unread. */
  peek(...path: string[]): any {
    return path.reduce<any>((value, step) => value?.[step], this.spec);
  }

  /** What nobody read and says something, as whole as possible; paths start with `spec`. */
  unread(): UnreadField[] {
    return this.unreadIn([], this.spec).map(({ path, value }) => ({ path: ['spec', ...path], value }));
  }

  private unreadIn(path: Path, value: unknown): UnreadField[] {
    if (isEmpty(value) || this.reads.some(read => startsWith(path, read))) {
      return [];
    }
    if (path.length > 0 && !this.reads.some(read => startsWith(read, path))) {
      return [{ path, value }];
    }
    return Object.entries(value as Json).flatMap(([field, item]) => this.unreadIn([...path, field], item));
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
