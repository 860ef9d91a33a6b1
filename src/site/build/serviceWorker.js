// Keeps a copy of every file of this build. Pages come from the network first, so that an update is seen at once.
const version = 'BUILD_VERSION'
const urls = ['BUILD_URLS']
const current = `kubehop-${version}`
const later = 'kubehop-on-demand'

self.addEventListener('install', event => {
  event.waitUntil(
    caches
      .open(current)
      .then(cache => cache.addAll(urls.map(url => new Request(url, { cache: 'no-cache' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', event => {
  event.waitUntil(
    caches
      .keys()
      .then(names => names.filter(name => name.startsWith('kubehop-') && name !== current && name !== later))
      .then(names => Promise.all(names.map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  event.respondWith(event.request.mode === 'navigate' ? page(event.request, url) : file(event.request))
})

async function page(request, url) {
  try {
    return await fetch(request)
  } catch {
    return (await kept(url.pathname)) ?? (await kept('/')) ?? Response.error()
  }
}

async function file(request) {
  const copy = await kept(request)
  if (copy) return copy
  const response = await fetch(request)
  if (response.ok) (await caches.open(later)).put(request, response.clone())
  return response
}

// The preview server varies on Origin, which a copy made by this worker does not carry.
function kept(request) {
  return caches.match(request, { ignoreSearch: true, ignoreVary: true })
}
