/**
 * Leaves out what reconciling has emptied: an artifact of which nobody said the version, whose every edge was joined to
 * the version that it meant. To be used on `artifact a`.
 */
export const HAS_EDGE = `substr(a.uid, 17) <> '0000'
  OR EXISTS (SELECT 1 FROM consumed e WHERE e.artifact_uid = a.uid)
  OR EXISTS (SELECT 1 FROM produced e WHERE e.artifact_uid = a.uid)
  OR EXISTS (SELECT 1 FROM copied e WHERE e.to_uid = a.uid)
  OR EXISTS (SELECT 1 FROM copied e WHERE e.from_uid = a.uid)
  OR EXISTS (SELECT 1 FROM ambiguous e WHERE e.subject_uid = a.uid)
  OR NOT EXISTS (SELECT 1 FROM consumed e WHERE e.stated_uid = a.uid)
    AND NOT EXISTS (SELECT 1 FROM copied e WHERE e.stated_uid = a.uid)`
