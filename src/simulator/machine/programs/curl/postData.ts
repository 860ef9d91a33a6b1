import { FileError } from '../../fileError.ts'
import type { Process } from '../../program.ts'
import { CurlError } from './curlError.ts'
import type { CurlArguments } from './options.ts'

/** `-d`, `--data-raw`, `--data-binary` and `--data-urlencode`, joined by `&`. */
export function postData(process: Process, options: CurlArguments): string | undefined {
  const pieces = [
    ...options.all('data').map(text => fromFile(process, text, true)),
    ...options.all('data-ascii').map(text => fromFile(process, text, true)),
    ...options.all('data-binary').map(text => fromFile(process, text, false)),
    ...options.all('data-raw'),
    ...options.all('data-urlencode').map(text => urlEncoded(process, text)),
  ]
  return pieces.length === 0 ? undefined : pieces.join('&')
}

/** `@name` stands for a file; `-d` drops its line ends. */
export function fromFile(process: Process, text: string, dropsLineEnds: boolean): string {
  if (!text.startsWith('@')) return text
  try {
    const content = process.files.readText(process.path(text === '@-' ? '/dev/stdin' : text.slice(1)))
    return dropsLineEnds ? content.replace(/[\r\n\0]/g, '') : content
  } catch (error) {
    if (error instanceof FileError) throw new CurlError(26, `Failed to open ${text.slice(1)}`)
    throw error
  }
}

function urlEncoded(process: Process, text: string): string {
  const parts = /^([^=@]*)([=@])(.*)$/s.exec(text)
  if (!parts) return encodeURIComponent(text)
  const [, name = '', mark, rest = ''] = parts
  const value = mark === '@' ? fromFile(process, `@${rest}`, false) : rest
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(value).replace(/%20/g, '+').replace(/\+/g, '%20')}`
}
