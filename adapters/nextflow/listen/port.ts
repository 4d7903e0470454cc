/** Where the listener is when nobody says otherwise. */
export const DEFAULT_PORT = 9797
