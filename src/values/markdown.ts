/** Lines of a table in Markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(header), `|${header.map(() => '-|').join('')}`, ...rows.map(line)];
}

/** Text that Markdown takes for nothing but text, on one line. */
function markdownText(text: string): string {
  return text.replace(/[\\|`*<>[\]]/g, '\\$&').replace(/\r\n|\r|\n/g, ' ');
}
