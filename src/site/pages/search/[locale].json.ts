import { getCollection } from 'astro:content'
import type { APIRoute, GetStaticPaths } from 'astro'
import { course } from '../../course.ts'
import type { SearchIndex } from '../../search/findSections.ts'
import { lessonSections } from '../../search/lessonSections.ts'
import { type Locale, locales, strings } from '../../strings/strings.ts'

export const getStaticPaths: GetStaticPaths = () => locales.map(locale => ({ params: { locale } }))

/** What the search of one language looks through: loaded when somebody searches. */
export const GET: APIRoute = async ({ params }) => {
  const locale = params['locale'] as Locale
  const words = strings(locale)
  const lessons = (await course(locale)).flatMap(chapter => chapter.lessons)
  const glossary = (await getCollection('glossary')).map(({ data }) => data)
  const index: SearchIndex = {
    sections: [
      ...lessons.flatMap(({ entry, path }) => [
        { title: entry.data.title, heading: '', path, text: entry.data.goal },
        ...lessonSections(entry.data.title, path, entry.body ?? ''),
      ]),
      ...glossary.map(entry => ({
        title: words.glossaryTitle,
        heading: entry[locale].term,
        path: `/${locale}/glossary/#${entry.id}`,
        text: entry[locale].text,
      })),
    ].filter(({ text }) => text !== ''),
    synonyms: glossary.map(({ ko, en }) => [ko.term, ...(ko.also ?? []), en.term, ...(en.also ?? [])]),
  }
  return new Response(JSON.stringify(index), { headers: { 'content-type': 'application/json' } })
}
