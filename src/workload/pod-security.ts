import { RenderedTemplate } from './rendered-template';
import { Diagnostic } from '../model/diagnostic';
import { findingOf, warningKind } from '../model/finding-kind';
import { compiler } from '../synthesis/compiler';

const POD_SECURITY_RESTRICTED = warningKind(
  'pod-security-restricted',
  '{problem}: a namespace that enforces Pod Security restricted refuses the pods',
  'Leave it out, or run it in a namespace that enforces less',
);

/** What the user set in pods of this library that a namespace with Pod Security `restricted` refuses. */
export function podSecurityWarnings(path: string, template: RenderedTemplate): Diagnostic[] {
  return compiler()
    .restrictedFindings(template.read())
    .map(({ field, value, problem }) => findingOf(POD_SECURITY_RESTRICTED, path, `pods.${field}`, value, { problem }));
}
