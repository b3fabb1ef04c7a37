import { Limit, limitOf } from './capabilities';
import { Diagnostic } from '../../model/diagnostic';
import { refusal } from '../standing';

/** What is said of something that is beyond a limit of Envoy's own. */
export function limit(path: string, name: Limit, property: string, value: unknown): Diagnostic {
  return refusal(limitOf(name), path, property, value);
}
