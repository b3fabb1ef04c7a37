import { Path } from '../values/property-path';

/** Tells someone of a value that is wrong. */
export type Report = (path: Path, value: unknown, problem: string, remedy: string) => void;

/** Where a value stands, and who is told what is wrong with it. */
export class Place {
  constructor(
    private readonly report: Report,
    private readonly path: Path = [],
  ) {}

  /** Name of the field that stands here. */
  get name(): string {
    return String(this.path.at(-1));
  }

  /** A place below this one. */
  at(...steps: Path): Place {
    return new Place(this.report, [...this.path, ...steps]);
  }

  /** Reports the value of this place when it breaks a rule; `problem` undefined means that it does not. */
  check(value: unknown, problem: string | undefined, remedy: string): void {
    if (problem !== undefined) {
      this.report(this.path, value, problem, remedy);
    }
  }
}
