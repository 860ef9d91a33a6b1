import { placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

const pages = /^\/(?:ko|en)\/(?:glossary|commands|notes|playground|review|simulated|instructors)?\/?(?:#.*)?$/

/** Links lead to lessons and pages that exist. */
export const links: Rule = {
  name: 'links',
  summary: 'Links inside the course lead somewhere.',
  inspect({ texts, lessons }) {
    return Object.values(texts).flatMap(({ file, links, parts }) =>
      links
        .filter(({ text }) => !isKnown(text, lessons, parts))
        .map(({ line, text }) => ({ place: placeOf(file, line), text: `the link ${text} leads nowhere` })),
    )
  },
}

function isKnown(link: string, lessons: readonly string[], parts: readonly { readonly text: string }[]): boolean {
  if (/^https:\/\//.test(link)) return true
  if (link.startsWith('#')) return parts.some(({ text }) => text === `Step id="${link.slice(1)}"`)
  return pages.test(link) || lessons.includes(link.replace(/^\/(?:ko|en)\/|\/?(?:#.*)?$/g, ''))
}
