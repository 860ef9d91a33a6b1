import { findSections, type Hit, type SearchIndex } from './findSections.ts'

/** Connects the search dialog of a page; what is searched is loaded when it is first opened. */
export function connectSearch(dialog: HTMLDialogElement): () => void {
  const input = dialog.querySelector('input')!
  const list = dialog.querySelector('ol')!
  const status = dialog.querySelector('[role="status"]')!
  const { locale = 'ko', none = '', count = '' } = dialog.dataset
  let index: Promise<SearchIndex> | undefined
  const search = async () => {
    index ??= fetch(`/search/${locale}.json`).then(response => response.json() as Promise<SearchIndex>)
    const query = input.value
    const hits = findSections(await index, query)
    if (query !== input.value) return
    list.replaceChildren(...hits.map(itemOf))
    status.textContent = query.trim() === '' ? '' : hits.length === 0 ? none : count.replace('-1', String(hits.length))
  }
  input.addEventListener('input', () => void search())
  input.addEventListener('keydown', event => {
    // Enter would close the dialog; while an input method composes, it belongs to that.
    if (event.key !== 'Enter' || event.isComposing) return
    event.preventDefault()
    list.querySelector('a')?.click()
  })
  dialog.addEventListener('click', event => {
    // A link on the same page closes the dialog; so does a click beside it.
    if (event.target === dialog || (event.target as HTMLElement).closest('a')) dialog.close()
  })
  return () => {
    dialog.showModal()
    input.select()
    void search()
  }
}

function itemOf({ section, excerpt }: Hit): HTMLLIElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = section.path
  link.textContent = section.heading === '' ? section.title : `${section.title} ▸ ${section.heading}`
  const text = document.createElement('p')
  text.textContent = excerpt
  item.append(link, text)
  return item
}
