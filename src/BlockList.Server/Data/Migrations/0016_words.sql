-- publishing: the row of a word on a held version names the version that its statement names. Rows of before stay as they are: nobody goes by them.

alter table publishing.version_decision
  add constraint version_decision_says_what_it_signs check (convert_from(statement, 'UTF8')::jsonb ->> 'held' is not distinct from held_id::text) not valid;

-- What a second person confirmed uses up nothing of a day's ceiling. Null in versions of before: there all that was removed counts.
alter table publishing.version add freed integer;
