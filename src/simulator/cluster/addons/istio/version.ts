/** The release of Istio that the add-on installs. */
export const istioVersion = '1.27.3'
