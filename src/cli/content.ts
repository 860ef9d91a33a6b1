import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Check } from '../simulator/grading/check.ts'
import { type LabDefinition, readLabDefinition } from '../simulator/labDefinition.ts'

/** A lesson's folder, as the command line and the tests see it. */
export interface LessonFolder {
  /** `service/a-name-that-stays` */
  readonly id: string
  /** Relative to the project. */
  readonly folder: string
}

/** The course's lessons, in order. */
export function lessonFolders(root = 'content'): LessonFolder[] {
  const folders = (parent: string) =>
    readdirSync(parent, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name)
      .sort()
  return folders(root).flatMap(chapter =>
    folders(join(root, chapter)).map(lesson => ({
      id: `${chapter}/${lesson}`.replace(/(^|\/)\d+-/g, '$1'),
      folder: join(root, chapter, lesson),
    })),
  )
}

/** A lesson by its id, or by its folder under content. */
export function findLesson(name: string): LessonFolder {
  const lessons = lessonFolders()
  const found = lessons.find(lesson => lesson.id === name || lesson.folder === join('content', name))
  if (!found) throw new Error(`no lesson ${name}; there are: ${lessons.map(lesson => lesson.id).join(', ')}`)
  return found
}

export function readLesson(lesson: LessonFolder): LabDefinition {
  const place = join(lesson.folder, 'lab.yaml')
  const folder = (name: string) => readFolder(join(lesson.folder, name))
  return readLabDefinition(readFileSync(place, 'utf8'), folder('files'), place, folder('start'))
}

export async function readChecks(lesson: LessonFolder): Promise<readonly Check[]> {
  const module = (await import(pathToFileURL(join(lesson.folder, 'checks.ts')).href)) as { default: readonly Check[] }
  return module.default
}

/** The text of every file below a folder, by its path relative to it. */
export function readFolder(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {}
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(path => join(folder, path))
  return Object.fromEntries(
    paths
      .filter(path => statSync(path).isFile())
      .sort()
      .map(path => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  )
}
