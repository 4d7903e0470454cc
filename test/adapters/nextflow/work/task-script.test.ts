import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseTaskScript } from '../../../../adapters/nextflow/work/task-script.ts'

const WORK = '/data/x/work/ab/cdef0123456789abcdef0123456789'

function script(parts: { head?: string; stage?: string; unstage?: string; launch?: string }): string {
  return `#!/bin/bash
${parts.head ?? "### ---\n### name: 'P'\n### outputs:\n### ..."}
set -e

on_exit() {
    printf -- $exit_status > ${WORK}/.exitcode
}

nxf_launch() {
    ${parts.launch ?? `/bin/bash -ue ${WORK}/.command.sh`}
}

nxf_stage() {
    true
    # stage input files
    ${parts.stage ?? ''}
}

nxf_unstage_outputs() {
    true
${parts.unstage ?? ''}
}
`
}

describe('staging lines', () => {
  test.each([
    ['ln -s /data/a.fq a.fq', 'a.fq', '/data/a.fq', 'symlink'],
    ['ln -sfn /data/a.fq a.fq', 'a.fq', '/data/a.fq', 'symlink'],
    ['ln /data/a.fq a.fq', 'a.fq', '/data/a.fq', 'link'],
    ['ln -f /data/a.fq a.fq', 'a.fq', '/data/a.fq', 'link'],
    ['cp -fRL /data/my\\ db my\\ db', 'my db', '/data/my db', 'copy'],
    ['mkdir -p in\\ put && cp -fRL /d/x.mgf in\\ put/y.mgf', 'in put/y.mgf', '/d/x.mgf', 'copy'],
    ["ln -s /data/it\\'s\\;odd\\&\\|\\<b\\>.txt x", 'x', "/data/it's;odd&|<b>.txt", 'symlink'],
    [
      'ln -s ../../ef/0123456789abcdef0123456789abcd/y y',
      'y',
      '/data/x/work/ef/0123456789abcdef0123456789abcd/y',
      'symlink',
    ],
    ['mkdir -p in/1 && ln -s ../../../../ef/0/y in/1/y', 'in/1/y', '/data/x/work/ef/0/y', 'symlink'],
    ['downloads+=("nxf_s3_download s3://b/k k.txt")', 'k.txt', 's3://b/k', 'transfer'],
    ['downloads+=("nxf_cp_retry nxf_s3_download s3://b/k k.txt")', 'k.txt', 's3://b/k', 'transfer'],
    ["nxf_az_download 'https://a.blob/c/k?x=1' k.txt", 'k.txt', 'https://a.blob/c/k?x=1', 'transfer'],
    ['ln -s /fusion/s3/bucket/run/a.fq a.fq', 'a.fq', 's3://bucket/run/a.fq', 'symlink'],
  ])('%s', (stage, name, from, how) => {
    const { inputs } = parseTaskScript(script({ stage }))
    expect(inputs).toEqual([{ name, from, how }])
  })

  test('removals and comments are no inputs', () => {
    expect(parseTaskScript(script({ stage: 'rm -f a\n    rm -f b\n    # ln -s /x y' })).inputs).toEqual([])
  })

  test('a stage file is named', () => {
    expect(parseTaskScript(script({ stage: `bash ${WORK}/.command.stage` })).stageFile).toBe(`${WORK}/.command.stage`)
  })
})

describe('header', () => {
  test('name, container and declared outputs are raw text', () => {
    const head = `### ---
### name: 'UPLOAD (it's "quoted"; </script>)'
### container: 'quay.io/x:1'
### outputs:
### - 'a b.txt'
### - '*.{bam,bai}'
### ...`
    expect(parseTaskScript(script({ head }))).toMatchObject({
      name: 'UPLOAD (it\'s "quoted"; </script>)',
      container: 'quay.io/x:1',
      outputs: ['a b.txt', '*.{bam,bai}'],
      workDir: WORK,
      isArray: false,
    })
  })

  test('a tag may hold a line end', () => {
    expect(parseTaskScript(script({ head: "### ---\n### name: 'P (a\nb)'\n### outputs:\n### ..." })).name).toBe(
      'P (a\nb)',
    )
  })

  test("the literal 'null' is no container, and older releases name none in the header", () => {
    const head = "### ---\n### name: 'P'\n### container: 'null'\n### outputs:\n### ..."
    expect(parseTaskScript(script({ head })).container).toBeUndefined()
    const old = parseTaskScript(
      script({
        head: '# NEXTFLOW TASK: MERGE (chrA)',
        launch: `docker run -i --cpus 1 -e "X" -v /d:/d -w "$PWD" --entrypoint /bin/bash --name $NXF_BOXID img:1 -c "eval"`,
      }),
    )
    expect(old).toMatchObject({ name: 'MERGE (chrA)', container: 'img:1' })
    expect(old.outputs).toBeUndefined()
    const singularity = parseTaskScript(
      script({
        head: '# NEXTFLOW TASK: P',
        launch: `set +u; env - PATH="$PATH" singularity exec /c/img.sif /bin/bash -c "cd $PWD; /bin/bash ${WORK}/.command.run nxf_trace"`,
      }),
    )
    expect(singularity.container).toBe('/c/img.sif')
  })

  test('the parent of a job array is no task', () => {
    const head = "### ---\n### name: 'P'\n### array:\n###   work-dirs:\n###   - /w/ab/cd\n### outputs:\n### ..."
    expect(parseTaskScript(script({ head })).isArray).toBe(true)
  })
})

test('what a stored or scratch task moves out, and where to', () => {
  const unstage = `    IFS=$'\\n'
    for name in $(eval "ls -1d target\\ db warn?.log" | sort | uniq); do
        nxf_fs_move "$name" /data/store/my\\ db
    done
    unset IFS`
  expect(parseTaskScript(script({ unstage })).unstaging).toEqual({
    patterns: ['target db', 'warn?.log'],
    target: '/data/store/my db',
  })
})

test('engines of 20.x and 21.x wrote a line for each pattern', () => {
  const unstage = `    true
    cp .command.out /w/ab/cdef/.command.out || true
    [[ \${nxf_main_ret:=0} != 0 ]] && return
    mkdir -p /data/my\\ store
    mv -f target\\ db /data/my\\ store || true
    mkdir -p /data/my\\ store/sub && mv -f sub/*.t /data/my\\ store/sub || true`
  expect(parseTaskScript(script({ unstage })).unstaging).toEqual({
    patterns: ['target db', 'sub/*.t'],
    target: '/data/my store',
  })
  const scratch = `    mkdir -p /w/ab/cdef
    cp -fRL d*.txt /w/ab/cdef || true
    rsync -rRl e/f /w/ab/cdef || true`
  expect(parseTaskScript(script({ unstage: scratch })).unstaging).toEqual({
    patterns: ['d*.txt', 'e/f'],
    target: '/w/ab/cdef',
  })
})

test('no text makes it fail', () => {
  fc.assert(
    fc.property(fc.string(), (text) => typeof parseTaskScript(script({ stage: text, head: text })) === 'object'),
  )
})
