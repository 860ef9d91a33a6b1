import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { MdastPluginEntry } from 'satteri'
import { type GlossaryEntry, termPattern } from './termPattern.ts'

type Plugin = Exclude<MdastPluginEntry, ((...args: never[]) => unknown) | readonly unknown[] | null | undefined | false>
type TextVisitor = NonNullable<Plugin['text']>

const glossary = new URL('../../../content/glossary.yaml', import.meta.url)
/** Where a term is no running text. */
const excluded = new Set(['heading', 'link', 'linkReference'])

/** Plugin of the Markdown processor: links each term of the glossary from its first use in a lesson. */
export function glossaryLinks(): MdastPluginEntry {
  const entries = load(readFileSync(glossary, 'utf8')) as GlossaryEntry[]
  const patterns = { ko: termPattern(entries, 'ko'), en: termPattern(entries, 'en') }
  return ({ fileURL }) => {
    const language = /\/content\/.*\/(ko|en)\.mdx$/.exec(fileURL?.pathname ?? '')?.[1] as 'ko' | 'en' | undefined
    if (!language) return null
    const linked = new Set<string>()
    const text: TextVisitor = (node, context) => {
      const parent = context.parent(node)
      if (!parent || excluded.has(parent.type)) return
      const parts: (ReturnType<typeof plainText> | ReturnType<typeof termLink>)[] = []
      let end = 0
      for (const match of node.value.matchAll(patterns[language].pattern)) {
        const id = patterns[language].idOf(match[0])
        if (id === undefined || linked.has(id)) continue
        linked.add(id)
        if (match.index > end) parts.push(plainText(node.value.slice(end, match.index)))
        parts.push(termLink(language, id, match[0]))
        end = match.index + match[0].length
      }
      if (parts.length === 0) return
      if (end < node.value.length) parts.push(plainText(node.value.slice(end)))
      context.replaceNode(node, parts)
    }
    return { name: 'kubehop-glossary-links', text }
  }
}

function plainText(value: string) {
  return { type: 'text' as const, value }
}

function termLink(language: string, id: string, value: string) {
  return {
    type: 'link' as const,
    url: `/${language}/glossary/#${id}`,
    data: { hProperties: { class: 'term' } },
    children: [plainText(value)],
  }
}
