import { type CollectionEntry, getCollection } from 'astro:content'
import type { Locale } from './strings/strings.ts'

/** A lesson in one language, with where it stands in the course. */
export interface Lesson {
  /** `service/a-name-that-stays`: the folders without their numbers. */
  readonly id: string
  /** `03-service/01-a-name-that-stays`: the folder under content. */
  readonly folder: string
  readonly locale: Locale
  readonly path: string
  readonly entry: CollectionEntry<'lessons'>
}

export interface Chapter {
  readonly folder: string
  readonly number: number
  readonly title: string
  readonly promise: string
  readonly lessons: readonly Lesson[]
}

/** The chapters of the course in one language, in the order of their folders. */
export async function course(locale: Locale): Promise<Chapter[]> {
  const [chapters, entries] = await Promise.all([getCollection('chapters'), getCollection('lessons')])
  const lessons = entries
    .filter(entry => entry.filePath?.endsWith(`/${locale}.mdx`))
    .map(entry => lessonOf(entry, locale))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1))
  return chapters
    .map(chapter => {
      const folder = chapter.id.split('/')[0] ?? ''
      return {
        folder,
        number: Number.parseInt(folder, 10),
        title: chapter.data.title[locale],
        promise: chapter.data.promise[locale],
        lessons: lessons.filter(lesson => lesson.folder.startsWith(`${folder}/`)),
      }
    })
    .sort((a, b) => a.number - b.number)
}

function lessonOf(entry: CollectionEntry<'lessons'>, locale: Locale): Lesson {
  const [chapter = '', name = ''] = (entry.filePath ?? '').split('/').slice(-3)
  const id = `${withoutNumber(chapter)}/${withoutNumber(name)}`
  return { id, folder: `${chapter}/${name}`, locale, path: `/${locale}/${id}/`, entry }
}

/** `03-service` → `service`: the number orders the folders and is no part of a link. */
function withoutNumber(folder: string): string {
  return folder.replace(/^\d+-/, '')
}
