/** Stemma's own folder in a project. */
export const PROJECT_FOLDER = '.stemma'
