import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Strings } from '../strings/en.ts'
import type { Locale } from '../strings/strings.ts'
import { type LabClient, labOf } from '../terminal/labClient.ts'

const nothing: LabClient['latest'] = {}

/** The latest of a lesson's lab; empty until the page runs. */
export function useLab(lesson: string): LabClient['latest'] {
  return useSyncExternalStore(
    listener => labOf(lesson).subscribe(listener),
    () => labOf(lesson).latest,
    () => nothing,
  )
}

/** The interface's words in the page's language, which alone is loaded. */
export function useStrings(locale: Locale): Strings | undefined {
  const [words, setWords] = useState<Strings>()
  useEffect(() => {
    const load =
      locale === 'ko' ? import('../strings/ko.ts').then(m => m.ko) : import('../strings/en.ts').then(m => m.en)
    void load.then(setWords)
  }, [locale])
  return words
}
