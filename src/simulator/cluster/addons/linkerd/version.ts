/** The release of Linkerd that the add-on installs. */
export const linkerdVersion = 'edge-25.8.1'

/** The release of its init container. */
export const initVersion = 'v2.4.3'
