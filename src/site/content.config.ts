import { defineCollection } from 'astro:content'
import { file, glob } from 'astro/loaders'
import { z } from 'astro/zod'

const words = z.strictObject({ ko: z.string(), en: z.string() })

/** What a learner reads: `content/CHAPTER/LESSON/ko.mdx` and `en.mdx`. */
const lessons = defineCollection({
  loader: glob({ base: './content', pattern: '*/*/{ko,en}.mdx' }),
  schema: z.strictObject({
    /** Short: it stands in the header and in lists. */
    title: z.string(),
    /** The one thing a learner can do afterwards, as a sentence. */
    goal: z.string(),
    /** How long it takes, in minutes. */
    minutes: z.number().int().min(8).max(20),
    /** Two questions of earlier lessons, asked again at the start: `container/port-clash#why`. */
    again: z.array(z.string()).default([]),
    /** Questions of this lesson that somebody who knows it already can answer: their ids. */
    ahead: z.array(z.string()).default([]),
  }),
})

/** A chapter's title and promise: `content/CHAPTER/chapter.yaml`. */
const chapters = defineCollection({
  loader: glob({ base: './content', pattern: '*/chapter.yaml' }),
  schema: z.strictObject({ title: words, promise: words }),
})

const term = z.strictObject({ term: z.string(), also: z.array(z.string()).optional(), text: z.string() })

/** The course's words: `content/glossary.yaml`. */
const glossary = defineCollection({
  loader: file('./content/glossary.yaml'),
  schema: z.strictObject({ id: z.string(), ko: term, en: term }),
})

export const collections = { lessons, chapters, glossary }
