/** Something that an author has to mend, and where it stands. */
export interface Problem {
  /** `content/03-service/01-a-name-that-stays/ko.mdx:12` */
  readonly place: string
  readonly text: string
}

/** A place in a file, lines counted from 1. */
export function placeOf(file: string, line?: number): string {
  return line === undefined ? file : `${file}:${line}`
}
