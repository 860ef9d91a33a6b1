import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { LabEvent } from '#simulator/eventLog.ts'
import type { Exam } from '../exam/exam.ts'
import type { Review } from '../review/schedule.ts'

/** A learner's work on one lesson: everything else is the replay of it. */
export interface StoredLab {
  readonly lesson: string
  readonly seed: number
  readonly log: readonly LabEvent[]
  /** Simulated time until which the lab ran. */
  readonly now: number
}

export interface Progress {
  readonly lesson: string
  readonly reached: number
  readonly all: number
}

/** How a learner wants a lab to be. */
export interface LabSettings {
  readonly lesson: string
  /** A lab.yaml. */
  readonly text: string
}

/** A lesson that somebody showed to know without doing it. */
export interface KnownLesson {
  readonly lesson: string
}

interface Schema extends DBSchema {
  labs: { key: string; value: StoredLab }
  progress: { key: string; value: Progress }
  reviews: { key: string; value: Review }
  known: { key: string; value: KnownLesson }
  settings: { key: string; value: LabSettings }
  exams: { key: string; value: Exam }
}

/** Raise it with every change of what is stored, and add the step to `upgrade`: nothing that is stored may get lost. */
const version = 2

let database: Promise<IDBPDatabase<Schema>> | undefined

function open(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>('kubehop', version, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('labs', { keyPath: 'lesson' })
        db.createObjectStore('progress', { keyPath: 'lesson' })
      }
      if (from < 2) {
        db.createObjectStore('reviews', { keyPath: 'question' })
        db.createObjectStore('known', { keyPath: 'lesson' })
        db.createObjectStore('settings', { keyPath: 'lesson' })
        db.createObjectStore('exams', { keyPath: 'lesson' })
      }
    },
  })
  return database
}

/** What is kept of a lesson; undefined when nothing is, or when the browser keeps nothing. */
export async function readLab(lesson: string): Promise<StoredLab | undefined> {
  return quietly(async () => (await open()).get('labs', lesson))
}

/** Keeps a lesson; false when the browser refuses. */
export async function writeLab(lab: StoredLab): Promise<boolean> {
  return (await quietly(async () => (await open()).put('labs', lab))) !== undefined
}

export async function removeLab(lesson: string): Promise<void> {
  await quietly(async () => (await open()).delete('labs', lesson))
}

export async function readProgress(lesson: string): Promise<Progress | undefined> {
  return quietly(async () => (await open()).get('progress', lesson))
}

export async function writeProgress(progress: Progress): Promise<void> {
  await quietly(async () => (await open()).put('progress', progress))
}

/** The lessons in which something is done. */
export async function readAllProgress(): Promise<readonly Progress[]> {
  return (await quietly(async () => (await open()).getAll('progress'))) ?? []
}

export async function readReviews(): Promise<ReadonlyMap<string, Review>> {
  const all = (await quietly(async () => (await open()).getAll('reviews'))) ?? []
  return new Map(all.map(review => [review.question, review]))
}

export async function writeReview(review: Review): Promise<void> {
  await quietly(async () => (await open()).put('reviews', review))
}

export async function isKnown(lesson: string): Promise<boolean> {
  return (await quietly(async () => (await open()).get('known', lesson))) !== undefined
}

export async function writeKnown(lesson: string): Promise<void> {
  await quietly(async () => (await open()).put('known', { lesson }))
}

export async function readSettings(lesson: string): Promise<string | undefined> {
  return (await quietly(async () => (await open()).get('settings', lesson)))?.text
}

export async function writeSettings(settings: LabSettings): Promise<void> {
  await quietly(async () => (await open()).put('settings', settings))
}

export async function readExam(lesson: string): Promise<Exam | undefined> {
  return quietly(async () => (await open()).get('exams', lesson))
}

export async function writeExam(exam: Exam): Promise<void> {
  await quietly(async () => (await open()).put('exams', exam))
}

/** Private windows and full disks refuse storage; a lesson works without it. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
