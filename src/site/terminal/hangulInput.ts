const hangul = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/

/**
 * Safari composes Hangul without composition events: it inserts a letter and then replaces it by the growing syllable.
 * xterm sees the first insertion only. This sends each replacement as deletions and the new text.
 */
export function bridgeHangulInput(textarea: HTMLTextAreaElement, send: (text: string) => void): void {
  let composes = false
  let syllable: readonly string[] = []
  textarea.addEventListener('compositionstart', () => {
    composes = true
  })
  textarea.addEventListener('keydown', event => {
    // 229: the key goes to the input method.
    if (event.keyCode !== 229) syllable = []
  })
  // On the parent, so that it comes before xterm's own listener on the textarea.
  textarea.parentElement?.addEventListener(
    'input',
    event => {
      const { inputType, data, isComposing } = event as InputEvent
      if (composes || isComposing || !data) return
      const next = [...data]
      if (inputType === 'insertText' && hangul.test(data)) send(data)
      else if (inputType === 'insertReplacementText') {
        let same = 0
        while (same < next.length && syllable[same] === next[same]) same++
        send('\x7f'.repeat(syllable.length - same) + next.slice(same).join(''))
      } else {
        syllable = []
        return
      }
      event.stopImmediatePropagation()
      syllable = next
    },
    true,
  )
}
