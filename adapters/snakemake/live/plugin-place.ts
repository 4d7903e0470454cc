import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StemmaError } from '../../../core/adapter.ts'

const PLUGIN = join('adapters', 'snakemake', 'plugin', 'src')

/** The folder that holds the Python package, to be put on PYTHONPATH: below the root of Stemma's own package. */
export function pluginFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== dirname(at); at = dirname(at)) {
    const folder = join(at, PLUGIN)
    if (existsSync(join(folder, 'snakemake_logger_plugin_stemma', '__init__.py'))) return folder
  }
  throw new StemmaError('dependency.missing', `Snakemake plugin is not where Stemma is installed: "${PLUGIN}"`, {
    advice: 'Install it by `pip install snakemake-logger-plugin-stemma` and use `snakemake --logger stemma`.',
  })
}

/** The script for Snakemake 5.9 to 8. */
export function logHandlerScript(): string {
  return join(pluginFolder(), 'snakemake_logger_plugin_stemma', 'log_handler.py')
}
