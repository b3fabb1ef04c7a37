import { findingIf, FindingKind, Found, InputCheck, Said } from '../model/findings';
import { formatPath, Path } from '../values/paths';

/** Tells someone of a value that is wrong. */
export type Report = (path: Path, value: unknown, problem: string, remedy: string, id: string) => void;

/** Where a value stands, and who is told what is wrong with it. */
export class Place {
  constructor(
    private readonly tell: Report,
    private readonly path: Path = [],
  ) {}

  /** Name of the field that stands here. */
  get name(): string {
    return String(this.path.at(-1));
  }

  /** A place below this one. */
  at(...steps: Path): Place {
    return new Place(this.tell, [...this.path, ...steps]);
  }

  /** The same place, of a value whose parts stand below it by other paths. */
  through(pathOf: (path: Path) => Path): Place {
    return new Place((path, ...finding) => this.tell([...this.path, ...pathOf(path)], ...finding));
  }

  /** The same place, from which ways lead elsewhere: those by the names of options to fields, for example. */
  leading(way: (path: Path) => Path): Place {
    return new Place((path, ...finding) => this.tell([...this.path, ...way(path)], ...finding));
  }

  /** The same place, with somebody who notices that something is wrong here or below. */
  watched(notice: () => void): Place {
    return new Place((...finding) => {
      notice();
      this.tell(...finding);
    }, this.path);
  }

  /** Reports the value of this place when it is wrong in the way of a kind. */
  report<Name extends string = never>(kind: FindingKind<Name>, value: unknown, found: Found<Name>): void {
    findingIf(kind, '', '', value, found).forEach(({ problem, remedy, id }) =>
      this.tell(this.path, value, problem, remedy, id),
    );
  }

  /** Reports the value of this place as something that was found to be wrong already. */
  say(value: unknown, { problem, remedy, id }: Said): void {
    this.tell(this.path, value, problem, remedy, id);
  }
}

/** The place of a value that was given in code: what is wrong with it is reported under the names of options. */
export function placeIn(input: InputCheck, propertyOf: (path: Path) => string = formatPath): Place {
  return new Place((path, value, problem, remedy, id) =>
    input.report<never>({ id, severity: 'error', problem, remedy }, propertyOf(path), value, true),
  );
}
