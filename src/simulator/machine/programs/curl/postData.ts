import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'
import { CurlError } from './curlError.ts'
import type { CurlArguments } from './options.ts'

/** `-d` and its relatives in the order in which they were given, joined by `&`; undefined when there are none. */
export async function postData(process: Process, options: CurlArguments): Promise<string | undefined> {
  const pieces: string[] = []
  for (const [name, text] of options.inOrder('data', 'data-ascii', 'data-binary', 'data-raw', 'data-urlencode')) {
    if (name === 'data-raw') pieces.push(text)
    else if (name === 'data-urlencode') pieces.push(await urlEncoded(process, text))
    else pieces.push(await fromFile(process, text, name !== 'data-binary'))
  }
  return pieces.length === 0 ? undefined : pieces.join('&')
}

/** `@name` stands for a file, `@-` for stdin; `-d` drops its line ends. */
export async function fromFile(process: Process, text: string, dropsLineEnds: boolean): Promise<string> {
  if (!text.startsWith('@')) return text
  try {
    const content = text === '@-' ? await process.readAll() : process.files.readText(process.path(text.slice(1)))
    return dropsLineEnds ? content.replace(/[\r\n\0]/g, '') : content
  } catch (error) {
    if (error instanceof FileError) throw new CurlError(26, `Failed to open ${text.slice(1)}`)
    throw error
  }
}

async function urlEncoded(process: Process, text: string): Promise<string> {
  const parts = /^([^=@]*)([=@])(.*)$/s.exec(text)
  if (!parts) return encodeURIComponent(text)
  const [, name = '', mark, rest = ''] = parts
  const value = mark === '@' ? await fromFile(process, `@${rest}`, false) : rest
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(value)}`
}
