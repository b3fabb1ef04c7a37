import { Entry } from '../../model/plan';
import { Enforcement } from '../../passes/access/enforcement';
import { Behind } from '../data-plane';

export const enforcement = (entry: Entry, _behind: Behind): Enforcement => ({ entry: entry.id, clientHeaders: {}, authentication: entry.policy?.authentication ?? [], rules: [], exposes: [] });
