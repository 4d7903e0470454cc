/**
 * Leaves out what reconciling has emptied: an artifact whose every edge was joined to the version that was meant. To be
 * used on `artifact a`.
 */
export const HAS_EDGE = `EXISTS (SELECT 1 FROM consumed e WHERE e.artifact_uid = a.uid)
  OR EXISTS (SELECT 1 FROM produced e WHERE e.artifact_uid = a.uid)
  OR EXISTS (SELECT 1 FROM copied e WHERE e.to_uid = a.uid)
  OR EXISTS (SELECT 1 FROM copied e WHERE e.from_uid = a.uid)
  OR EXISTS (SELECT 1 FROM ambiguous e WHERE e.subject_uid = a.uid)
  OR NOT EXISTS (SELECT 1 FROM consumed e WHERE e.stated_uid = a.uid)
    AND NOT EXISTS (SELECT 1 FROM copied e WHERE e.stated_uid = a.uid)`

/** What an export holds: of the emptied ones those that name a version, for what they say of its content. */
export const IS_EXPORTED = `substr(a.uid, 17) <> '0000' OR ${HAS_EDGE}`
