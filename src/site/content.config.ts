import { defineCollection } from 'astro:content'
import { file, glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { load } from 'js-yaml'

const words = z.strictObject({ ko: z.string(), en: z.string() })

/** What a learner reads: `content/CHAPTER/LESSON/ko.mdx` and `en.mdx`. */
const lessons = defineCollection({
  loader: glob({ base: './content', pattern: '*/*/{ko,en}.mdx' }),
  schema: z
    .strictObject({
      /** Short: it stands in the header and in lists. */
      title: z.string(),
      /** The one thing a learner can do afterwards, as a sentence. */
      goal: z.string(),
      /** How long it takes, in minutes. */
      minutes: z.number().int().min(8).max(60),
      /** Two questions of earlier lessons, asked again at the start: `container/port-clash#why`. */
      again: z.array(z.string()).default([]),
      /** Questions of this lesson that somebody who knows it already can answer: their ids. */
      ahead: z.array(z.string()).default([]),
      /** An exam: so many minutes from its beginning, without hints, and verdicts only at the end. */
      exam: z.number().int().min(10).max(90).optional(),
    })
    .refine(({ minutes, exam }) => minutes <= 20 || exam !== undefined, 'a lesson takes 20 minutes at most'),
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

/** What the command sheet says of the lessons' commands: `content/commands.yaml`. */
const commands = defineCollection({
  loader: file('./content/commands.yaml', {
    parser: text => (load(text) as object[]).map((group, index) => ({ id: String(index), ...group })),
  }),
  schema: z.strictObject({
    id: z.string(),
    group: words,
    commands: z.array(z.strictObject({ find: z.string(), ko: z.string(), en: z.string() })),
  }),
})

/** What the page about the simulation says: `content/simulated.yaml`. */
const simulated = defineCollection({
  loader: file('./content/simulated.yaml', { parser: text => ({ simulated: load(text) as Record<string, unknown> }) }),
  schema: z.strictObject({ id: z.string().optional(), alike: z.array(words), different: z.array(words) }),
})

/** What the source notes say, and the lesson that shows it: `content/notes.yaml`. */
const notes = defineCollection({
  loader: file('./content/notes.yaml', {
    parser: text =>
      (load(text) as { claims: object[] }).claims.map((claim, index) => ({ id: String(index), ...claim })),
  }),
  schema: z.strictObject({
    id: z.string(),
    note: z.string(),
    says: words,
    truth: words.optional(),
    lesson: z.string(),
  }),
})

const share = z.strictObject({ right: z.number(), all: z.number() })

/** How well the checks of each lesson tell right from wrong: written by `npm run author -- report`. */
const reports = defineCollection({
  loader: file('./content/report.json', {
    parser: text => (JSON.parse(text) as { lesson: string }[]).map(report => ({ id: report.lesson, ...report })),
  }),
  schema: z.strictObject({
    id: z.string(),
    lesson: z.string(),
    digest: z.string(),
    checks: z.number(),
    points: z.number(),
    start: z.number(),
    solutions: share,
    mistakes: share,
    mutants: share,
    harmless: z.number(),
  }),
})

export const collections = { commands, notes, reports, simulated, lessons, chapters, glossary }
