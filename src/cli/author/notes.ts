import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { findLesson } from '../content.ts'

/** What a source note says, in our words, and the lesson that shows it. */
export interface NoteClaim {
  readonly note: string
  readonly says: { readonly ko: string; readonly en: string }
  /** Where the note errs: what is true instead. */
  readonly truth?: { readonly ko: string; readonly en: string }
  readonly lesson: string
}

/** A command or a manifest of a source note, and the stored session that has it. */
export interface NoteCommand {
  readonly note: string
  /** As it stands in the note. */
  readonly what: string
  readonly lesson: string
  /** Id of the step that speaks of it. */
  readonly step: string
  /** `solutions/by-file.txt` */
  readonly session: string
  /** A part of the session's command line. */
  readonly run: string
  /** A pattern that is found in what the command prints. */
  readonly prints: string
}

const notesFile = 'content/notes.yaml'
const guideFile = 'content/README.md'
const [begin, end] = ['<!-- notes: begin -->', '<!-- notes: end -->']

export function readNotes(): { readonly claims: readonly NoteClaim[]; readonly commands: readonly NoteCommand[] } {
  return load(readFileSync(notesFile, 'utf8')) as { claims: NoteClaim[]; commands: NoteCommand[] }
}

/** The guide with its tables of notes as they are to be now. */
export function guideWithNotes(): string {
  const guide = readFileSync(guideFile, 'utf8')
  const [before = '', rest = ''] = guide.split(begin)
  const [, after = ''] = rest.split(end)
  return `${before}${begin}\n${notesTables()}\n${end}${after}`
}

/** Writes the tables of notes into the authors' guide. */
export function writeGuide(): void {
  writeFileSync(guideFile, guideWithNotes())
}

function notesTables(): string {
  const { claims, commands } = readNotes()
  return [
    '| note | command or manifest | lesson | step | session |',
    '|---|---|---|---|---|',
    ...commands.map(
      ({ note, what, lesson, step, session }) =>
        `| ${note} | \`${cell(what)}\` | ${lesson} | ${stepTitle(lesson, step)} | ${session} |`,
    ),
    '',
    '| note | says | the lab shows | lesson |',
    '|---|---|---|---|',
    ...claims.map(
      ({ note, says, truth, lesson }) =>
        `| ${note} | ${cell(says.en)} | ${truth ? cell(truth.en) : 'so it is'} | ${lesson} |`,
    ),
  ].join('\n')
}

function stepTitle(lesson: string, step: string): string {
  const source = readFileSync(join(findLesson(lesson).folder, 'en.mdx'), 'utf8')
  const title = new RegExp(`<Step id="${step}" title="([^"]*)"`).exec(source)?.[1]
  if (title === undefined) throw new Error(`${notesFile}: ${lesson} has no step ${step}`)
  return cell(title)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
