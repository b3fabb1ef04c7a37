import type { LRParser } from '@lezer/lr';

/** Its types say that it is an ECMAScript module alone, which it is not. */
const { parser }: { readonly parser: LRParser } = require('@prometheus-io/lezer-promql');

/** What a question in PromQL asks for. */
export interface Question {
  /** Where it is none, by Prometheus' own grammar. */
  readonly errors: readonly number[];
  /** Names of metrics. */
  readonly metrics: readonly string[];
  /** Ranges, such as `5m`. */
  readonly ranges: readonly string[];
}

/** Reads a question. What Grafana fills in stands for five minutes. */
export function readPromql(expression: string): Question {
  const text = expression.replace(/\$__rate_interval/g, '5m');
  const errors: number[] = [];
  const found: Record<'VectorSelector' | 'MatrixSelector', Set<string>> = {
    VectorSelector: new Set(),
    MatrixSelector: new Set(),
  };
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) {
        errors.push(from);
      } else if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        found.VectorSelector.add(name === null ? '' : text.slice(name.from, name.to));
      } else if (type.name === 'MatrixSelector') {
        found.MatrixSelector.add(/\[([^\]]*)\]$/.exec(text.slice(from, to))?.[1] ?? '');
      }
    },
  });
  return { errors, metrics: [...found.VectorSelector].sort(), ranges: [...found.MatrixSelector].sort() };
}
