import { boolean, list, text } from './flag.ts'

/** `-R`: the folders in a folder too. */
export function recursive(value = false) {
  return boolean(
    'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    value,
    { short: 'R' },
  )
}

/** `-f`, with what this verb does with the file. */
export function filename(help: string) {
  return list(help, [], { short: 'f', complete: 'manifest' })
}

/** `-k`: a folder with a kustomization. */
export function kustomize(article = 'the') {
  return text(`Process ${article} kustomization directory. This flag can't be used together with -f or -R.`, '', {
    short: 'k',
    complete: 'file',
  })
}

/** `-f`, `-k` and `-R` of most verbs. */
export function fileFlags(
  help = 'Filename, directory, or URL to files identifying the resource to get from a server.',
) {
  return { filename: filename(help), kustomize: kustomize(), recursive: recursive() }
}
