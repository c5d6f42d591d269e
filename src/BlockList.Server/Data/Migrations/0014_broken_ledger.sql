-- publishing: versions that only take off what release officers removed, while the ledger does not hold.

alter table publishing.candidate
  drop constraint candidate_form_check,
  add constraint candidate_form_check check (form in ('full', 'partial', 'urgent', 'unchanged', 'resigned', 'broken'));

-- The decisions that took entries off the version before, each by itself; null where the list was derived from the ledger. Such a
-- version has the ledger position, the parameters and the instant of evaluation of the version before: it derived nothing.
alter table publishing.version
  add removed_by uuid[],
  add constraint version_out_of_a_broken_ledger check (removed_by is null or (urgent and added = 0 and removed = cardinality(removed_by) and removed > 0 and waiting is null));

-- Looked for straight among what was received, as often as the publisher looks while its ledger does not hold.
create index decision_removal on curation.decision (list, decided_at) where kind = 'removal';
