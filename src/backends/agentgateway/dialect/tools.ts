import { matchesWhole } from './regex';
import { anyOf, Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { ToolPattern } from '../../../model/tool-pattern';
import { regexLiteral } from '../../../values/regex';

/** CEL that holds when the string expression `subject` is the name of a tool that any of the patterns selects. It errs where there is no string. */
export function toolIn(subject: string, patterns: readonly ToolPattern[]): Predicate {
  return anyOf(patterns.map(pattern => toolMatches(subject, pattern)));
}

function toolMatches(subject: string, pattern: ToolPattern): Predicate {
  switch (pattern.kind) {
    case 'exact':
      return `${subject} == ${celString(pattern.value)}`;
    // An empty prefix is written out too: `true` would also hold where there is no tool.
    case 'prefix':
      return `${subject}.startsWith(${celString(pattern.value)})`;
    case 'glob':
      return matchesWhole(subject, pattern.value.split('*').map(regexLiteral).join('(?s:.*)'));
    case 'regex':
      return matchesWhole(subject, pattern.value);
  }
}
