import { wrongType } from '../../api/schema-findings';
import { isObject, Json } from '../../values/json';
import { Path, startsWith } from '../../values/paths';
import type { DocumentCheck } from '../source-document';

/** Where a value of the new form came from. */
interface Move {
  readonly to: Path;
  readonly from: Path;
  /** Whether what is below it kept its shape: then its parts stand at the same places below the source. */
  readonly whole: boolean;
}

/** A document in the making from one of an earlier form, which knows where each of its values was written. */
export class Rewriting {
  private readonly moves: Move[] = [];

  /** @param object what is the same in both forms */
  constructor(readonly object: Json) {}

  /** A value in the shape that it was written in. */
  put(to: Path, value: unknown, from: Path): void {
    this.add(to, value, from, true);
  }

  /** A value that was made of another one. */
  make(to: Path, value: unknown, from: Path): void {
    this.add(to, value, from, false);
  }

  private add(to: Path, value: unknown, from: Path, whole: boolean): void {
    this.moves.push({ to, from, whole });
    if (value !== undefined) {
      write(this.object, to, value);
    }
  }

  /** Where a value of the new form was written. */
  placeOf(path: Path): Path {
    const [source] = this.moves.filter(({ to }) => startsWith(path, to)).sort((a, b) => b.to.length - a.to.length);
    return source === undefined ? path : source.whole ? [...source.from, ...path.slice(source.to.length)] : source.from;
  }
}

function write(object: any, [step, ...rest]: Path, value: unknown): void {
  if (rest.length === 0) {
    object[step] = value;
    return;
  }
  object[step] ??= typeof rest[0] === 'number' ? [] : {};
  write(object[step], rest, value);
}

/** A value that is an object if it is there; empty where it is not. What is none is reported where it was written. */
export function objectAt(value: unknown, path: Path, check: DocumentCheck): Json {
  if (value !== undefined && !isObject(value)) {
    wrongType(check, path, value, 'an object');
  }
  return isObject(value) ? value : {};
}

/** The same of a list. */
export function listAt(value: unknown, path: Path, check: DocumentCheck): readonly unknown[] {
  if (value !== undefined && !Array.isArray(value)) {
    wrongType(check, path, value, 'a list');
  }
  return Array.isArray(value) ? value : [];
}
