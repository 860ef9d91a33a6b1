import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A folder of questions and answers that others collected. */
export class Corpora {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  text(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  json<T>(path: string): T {
    return JSON.parse(this.text(path)) as T
  }

  /** A file with a JSON value on each line. */
  lines<T>(path: string): T[] {
    return this.text(path)
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => JSON.parse(line) as T)
  }

  /** Files below a folder, relative to it, in order. */
  files(folder: string): string[] {
    return readdirSync(join(this.root, folder), { recursive: true, encoding: 'utf8' })
      .map(path => path.replaceAll('\\', '/'))
      .filter(path => statSync(join(this.root, folder, path)).isFile())
      .sort()
  }
}
