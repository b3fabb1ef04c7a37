/*
 * Compares this library with the same objects written by hand in stock cdk8s, and says how it grows and what fits. All figures of a
 * table come from one run, side by side.
 *
 *   npm run bench                  what a user's synth costs, capacity, import
 *   npm run bench -- --all         and what takes longer: helm, 10,000 servers, 1,000 routes, the largest matrix
 *   npm run bench -- --smoke       only shows that it runs
 *   npm run bench -- --save        keeps the figures in bench/last.json, the column of the last release
 */
import { parseArgs } from 'util';
import { measured } from './measured';
import { lastRelease, save, table } from './row';

async function main(): Promise<void> {
  process.env.CDK8S_MCP_WARNINGS = 'off';
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const rows = await measured(values);
  console.log(table(rows, lastRelease()));
  if (values.save) {
    save(rows);
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
