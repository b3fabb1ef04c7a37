import { RenderedTemplate } from './rendered-template';
import { Diagnostic, warningAt } from '../model/diagnostic';
import { compiler } from '../synthesis/compiler';

/** What the user set in pods of this library that a namespace with Pod Security `restricted` refuses. */
export function podSecurityWarnings(path: string, template: RenderedTemplate): Diagnostic[] {
  return compiler()
    .restrictedFindings(template.read())
    .map(({ field, value, problem }) =>
      warningAt(
        path,
        `pods.${field}`,
        value,
        `${problem}: a namespace that enforces Pod Security restricted refuses the pods`,
        'Leave it out, or run it in a namespace that enforces less',
      ),
    );
}
