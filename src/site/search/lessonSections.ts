import type { Section } from './findSections.ts'

const steps = /<Step id="([^"]*)" title="([^"]*)">/g
const spoken = /\b(?:question|because|line)="([^"]*)"|\btext: '((?:[^'\\]|\\.)*)'|\btext: "((?:[^"\\]|\\.)*)"/g

/** A lesson's MDX as sections to search: its opening, then its steps. */
export function lessonSections(title: string, path: string, source: string): Section[] {
  const body = source.replace(/^---\n[\s\S]*?\n---\n/, '')
  const starts = [...body.matchAll(steps)]
  const opening = { title, heading: '', path, text: plain(body.slice(0, starts[0]?.index)) }
  return [
    opening,
    ...starts.map((match, index) => ({
      title,
      heading: match[2]!,
      path: `${path}#${match[1]}`,
      text: plain(body.slice(match.index + match[0].length, starts[index + 1]?.index)),
    })),
  ]
}

/** What is read, without marks: words of questions and commands stay. */
function plain(mdx: string): string {
  return mdx
    .replace(/<(?:"[^"]*"|'(?:[^'\\]|\\.)*'|[^"'>])*>/g, tag =>
      [...tag.matchAll(spoken)].map(([, one, other, third]) => one ?? other ?? third).join(' '),
    )
    .replace(/```\w*/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/[`[\]]|^\s*- /gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}
